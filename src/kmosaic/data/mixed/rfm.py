"""From transactions to customers: recency, frequency and monetary value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from kmosaic._errors import InputError
from kmosaic._values import Distances
from kmosaic.data.mixed.bad_cells import at_rows, told, with_words, words_among
from kmosaic.data.mixed.dates import days_of
from kmosaic.data.mixed.table import Column, MixedTable, Numbers, Words, table_of, words_of

_HOW = "customer=COLUMN,date=COLUMN,amount=COLUMN, and order=COLUMN where an order has more lines"


@dataclass(frozen=True)
class Rfm:
    """Which columns of a transactions table are what.

    amount may be a product, such as Quantity*UnitPrice. order: of what frequency is counted; None
    counts the rows.
    """

    customer: str
    date: str
    amount: str
    order: str | None = None

    @classmethod
    def of(cls, text: str) -> Rfm:
        """Read "customer=...,date=...,amount=...".

        >>> Rfm.of("customer=id,date=day,amount=price*pieces").factors
        ('price', 'pieces')
        """
        pairs = [part.partition("=") for part in text.split(",")]
        given = {name.strip(): value.strip() for name, _, value in pairs}
        if set(given) - {"order"} != {"customer", "date", "amount"} or not all(given.values()):
            raise InputError(f"rfm={text!r} is not of the form {_HOW}.")
        return cls(**given)

    def __str__(self) -> str:
        """The same as text."""
        order = "" if self.order is None else f",order={self.order}"
        return f"customer={self.customer},date={self.date},amount={self.amount}{order}"

    @property
    def factors(self) -> tuple[str, ...]:
        """The columns whose product is the amount."""
        return tuple(name.strip() for name in self.amount.split("*"))

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that are read."""
        order = () if self.order is None else (self.order,)
        return (self.customer, self.date, *self.factors, *order)

    @property
    def words(self) -> tuple[str, ...]:
        """The columns that are read as words."""
        return (self.customer,) if self.order is None else (self.customer, self.order)


def rfm_table(table: MixedTable, rfm: Rfm) -> tuple[MixedTable, tuple[str, ...]]:
    """A row for each customer, and in sentences how it came about.

    Columns: the customer, recency_days (from the last purchase to the last date of the table),
    frequency (orders, or rows) and monetary (the sum of amounts). Raises InputError for a name
    that the table does not have, an amount that is no number and a date that is none.
    """
    table.check_names(rfm.columns)
    customers = words_of(table[rfm.customer])
    days, amounts = _days_and_amounts(table, rfm)
    sound = ~customers.missing & ~np.isnan(days) & ~np.isnan(amounts)
    if not sound.any():
        raise InputError(f"No row of {table.source} has a customer, a date and an amount.")
    codes, days, amounts = customers.codes[sound], days[sound], amounts[sound]
    n = len(customers.levels)
    bought = np.bincount(codes, minlength=n) > 0
    last = np.full(n, -np.inf)
    np.maximum.at(last, codes, days)
    found: dict[str, Column] = {
        rfm.customer: _of_customers(customers, bought),
        "recency_days": Numbers(np.floor(days.max() - last[bought])),
        "frequency": Numbers(_frequency(table, rfm, sound, codes, n)[bought]),
        # Sums of cents have rounding errors that nobody wants to see.
        "monetary": Numbers(
            np.bincount(codes, amounts, minlength=n)[bought].astype(float).round(6)
        ),
    }
    result = table_of(f"{table.source} (a row for each customer)", found)
    return result, _how(rfm, table.n, int(sound.sum()), result.n, float(days.max()))


def _days_and_amounts(table: MixedTable, rfm: Rfm) -> tuple[Distances, Distances]:
    """Both, (n,), NaN where missing; InputError that tells all cells that are neither."""
    days, rows = days_of(table[rfm.date], f"{table.source}: column {rfm.date!r}")
    no_dates = at_rows(table, {rfm.date: rows})[rfm.date] if len(rows) else None
    wrong = with_words(no_dates, table[rfm.date], table)
    amounts, bad = np.ones(table.n), {}
    for name in rfm.factors:
        column = table[name]
        among = words_among(column, table)
        if among is not None and among.count:
            bad[name] = among
        else:
            amounts = amounts * (column.values if isinstance(column, Numbers) else np.nan)
    trouble = [told(table, bad)] if bad else []
    if wrong is not None:
        is_compact = isinstance(table[rfm.date], Numbers) and not np.isnan(days).all()
        like = "20240331" if is_compact else "2024-03-31"  # as the column has the others
        trouble.append(told(table, {rfm.date: wrong}, f"dates such as {like}"))
    if trouble:
        raise InputError(f"{table.source} has {'; and '.join(trouble)}. Mend or empty them.")
    return days, amounts


def _frequency(
    table: MixedTable, rfm: Rfm, sound: Any, codes: Any, n: int
) -> npt.NDArray[np.float64]:
    """Rows of each customer, or orders, each counted once, (n,)."""
    if rfm.order is None:
        return np.bincount(codes, minlength=n).astype(np.float64)
    orders = words_of(table[rfm.order]).codes[sound]
    pairs = np.unique(codes.astype(np.int64) * (int(orders.max()) + 2) + orders + 1)
    return np.bincount(pairs // (int(orders.max()) + 2), minlength=n).astype(np.float64)


def _of_customers(customers: Words, bought: npt.NDArray[np.bool_]) -> Words:
    levels = tuple(
        level for level, is_there in zip(customers.levels, bought, strict=True) if is_there
    )
    return Words(np.arange(len(levels), dtype=np.int32), levels)


def _how(rfm: Rfm, n: int, used: int, customers: int, last: float) -> tuple[str, ...]:
    day = str(np.datetime64(int(last), "D"))
    counted = "rows" if rfm.order is None else f"different values of {rfm.order}"
    why = [
        f"{used:,} transactions of {customers:,} customers: recency_days is the days from the "
        f"last purchase to {day}, the last date of all; frequency counts {counted}; monetary is "
        f"the sum of {rfm.amount}."
    ]
    if used < n:
        why.append(
            f"{n - used:,} transactions without a customer, a date or an amount are left out."
        )
    return tuple(why)
