"""The workloads: which rows, how many clusters, how far."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks import data

TABLES = ("iteration", "convergence", "seeding")


@dataclass(frozen=True)
class Workload:
    """One set of rows and one number of clusters."""

    name: str
    title: str
    rows: str  # a name in data.MAKERS
    k: int
    iterations: int = 0  # timed one by one after the first; 0: not in that table
    cap: int = 0  # the most iterations of a fit to convergence; 0: not in that table
    seeding: bool = False
    whole: bool = False  # so small that the call counts, not the iterations

    def tables(self) -> tuple[str, ...]:
        """The tables that this workload has a row in."""
        return tuple(
            table
            for table, there in zip(TABLES, (self.iterations, self.cap, self.seeding), strict=True)
            if there
        )

    def title_of(self, shape: tuple[int, ...], k: int, quick: bool) -> str:
        """What is run: the title tells of all rows, a quick run takes some."""
        return f"{self.name}, {shape[0]:,} × {shape[1]:,}, k={k}" if quick else self.title

    def make(self, quick: bool) -> tuple[data.Rows, int]:
        """The rows and the number of clusters; quick: few of both."""
        rows = data.make(self.rows)
        if not quick:
            return rows, self.k
        count = min(rows.shape[0], max(500, rows.shape[0] // 50))
        some: npt.NDArray[np.int64] = np.random.default_rng(0).choice(
            rows.shape[0], count, replace=False
        )
        return rows[some], min(self.k, 20)


# Workloads of the same rows stand together, so that these are made once.
WORKLOADS = (
    Workload("tiny", "Iris, 150 × 4, k=3 (whole call)", "flowers", 3, cap=300, whole=True),
    Workload("blobs-2d", "blobs 1M × 2, k=50", "blobs 1M x 2", 50, 20, 300),
    Workload("uniform-3d", "uniform 1M × 3, k=256", "uniform 1M x 3", 256, 10, 300),
    Workload("kodak-16", "colors of a photo, 393k × 3, k=16", "colors", 16, 20, 300),
    Workload("kodak-256", "colors of a photo, 393k × 3, k=256", "colors", 256, 0, 300),
    Workload("blobs-8d", "blobs 5M × 8, k=20", "blobs 5M x 8", 20, 10, 50),
    Workload("blobs-16d", "blobs 1M × 16, k=100", "blobs 1M x 16", 100, 10, 300),
    Workload(
        "blobs-16d-float64", "blobs 1M × 16, k=100, float64", "blobs 1M x 16 float64", 100, 10, 300
    ),
    Workload("uniform-64d", "uniform 200k × 64, k=256", "uniform 200k x 64", 256, 10, 100),
    Workload(
        "uniform-64d-float64",
        "uniform 200k × 64, k=256, float64",
        "uniform 200k x 64 float64",
        256,
        10,
        100,
    ),
    Workload("blobs-128d", "blobs 100k × 128, k=256", "blobs 100k x 128", 256, 0, 300),
    Workload("uniform-128d-1024", "uniform 100k × 128, k=1024", "uniform 100k x 128", 1024, 4),
    Workload(
        "uniform-128d-1000", "uniform 100k × 128, k=1000", "uniform 100k x 128", 1000, seeding=True
    ),
    Workload("uniform-768d", "uniform 50k × 768, k=1000", "uniform 50k x 768", 1000, 3, 25),
    Workload("embeddings", "embeddings 200k × 384, k=1000", "embeddings", 1000, 2, 30),
    Workload("mnist-10", "MNIST 70k × 784, k=10", "MNIST", 10, 20, 300),
    Workload("mnist-100", "MNIST 70k × 784, k=100", "MNIST", 100, 0, 300, seeding=True),
    Workload("mnist-256", "MNIST 70k × 784, k=256", "MNIST", 256, 6),
    Workload("mnist-1000", "MNIST 70k × 784, k=1000", "MNIST", 1000, 0, 60, seeding=True),
    Workload("mnist-10-float64", "MNIST, k=10, float64", "MNIST float64", 10, 20, 300),
    Workload("mnist-10-uint8", "MNIST, k=10, uint8", "MNIST uint8", 10, 20, 300),
    Workload("mnist-100-uint8", "MNIST, k=100, uint8", "MNIST uint8", 100, 0, 300),
    Workload("news-5", "BBC news, sparse TF-IDF, k=5", "news", 5, 10, 300, seeding=True),
    Workload(
        "terms-20", "sparse 20k × 50k, 100 terms a row, k=20", "terms", 20, 10, 300, seeding=True
    ),
)
