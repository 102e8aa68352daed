"""What several tests of labels need."""

from __future__ import annotations

import numpy as np
import pytest

from kmosaic.labels import Assignment


@pytest.fixture(scope="session")
def grouped():
    """Make an assignment with given clusters, as k-means would find it."""

    def make(clusters, k=None):
        labels = np.asarray(clusters, dtype=np.int32)
        k = int(labels.max()) + 1 if k is None else k
        ids = [str(i) for i in range(len(labels))]
        return Assignment(ids, labels, np.zeros(len(labels)), np.zeros(len(labels)), k)

    return make
