"""A progress bar where a person is watching, and silence elsewhere."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm.auto import tqdm

__all__ = ["progress", "somebody_watches"]


def somebody_watches() -> bool:
    """Return whether this runs in a notebook or a terminal, and not while the book's website is built."""
    return not os.environ.get("CE_SITE_BUILD") and ("ipykernel" in sys.modules or sys.stderr.isatty())


@contextmanager
def progress(total: int, description: str) -> Iterator[Callable[[], object]]:
    """Show a bar of ``total`` steps; the block is given the function to call after each step."""
    if not somebody_watches():
        yield lambda: None
        return
    with tqdm(total=total, desc=description, unit="step") as bar:
        yield bar.update
