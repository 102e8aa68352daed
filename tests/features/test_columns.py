"""Rows of numbers as they are."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from kmosaic._errors import InputError
from kmosaic.data import open_vectors
from kmosaic.features import Columns, from_spec

X = np.random.default_rng(0).normal(size=(6, 3))


def test_columns_stay_as_they_are():
    assert_array_equal(Columns().fit_transform(open_vectors(X)), X)


def test_a_spec_gives_the_same_back():
    fitted = Columns().fit(X)
    assert_array_equal(from_spec(*fitted.to_spec()).transform(X), fitted.transform(X))
    assert len(fitted.get_feature_names_out()) == 3


def test_another_number_of_columns_is_refused():
    with pytest.raises(InputError, match=r"2 columns; .* made for 3"):
        Columns().fit(X).transform(X[:, :2])


def test_images_are_refused(photos):
    with pytest.raises(InputError, match="holds images, and Columns is for vectors"):
        Columns().fit(photos)


def test_float64_is_not_rounded_and_the_rest_is_float32():
    far = X + 1e8
    rows = Columns().fit_transform(open_vectors(far))
    assert rows.dtype == np.float64
    assert_array_equal(rows, far)
    assert Columns().fit_transform(open_vectors(X.astype(np.float32))).dtype == np.float32
