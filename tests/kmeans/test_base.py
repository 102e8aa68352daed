"""Distances are rounded some rows at a time, so that Ctrl-C is heard; that changes none of them."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from kmosaic import KMeans
from kmosaic._engine import Data
from kmosaic.kmeans import base


@pytest.mark.parametrize("together", [1, 20, 23, 10_000])
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.uint8])
def test_distances_are_the_same_however_many_are_rounded_together(together, dtype, monkeypatch):
    rows = (np.random.default_rng(0).random((101, 4)) * 200).astype(dtype)
    model = KMeans(5, random_state=0).fit(rows)
    monkeypatch.setattr(base, "_TOGETHER", together)
    distances = model.transform(rows)
    squared = Data(rows).squared_distances(model.cluster_centers_)
    held = np.float32 if dtype == np.float32 else np.float64
    assert distances.dtype == held
    assert_array_equal(distances, np.sqrt(squared).astype(held))
