"""Tables of segments: each row with its segment, and each segment with its traits."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from kmosaic._cells import to_cell
from kmosaic._errors import InputError
from kmosaic._events import Listener, Progress, silent
from kmosaic._optional import need
from kmosaic._store.files import whole_file
from kmosaic._values import Distances, Labels
from kmosaic.data.mixed import Column, MixedTable, Numbers
from kmosaic.labels.segments import Segment
from kmosaic.output.tables import csv_writer

_MAY_RUN = frozenset("=+-@\t\r\n'")  # first characters that a spreadsheet may take for a formula
_TOGETHER = 500  # rows that are written in one go: they stay in the cache


def write_segments(
    table: MixedTable,
    labels: Labels,
    distances: Distances,
    names: Sequence[str],
    path: Path,
    *,
    on_progress: Listener = silent,
) -> Path:
    """Write the rows of a table as they are, each with segment, segment_name, segment_distance.

    labels: (n,) from 0, as they are written. Text that a spreadsheet would run as a
    formula gets an apostrophe before it. Raises InputError where the source has changed since it
    was read, and OutputError.
    """
    called = [to_cell(name) for name in names]
    risky = [j for j, column in enumerate(table.columns.values()) if _is_risky(column)]
    cells, count = table.cells(), 0
    with whole_file(path, text=True) as file:
        write, write_all = csv_writer(file), csv.writer(file, lineterminator="\n").writerows
        write([to_cell(name) for name in (*table.names, *_our_names(table))])
        while part := list(islice(cells, _TOGETHER)):
            end = count + len(part)
            ours = zip(labels[count:end].tolist(), distances[count:end].tolist(), strict=True)
            if end > table.n:
                break
            rows = [
                [*row, label, called[label], far]
                for row, (label, far) in zip(part, ours, strict=True)
            ]
            for j in risky:
                for row in rows:
                    if row[j] and row[j][0] in _MAY_RUN:
                        row[j] = to_cell(row[j])
            # What csv_writer minds, looked for once.
            if any("\r" in "".join(row) for row in part):
                for row in rows:
                    write(row)
            else:
                write_all(rows)
            count = end
            on_progress(Progress("writing", count, table.n, "rows"))
        if count != table.n or next(cells, None) is not None:
            raise InputError(f"{table.source} changed while it was read: start again.")
    return path


def _is_risky(column: Column) -> bool:
    """Whether a column may hold a formula: cells that were read as numbers are none."""
    return not isinstance(column, Numbers) or column.n_bad > 0


def write_segments_parquet(
    table: MixedTable, labels: Labels, distances: Distances, names: Sequence[str], path: Path
) -> Path:
    """The same as Parquet (extra `parquet`), where text is as it is."""
    arrow = need("pyarrow", extra="parquet")
    parquet = need("pyarrow.parquet", extra="parquet")
    columns: dict[str, Any] = {}
    for name, column in table.columns.items():
        if isinstance(column, Numbers):
            columns[name] = arrow.array(column.values, from_pandas=True)
        else:
            codes = arrow.array(column.codes, mask=column.missing)
            columns[name] = arrow.DictionaryArray.from_arrays(codes, list(column.levels))
    segment, called, far = _our_names(table)
    columns[segment] = arrow.array(labels)
    columns[called] = arrow.DictionaryArray.from_arrays(arrow.array(labels), list(names))
    columns[far] = arrow.array(distances)
    with whole_file(path) as file:
        parquet.write_table(arrow.table(columns), file)
    return path


def write_profile(segments: Sequence[Segment], path: Path) -> Path:
    """Write a CSV row for each segment and column: what sets it apart, the largest effect first.

    effect is in standard deviations, or Cohen's h for a category; measure tells what value and
    others are: a median, or a mean where medians do not tell, or a share. Raises OutputError.
    """
    with whole_file(path, text=True) as file:
        write = csv_writer(file)
        write(["segment", "name", "size", "share", "stability", "column", "category", "effect",
               "measure", "value", "others"])  # fmt: skip
        for one in segments:
            about = [one.number, to_cell(one.name), one.size, one.share,
                     "" if one.comes_back is None else one.comes_back]  # fmt: skip
            for trait in one.traits:
                level = "" if trait.level is None else to_cell(trait.level)
                write([*about, to_cell(trait.column), level, trait.effect, trait.measure,
                       trait.value, trait.rest])  # fmt: skip
    return path


def _our_names(table: MixedTable) -> tuple[str, str, str]:
    """Names of the columns that are added, other than those that are there."""
    wanted = ("segment", "segment_name", "segment_distance")
    ending, number = "", 1
    while any(name + ending in table.columns for name in wanted):
        number += 1
        ending = f"_{number}"
    first, second, third = (name + ending for name in wanted)
    return first, second, third
