"""List all exercises of a built book with their answers: ``python -m ce.exercises [FOLDER] [--json]``.

The folder holds notebooks with their outputs; after ``make book`` that is ``_build/jupyter_execute``. What an
exercise is, it has left in the output of its cell, so no cell is run again.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from ce.exercises.question import RECORD

__all__ = ["as_markdown", "records"]


def records(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Return what the notebooks of a folder hold of exercises, by page.

    Raises
    ------
    FileNotFoundError
        When there is no exercise in the folder.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    for path in sorted(folder.rglob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf8"))["cells"]
        outputs = (output for cell in cells for output in cell.get("outputs", ()))
        asked = [output["metadata"][RECORD] for output in outputs if RECORD in output.get("metadata", {})]
        if asked:
            found[path.relative_to(folder).with_suffix("").as_posix()] = asked
    if not found:
        raise FileNotFoundError(f"expected notebooks with exercises in {folder}, got none: build the book first")
    return found


def as_markdown(pages: dict[str, list[dict[str, Any]]]) -> str:
    """Return the list as Markdown.

    Examples
    --------
    >>> record = {"name": "one-bit", "kind": "number", "question": "One bit?", "answer": "0.6931 nats", "listed": []}
    >>> print(as_markdown({"units": [record]}))
    ## units
    <BLANKLINE>
    1. One bit?
       **0.6931 nats** (number, `one-bit`)
    """
    parts = []
    for page, asked in pages.items():
        parts.append(f"## {page}\n")
        for at, one in enumerate(asked, 1):
            letters = (f"\n   - {chr(97 + number)}. {text}" for number, text in enumerate(one["listed"]))
            answer = f"   **{one['answer']}** ({one['kind']}, `{one['name']}`)"
            parts.append(f"{at}. {one['question']}{''.join(letters)}\n{answer}")
    return "\n".join(parts)


def main() -> None:
    """Print the list."""
    parser = argparse.ArgumentParser(prog="python -m ce.exercises", description="List exercises with their answers.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path("_build/jupyter_execute"))
    parser.add_argument("--json", action="store_true", help="as JSON, not as Markdown")
    asked = parser.parse_args()
    try:
        pages = records(asked.folder)
    except FileNotFoundError as error:
        sys.exit(str(error))
    print(json.dumps(pages, ensure_ascii=False, indent=1) if asked.json else as_markdown(pages))


if __name__ == "__main__":
    main()
