"""Matrix products whose rows do not depend on the rows beside them."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from kmosaic.features.steady import steady_product

RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(200, 37)).astype(np.float32)
SHIFT, MATRIX = RANDOM.normal(size=37), RANDOM.normal(size=(37, 11))


def test_the_product_is_the_product():
    assert_allclose(steady_product(X, SHIFT, MATRIX), (X - SHIFT) @ MATRIX, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("size", [1, 2, 63, 64, 65])
def test_any_blocks_give_the_same_bits(size):
    parts = [steady_product(X[at : at + size], SHIFT, MATRIX) for at in range(0, 200, size)]
    assert_array_equal(np.concatenate(parts), steady_product(X, SHIFT, MATRIX))
