"""Where results go when nobody says where."""

from __future__ import annotations

import re
from pathlib import Path

from kmosaic._paths import expanded

# Only these are left out of a name: scans.jan and scans.feb must not share a folder of results.
_ENDINGS = re.compile(
    r"(\.(zip|cbz|npy|npz|csv|tsv|parquet|pq|jsonl|ndjson|xlsx|db|sqlite|sqlite3|duckdb|gz|tgz|tbz2?|txz|tar(\.(gz|bz2|xz))?))$",
    re.IGNORECASE,
)


def default_out(source: Path, what: str) -> Path:
    """Where results go by default: here, and beside a source that one stands in.

    >>> str(default_out(Path("data/scans.tar.gz"), "groups"))
    'scans-groups'
    """
    whole = expanded(source).resolve()
    place = whole.parent if Path.cwd().is_relative_to(whole) else Path()
    name = whole.name if whole.is_dir() else _ENDINGS.sub("", whole.name)
    start = "images" if not name or name[0] in ".-" else ""  # else hidden, or taken for an option
    return place / f"{start}{name}-{what}"
