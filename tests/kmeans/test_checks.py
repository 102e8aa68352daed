"""What is refused at the door is refused in a few lines."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from kmosaic import KMeans, kmeans_plusplus
from kmosaic._errors import InputError

X = np.random.default_rng(0).random((1000, 3))
CALLS = {
    "fit": KMeans(2).fit,
    "predict": KMeans(2, random_state=0).fit(X).predict,
    "kmeans_plusplus": lambda rows: kmeans_plusplus(rows, 2),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("rows", [X[:, 0], X[:, 0].tolist(), X[:, 0].astype(np.float32)])
def test_a_thousand_numbers_of_one_dimension_are_not_shown(call, rows):
    with pytest.raises(InputError, match="Reshape your data") as raised:
        CALLS[call](rows)
    assert " ... " in str(raised.value)
    assert str(raised.value).startswith("Expected 2D array, got 1D array instead")
    assert len(str(raised.value)) < 300


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("rows", [X * 1j, csr_array(X * 1j)])
def test_complex_numbers_are_not_shown(call, rows):
    with pytest.raises(InputError, match=r"^Complex data not supported: give X\.real") as raised:
        CALLS[call](rows)
    assert len(str(raised.value)) < 100


def test_a_few_numbers_are_shown_as_they_are():
    with pytest.raises(ValueError, match=r"array=\[0\. 1\. 2\. 3\. 4\.\]"):
        KMeans(2).fit(np.arange(5.0))
