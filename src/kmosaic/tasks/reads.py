"""The files that a task reads besides its source, so that results never replace them."""

from __future__ import annotations

from typing import Any


def file_of_features(features: Any) -> str | None:
    """The file that stands in words for features, or None.

    >>> file_of_features("onnx:net.onnx?size=224"), file_of_features("hog?cell=4")
    ('net.onnx', None)
    """
    if not isinstance(features, str):
        return None
    return features.partition("?")[0].partition(":")[2] or None


def file_of_labels(labels: Any) -> Any:
    """What is given as labels where it is a file, or None.

    >>> file_of_labels("auto"), file_of_labels("labels.csv")
    (None, 'labels.csv')
    """
    return None if isinstance(labels, str) and labels in ("auto", "none") else labels
