"""The answer of a command as JSON: the file that every folder of results has."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from kmosaic._store.files import whole_file

ANSWER = "answer.json"


def write_answer(answer: dict[str, Any], path: Path) -> Path:
    """Write what `summary()` of a result gives. Raises OutputError."""
    with whole_file(path, text=True) as file:
        file.write(answer_text(answer, indent=1))
    return path


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
