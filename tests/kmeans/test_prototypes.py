"""Prototypes: clusters of any form, told apart by the nearest of many centers."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import load_digits
from sklearn.utils.estimator_checks import parametrize_with_checks

from kmosaic import KMeans
from kmosaic._errors import InputError
from kmosaic.kmeans import Prototypes


@parametrize_with_checks([Prototypes(), Prototypes(n_prototypes=3, random_state=None)])
@pytest.mark.filterwarnings("ignore")
def test_it_passes_every_check_of_scikit_learn(estimator, check):
    check(estimator)


@pytest.mark.parametrize("dtype", [np.int8, np.uint16, np.float64, object, bool])
def test_whole_numbers_of_any_kind_tell_the_clusters(rings, dtype):
    X, labels = rings
    model = Prototypes(40).fit(X, labels.astype(dtype))
    assert (model.predict(X) == labels).all()


@pytest.fixture(scope="module")
def rings() -> tuple[np.ndarray, np.ndarray]:
    """A ring around another, which one center each cannot tell apart."""
    random = np.random.default_rng(0)
    turn, radius = random.uniform(0, 2 * np.pi, 1_000), np.repeat([1.0, 3.0], 500)
    circle = np.stack([np.cos(turn), np.sin(turn)], axis=1) * radius[:, None]
    return circle + random.normal(scale=0.1, size=circle.shape), np.repeat([0, 1], 500)


def test_rings_are_told_apart(rings):
    X, labels = rings
    model = Prototypes(40).fit(X[::2], labels[::2])
    assert (model.predict(X[1::2]) == labels[1::2]).all()


def test_more_prototypes_agree_better_with_the_digits():
    X, digits = load_digits(return_X_y=True)
    right = [
        (Prototypes(count).fit(X[:1_200], digits[:1_200]).predict(X[1_200:]) == digits[1_200:])
        for count in (10, 300)
    ]
    assert right[0].mean() < right[1].mean()
    assert right[1].mean() > 0.94


def test_one_prototype_a_cluster_is_its_mean(rings):
    X, labels = rings
    model = Prototypes(1).fit(X, labels)
    means = [X[labels == cluster].mean(axis=0) for cluster in (0, 1)]
    np.testing.assert_allclose(model.centers_, means, atol=1e-12)
    assert model.owners_.tolist() == [0, 1]


def test_a_wide_cluster_gets_more_than_a_tight_one(rings):
    sizes = np.bincount(Prototypes(100).fit(*rings).owners_)
    assert sizes[1] > 4 * sizes[0]
    assert abs(sizes.sum() - 100) <= 1


def test_a_cluster_has_no_more_prototypes_than_different_rows():
    X = np.array([[0.0]] * 50 + [[1.0]] * 50 + [[9.0]])
    model = Prototypes(60).fit(X, [0] * 100 + [1])
    assert model.centers_.ravel().tolist() in ([0, 1, 9], [1, 0, 9])
    assert model.owners_.tolist() == [0, 0, 1]


def test_equal_rows_need_one_prototype():
    model = Prototypes(30).fit(np.ones((9, 2), np.float32), np.zeros(9, int))
    assert model.centers_.tolist() == [[1, 1]]


def test_a_cluster_number_may_have_no_rows():
    model = Prototypes(4).fit([[0.0], [1.0], [8.0]], [0, 0, 2])
    assert set(model.owners_) == {0, 2}
    assert model.predict([[7.0]]).tolist() == [2]


def test_types_are_kept(rings):
    X, labels = rings
    model = Prototypes(20).fit(X.astype(np.float32), labels)
    assert (model.centers_.dtype, model.owners_.dtype) == (np.float32, np.int32)
    assert model.predict(X.astype(np.float32)).dtype == np.int32


def test_the_same_seed_gives_the_same_prototypes(rings):
    first, again, other = (Prototypes(20, random_state=s).fit(*rings).centers_ for s in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_the_order_of_the_rows_tells_nothing_of_the_owner(rings):
    X, labels = rings
    order = np.random.default_rng(1).permutation(len(X))
    model = Prototypes(40).fit(X[order], labels[order])
    assert (model.predict(X) == labels).mean() > 0.99


def test_it_takes_the_labels_of_kmeans_and_can_be_cloned(rings):
    X, _ = rings
    found = KMeans(4, random_state=0).fit(X)
    model = clone(Prototypes(50)).fit(X, found.labels_)
    assert (model.predict(X) == found.labels_).mean() > 0.95


BAD = [
    ([0, 1], {}, r"y must be one cluster number for each of the 3 rows.*not \(2,\)"),
    ([0, 1, -1], {}, "whole numbers from 0"),
    ([0.0, 1.5, 2.0], {}, "whole numbers from 0"),
    ([0.0, 1.0, np.nan], {}, "whole numbers from 0"),
    ([0, 1, 2**40], {}, "whole numbers from 0"),
    ([0, 1, -(2**32) + 2], {}, "whole numbers from 0"),
    (["0", "1", "1"], {}, "whole numbers from 0"),
    ([0, 1, "cat"], {}, "whole numbers from 0"),
    ([0, 1, None], {}, "whole numbers from 0"),
    ([0, 1, 1], {"n_prototypes": 0}, "n_prototypes must be 1 or more, not 0"),
]


@pytest.mark.parametrize(("labels", "settings", "message"), BAD)
def test_bad_input_is_one_clear_error(labels, settings, message):
    with pytest.raises(InputError, match=message):
        Prototypes(**settings).fit(np.eye(3), labels)


def test_a_number_that_is_not_finite_is_named_with_its_place():
    X = np.eye(3)
    X[2, 1] = np.nan
    with pytest.raises(InputError, match="NaN, first at row 2, column 1"):
        Prototypes().fit(X, [0, 1, 1])
