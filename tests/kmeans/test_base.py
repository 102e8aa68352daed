"""Distances are rounded some rows at a time, so that Ctrl-C is heard; that changes none of them."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from kmosaic import KMeans, MiniBatchKMeans
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


def test_a_score_is_of_the_centers_as_they_are_whatever_x_is_held_as():
    rows = (1e8 + 8 * np.random.default_rng(0).integers(-5, 6, (500, 2))).astype(np.float64)
    model = KMeans(3, random_state=0).fit(rows)
    assert model.score(rows) == model.score(rows.astype(np.float32))


def test_a_batch_in_float32_does_not_round_centers_in_float64():
    rows = (1e8 + 8 * np.random.default_rng(0).integers(-5, 6, (500, 2))).astype(np.float64)
    wide, narrow = (
        MiniBatchKMeans(3, random_state=0).partial_fit(rows).partial_fit(rows.astype(kind))
        for kind in (np.float64, np.float32)
    )
    assert_array_equal(wide.cluster_centers_, narrow.cluster_centers_)
