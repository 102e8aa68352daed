"""Write what fuzzing starts from into tests/fuzz/corpus: small whole inputs of every kind."""

from __future__ import annotations

import gzip
import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from tests.fuzz import model_of_bytes, rows_of_bytes

import kmosaic
from kmosaic.kmeans import Prototypes

CORPUS = Path(__file__).parent / "corpus"
ROWS = np.random.default_rng(0).normal(size=(12, 2)).astype(np.float32)


def models() -> Iterator[tuple[str, bytes]]:
    """One saved model of each kind."""
    own = {"max_iter": 3, "random_state": 0}
    kinds = ("KMeans", "BalancedKMeans", "BisectingKMeans", "SphericalKMeans", "TrimmedKMeans")
    fitted = [getattr(kmosaic, kind)(3, **own).fit(ROWS) for kind in kinds]
    fitted.append(kmosaic.MiniBatchKMeans(3, batch_size=5, **own).partial_fit(ROWS))
    fitted.append(kmosaic.KMeans(2, init=ROWS[:2], random_state=np.random.RandomState(0)).fit(ROWS))
    fitted.append(Prototypes(2).fit(ROWS, np.arange(12) % 2))
    with tempfile.TemporaryDirectory() as place:
        for number, model in enumerate(fitted):
            name = f"{type(model).__name__}-{number}"
            yield name, model_of_bytes.packed(model.save(Path(place, name)))
    golden = Path(__file__).parents[1]
    for folder in golden.glob("*/golden/version-*/*"):
        if (folder / "model.json").is_file() and "kmeans" not in folder.parts:
            yield f"golden-{folder.name}", model_of_bytes.packed(folder)


def idx_files() -> Iterator[tuple[str, bytes]]:
    """Plain and gzip, of bytes and of floats, with labels and without."""

    def header(code: int, *axes: int) -> bytes:
        return bytes([0, 0, code, len(axes)]) + np.array(axes, ">u4").tobytes()

    pixels = bytes(range(24))
    labels = header(8, 2) + b"\x03\x01"
    yield "bytes", header(8, 2, 3, 4) + pixels
    yield "labeled", header(8, 2, 3, 4) + pixels + b"--labels--" + labels
    yield "floats", header(13, 1, 2, 3) + np.linspace(0, 1, 6, dtype=">f4").tobytes()
    yield "short", header(11, 1, 2, 3, 3) + np.arange(18, dtype=">i2").tobytes()
    yield "gzip", gzip.compress(header(8, 2, 3, 4) + pixels, mtime=0)
    yield "world", header(8, 2**32 - 1, 2**32 - 1, 2**32 - 1) + b"few"


def array_files() -> Iterator[tuple[str, bytes]]:
    """Arrays of images and of rows, one or several named ones."""
    images = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    for name, rows in {
        "images": images,
        "rows": ROWS,
        "columns first": ROWS.T,
        "big": ROWS.astype(">f8"),
    }.items():
        file = io.BytesIO()
        np.save(file, rows)
        yield name.replace(" ", "-"), b"p" + file.getvalue()
    for write in (np.savez, np.savez_compressed):
        file = io.BytesIO()
        write(file, X=images, y=np.array(["a", "b"]))
        yield write.__name__, b"z" + file.getvalue()


def lists() -> Iterator[tuple[str, bytes]]:
    """Tables of labels and of names."""
    yield "labels", b"path,label\n0,cat\n1,dog\n2,\n"
    yield "no-header", b'0;cat\n1;"a; b"\n'
    yield "tabs", b"\xef\xbb\xbfid\tsize\tclass\n0\t3\tcat\n3\t4\tdog\n"
    yield "names", b'cluster,name\n0,cats\n2,"dogs, large"\n'
    yield "latin", b"path,label\n0,caf\xe9\n"


def matrices() -> Iterator[tuple[str, bytes]]:
    """Whole matrices of each type, and parts that do not fit."""
    for kind in (0, 1, 2, 3, 4, 7, 16, 32, 48):
        yield (
            f"whole-{kind}",
            rows_of_bytes.packed(2, 3, 1, [0, 2, 3, 4], [0, 2, 1, 3], [1, 2, 3, 4], kind=kind),
        )
    for kind in (1, 2, 3):
        yield (
            f"estimator-{kind}",
            rows_of_bytes.packed(
                2, 3, 1 + 8 * kind, [0, 2, 3, 4], [0, 2, 1, 3], [1, 2, 3, 4], kind=2
            ),
        )
    yield "mixed", rows_of_bytes.packed(1, 4, 1, [0, 3, 5], [4, 0, 2, 1, 1], [1, 2, 3, 4, 5])
    yield (
        "sorted-lie",
        rows_of_bytes.packed(1, 4, 1, [0, 3, 5], [4, 0, 2, 1, 1], [1, 2, 3, 4, 5], kind=8),
    )
    yield "beyond", rows_of_bytes.packed(1, 2, 0, [0, 1, 2], [0, 100], [1, 2])
    yield "negative", rows_of_bytes.packed(1, 2, 0, [0, 1, 2], [0, -1], [1, 2])
    yield "falling", rows_of_bytes.packed(1, 2, 0, [0, 3, 2], [0, 1], [1, 2])
    yield "few-starts", rows_of_bytes.packed(5, 2, 0, [0, 2], [0, 1], [1, 2])
    yield "empty", b""


if __name__ == "__main__":
    made = {
        "model": models,
        "idx": idx_files,
        "arrays": array_files,
        "lists": lists,
        "csr": matrices,
    }
    for target, inputs in made.items():
        (CORPUS / target).mkdir(parents=True, exist_ok=True)
        for name, content in inputs():
            (CORPUS / target / name).write_bytes(content)
