"""What a folder of sentence-transformers says of how its model is used.

Beside the transformer and its tokenizer such a folder holds modules.json, the steps; in
1_Pooling/config.json, how rows of tokens become one; in sentence_bert_config.json, how much is
read; in config_sentence_transformers.json, what is written before each text.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from kmosaic._errors import InputError

Row = npt.NDArray[np.float64]
_FILES = ("sentence_bert_config.json", "config_sentence_transformers.json")

# Rows of tokens, (n, d), to one row, by the names that 1_Pooling/config.json has.
POOLS: Mapping[str, Callable[[Row], Row]] = {
    "cls": lambda rows: rows[0],
    "max": lambda rows: rows.max(axis=0),
    "mean": lambda rows: rows.mean(axis=0),
    "mean_sqrt_len": lambda rows: rows.sum(axis=0) / len(rows) ** 0.5,
    "weightedmean": lambda rows: np.average(rows, axis=0, weights=np.arange(1, len(rows) + 1)),
    "lasttoken": lambda rows: rows[-1],
}


@dataclass(frozen=True)
class Manner:
    """How a model is used; as it is by default where nothing says so."""

    pools: tuple[str, ...] = ("mean",)  # of which each gives a part of the row
    longest: int | None = None  # tokens of a document that are read; None: the tokenizer says
    is_lower: bool = False
    before: str = ""  # each text
    beyond: tuple[str, ...] = ()  # steps after the pooling that only sentence-transformers has
    files: tuple[Path, ...] = ()  # that say so

    def pooled(self, rows: Row) -> Row:
        """One row of those of the tokens, (n, d)."""
        return np.concatenate([POOLS[name](rows) for name in self.pools])


def manner_of(folder: Path) -> Manner:
    """How the model of a folder is used. Raises InputError for files that say nothing sensible.

    >>> manner_of(Path("of-onnx-alone"))
    Manner(pools=('mean',), longest=None, is_lower=False, before='', beyond=(), files=())
    """
    steps = _read(folder / "modules.json")
    if steps is None:
        return Manner()
    try:
        kinds = {str(step["type"]).rpartition(".")[2]: folder / step["path"] for step in steps}
        pooling = kinds.get("Pooling", folder) / "config.json"
        pools = _pools(_read(pooling) or {}) if "Pooling" in kinds else ("mean",)
        limits = _read(kinds.get("Transformer", folder) / _FILES[0]) or _read(folder / _FILES[0])
        words = _read(folder / _FILES[1]) or {}
        longest = (limits or {}).get("max_seq_length")
        files = (folder / "modules.json", pooling, *(folder / name for name in _FILES))
        return Manner(
            pools,
            None if longest is None else int(longest),
            bool((limits or {}).get("do_lower_case")),
            str((words.get("prompts") or {}).get(words.get("default_prompt_name")) or ""),
            tuple(kind for kind in kinds if kind not in ("Transformer", "Pooling", "Normalize")),
            tuple(file for file in files if file.is_file()),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InputError(f"{folder / 'modules.json'} is of no sentence model: {error!r}.") from None


def _pools(config: Mapping[str, Any]) -> tuple[str, ...]:
    told = config.get("pooling_mode", ())
    told = [told] if isinstance(told, str) else list(told)
    flags = {
        name.removeprefix("pooling_mode_").removesuffix("_tokens").removesuffix("_token"): value
        for name, value in config.items()
        if name.startswith("pooling_mode_")
    }
    # In the order in which sentence-transformers puts them together.
    found = tuple(name for name in POOLS if flags.get(name)) or tuple(told) or ("mean",)
    unknown = [name for name in found if name not in POOLS]
    if unknown:
        raise ValueError(f"no pooling {unknown[0]!r}")
    return found


def _read(path: Path) -> Any:
    """What a JSON file holds; None where there is none."""
    if not path.is_file():
        return None
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{path} cannot be read as JSON: {error}.") from None
