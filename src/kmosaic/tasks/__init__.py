"""What people come for, each as one call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kmosaic._lazy import lazily

if TYPE_CHECKING:
    from kmosaic.tasks.anomalies import find_anomalies, predict_anomalies
    from kmosaic.tasks.anomaly_answer import Anomalies
    from kmosaic.tasks.compressed import Compressed
    from kmosaic.tasks.compression import compress, compress_bytes
    from kmosaic.tasks.demonstration import demo
    from kmosaic.tasks.documents import classify_documents
    from kmosaic.tasks.images import classify_images
    from kmosaic.tasks.k_answer import Answer, choose_k
    from kmosaic.tasks.k_of_source import Chosen, choose_k_of
    from kmosaic.tasks.prediction import Prediction, predict
    from kmosaic.tasks.segments import Segments, segment
    from kmosaic.tasks.segments_of_new import NewSegments, predict_segments
    from kmosaic.tasks.shrunk import Shrunk

__all__ = [
    "Anomalies",
    "Answer",
    "Chosen",
    "Compressed",
    "NewSegments",
    "Prediction",
    "Segments",
    "Shrunk",
    "choose_k",
    "choose_k_of",
    "classify_documents",
    "classify_images",
    "compress",
    "compress_bytes",
    "demo",
    "find_anomalies",
    "predict",
    "predict_anomalies",
    "predict_segments",
    "segment",
]

# As in kmosaic itself: a task does not wait for what the others need (scikit-learn, a second).
_HOME = {
    "Anomalies": "kmosaic.tasks.anomaly_answer",
    "Answer": "kmosaic.tasks.k_answer",
    "Chosen": "kmosaic.tasks.k_of_source",
    "Compressed": "kmosaic.tasks.compressed",
    "NewSegments": "kmosaic.tasks.segments_of_new",
    "Prediction": "kmosaic.tasks.prediction",
    "Segments": "kmosaic.tasks.segments",
    "Shrunk": "kmosaic.tasks.shrunk",
    "choose_k": "kmosaic.tasks.k_answer",
    "choose_k_of": "kmosaic.tasks.k_of_source",
    "classify_documents": "kmosaic.tasks.documents",
    "classify_images": "kmosaic.tasks.images",
    "compress": "kmosaic.tasks.compression",
    "compress_bytes": "kmosaic.tasks.compression",
    "demo": "kmosaic.tasks.demonstration",
    "find_anomalies": "kmosaic.tasks.anomalies",
    "predict": "kmosaic.tasks.prediction",
    "predict_anomalies": "kmosaic.tasks.anomalies",
    "predict_segments": "kmosaic.tasks.segments_of_new",
    "segment": "kmosaic.tasks.segments",
}

__getattr__ = lazily(__name__, _HOME)


def __dir__() -> list[str]:
    return sorted(__all__)
