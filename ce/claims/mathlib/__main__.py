"""Say whether the theorems that the book names are in a checkout of mathlib."""

from __future__ import annotations

import re
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from pathlib import Path

from ce.claims.mathlib import Theorem, pinned, theorems

# A comment, or a string, in which a word like `end` is none of Lean's.
_NO_CODE = re.compile(r'--[^\n]*|/-|"(?:\\.|[^"\\])*"')
_BRACKETS = re.compile(r"/-|-/")
_WORDS = re.compile(
    r"^[^\S\n]*(?:@\[[^\]]*\]\s*|(?:noncomputable|public|private|protected|nonrec|open [^\n]* in)\s+)*"
    r"(?P<keyword>namespace|section|mutual|end|theorem|lemma)\b[^\S\n]*(?P<name>[^\s:({\[⦃]*)",
    re.M,
)


def declared(text: str) -> Iterator[str]:
    r"""Give the full name of every theorem that a Lean file declares.

    Examples
    --------
    >>> list(declared("namespace Real\nlemma sigmoid_neg (x : ℝ) : sigmoid (-x) = 1 - sigmoid x\nend Real"))
    ['Real.sigmoid_neg']
    """
    scopes: list[str] = []  # one entry for each part of a namespace's name; empty for a section
    for found in _WORDS.finditer(_code(text)):
        keyword, name = found["keyword"], found["name"]
        parts = name.split(".")
        if keyword == "namespace":
            scopes += parts
        elif keyword in ("section", "mutual"):
            scopes += [""] * len(parts)
        elif keyword == "end":
            del scopes[-len(parts) :]
        elif name.startswith("_root_."):
            yield name.removeprefix("_root_.")
        else:
            yield ".".join([*filter(None, scopes), name])


def _code(text: str) -> str:
    """Return a Lean file without its comments, which may hold comments, and strings."""
    kept, at = [], 0
    while found := _NO_CODE.search(text, at):
        kept.append(text[at : found.start()])
        at, depth = found.end(), int(found[0] == "/-")
        while depth:
            bracket = _BRACKETS.search(text, at)
            if bracket is None:
                return "".join(kept)
            depth += 1 if bracket[0] == "/-" else -1
            at = bracket.end()
    return "".join([*kept, text[at:]])


def faults(checkout: Path, theorems: Iterable[Theorem], revision: str, release: str) -> Iterator[str]:
    """Give what is wrong with a checkout: another revision, or a theorem that is not where it should be.

    Parameters
    ----------
    checkout
        The folder that holds the folder ``Mathlib``.
    theorems
        What should be declared there.
    revision, release
        The commit that should be checked out, and the name of its release.
    """
    if not (checkout / "Mathlib").is_dir():
        yield f"{checkout}: expected a checkout of mathlib, with a folder Mathlib, got none"
        return
    head = _head(checkout)
    if head != revision:
        yield (
            f"{checkout}: expected revision {revision} ({release}), got {head or 'no commit of its own'}; "
            f"check it out with git -C {checkout} checkout {release}"
        )
    for theorem in theorems:
        file = checkout / theorem.file
        if not file.is_file():
            yield f"{theorem.file}: expected the file that declares {theorem.name}, got no such file"
        elif theorem.name not in (names := set(declared(file.read_text(encoding="utf8")))):
            last = theorem.name.rpartition(".")[2]
            near = sorted(name for name in names if name.rpartition(".")[2] == last)
            yield (
                f"{theorem.file}: expected the theorem {theorem.name}, got "
                f"{' and '.join(near) or f'{len(names)} theorems of other names'}"
            )


def _head(checkout: Path) -> str:
    """Return the commit that is checked out; empty where the folder is not the top of a repository."""
    asked = ["git", "-C", str(checkout), "rev-parse", "--show-prefix", "HEAD"]
    answer = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.split("\n")
    return answer[1] if len(answer) > 1 and not answer[0] else ""


def main(arguments: list[str] | None = None) -> int:
    """Print what is wrong, and return 1; or what was found, and return 0."""
    parser = ArgumentParser(prog="python -m ce.claims.mathlib", description=__doc__)
    parser.add_argument("checkout", type=Path, help="the folder of the checkout")
    checkout = parser.parse_args(arguments).checkout
    revision, release = pinned()
    found = list(faults(checkout, theorems(), revision, release))
    for fault in found:
        print(fault, file=sys.stderr)
    if not found:
        print(f"all {len(theorems())} theorems are declared in {checkout}, mathlib {release}")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
