"""Where results go when nobody says where."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from glob import has_magic
from pathlib import Path
from textwrap import shorten
from typing import Any

from kmosaic._errors import InputError
from kmosaic._paths import expanded
from kmosaic._store.mark import Origin, origin_of

# Only these are left out of a name: scans.jan and scans.feb must not share a folder of results.
_ENDINGS = re.compile(
    r"(\.(zip|cbz|npy|npz|csv|tsv|parquet|pq|jsonl|ndjson|xlsx|xlsm|db|sqlite|sqlite3|duckdb|gz|tgz|tbz2?|txz|tar(\.(gz|bz2|xz))?))$",
    re.IGNORECASE,
)
_LONGEST = 300  # characters of a source that are told
_PART = re.compile(r"[?&](?:table|sheet)=([^&]+)$")  # of a database or a workbook


def default_out(source: str | Path, what: str, command: str, model: Any = None) -> Path:
    """Where results go by default: here, and beside a source that one stands in.

    command: which asks, with which model; raises InputError where the result of another one, or of
    another source or model, stands there.

    >>> str(default_out("data/scans.tar.gz", "groups", "images"))
    'scans-groups'
    >>> str(default_out("sqlite:///shop.db?table=orders", "segments", "segment"))
    'shop-orders-segments'
    """
    file, part = _file_and_part(str(source))
    whole = Path(expanded(file)).resolve()
    place = whole.parent if Path.cwd().is_relative_to(whole) else Path()
    name = whole.name if whole.is_dir() else _ENDINGS.sub("", whole.name)
    start = "images" if not name or name[0] in ".-" else ""  # else hidden, or taken for an option
    out = place / f"{start}{name}{part}-{what}"
    check_not_of_another(out, whole, command, model)
    return out


def _file_and_part(source: str) -> tuple[str, str]:
    """The file of a source, and which of its tables, as an ending of a name."""
    file = source.partition(":///")[2] if ":///" in source else source
    asked = _PART.search(file)
    if asked is None or Path(expanded(file)).exists():
        return file, ""
    return file[: asked.start()], "-" + re.sub(r"\W+", "-", asked[1])


def check_not_of_another(out: Path, source: Any, command: str, model: Any = None) -> None:
    """Raise InputError where a result would vanish that nobody meant to replace.

    source: a file or folder, or a tuple of several.
    """
    given = [*(source if isinstance(source, tuple) else (source,)), *([model] if model else [])]
    if any(map(_is_missed, given)):
        return  # which is told first
    there, now = origin_of(out), Origin.of(command, source, out, model)
    if there is None or now.source is None or there == now:
        return
    if there == replace(now, model=None):  # of an earlier version, which remembered no model
        return
    of = shorten(str(out.parent / (there.source or "")), _LONGEST, placeholder=" ...")
    by = "" if there.model is None else f" with the model {out.parent / there.model}"
    raise InputError(
        f"{out} holds the result of kmosaic {there.command} for {of}{by}"
        f": choose another place with --out, or say --out {out} to replace it."
    )


def _is_missed(given: Any) -> bool:
    """Whether what is to be read is not there; of a pattern nobody knows yet."""
    return not has_magic(str(given)) and not Path(expanded(str(given))).exists()


def place_of_several(sources: Sequence[str], what: str, command: str) -> Path:
    """Where results of several files go by default: here, or beside the one folder one stands in.

    Raises InputError as `default_out` does.
    """
    folder = Path(expanded(sources[0])).resolve()
    if len(sources) == 1 and folder.is_dir() and Path.cwd().is_relative_to(folder):
        return default_out(sources[0], what, command)
    check_not_of_another(Path(what), tuple(map(Path, sources)), command)
    return Path(what)
