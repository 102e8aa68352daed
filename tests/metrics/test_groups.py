"""Rows and labels at the door of all scores."""

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.testing import assert_allclose, assert_array_equal

from kmosaic._errors import InputError
from kmosaic.metrics import groups
from kmosaic.metrics.groups import check_groups, distances_to_own, parts_by_label


def test_labels_become_numbers_in_their_order():
    found = check_groups(np.zeros((5, 2)), [9, -1, 9, 4, 4])
    assert_array_equal(found.labels, [2, 0, 2, 1, 1])
    assert_array_equal(found.sizes, [1, 2, 2])
    assert found.labels.dtype == np.int32


@pytest.mark.parametrize("labels", [[1, 1, 1], [1, 2, 3], [1, 2], "abc"])
def test_other_numbers_of_labels_are_refused(labels):
    with pytest.raises(InputError, match="label"):
        check_groups(np.zeros((3, 2)), labels)


@pytest.mark.parametrize("sparse", [False, True])
def test_distances_to_own_are_those_of_differences(sparse, monkeypatch):
    monkeypatch.setattr(groups, "_TOGETHER", 40)
    random = np.random.default_rng(0)
    X, centers = random.normal(size=(100, 6)), random.normal(size=(4, 6))
    labels = random.integers(0, 4, 100)
    found = distances_to_own(sp.csr_array(X) if sparse else X, labels, centers)
    assert_allclose(found, np.sqrt(((X - centers[labels]) ** 2).sum(axis=1)), rtol=1e-13)


def test_parts_are_all_rows_once(monkeypatch):
    monkeypatch.setattr(groups, "_TOGETHER", 30)
    labels = np.random.default_rng(0).integers(0, 5, 200)
    seen = []
    for label, chosen in parts_by_label(labels, 3):
        assert len(chosen) <= 10
        assert (labels[chosen] == label).all()
        seen.extend(chosen.tolist())
    assert sorted(seen) == list(range(200))
