"""What each column of a table is: a number, a category, a name of rows, or nothing to look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kmosaic._arguments import argument
from kmosaic._errors import InputError
from kmosaic.data.mixed import Column, MixedTable, Numbers, Words
from kmosaic.data.mixed.bad_cells import told, words_among
from kmosaic.data.row_numbers import names_rows

MOST_LEVELS = 30  # of a category; rarer ones share a level
_MOST_CODES = 12  # different whole numbers that may well be codes of something
_MOST_MISSING = 0.5  # of the cells: a column with more is left out
_ROWS_PER_LEVEL = 3  # on average: below, words are no category


@dataclass(frozen=True)
class Roles:
    """What is looked at, and what is not and why."""

    numbers: tuple[str, ...]
    categories: tuple[str, ...]
    id_column: str | None
    left_out: dict[str, str]  # column → reason
    questions: tuple[str, ...]  # what only a person can tell

    @property
    def used(self) -> tuple[str, ...]:
        """The columns that are looked at."""
        return (*self.numbers, *self.categories)


def roles_of(
    table: MixedTable,
    *,
    columns: Sequence[str] | None = None,
    id_column: str | None = None,
    categorical: Sequence[str] = (),
    numeric: Sequence[str] = (),
) -> Roles:
    """Find out what each column is; what is named is what it is said to be.

    Raises InputError for names that the table does not have or that are two things at once, and
    where nothing is left to look at.
    """
    named = [*(columns or ()), *categorical, *numeric, *([id_column] if id_column else [])]
    table.check_names(named)
    _check_once(columns, id_column, categorical, numeric)
    asked = {*(columns or ()), *categorical, *numeric}
    roles: dict[str, list[str]] = {"number": [], "category": []}
    left_out: dict[str, str] = {}
    questions, ids = [], id_column
    for name, column in table.columns.items():
        if name == id_column:
            continue
        if columns is not None and name not in asked:
            left_out[name] = "not asked for"
            if ids is None and names_rows(name, column):
                ids = name
            continue
        reason = _why_not(name, column, table.n, name in asked)
        if reason and name in asked:
            raise InputError(f"{table.source}: column {name!r} {reason}: leave it out.")
        if reason:
            left_out[name] = reason
            if ids is None and reason.startswith("names the rows"):
                ids = name
            continue
        is_category = name in categorical or (name not in numeric and _is_of_kinds(column))
        roles["category" if is_category else "number"].append(name)
        if not is_category and name not in numeric and (question := _question(name, column)):
            questions.append(question)
    found = Roles(
        tuple(roles["number"]), tuple(roles["category"]), ids,
        {name: why for name, why in left_out.items() if name != ids}, tuple(questions),
    )  # fmt: skip
    _check_numbers(table, found)
    _check_some(table, found, columns is not None)
    return found


def _check_once(
    columns: Sequence[str] | None,
    id_column: str | None,
    categorical: Sequence[str],
    numeric: Sequence[str],
) -> None:
    both = set(categorical) & set(numeric)
    if both:
        raise InputError(f"{min(both)!r} is given as a category and as a number: choose one.")
    if id_column is not None and id_column in {*(columns or ()), *categorical, *numeric}:
        raise InputError(f"{id_column!r} names the rows, so it is no column to look at.")


def _why_not(name: str, column: Column, n: int, is_asked: bool) -> str | None:
    """Why a column is not looked at; None where it is."""
    missing = int(np.count_nonzero(column.missing))
    if missing == n:
        return "is empty"
    if _is_constant(column):
        return "has the same value everywhere"
    if is_asked:
        return None
    if names_rows(name, column):
        return "names the rows: each has another value"
    if missing > _MOST_MISSING * n:
        return f"is missing in {missing / n:.0%} of the rows"
    if isinstance(column, Words):
        levels = len(column.levels)
        if levels > MOST_LEVELS and levels * _ROWS_PER_LEVEL > n:
            return f"holds {levels:,} different words, too many for a category"
    return None


def _is_constant(column: Column) -> bool:
    if isinstance(column, Words):
        return int(np.count_nonzero(column.counts)) == 1
    known = column.values[~column.missing]
    return bool((known == known[0]).all()) and column.n_bad == 0


def _is_of_kinds(column: Column) -> bool:
    """Whether it holds words, or only 0 and 1, as databases write false and true."""
    if isinstance(column, Words):
        return True
    known = column.values[~column.missing]
    return column.n_bad == 0 and bool(np.isin(known, (0.0, 1.0)).all())


def _question(name: str, column: Column) -> str | None:
    """What to ask of a column of few whole numbers: is it a code?"""
    if isinstance(column, Words):
        return None
    known = column.values[~column.missing]
    if not (known == np.floor(known)).all():
        return None
    values = np.unique(known)
    if not 2 <= len(values) <= _MOST_CODES:
        return None
    return (
        f"{name} holds {len(values)} whole numbers, {values[0]:.0f} to {values[-1]:.0f}: it is "
        f"taken as a number. If they are codes, say {argument('categorical', [name])}; if not, "
        f"{argument('numeric', [name])}."
    )


def _check_numbers(table: MixedTable, roles: Roles) -> None:
    """Raise InputError that tells all columns of numbers with cells that are none."""
    bad = {name: words_among(table[name], table) for name in roles.numbers}
    found = {name: one for name, one in bad.items() if one is not None}
    if found:
        raise InputError(
            f"{table.source} has {told(table, found)}. Mend or empty them, choose other columns "
            f"with {argument('columns')}, or say {argument('categorical', list(found))} if "
            f"{'it holds' if len(found) == 1 else 'they hold'} codes or words."
        )


def _check_some(table: MixedTable, roles: Roles, were_chosen: bool) -> None:
    many = len(roles.used)
    if many >= 2 or (many == 1 and were_chosen):
        return
    left_out = dict(roles.left_out)
    if roles.id_column is not None:
        name = roles.id_column
        left_out[name] = (
            f"was taken for the names of the rows: {argument('columns', [name])} looks at it"
        )
    why = "; ".join(f"{name} {reason}" for name, reason in left_out.items())
    also = f" ({why})" if why else ""
    if not many:
        raise InputError(f"{table.source} has no column to look at{also}.")
    raise InputError(
        f"{table.source} has one column to look at, {roles.used[0]!r}{also}: give a table with "
        "more columns, or say that one is enough with "
        f"{argument('columns', [roles.used[0]])}."
    )


def numbers_of(column: Column) -> Numbers:
    """The column, which is one of numbers."""
    if isinstance(column, Words):
        raise InputError("A column of numbers holds words.")
    return column
