"""The criteria for every k, as a table."""

from __future__ import annotations

import csv
import html
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kmosaic._optional import need


class Table(Sequence[Mapping[str, Any]]):
    """Rows of values under named columns; shown as text, as HTML in a notebook, or as a frame.

    reasons: of columns with empty cells, why these are empty; told below.

    >>> rows = [{"k": 1, "silhouette": None}, {"k": 2, "silhouette": 0.5}]
    >>> table = Table(["k", "silhouette"], rows, {"silhouette": "needs 2 or more clusters"})
    >>> table[1]["silhouette"], table.columns
    (0.5, ['k', 'silhouette'])
    >>> print(table)
    k  silhouette
    1
    2         0.5
    Empty: silhouette (needs 2 or more clusters).
    """

    def __init__(
        self,
        columns: Sequence[str],
        rows: Sequence[Mapping[str, Any]],
        reasons: Mapping[str, str] | None = None,
    ) -> None:
        self.columns = list(columns)
        self.reasons = dict(reasons or {})
        self._rows = [dict(row) for row in rows]

    def __getitem__(self, which: Any) -> Any:
        """A row, by its place (0 is the first, not K = 0); or some, as a list."""
        return self._rows[which]

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        return iter(self._rows)

    def __str__(self) -> str:
        lines = [self.columns, *([shown(row[c]) for c in self.columns] for row in self._rows)]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        shown_lines = [
            "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
            for line in lines
        ]
        return "\n".join([*shown_lines, *empty_cells(self.reasons)])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        """The table in a notebook."""
        head = "".join(f"<th>{html.escape(name)}</th>" for name in self.columns)
        body = "".join(
            "<tr>" + "".join(f"<td>{html.escape(shown(row[c]))}</td>" for c in self.columns)
            for row in self._rows
        )
        below = "".join(f"<p>{html.escape(line)}</p>" for line in empty_cells(self.reasons))
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{below}"

    def to_pandas(self) -> Any:
        """A pandas.DataFrame, indexed by the first column; needs pandas."""
        pandas = need("pandas", extra=None)
        return pandas.DataFrame(self._rows, columns=self.columns).set_index("k")

    def to_csv(self) -> str:
        """The table as CSV, with all digits; empty where there is no value."""
        text = io.StringIO()
        writer = csv.DictWriter(text, self.columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(self._rows)
        return text.getvalue()


def empty_cells(reasons: Mapping[str, str]) -> list[str]:
    """A sentence for each reason why cells of some columns are empty.

    >>> empty_cells({"a": "needs rows", "b": "needs columns", "c": "needs rows"})
    ['Empty: a, c (needs rows).', 'Empty: b (needs columns).']
    """
    columns: dict[str, list[str]] = {}
    for name, reason in reasons.items():
        columns.setdefault(reason, []).append(name)
    return [f"Empty: {', '.join(names)} ({reason})." for reason, names in columns.items()]


def shown(value: Any) -> str:
    """A value as people read it: whole numbers whole, others to four digits, nothing for None.

    >>> shown(None), shown(3), shown(0.123456), shown(123456.7), shown(1e-9)
    ('', '3', '0.1235', '123457', '1e-09')
    """
    if value is None:
        return ""
    if not isinstance(value, float):
        return str(value)
    if 1e3 <= abs(value) < 1e8:
        return f"{value:.0f}"
    return "" if math.isnan(value) else f"{value:.4g}"
