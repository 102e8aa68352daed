"""Group similar things without labels: images in, k-means, classified images and a report out.

>>> import kmosaic
>>> items = kmosaic.open_images("photos/")  # doctest: +SKIP
>>> run = kmosaic.classify_images("photos/", n_clusters=12, out="groups/")  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kmosaic import metrics
    from kmosaic.data import open_images
    from kmosaic.data.documents import open_documents
    from kmosaic.kmeans import (
        BalancedKMeans,
        BisectingKMeans,
        KMeans,
        MiniBatchKMeans,
        SphericalKMeans,
        TrimmedKMeans,
        k_means,
        kmeans_parallel,
        kmeans_plusplus,
    )
    from kmosaic.outliers import AnomalyDetector
    from kmosaic.output import load, load_model
    from kmosaic.palette import Palette, quantize
    from kmosaic.pipeline import Run
    from kmosaic.save import save_run
    from kmosaic.tasks import (
        choose_k,
        classify_documents,
        classify_images,
        compress,
        find_anomalies,
        predict,
        segment,
    )

    __version__: str

__all__ = [
    "AnomalyDetector",
    "BalancedKMeans",
    "BisectingKMeans",
    "KMeans",
    "MiniBatchKMeans",
    "Palette",
    "Run",
    "SphericalKMeans",
    "TrimmedKMeans",
    "__version__",
    "choose_k",
    "classify_documents",
    "classify_images",
    "compress",
    "find_anomalies",
    "k_means",
    "kmeans_parallel",
    "kmeans_plusplus",
    "load",
    "load_model",
    "metrics",
    "open_documents",
    "open_images",
    "predict",
    "quantize",
    "save_run",
    "segment",
]

# Each name is imported when it is first used, so that `import kmosaic` costs next to nothing.
_HOME = {
    "AnomalyDetector": "kmosaic.outliers",
    "BalancedKMeans": "kmosaic.kmeans",
    "BisectingKMeans": "kmosaic.kmeans",
    "KMeans": "kmosaic.kmeans",
    "MiniBatchKMeans": "kmosaic.kmeans",
    "Palette": "kmosaic.palette",
    "Run": "kmosaic.pipeline",
    "SphericalKMeans": "kmosaic.kmeans",
    "TrimmedKMeans": "kmosaic.kmeans",
    "choose_k": "kmosaic.tasks",
    "classify_documents": "kmosaic.tasks",
    "classify_images": "kmosaic.tasks",
    "compress": "kmosaic.tasks",
    "find_anomalies": "kmosaic.tasks",
    "k_means": "kmosaic.kmeans",
    "kmeans_parallel": "kmosaic.kmeans",
    "kmeans_plusplus": "kmosaic.kmeans",
    "load": "kmosaic.output",
    "load_model": "kmosaic.output",
    "open_documents": "kmosaic.data.documents",
    "open_images": "kmosaic.data",
    "predict": "kmosaic.tasks",
    "quantize": "kmosaic.palette",
    "save_run": "kmosaic.save",
    "segment": "kmosaic.tasks",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        value: Any = version("kmosaic")
    elif name == "metrics":
        value = import_module("kmosaic.metrics")
    elif name in _HOME:
        value = getattr(import_module(_HOME[name]), name)
    else:
        raise AttributeError(f"module 'kmosaic' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
