"""What stands in a cell of a table of results, as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.results import Result, Row, ratio, unsteady, unsure

UNSURE = " ?"


def beside(row: Row, mine: Row | None) -> str:
    """How many times as long as ours, with a question mark where one of the two is unsteady."""
    if mine is None:
        return ""
    doubt = row is not mine and (unsteady(row) or unsteady(mine))
    return f"{row['seconds'] / mine['seconds']:.2f}" + UNSURE * doubt


def spread(row: Row) -> str:
    """From where to where runs go that lie far apart."""
    if not unsteady(row):
        return ""
    low, high = ({"seconds": found} for found in (min(row["runs"]), max(row["runs"])))
    return f"unsteady: {seconds(low)} to {seconds(high)}"


def relative(inertia: float | None, mine: Row | None) -> str:
    """How much more than ours an inertia is."""
    if inertia is None or mine is None:
        return ""
    gap = inertia / mine["inertia"] - 1
    return "same" if abs(gap) < 1e-9 else f"{gap:+.2g}" if abs(gap) < 1e-4 else f"{gap:+.2%}"


def seconds(row: Row | None) -> str:
    """The time of a row, in a unit that fits."""
    if row is None:
        return "–"
    found: float = row["seconds"]
    if found <= 0:
        return "nothing"
    if found < 1e-3:
        return f"{found * 1e6:.0f} µs"
    return f"{found * 1e3:.3g} ms" if found < 1 else f"{found:.3g} s"


def times(result: Result | None) -> str:
    """The ratio, with a question mark where it is unsure."""
    if result is None or (found := ratio(result)) is None:
        return ""
    return (f"{found:.2f}×" if found < 10 else f"{found:.1f}×") + UNSURE * unsure(result)


def markdown(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """A table; the first column and a last one without a heading are texts."""
    rule = ["---", *["---:"] * (len(head) - 1)]
    if head[-1] == "":
        rule[-1] = "---"
    texts = [[str(cell).replace("|", "\\|") for cell in line] for line in [head, rule, *lines]]
    return "\n".join(f"| {' | '.join(line)} |" for line in texts)
