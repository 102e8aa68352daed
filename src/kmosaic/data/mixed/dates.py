"""Dates as tables write them."""

from __future__ import annotations

import math
import re
from datetime import datetime

import numpy as np
import numpy.typing as npt

from kmosaic._errors import InputError
from kmosaic.data.mixed.table import Numbers, Words

_ISO = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")
_PARTED = re.compile(r"(\d{1,2})([/.-])(\d{1,2})[/.-](\d{4}|\d{2})")
_SECONDS_A_DAY = 86_400.0


def days_of(
    column: Numbers | Words, what: str
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """The dates of a column in days since 1970, (n,), and the rows of cells that are none, (m,).

    ISO dates (2024-03-31, with a time or without), 20240331, and dates such as 31/3/2024 or
    3/31/2024, where the column itself tells days from months. NaN where a cell is no date or
    missing, as words among numbers are. what: names the column in errors. Raises InputError where
    days and months cannot be told apart.

    >>> days, wrong = days_of(Words(np.array([0, -1, 1]), ("1970-01-02 12:00", "soon")), "date")
    >>> days.tolist(), wrong.tolist()
    ([1.5, nan, nan], [2])
    """
    if isinstance(column, Numbers):
        days = _compact(column.values, what)
    else:
        days = np.array([*_read_all(list(column.levels), what), math.nan])[column.codes]
    return days, np.flatnonzero(np.isnan(days) & ~column.missing)


def _compact(numbers: npt.NDArray[np.float64], what: str) -> npt.NDArray[np.float64]:
    """The days of numbers such as 20240331, (n,), NaN for those that are no dates."""
    days = np.full(len(numbers), math.nan)
    may_be = (numbers >= 10_000_000) & (numbers < 100_000_000) & (numbers % 1 == 0)
    values, codes = np.unique(numbers[may_be].astype(np.int64), return_inverse=True)
    days[may_be] = np.array(_read_all([str(value) for value in values.tolist()], what))[codes]
    return days


def _read_all(texts: list[str], what: str) -> list[float]:
    """The days of texts, NaN for those that are no dates."""
    parted = [_PARTED.match(text) for text in texts]
    pairs = [(int(m[1]), int(m[3])) for m in parted if m]
    order = ""
    if pairs and 2 * len(pairs) >= len(texts):
        order = _order(pairs, what, next(m[0] for m in parted if m))
    days = []
    for text, is_parted in zip(texts, parted, strict=True):
        try:
            moment = _parted(text, order) if is_parted and order else _iso(text)
        except ValueError:
            days.append(math.nan)
        else:
            days.append((moment - datetime(1970, 1, 1)).total_seconds() / _SECONDS_A_DAY)
    return days


def _order(pairs: list[tuple[int, int]], what: str, example: str) -> str:
    """Whether days or months come first."""
    day_first, month_first = max(a for a, _ in pairs) > 12, max(b for _, b in pairs) > 12
    if day_first == month_first:
        trouble = "both at once" if day_first else "nothing tells which"
        raise InputError(
            f"{what} holds dates such as {example!r}, with the day first or the month ({trouble}): "
            "write them as 2024-03-31."
        )
    return "%d/%m/%Y" if day_first else "%m/%d/%Y"


def _parted(text: str, order: str) -> datetime:
    date, _, time = text.replace("T", " ").partition(" ")
    first, second, year = re.split(r"[/.-]", date)
    whole = f"{first}/{second}/{year if len(year) == 4 else '20' + year}"
    return datetime.combine(datetime.strptime(whole, order), _time(time))


def _time(text: str):  # type: ignore[no-untyped-def]
    from datetime import time

    return time.fromisoformat(text.strip().zfill(5)) if text.strip() else time()


def _iso(text: str) -> datetime:
    if not _ISO.match(text) and len(text) == 8:
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    return datetime.fromisoformat(text.strip()).replace(tzinfo=None)
