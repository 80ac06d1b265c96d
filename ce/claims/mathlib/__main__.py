"""Say whether the theorems that the book names are in a checkout of mathlib."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path

from ce.claims.mathlib import pinned, theorems
from ce.claims.mathlib.checkout import faults


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
