"""What people come for, each as one call."""

from kmosaic.tasks.demo import demo
from kmosaic.tasks.images import classify_images
from kmosaic.tasks.predict import Prediction, predict

__all__ = ["Prediction", "classify_images", "demo", "predict"]
