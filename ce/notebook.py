"""What depends on where the code runs, the build of the website, a kernel or neither; and a table, which all show."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_MARK = "CE_SITE_BUILD"


def mark_site_build() -> None:
    """Let this process and the kernels it starts know that they build the website."""
    os.environ[_MARK] = "1"


def building_site() -> bool:
    """Return whether the website is being built, so that nobody sits in front of this kernel.

    Examples
    --------
    >>> building_site()
    False
    """
    return bool(os.environ.get(_MARK))


def in_kernel() -> bool:
    """Return whether a reader's kernel runs this, which can serve a widget."""
    from IPython import get_ipython  # noqa: PLC0415  (there is none outside Jupyter)

    return not building_site() and hasattr(get_ipython(), "kernel")


def widget_view(widget: Any) -> Mapping[str, Any]:
    """Return the entry of a widget's own in what it shows, without the words that stand in for it."""
    shown = widget._repr_mimebundle_()
    data = shown[0] if isinstance(shown, tuple) else shown
    return {kind: entry for kind, entry in (data or {}).items() if kind.endswith("widget-view+json")}


@dataclass(frozen=True)
class Table:
    """A table of texts; a notebook shows it as Markdown.

    Parameters
    ----------
    columns
        The headings.
    rows
        The cells, row by row.

    Examples
    --------
    >>> table = Table(("loss", "steps"), (("cross-entropy", "30"), ("squared error", "160")))
    >>> print(table.only("steps", "loss").markdown)
    | steps | loss |
    | --- | --- |
    | 30 | cross-entropy |
    | 160 | squared error |
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def only(self, *columns: str) -> Table:
        """Return the table with these columns, in this order.

        Raises
        ------
        ValueError
            When no column is named, or one that the table does not have.
        """
        unknown = [column for column in columns if column not in self.columns]
        if unknown or not columns:
            raise ValueError(f"Table.only: expected some of {list(self.columns)}, got {unknown or 'none'}")
        places = [self.columns.index(column) for column in columns]
        return Table(columns, tuple(tuple(row[place] for place in places) for row in self.rows))

    @property
    def markdown(self) -> str:
        """The table as Markdown."""
        lines = [self.columns, ("---",) * len(self.columns), *self.rows]
        return "\n".join("| " + " | ".join(line) + " |" for line in lines)

    def _repr_markdown_(self) -> str:
        return self.markdown
