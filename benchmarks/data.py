"""The rows of the workloads: made from fixed seeds, or read from the folder of KMOSAIC_DATA."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

DATA = Path(os.environ.get("KMOSAIC_DATA", Path(__file__).parents[2] / "shared" / "data"))

Rows = Any  # a dense array or a CSR matrix, (n, d)


class MissingDataError(Exception):
    """The real data of a workload is not there."""


def uniform(n: int, d: int) -> Rows:
    """Rows without any structure: the hardest case for every bound."""
    return np.random.default_rng(1).random((n, d), dtype=np.float32)


def blobs(n: int, d: int, k: int) -> Rows:
    """k round normal groups of spread 1, their centers uniform in a box from -10 to 10."""
    random = np.random.default_rng(2)
    centers = random.uniform(-10, 10, (k, d)).astype(np.float32)
    rows = random.standard_normal((n, d), dtype=np.float32)
    rows += centers[random.integers(0, k, n)]
    return rows


def embeddings(n: int, d: int) -> Rows:
    """Unit vectors like those of a text model.

    A mixture of 2,000 groups whose sizes are log-normal. Groups and the rows within them spread
    alike, with variance 1/j^0.7 along the j-th of d random orthogonal directions (so that the first
    sixth of the directions holds half of it). A common offset gives unrelated rows a cosine of
    about 0.2, as text models do.
    """
    random = np.random.default_rng(3)
    spread = np.arange(1, d + 1, dtype=np.float32) ** np.float32(-0.35)
    centers = random.standard_normal((2_000, d), dtype=np.float32) * spread
    sizes = random.lognormal(size=len(centers))
    rows = random.standard_normal((n, d), dtype=np.float32) * spread
    rows += centers[random.choice(len(centers), n, p=sizes / sizes.sum())]
    directions, _ = np.linalg.qr(random.standard_normal((d, d)))
    rows = rows @ directions.T.astype(np.float32)
    # Groups and rows together have the mean square 2 |spread|^2; the cosine is 0.5 / (2 + 0.5).
    offset = np.sqrt(0.5) * np.linalg.norm(spread) * directions[0]
    rows += offset.astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows


def terms(n: int, d: int, per_row: int) -> Rows:
    """Documents of 20 topics as CSR: per_row terms each, drawn by Zipf's law in the topic's order.

    A quarter of the terms of a document are drawn so, the others in an order that all topics
    share. Weights are TF-IDF of geometric counts, the length of each row is 1.
    """
    import scipy.sparse
    from sklearn.feature_extraction.text import TfidfTransformer

    random = np.random.default_rng(4)
    chance = 1 / np.arange(1, d + 1) ** 0.9
    steps = np.cumsum(chance / chance.sum())
    orders = np.stack([random.permutation(d) for _ in range(21)])
    columns = np.empty((n, per_row), dtype=np.int32)
    for row, topic in enumerate(random.integers(0, 20, n)):
        drawn = np.searchsorted(steps, random.random(6 * per_row)).clip(max=d - 1)
        from_topic = np.where(random.random(len(drawn)) < 0.25, topic, 20)
        columns[row] = first_distinct(orders[from_topic, drawn], per_row)
    counts = random.geometric(0.5, n * per_row).astype(np.float32)
    starts = np.arange(0, n * per_row + 1, per_row, dtype=np.int32)
    matrix = scipy.sparse.csr_matrix((counts, np.sort(columns).ravel(), starts), shape=(n, d))
    return TfidfTransformer(sublinear_tf=True).fit_transform(matrix).astype(np.float32)


def first_distinct(drawn: npt.NDArray[Any], count: int) -> npt.NDArray[Any]:
    """The first `count` different numbers, in the order in which they were drawn."""
    _, first = np.unique(drawn, return_index=True)
    if len(first) < count:
        raise ValueError(f"{len(first)} different terms were drawn, {count} are needed")
    return drawn[np.sort(first)[:count]]


def mnist(dtype: npt.DTypeLike) -> Rows:
    """All 70,000 handwritten digits, 0 to 255."""
    images = []
    for name in ("train-images-idx3-ubyte.gz", "t10k-images-idx3-ubyte.gz"):
        content = gzip.decompress(there("mnist", name).read_bytes())
        images.append(np.frombuffer(content, dtype=np.uint8, offset=16).reshape(-1, 784))
    return np.concatenate(images).astype(dtype)


def news() -> Rows:
    """The 2,225 articles of the BBC as TF-IDF, English stop words left out."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    files = sorted(there("bbc").glob("*/*.txt"))
    texts = [file.read_text(encoding="utf-8", errors="replace") for file in files]
    vectorizer = TfidfVectorizer(sublinear_tf=True, stop_words="english", dtype=np.float32)
    return vectorizer.fit_transform(texts)


def colors() -> Rows:
    """The 393,216 pixels of the first Kodak image, red, green and blue from 0 to 255."""
    from PIL import Image

    with Image.open(there("kodak", "kodim01.png")) as image:
        return np.asarray(image.convert("RGB"), dtype=np.float32).reshape(-1, 3)


def flowers() -> Rows:
    """The 150 irises of scikit-learn."""
    from sklearn.datasets import load_iris

    return load_iris(return_X_y=True)[0].astype(np.float32)


def widened(make: Callable[[], Rows]) -> Rows:
    """The same rows in float64."""
    return make().astype(np.float64)


def there(*parts: str) -> Path:
    """A file or folder of the real data."""
    path = DATA.joinpath(*parts)
    if not path.exists():
        raise MissingDataError(f"{'/'.join(parts)} is not in the folder of KMOSAIC_DATA")
    return path


MAKERS: dict[str, Callable[[], Rows]] = {
    "blobs 1M x 2": partial(blobs, 1_000_000, 2, 50),
    "uniform 1M x 3": partial(uniform, 1_000_000, 3),
    "blobs 1M x 16": partial(blobs, 1_000_000, 16, 100),
    "uniform 200k x 64": partial(uniform, 200_000, 64),
    "uniform 100k x 128": partial(uniform, 100_000, 128),
    "blobs 100k x 128": partial(blobs, 100_000, 128, 256),
    "uniform 50k x 768": partial(uniform, 50_000, 768),
    "blobs 5M x 8": partial(blobs, 5_000_000, 8, 20),
    "embeddings": partial(embeddings, 200_000, 384),
    "MNIST": partial(mnist, np.float32),
    "MNIST uint8": partial(mnist, np.uint8),
    "colors": colors,
    "flowers": flowers,
    "news": news,
    "terms": partial(terms, 20_000, 50_000, 100),
}
MAKERS |= {
    f"{name} float64": partial(widened, MAKERS[name])
    for name in ("blobs 1M x 16", "uniform 200k x 64", "MNIST")
}


@lru_cache(maxsize=1)  # workloads of the same rows stand one after the other
def make(name: str) -> Rows:
    """The rows of that name."""
    return MAKERS[name]()


def different_rows(rows: Rows, k: int, seed: int = 0) -> npt.NDArray[Any]:
    """k rows of different content, drawn at random: the starting centers of every library."""
    chosen: dict[bytes, npt.NDArray[Any]] = {}
    for number in np.random.default_rng(seed).permutation(rows.shape[0]):
        row = rows[number] if isinstance(rows, np.ndarray) else rows[[number]].toarray()[0]
        chosen.setdefault(row.tobytes(), row)
        if len(chosen) == k:
            break
    return np.stack(list(chosen.values()))
