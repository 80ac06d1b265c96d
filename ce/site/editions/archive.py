"""Pack the built site into one archive, to be read from the disk: ``make zip``.

With it go the licences of the book and of all that others have written and the site carries.
"""

from __future__ import annotations

import sys
from html import escape
from importlib.metadata import distribution
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

HTML = Path("_build/html")
TARGET = Path("_build/cross-entropy.zip")
LIMIT = 8_000_000  # bytes, so that it can be sent by mail and is soon there on a slow line
# Whose scripts and styles are in the pages; the theme of the book stands on the second one and on Sphinx.
_DISTRIBUTIONS = ("sphinx-book-theme", "pydata-sphinx-theme", "Sphinx", "sphinx-copybutton", "sphinx-design")
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Licences</title></head>
<body>
<h1>Licences</h1>
<p>The book begins at <a href="index.html">index.html</a>; it needs no network. Its text and figures are under
<a href="licences/LICENSE-TEXT.txt">Creative Commons Attribution 4.0</a>, its code under the
<a href="licences/LICENSE.txt">MIT licence</a>. What others have written, and their licences:</p>
<ul>
{items}
</ul>
</body>
</html>
"""


def licences(root: Path, html: Path) -> dict[str, str]:
    """Return the licences by their place in the archive.

    Parameters
    ----------
    root
        The folder of the book, which holds its own two.
    html
        The built site, which holds those of its fonts and libraries.

    Raises
    ------
    FileNotFoundError
        When something that the site carries came without its licence.
    """
    texts = {f"licences/{name}.txt": (root / name).read_text(encoding="utf8") for name in ("LICENSE", "LICENSE-TEXT")}
    for name in _DISTRIBUTIONS:
        files = [path for path in distribution(name).files or () if path.name.startswith("LICENSE")]
        if not files:
            raise FileNotFoundError(f"licences: expected {name} to be installed with its licence, got none")
        texts[f"licences/{name}.txt"] = files[0].read_text(encoding="utf8")
    beside = sorted({*html.glob("_static/fonts/*.txt"), *html.rglob("*LICENSE*")})
    return texts | {path.relative_to(html).as_posix(): path.read_text(encoding="utf8") for path in beside}


def write_archive(root: Path, html: Path, target: Path) -> int:
    """Write the archive; the same site gives the same bytes. Return how many.

    Raises
    ------
    ValueError
        When it is larger than `LIMIT`.
    """
    texts = licences(root, html)
    others = [place for place in texts if place.rpartition("/")[2] not in {"LICENSE.txt", "LICENSE-TEXT.txt"}]
    items = "\n".join(f'<li><a href="{escape(place)}">{escape(place)}</a></li>' for place in others)
    files = {path.relative_to(html).as_posix(): path.read_bytes() for path in html.rglob("*") if path.is_file()}
    # The decks that `make slides` writes beside the pages are another edition, and nearly as large.
    files = {place: content for place, content in files.items() if not place.startswith("slides/")}
    files |= {place: text.encode() for place, text in texts.items()}
    files["licences.html"] = _PAGE.format(items=items).encode()
    with ZipFile(target, "w") as archive:
        for name, content in sorted(files.items()):
            entry = ZipInfo(f"{target.stem}/{name}")  # of 1980, and not of today
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, ZIP_DEFLATED, compresslevel=9)
    size = target.stat().st_size
    if size > LIMIT:
        raise ValueError(f"{target}: expected at most {LIMIT} bytes, got {size}: see which files of {html} are large")
    return size


def main() -> int:
    """Write the archive of the built book; give the exit code."""
    if not (HTML / "index.html").is_file():
        print(f"Expected the built book at {HTML}: run `make book` first, from the book's folder.")
        return 1
    print(f"Wrote {TARGET}, {write_archive(Path(), HTML, TARGET) / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
