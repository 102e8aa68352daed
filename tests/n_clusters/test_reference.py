"""Rows without clusters."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.spatial.distance import pdist
from tests.n_clusters.groups import blobs

from kmosaic.n_clusters.reference import principal_axes, refer


@pytest.mark.parametrize("shape", [(40, 3), (12, 30)])
@pytest.mark.parametrize("kind", [np.asarray, csr_array])
def test_turned_to_their_axes_rows_are_as_far_apart_as_before(shape, kind):
    rows = np.random.default_rng(0).normal(size=shape) * np.arange(1, shape[1] + 1)
    turned = principal_axes(kind(rows))
    assert turned.shape == (shape[0], min(shape))
    assert pdist(turned) == pytest.approx(pdist(rows))
    assert turned.mean(axis=0) == pytest.approx(np.zeros(min(shape)), abs=1e-9)
    spread = turned.std(axis=0)
    assert (np.diff(spread) <= 1e-9).all()


def test_rows_with_clusters_have_less_inertia_than_rows_drawn_evenly():
    found = refer(blobs(3), [1, 3], np.random.RandomState(0), draws=4)
    assert len(found.drawn[3]) == 4
    assert found.real[3] < min(found.drawn[3]) - 0.5
    gap = {k: np.mean(found.drawn[k]) - found.real[k] for k in (1, 3)}
    assert gap[3] > gap[1] + 0.5
