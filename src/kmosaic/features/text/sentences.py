"""Rows from a sentence-embedding model that lies on this machine."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.preprocessing import normalize

from kmosaic._errors import InputError, MissingExtraError, ModelError
from kmosaic._events import Listener, Progress, silent
from kmosaic._optional import has
from kmosaic.data.decode import UnreadableError
from kmosaic.features.outside_file import seal
from kmosaic.features.text.base import Documents, Rows, TextFeatures
from kmosaic.features.text.onnx_sentences import onnx_encoder
from kmosaic.features.text.sentence_folder import manner_of

_TOGETHER = 32  # documents

Encode = Callable[[Sequence[str]], npt.NDArray[Any]]


class SentenceModel(TextFeatures):
    """What a sentence-embedding model says of each document, as rows of length 1.

    path: an ONNX model with its tokenizer.json beside it, a folder with both (extra `text`), whose
    pooling and limits count where sentence-transformers saved it, or such a folder without ONNX
    (for which sentence-transformers must be installed). Nothing is downloaded. Long documents are
    cut where the model's tokenizer cuts them. Raises InputError for anything else,
    MissingExtraError where a package is missing, and ModelError if a saved model's file is no
    longer what it was.
    """

    needs_terms = False

    def __init__(self, path: str) -> None:
        self.path = path

    def check(self, n: int) -> None:
        """Raise an error unless the model can be opened."""
        self._encoder()

    def fit_rows(self, documents: Documents, tell: Listener = silent) -> Rows:
        """Compute the rows; there is nothing to learn but which files these are."""
        self.sha256_ = self.outside()["model"]
        texts = _Lazy(documents)
        rows = self._encoded(texts, len(documents.items), tell)
        self.n_columns_ = int(rows.shape[1])
        return rows

    def rows_of(
        self, texts: Sequence[str], index: npt.NDArray[np.int64], tell: Listener = silent
    ) -> Rows:
        """Rows of new documents."""
        if self.outside()["model"] != self.sha256_:
            raise ModelError(
                f"{self.path} is not the model that these features were made with. Put the same "
                "files there, or make the model again."
            )
        return self._encoded(lambda begin, end: texts[begin:end], len(texts), tell)

    def outside(self) -> dict[str, str]:
        """The digest of the model's files."""
        total = hashlib.sha256()
        for file in self._files():
            total.update(f"{file.name} {seal(file, 'The model file')}".encode())
        return {"model": total.hexdigest()}

    def _encoded(
        self, texts: Callable[[int, int], Sequence[str]], n: int, tell: Listener
    ) -> npt.NDArray[np.float32]:
        encode = self._encoder()
        parts = []
        for begin in range(0, n, _TOGETHER):
            tell(Progress("features", begin, n, "documents"))
            parts.append(np.asarray(encode(texts(begin, begin + _TOGETHER)), np.float64))
        tell(Progress("features", n, n, "documents"))
        rows = np.concatenate(parts)
        if rows.ndim != 2 or not np.isfinite(rows).all():
            raise InputError(f"{self.path} gives no finite row for each document.")
        return np.ascontiguousarray(normalize(rows), dtype=np.float32)

    def _files(self) -> list[Path]:
        path = Path(self.path).expanduser()
        found = _onnx_files(path)
        if found is not None:
            return [*found, *manner_of(found[1].parent).files]
        if (path / "modules.json").is_file():
            return sorted(file for file in path.rglob("*") if file.is_file())
        raise InputError(
            f"{self.path} is no sentence model: give an .onnx file with tokenizer.json beside it, "
            "a folder with both, or one that sentence-transformers saved."
        )

    def _encoder(self) -> Encode:
        path = Path(self.path).expanduser()
        self._files()  # InputError where there are none
        found = _onnx_files(path)
        if found is None:
            return _sentence_transformer(path)
        return onnx_encoder(*found, manner_of(found[1].parent))


def _onnx_files(path: Path) -> tuple[Path, Path] | None:
    """The model and its tokenizer, where both are there."""
    if path.is_file() and path.suffix == ".onnx":
        places, models = [path.parent, path.parent.parent], [path]
    elif path.is_dir():
        places, models = [path], [path / "model.onnx", path / "onnx" / "model.onnx"]
    else:
        return None
    model = next((one for one in models if one.is_file()), None)
    tokenizer = next(
        (p / "tokenizer.json" for p in places if (p / "tokenizer.json").is_file()), None
    )
    return None if model is None or tokenizer is None else (model, tokenizer)


def _sentence_transformer(path: Path) -> Encode:
    if not has("sentence_transformers"):
        raise MissingExtraError(
            f"{path} has no ONNX model, so this needs sentence-transformers: pip install "
            "'kmosaic[sentences]'. Or export it to ONNX (model.onnx beside tokenizer.json), which "
            "needs 'kmosaic[text]' only."
        )
    from sentence_transformers import SentenceTransformer

    try:
        model = SentenceTransformer(str(path), device="cpu", local_files_only=True)
    except Exception as error:  # what damaged folders raise has no end
        raise InputError(f"{path} cannot be opened by sentence-transformers: {error}.") from error
    return lambda texts: np.asarray(model.encode(list(texts), show_progress_bar=False))


class _Lazy:
    """Texts of documents by position, read when they are asked for."""

    def __init__(self, documents: Documents) -> None:
        self._items = documents.items

    def __call__(self, begin: int, end: int) -> Sequence[str]:
        try:
            return [self._items.text(at) for at in range(begin, min(end, len(self._items)))]
        except UnreadableError as error:
            raise InputError(f"A document can no longer be read: {error}.") from None
