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


def beyond(rows, ks=(1, 2, 3, 4, 6)):
    return refer(rows, ks, np.random.RandomState(0), draws=8).beyond


def test_three_groups_explain_most_beyond_chance_with_three_clusters():
    found = beyond(blobs(3))
    assert max(found, key=found.__getitem__) == 3
    assert 1 not in found  # one explains nothing


@pytest.mark.parametrize("d", [2, 60])
def test_rows_without_clusters_explain_no_more_than_chance(d):
    random = np.random.default_rng(0)
    even = beyond(random.uniform(-1, 1, (600, d)) * np.arange(1, d + 1))
    assert max(even.values()) < 0.05
    for rows in (random.normal(size=(600, d)), random.standard_t(4, (600, d))):
        assert max(beyond(rows).values()) < 0


def test_many_columns_with_groups_in_few_of_them_explain_more_than_chance():
    random = np.random.default_rng(0)
    noise = random.normal(size=(300, 500)) * 0.5
    noise[:, :3] += random.integers(0, 4, (300, 1)) == np.arange(3)
    assert max(beyond(noise).values()) < 0.05  # too faint to be told
    noise[:, :3] += 7 * (noise[:, :3] > 0.6)
    assert max(beyond(noise).values()) > 0.2


def test_rows_that_are_alike_explain_nothing():
    assert beyond(np.ones((20, 3))) == {}
