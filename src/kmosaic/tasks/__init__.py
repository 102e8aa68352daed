"""What people come for, each as one call."""

from kmosaic.tasks.anomalies import Anomalies, find_anomalies
from kmosaic.tasks.demo import demo
from kmosaic.tasks.documents import classify_documents
from kmosaic.tasks.images import classify_images
from kmosaic.tasks.k_answer import Answer, choose_k
from kmosaic.tasks.k_of_source import Chosen, choose_k_of
from kmosaic.tasks.predict import Prediction, predict
from kmosaic.tasks.segments import Segments, segment
from kmosaic.tasks.segments_of_new import NewSegments, predict_segments

__all__ = [
    "Anomalies",
    "Answer",
    "Chosen",
    "NewSegments",
    "Prediction",
    "Segments",
    "choose_k",
    "choose_k_of",
    "classify_documents",
    "classify_images",
    "demo",
    "find_anomalies",
    "predict",
    "predict_segments",
    "segment",
]
