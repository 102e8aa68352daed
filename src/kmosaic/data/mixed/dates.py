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
    column: Numbers | Words, what: str, wrong: list[str] | None = None
) -> npt.NDArray[np.float64]:
    """The dates of a column in days since 1970, (n,); NaN where missing.

    ISO dates (2024-03-31, with a time or without), 20240331, and dates such as 31/3/2024 or
    3/31/2024, where the column itself tells days from months. what: names the column in errors.
    wrong: takes the texts that are no dates. Raises InputError for these where it is None, and
    where days and months cannot be told apart.

    >>> days_of(Words(np.array([0, -1]), ("1970-01-02 12:00",)), "date").tolist()
    [1.5, nan]
    """
    bad: list[str] = [] if wrong is None else wrong
    if isinstance(column, Numbers):
        whole = np.where(column.missing, 19700101, column.values).astype(np.int64)
        values, codes = np.unique(whole, return_inverse=True)
        texts = [str(value) for value in values.tolist()]
        found = np.array(_read_all(texts, what, bad))[codes]
        days = np.where(column.missing, np.nan, found)
        bad.extend(text for _, text in column.bad)
    elif not len(column.levels):
        return np.full(len(column.codes), np.nan)
    else:
        days = np.array([*_read_all(list(column.levels), what, bad), np.nan])[column.codes]
    if bad and wrong is None:
        raise InputError(f"{what} holds {bad[0]!r}, which is no date: write it as 2024-03-31.")
    return days


def _read_all(texts: list[str], what: str, bad: list[str]) -> list[float]:
    """The days of texts, NaN for those that are no dates, which go into `bad`."""
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
            bad.append(text)
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
