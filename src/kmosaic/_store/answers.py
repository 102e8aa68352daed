"""The answer of a command as JSON: the file that every folder of results has."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kmosaic._store.files import whole_file
from kmosaic._timing import rounded

ANSWER = "answer.json"


def write_answer(answer: dict[str, Any], path: Path) -> Path:
    """Write what `summary()` of a result gives. Raises OutputError."""
    with whole_file(path, text=True) as file:
        file.write(answer_text(answer, indent=1))
    return path


def made(seconds: Mapping[str, float], out: Path | None, files: Sequence[str]) -> dict[str, Any]:
    """How every answer ends: the time of each stage, and what was written where.

    >>> made({"rows": 0.5}, None, ())
    {'seconds': {'rows': 0.5}, 'out': None, 'files': []}
    """
    return {
        "seconds": rounded(seconds),
        "out": None if out is None else str(out),
        "files": list(files),
    }


def answer_text(answer: dict[str, Any], indent: int | None = None) -> str:
    """An answer as one JSON object; numbers that JSON does not have become null.

    >>> answer_text({"k": 3, "score": float("nan")})
    '{"k": 3, "score": null}'
    """
    return json.dumps(_finite(answer), ensure_ascii=False, allow_nan=False, indent=indent)


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
