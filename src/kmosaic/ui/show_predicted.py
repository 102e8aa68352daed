"""What is printed about new images, documents and rows: as of those that the model was made of."""

from __future__ import annotations

from kmosaic.tasks import Anomalies, NewSegments, Prediction
from kmosaic.ui.show import answer
from kmosaic.ui.show_anomalies import show_anomalies
from kmosaic.ui.show_segments import show_segments


def show_predicted(done: Prediction | NewSegments | Anomalies, as_json: bool) -> None:
    """Print what a saved model says of new ones."""
    if isinstance(done, NewSegments):
        show_segments(done, as_json)
    elif isinstance(done, Anomalies):
        show_anomalies(done, as_json)
    else:
        answer(done, as_json)
