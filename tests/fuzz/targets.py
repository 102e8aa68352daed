"""What reads bytes of others, each as one function of bytes that returns or raises what is allowed.

Whatever the bytes are, only a documented error may come of them; anything else is a fault.
"""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Callable
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
from tests.fuzz import rows_of_bytes
from tests.fuzz.model_of_bytes import write_model

import kmosaic
from kmosaic._errors import InputError
from kmosaic.data import Items, open_images, open_vectors
from kmosaic.labels.names_file import names_from_csv

MOST_BYTES = 1 << 16  # of an input: a longer one tells nothing new
_PLACE = Path(tempfile.mkdtemp(prefix="kmosaic-fuzz-"))
_WIDEST = 1000


@contextmanager
def allowed(*errors: type[Exception]):
    """Let these errors pass; warnings are no matter here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with suppress(errors):
            yield


def model(data: bytes) -> None:
    """kmosaic.load: ModelError, which is an InputError, or a model that predicts."""
    folder = _PLACE / "model"
    write_model(data, folder)
    loaded = None
    with allowed(InputError):
        loaded = kmosaic.load(folder)
    width = getattr(loaded, "n_features_in_", None)
    if width is not None and width <= _WIDEST and hasattr(loaded, "predict"):
        with allowed(InputError):
            loaded.predict(np.ones((2, width)))


def idx(data: bytes) -> None:
    """A file of IDX images, and the labels that stand behind a mark in the bytes beside it."""
    images, _, labels = data.partition(b"--labels--")
    (_PLACE / "train-images-idx3-ubyte").write_bytes(images)
    beside = _PLACE / "train-labels-idx1-ubyte"
    beside.unlink(missing_ok=True)
    if labels:
        beside.write_bytes(labels)
    with allowed(InputError):
        _look(open_images(_PLACE / "train-images-idx3-ubyte"))


def arrays(data: bytes) -> None:
    """A .npy or .npz file, by the first byte, as images and as vectors."""
    file = _PLACE / ("rows.npz" if data[:1] == b"z" else "rows.npy")
    file.write_bytes(data[1:])
    for opened in (open_images, open_vectors):
        with allowed(InputError):
            _look(opened(file))


def lists(data: bytes) -> None:
    """A list of images with labels, `path,label`, and one of names of clusters."""
    file = _PLACE / "list.csv"
    file.write_bytes(data)
    with allowed(InputError):
        _look(open_images(np.zeros((4, 2, 2), np.uint8), labels=file))
    with allowed(InputError):
        names_from_csv(file, 4)


def csr(data: bytes) -> None:
    """The three parts of a CSR matrix, which need not fit together."""
    X, estimator = rows_of_bytes.cooked(data)
    with allowed(ValueError):  # scikit-learn's own as well
        estimator.fit(X)
        assert ((estimator.labels_ >= 0) & (estimator.labels_ < estimator.n_clusters)).all()
        estimator.transform(X)


def _look(items: Items) -> None:
    items.content_hash()
    items.read(range(min(len(items), 3)))
    _ = items.labels


TARGETS: dict[str, Callable[[bytes], None]] = {
    one.__name__: one for one in (model, idx, arrays, lists, csr)
}
