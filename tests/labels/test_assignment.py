"""Assignment: the cluster of each item, how close, and how surely."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from kmosaic._errors import InputError
from kmosaic.labels import Assignment

CENTERS = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]])


def assign(X, centers=CENTERS, owners=None, n_clusters=None):
    X = np.asarray(X, dtype=np.float64)
    return Assignment.of([str(i) for i in range(len(X))], X, centers, owners, n_clusters)


def test_an_item_belongs_to_its_nearest_center():
    assignment = assign([[1, 1], [9, 1], [1, 9], [2, 0]])
    assert_array_equal(assignment.labels, [0, 1, 2, 0])
    assert assignment.labels.dtype == np.int32
    assert_array_equal(assignment.sizes, [2, 1, 1])


def test_distances_are_in_the_unit_of_the_features_not_its_square():
    assert_allclose(assign([[3, 4]]).distances, [5.0])


def test_a_margin_is_nearest_over_second_nearest():
    assert_allclose(assign([[1, 0], [5, 0], [0, 0]]).margins, [1 / 9, 1.0, 0.0])


def test_an_item_at_two_equal_centers_is_a_tie():
    assignment = assign([[0, 0]], centers=np.zeros((2, 2)))
    assert assignment.labels.tolist() == [0]
    assert assignment.margins.tolist() == [1.0]


def test_with_one_cluster_nothing_competes():
    assert assign([[3, 4]], centers=CENTERS[:1]).margins.tolist() == [0.0]
    two_prototypes = assign([[3, 4]], centers=CENTERS[:2], owners=[0, 0])
    assert two_prototypes.margins.tolist() == [0.0]
    assert two_prototypes.n_clusters == 1


def test_no_items_make_an_empty_assignment():
    assignment = assign(np.empty((0, 2)))
    assert len(assignment) == 0
    assert_array_equal(assignment.sizes, [0, 0, 0])
    assert assignment.typical(1, 5).tolist() == []


def test_prototypes_of_the_same_cluster_do_not_compete():
    centers = np.array([[0.0], [1.0], [10.0]])
    assignment = assign([[0.25], [6.0]], centers, owners=[1, 1, 0])
    assert_array_equal(assignment.labels, [1, 0])
    assert_allclose(assignment.margins, [0.25 / 9.75, 4 / 5])


def slow_truth(X, centers, owners, k):
    gaps = np.sqrt(((X[:, None] - centers[None]) ** 2).sum(axis=2))
    nearest = gaps.argmin(axis=1)
    labels = owners[nearest]
    distances = gaps[np.arange(len(X)), nearest]
    rivals = [gaps[i, owners != labels[i]].min(initial=np.inf) for i in range(len(X))]
    margins = [1.0 if r == 0 else d / r for d, r in zip(distances, rivals, strict=True)]
    return labels, distances, np.array(margins)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    n=st.integers(1, 30),
    p=st.integers(1, 12),
    k=st.integers(1, 5),
    whole=st.booleans(),
)
def test_labels_distances_and_margins_are_those_of_the_plain_definition(seed, n, p, k, whole):
    random = np.random.default_rng(seed)
    X, centers = random.normal(size=(n, 3)), random.normal(size=(p, 3))
    if whole:  # whole numbers make ties and zero distances common
        X, centers = X.round(), centers.round()
    owners = random.integers(0, k, size=p)
    found = assign(X, centers, owners, k)
    labels, distances, margins = slow_truth(X, centers, owners, k)
    assert_array_equal(found.labels, labels)
    assert_allclose(found.distances, distances, atol=1e-12)
    assert_allclose(found.margins, margins, atol=1e-12)
    assert found.n_clusters == k


def test_float32_rows_with_float64_centers_are_compared_in_float64():
    X = np.array([[0.1]], dtype=np.float32)
    assignment = Assignment.of(["a"], X, np.array([[0.1], [np.float64(X[0, 0])]]))
    assert assignment.labels.tolist() == [1]


def test_members_are_ascending_and_cover_every_item_once():
    assignment = assign(np.random.default_rng(0).uniform(0, 10, size=(50, 2)))
    members = [assignment.members(c) for c in range(3)]
    assert all((np.diff(m) > 0).all() for m in members)
    assert_array_equal(np.sort(np.concatenate(members)), np.arange(50))
    assert all((assignment.labels[m] == c).all() for c, m in enumerate(members))


def test_typical_members_are_nearest_to_the_center():
    assert assign([[3, 0], [1, 0], [2, 0], [9, 0]]).typical(0, 2).tolist() == [1, 2]


def test_borderline_members_are_nearest_to_another_cluster():
    assert assign([[1, 0], [4.9, 0], [-8, -8], [9, 0]]).borderline(0, 2).tolist() == [1, 2]


def test_odd_members_are_farthest_from_the_center():
    assert assign([[1, 0], [4.9, 0], [-8, -8], [9, 0]]).odd(0, 2).tolist() == [2, 1]


def test_oddness_compares_items_of_tight_and_wide_clusters():
    centers = np.array([[0.0], [100.0]])
    assignment = assign([[-1], [1], [90], [110]], centers)
    assert_allclose(assignment.oddness, np.ones(4))
    assert_allclose(assignment.spreads, [1, 10])


def test_a_cluster_of_equal_items_has_no_odd_ones():
    assignment = assign([[0, 0], [0, 0]])
    assert assignment.oddness.tolist() == [0.0, 0.0]
    assert assignment.odd(0, 1).tolist() == [0]


@pytest.mark.parametrize("kind", ["typical", "borderline", "odd"])
def test_ties_go_to_the_earlier_item(kind):
    assignment = assign([[0, 1], [1, 0], [0, 1], [1, 0], [9, 1]])
    assert getattr(assignment, kind)(0, 3).tolist() == [0, 1, 2]


def test_asking_for_more_members_than_there_are_gives_all():
    assert assign([[1, 0], [2, 0]]).typical(0, 10).tolist() == [0, 1]
    assert assign([[1, 0], [2, 0]]).typical(1, 10).tolist() == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"X": [[np.nan, 0]]}, "X contains NaN, first at row 0"),
        ({"centers": [[0, np.inf]]}, "Row 0 of centers holds NaN"),
        ({"X": [[1, 2, 3]]}, "X has 3 columns and the centers have 2"),
        ({"X": [1, 2]}, "shape"),
        ({"centers": np.empty((0, 2))}, "shape"),
        ({"ids": ["a", "b"]}, "2 ids for 1 rows"),
        ({"X": [[1j, 2]]}, "real numbers"),
        ({"owners": [0]}, "3 whole numbers"),
        ({"owners": [0.0, 1.0, 2.0]}, "3 whole numbers"),
        ({"owners": [0, 1, -1]}, "lie in 0..1"),
        ({"n_clusters": 2}, "lie in 0..1, found 0..2"),
    ],
)
def test_what_does_not_fit_is_one_clear_error(change, message):
    given = {"ids": ["a"], "X": [[1, 2]], "centers": CENTERS} | change
    with pytest.raises(InputError, match=message):
        Assignment.of(**given)


def test_an_unknown_cluster_or_negative_count_is_an_error():
    assignment = assign([[0, 0]])
    with pytest.raises(InputError, match="no cluster 3"):
        assignment.members(3)
    with pytest.raises(InputError, match="no cluster -1"):
        assignment.typical(-1, 2)
    with pytest.raises(InputError, match="count must be 0 or more"):
        assignment.odd(0, -1)
