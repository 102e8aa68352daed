"""The libraries: a table of what is compared, in the order in which they are first asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.calls import (
    Calls,
    load_faiss,
    load_faiss_super,
    load_gemm,
    load_intelex,
    load_kmosaic,
    load_scikit_learn,
    load_superkmeans,
)


@dataclass(frozen=True)
class Library:
    """One way to k-means."""

    name: str
    title: str
    package: str  # its name on a package index
    load: Callable[[int], Calls]  # number of threads -> calls
    kind: str = "peer"  # "ours", "peer", "approximate" or "limit"
    tables: tuple[str, ...] = ("iteration", "convergence", "seeding")
    told_iterations: bool = False  # does not know when to stop: is told how many ours needed
    sparse: bool = True
    float64: bool = True
    gives_up: str = ""


_IN_FLOAT32: dict[str, Any] = {"sparse": False, "float64": False, "told_iterations": True}
_OWN_START = "approximate: skips dimensions by a statistical test; own starting centers"

LIBRARIES = (
    Library("kmosaic", "kmosaic", "kmosaic", load_kmosaic("auto"), kind="ours"),
    Library(
        "kmosaic-lloyd",
        "kmosaic (plain fused)",
        "kmosaic",
        load_kmosaic("lloyd"),
        kind="ours",
        tables=("iteration", "convergence"),
    ),
    Library("sklearn", "scikit-learn", "scikit-learn", load_scikit_learn("lloyd")),
    Library(
        "faiss",
        "faiss Kmeans",
        "faiss-cpu",
        load_faiss,
        tables=("iteration", "convergence"),
        **_IN_FLOAT32,
    ),
    Library(
        "sklearnex",
        "scikit-learn-intelex",
        "scikit-learn-intelex",
        load_intelex,
        tables=("iteration", "convergence"),
    ),
    Library(
        "sklearn-elkan",
        "scikit-learn (Elkan)",
        "scikit-learn",
        load_scikit_learn("elkan"),
        tables=("convergence",),
    ),
    Library(
        "faiss-super",
        "faiss SuperKMeans",
        "faiss-cpu",
        load_faiss_super,
        kind="approximate",
        tables=("convergence",),
        gives_up=_OWN_START,
        **_IN_FLOAT32,
    ),
    Library(
        "superkmeans",
        "superkmeans",
        "superkmeans",
        load_superkmeans,
        kind="approximate",
        tables=("convergence",),
        gives_up=_OWN_START,
        **_IN_FLOAT32,
    ),
    Library(
        "gemm",
        "matrix product alone",
        "numpy",
        load_gemm,
        kind="limit",
        tables=("iteration",),
        sparse=False,
    ),
)
