"""The sample of the rows that the page holds."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.sparse import csr_array
from sklearn.metrics import silhouette_samples
from tests.n_clusters.groups import blobs

from kmosaic._engine import Data
from kmosaic.n_clusters import choose
from kmosaic.report.k import points
from kmosaic.report.k.points import map_of

MANY = np.tile(np.arange(300.0)[:, None] * 10, (2, 1))


@pytest.fixture(scope="module")
def rows():
    return blobs(3, d=4)


@pytest.fixture(scope="module")
def choice(rows):
    return choose(rows, range(1, 5), random_state=0)


def _places(data):
    return np.stack([data["x"], data["y"]], axis=1)


def _labels(data, k):
    kind = "<u2" if data["wide"] else "u1"
    return np.frombuffer(base64.b64decode(data["labels"][str(k)]), kind)


def test_centers_stand_in_the_middle_of_their_rows(choice, rows):
    data = json.loads(map_of(choice, rows))
    for k in data["ks"]:
        labels = _labels(data, k)
        means = [_places(data)[labels == label].mean(axis=0) for label in range(k)]
        assert_allclose(data["centers"][str(k)], means, atol=2e-4)


def test_centers_of_rows_far_from_zero_stand_there_as_well(rows):
    far = rows + 1e6
    choice = choose(far, [3], random_state=0)
    data = json.loads(map_of(choice, far))
    labels = _labels(data, 3)
    means = [_places(data)[labels == label].mean(axis=0) for label in range(3)]
    assert_allclose(data["centers"]["3"], means, atol=2e-4)


@pytest.mark.parametrize("columns", [3, 200])
def test_sparse_rows_have_the_map_of_dense_ones(columns):
    dense = np.zeros((120, columns))
    dense[:, :3] = np.round(blobs(3, d=3))
    maps = []
    for rows in (dense, csr_array(dense)):
        maps.append(json.loads(map_of(choose(rows, [2, 3], random_state=0), rows)))
    for k in ("2", "3"):
        assert_allclose(maps[1]["centers"][k], maps[0]["centers"][k], atol=2e-4)
    assert_allclose(_places(maps[1]), _places(maps[0]), atol=2e-4)


def test_silhouettes_are_those_of_the_rows_shown(choice, rows):
    data = json.loads(map_of(choice, rows))
    found = np.frombuffer(base64.b64decode(data["silhouettes"]["3"]), "u1") / 100 - 1.0
    labels = choice.evidence.fits[3].labels
    expected = silhouette_samples(rows, labels)
    assert_allclose(np.sort(found), np.sort(expected), atol=0.0051)


def test_more_clusters_than_a_byte_can_number(choice):
    fit = Data(MANY).fit(MANY[:300])
    decision = replace(choice.decision, k=300)
    found = replace(choice, decision=decision, evidence=replace(choice.evidence, fits={300: fit}))
    data = json.loads(map_of(found, MANY))
    assert data["chosen"] in data["ks"]
    assert_array_equal(np.sort(_labels(data, 300)), np.sort(fit.labels))
    assert_array_equal(np.unique(fit.labels), np.arange(300))


def test_the_order_of_the_rows_does_not_matter(choice, rows, monkeypatch):
    monkeypatch.setattr(points, "MOST_POINTS", 50)
    mixed = np.random.default_rng(1).permutation(len(rows))
    again = choose(rows[mixed], range(1, 5), random_state=0)
    assert len(json.loads(map_of(choice, rows))["x"]) == 50
    assert map_of(again, rows[mixed]) == map_of(choice, rows)
