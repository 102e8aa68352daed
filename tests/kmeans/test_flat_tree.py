"""Trees of clusters as flat arrays."""

from __future__ import annotations

import copy
import pickle
import sys

import numpy as np
import pytest

from kmosaic import BisectingKMeans
from kmosaic.kmeans.flat_tree import Tree, flat
from kmosaic.kmeans.split_tree import Node


def node(center, *halves):
    made = Node(np.array([float(center)]), np.arange(1), 1.0, 0.0)
    made.halves = halves or None
    return made


@pytest.fixture
def tree():
    root = node(0, node(1, node(2), node(3)), node(4))
    root.number_leaves(1, 3)
    return flat(root)


def test_a_flat_tree_has_the_nodes_of_the_tree(tree):
    assert tree.centers.ravel().tolist() == [0, 1, 4, 2, 3]
    assert tree.halves.tolist() == [[1, 2], [3, 4], [0, 0], [0, 0], [0, 0]]
    assert tree.labels.tolist() == [-1, -1, 2, 0, 1]
    assert tree.depth == 2


def test_a_cluster_alone_is_a_tree():
    root = node(5)
    root.number_leaves(1, 1)
    assert flat(root).check(1, 1).depth == 0


def test_a_sound_tree_passes_its_check(tree):
    assert tree.check(n_clusters=3, n_columns=1) is tree


@pytest.mark.parametrize(
    ("part", "place", "value"),
    [
        ("halves", (0, 0), 0),  # round in circles
        ("halves", (1, 0), 1),
        ("halves", (1, 1), -1),
        ("halves", (0, 1), 5),  # out of the tree
        ("halves", (3, 0), -7),
        ("labels", 2, 3),
        ("labels", 2, -1),
    ],
)
def test_a_tree_that_leads_nowhere_is_refused(tree, part, place, value):
    getattr(tree, part)[place] = value
    with pytest.raises(ValueError, match="tree of splits is damaged"):
        tree.check(3, 1)


def test_arrays_of_other_lengths_are_no_tree(tree):
    for part in tree._fields:
        short = tree._replace(**{part: getattr(tree, part)[:-1]})
        with pytest.raises(ValueError, match="tree of splits is damaged"):
            short.check(3, 1)
    with pytest.raises(ValueError, match="tree of splits is damaged"):
        tree.check(3, 2)
    with pytest.raises(ValueError, match="tree of splits is damaged"):
        Tree(*(part[:0] for part in tree)).check(3, 1)


def test_a_tree_may_be_deeper_than_recursion_goes():
    depth = sys.getrecursionlimit() + 10
    chain = node(0)
    for number in range(1, depth + 1):
        chain = node(number, node(-number), chain)
    attributes = chain.number_leaves(1, depth + 1)
    model = BisectingKMeans(1).fit(np.zeros((1, 1)))
    vars(model).update({**attributes, "_tree": flat(chain)})
    assert model._tree.depth == depth
    for twin in (model, pickle.loads(pickle.dumps(model)), copy.deepcopy(model)):
        assert twin.predict([[0.2], [0.9], [-depth]]).tolist() == [depth, depth, 0]
