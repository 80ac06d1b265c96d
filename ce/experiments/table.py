"""A table of texts, as a page prints it."""

from __future__ import annotations

from dataclasses import dataclass


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
