"""The assignment by cosine."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse

from kmosaic import SphericalKMeans
from kmosaic.labels import directions
from kmosaic.labels.directions import assign_directions


@pytest.mark.parametrize("sparse", [False, True])
def test_it_agrees_with_the_plain_formula(sparse: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(0)
    X = random.random((50, 6)).astype(np.float32)
    model = SphericalKMeans(4, random_state=0).fit(X)
    cosines = X @ model.cluster_centers_.T / np.linalg.norm(X, axis=1, keepdims=True)
    apart = np.sort(1 - cosines, axis=1)
    monkeypatch.setattr(directions, "_TOGETHER", 40)  # several parts
    rows = scipy.sparse.csr_matrix(X) if sparse else X
    found = assign_directions([str(i) for i in range(50)], rows, model.cluster_centers_)
    np.testing.assert_array_equal(found.labels, model.labels_)
    np.testing.assert_allclose(found.distances, apart[:, 0], atol=1e-5)
    np.testing.assert_allclose(found.margins, apart[:, 0] / apart[:, 1], atol=1e-3)


def test_one_center_has_no_rival() -> None:
    found = assign_directions(["a"], np.array([[1.0, 1.0]]), np.array([[1.0, 0.0]]))
    assert found.margins.tolist() == [0.0]
