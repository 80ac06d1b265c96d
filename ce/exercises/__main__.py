"""List all exercises of a built book with their answers, or write them for use elsewhere: ``python -m ce.exercises``.

The list is Markdown, or JSON with ``--json``; ``--into FOLDER`` writes each chapter in every format of
:mod:`ce.exercises.exports`.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from ce.exercises.exports import FORMATS, chapters, key


def main() -> None:
    """Print the list, or write the files."""
    parser = argparse.ArgumentParser(prog="python -m ce.exercises", description="List exercises with their answers.")
    parser.add_argument(
        "folder", nargs="?", type=Path, default=Path("_build/jupyter_execute"), help="executed notebooks"
    )
    parser.add_argument("--json", action="store_true", help="as JSON, not as Markdown")
    parser.add_argument("--into", type=Path, help=f"write {', '.join(FORMATS)} of each chapter into this folder")
    asked = parser.parse_args()
    try:
        found = chapters(asked.folder)
    except FileNotFoundError as error:
        sys.exit(str(error))
    if asked.into:
        for name, (ending, write) in FORMATS.items():
            for chapter in found:
                path = asked.into / name / f"{chapter.page.removeprefix('book/')}{ending}"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(write(chapter), encoding="utf8")
        print(f"{len(found)} chapters as {', '.join(FORMATS)} are in {asked.into}")
    elif asked.json:
        print(json.dumps({chapter.page: chapter.exercises for chapter in found}, ensure_ascii=False, indent=1))
    else:
        print("\n".join(map(key, found)))


if __name__ == "__main__":
    main()
