"""Dates as tables write them."""

from __future__ import annotations

import re
from datetime import datetime

import numpy as np
import numpy.typing as npt

from kmosaic._errors import InputError
from kmosaic.data.mixed.table import Numbers, Words

_ISO = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")
_PARTED = re.compile(r"(\d{1,2})([/.-])(\d{1,2})[/.-](\d{4}|\d{2})")
_SECONDS_A_DAY = 86_400.0


def days_of(column: Numbers | Words, what: str) -> npt.NDArray[np.float64]:
    """The dates of a column in days since 1970, (n,); NaN where missing.

    ISO dates (2024-03-31, with a time or without), 20240331, and dates such as 31/3/2024 or
    3/31/2024, where the column itself tells days from months. what: names the column in errors.
    Raises InputError for a cell that is no date, and where days and months cannot be told apart.

    >>> days_of(Words(np.array([0, -1]), ("1970-01-02 12:00",)), "date").tolist()
    [1.5, nan]
    """
    if isinstance(column, Numbers):
        whole = np.where(column.missing, 19700101, column.values).astype(np.int64)
        values, codes = np.unique(whole, return_inverse=True)
        texts = [_from_compact(int(value), what) for value in values]
        found = np.array(_read_all(texts, what))[codes]
        return np.where(column.missing, np.nan, found)
    if not len(column.levels):
        return np.full(len(column.codes), np.nan)
    days = np.array([*_read_all(list(column.levels), what), np.nan])
    return days[column.codes]


def _from_compact(value: int, what: str) -> str:
    text = str(value)
    if len(text) != 8:
        raise InputError(f"{what} holds {value}, which is no date: write it as 2024-03-31.")
    return f"{text[:4]}-{text[4:6]}-{text[6:]}"


def _read_all(texts: list[str], what: str) -> list[float]:
    parted = [_PARTED.match(text) for text in texts]
    order = ""
    if all(parted):
        order = _order([(int(m[1]), int(m[3])) for m in parted if m], what, texts[0])
    return [_read(text, order, what) for text in texts]


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


def _read(text: str, order: str, what: str) -> float:
    try:
        moment = _parted(text, order) if order else _iso(text)
    except ValueError:
        raise InputError(
            f"{what} holds {text!r}, which is no date: write it as 2024-03-31."
        ) from None
    return (moment - datetime(1970, 1, 1)).total_seconds() / _SECONDS_A_DAY


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
