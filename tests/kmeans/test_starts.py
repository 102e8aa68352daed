"""The same seed starts from the same rows, however the rows are held."""

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.testing import assert_array_equal
from sklearn.datasets import load_digits

from kmosaic import kmeans_plusplus
from kmosaic._engine import Data
from kmosaic._sparse import data_of

DIGITS = load_digits().data
RANDOM = np.random.default_rng(0)
SETS = {
    "digits": DIGITS,
    "far from zero": np.round(RANDOM.normal(size=(500, 6)) * 100) + 40_000,
    "few values": np.round(RANDOM.random((500, 60)) * 99) * (RANDOM.random((500, 60)) < 0.1),
}
HELD = [
    np.asarray,
    lambda X: X.astype(np.float32),
    sp.csr_array,
    lambda X: sp.csr_array(X, dtype=np.float32),
]


@pytest.mark.parametrize("rows", SETS.values(), ids=SETS)
@pytest.mark.parametrize("seed", range(5))
def test_dense_sparse_and_either_precision_start_from_the_same_rows(rows, seed):
    chosen = [kmeans_plusplus(held(rows), 12, random_state=seed)[1] for held in HELD]
    drawn = [data_of(held(rows)).different_rows(12, np.random.RandomState(seed)) for held in HELD]
    for ours in chosen[1:]:
        assert_array_equal(ours, chosen[0])
    for ours in drawn[1:]:
        assert_array_equal(ours, drawn[0])


def test_pixels_start_as_float64():
    bytes_, floats = (
        kmeans_plusplus(held, 12, random_state=0)[1] for held in (DIGITS.astype(np.uint8), DIGITS)
    )
    assert_array_equal(bytes_, floats)


@pytest.mark.parametrize("offset", [0.0, 1e9, -3e12])
def test_rows_that_float32_could_not_tell_apart_are_all_drawn(offset):
    rows = offset + np.arange(1000.0)[:, None]
    uniforms = np.random.RandomState(0).random_sample(20_000)
    drawn = np.bincount(Data(rows)._core.draw_rows(uniforms), minlength=1000)
    assert drawn.min() > 2
    assert drawn.max() < 60


def test_rows_of_one_hash_are_told_apart_by_their_content():
    near = 1.0 + np.arange(8)[:, None] * 2.0**-40  # one number in float32
    rows = np.concatenate([near, [[1e3], [-1e3]]])
    uniforms = np.random.RandomState(0).random_sample(5000)
    drawn = np.bincount(Data(rows)._core.draw_rows(uniforms), minlength=10)
    assert drawn.min() > 400
