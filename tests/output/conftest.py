"""Small images, as files and as arrays, and what k-means could say of them."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from kmosaic.data import as_items, open_images
from kmosaic.labels import Assignment, Names


@pytest.fixture
def folder_items(tmp_path):
    """Write 4×4 PNG files of these names, item i all of gray i, and open them."""

    def make(names, folder="source"):
        for gray, name in enumerate(names):
            path = tmp_path / folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(np.full((4, 4), gray, np.uint8)).save(path, "PNG")
        return open_images(tmp_path / folder)

    return make


@pytest.fixture
def array_items():
    """Items of an array, item i all of gray i."""

    def make(n):
        return as_items(np.repeat(np.arange(n, dtype=np.uint8), 16).reshape(n, 4, 4))

    return make


@pytest.fixture
def grouped():
    """An assignment of items to given clusters, and names for those."""

    def make(items, clusters, names=None):
        labels = np.asarray(clusters, np.int32)
        k = int(labels.max()) + 1 if names is None else len(names)
        zeros = np.zeros(len(labels))
        assignment = Assignment(items.ids, labels, zeros, zeros, k)
        return assignment, Names.numbered(k) if names is None else Names(tuple(names), "file")

    return make
