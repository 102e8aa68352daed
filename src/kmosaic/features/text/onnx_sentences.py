"""A sentence-embedding model in ONNX, with the tokenizer that belongs to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from kmosaic._errors import InputError
from kmosaic._optional import need
from kmosaic.features.onnx_session import opened_session, short_reason
from kmosaic.features.outside_file import read_file
from kmosaic.features.text.sentence_folder import Manner

_MOST_BYTES = 4 << 30
_LONGEST = 512  # tokens, where the tokenizer does not say

_WHOLE = "sentence_embedding"  # what ONNX exports call the row of a document
_WANTED = {"input_ids", "attention_mask", "token_type_ids"}


def onnx_encoder(
    model: Path, tokenizer: Path, manner: Manner
) -> Callable[[Sequence[str]], npt.NDArray[np.float64]]:
    """A function from texts to rows: what the model says of the tokens of each, pooled.

    Raises InputError for files that are no such model.
    """
    words = _tokenizer(tokenizer, manner)
    runtime = need("onnxruntime", extra="text")
    options = runtime.SessionOptions()
    options.log_severity_level = 3
    try:
        session = opened_session(runtime, read_file(model, "The model", _MOST_BYTES), options)
    except InputError:
        raise
    except Exception as error:  # onnxruntime's errors have no common class
        raise InputError(f"{model} cannot be opened as ONNX ({short_reason(error)}).") from error
    inputs = [one.name for one in session.get_inputs()]
    if "input_ids" not in inputs or not set(inputs) <= _WANTED:
        raise InputError(
            f"{model} takes {', '.join(inputs)}; a sentence model takes input_ids, attention_mask "
            "and perhaps token_type_ids."
        )

    outputs = [one.name for one in session.get_outputs()]
    wanted = _WHOLE if _WHOLE in outputs else outputs[0]
    if manner.beyond and wanted != _WHOLE:
        raise InputError(
            f"{model} gives no {_WHOLE}, and without sentence-transformers the steps "
            f"{', '.join(manner.beyond)} of its folder cannot be made. Move the model.onnx away "
            "and install 'kmosaic[sentences]', or export the whole model to ONNX."
        )

    def row(text: str) -> npt.NDArray[np.float64]:
        text = manner.before + text
        found = words.encode(text.lower() if manner.is_lower else text)
        rows = _output(session, inputs, wanted, found, model)
        return rows if rows.ndim == 1 else manner.pooled(rows)

    def encode(texts: Sequence[str]) -> npt.NDArray[np.float64]:
        # One by one, so that a row does not depend on the documents beside it.
        return np.stack([row(text) for text in texts])

    return encode


def _tokenizer(path: Path, manner: Manner) -> Any:
    tokenizers = need("tokenizers", extra="text")
    try:
        found = tokenizers.Tokenizer.from_str(path.read_text("utf-8"))
    except Exception as error:  # the library raises plain Exception
        raise InputError(f"{path} is no tokenizer ({short_reason(error)}).") from error
    found.no_padding()
    if manner.longest is not None or found.truncation is None:
        found.enable_truncation(manner.longest or _LONGEST)
    return found


def _output(
    session: Any, inputs: Sequence[str], wanted: str, found: Any, model: Path
) -> npt.NDArray[np.float64]:
    """What the model says of one document: its row, or a row for each of its tokens."""
    parts = {
        "input_ids": found.ids,
        "attention_mask": found.attention_mask,
        "token_type_ids": found.type_ids,
    }
    try:
        output = session.run([wanted], {name: np.array([parts[name]], np.int64) for name in inputs})
    except Exception as error:
        raise InputError(f"{model} does not run ({short_reason(error)}).") from error
    first = np.asarray(output[0], dtype=np.float64)
    if first.ndim not in (2, 3) or len(first) != 1:
        raise InputError(f"{model} gives the shape {first.shape} for one document.")
    return np.asarray(first[0])
