"""Renew the picture in the README: ``make picture`` copies it out of the built book.

It is the picture that readers without JavaScript see on the landing page, so it cannot differ from the book.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

__all__ = ["first_picture", "main"]

PAGE = Path("_build/html/book/index.html")
TARGET = Path("book/_static/first-figure.png")
_PICTURE = re.compile(r'<img class="ce-picture" src="([^"]*)"')


def first_picture(html: str) -> str:
    """Give the address of the first figure's picture in a page.

    Raises
    ------
    ValueError
        When the page has no figure.

    Examples
    --------
    >>> first_picture('<img class="ce-picture" src="../_images/a.png" alt="a curve">')
    '../_images/a.png'
    """
    found = _PICTURE.search(html)
    if found is None:
        raise ValueError("first_picture: expected a page with a figure, got one without")
    return found[1]


def main() -> int:
    """Copy the picture; give the exit code."""
    if not PAGE.is_file():
        print(f"Expected the built book at {PAGE}: run `make book` first, from the book's folder.")
        return 1
    shutil.copyfile(PAGE.parent / first_picture(PAGE.read_text(encoding="utf8")), TARGET)
    print(f"Wrote {TARGET}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
