"""What the clusters are called."""

from __future__ import annotations

import numpy as np
import pytest

from kmosaic._errors import InputError
from kmosaic.labels import Names, name_by_majority


def test_without_anything_known_clusters_have_their_numbers():
    names = Names.numbered(3)
    assert names.names == ("0", "1", "2")
    assert names.source == "numbers"
    assert list(names.known) == [None, None, None]


def test_a_cluster_is_called_by_its_most_frequent_label(grouped):
    names = name_by_majority(grouped([0, 0, 0, 1]), ["cat", "dog", "dog", "cat"])
    assert names.names == ("dog", "cat")
    assert names.source == "labels"


def test_many_clusters_may_share_a_name(grouped):
    names = name_by_majority(grouped([0, 1, 2]), ["cat", "dog", "cat"])
    assert names.groups() == {"cat": (0, 2), "dog": (1,)}


def test_equal_counts_are_decided_by_natural_order(grouped):
    assert name_by_majority(grouped([0, 0, 0, 0]), ["10", "9", "9", "10"]).names == ("9",)


def test_a_cluster_without_known_labels_keeps_its_number(grouped):
    names = name_by_majority(grouped([0, 1, 1]), ["cat", None, None])
    assert names.names == ("cat", "1")
    assert names.named == (True, False)


def test_a_label_no_more_frequent_in_a_cluster_than_elsewhere_is_no_name(grouped):
    kinds = [str(kind) for kind in range(10)]
    alone = name_by_majority(grouped([0] * 10), kinds)
    assert (alone.names, alone.source) == (("0",), "numbers")
    assert name_by_majority(grouped([0] * 3), ["cat"] * 3).names == ("cat",)
    mixed = name_by_majority(grouped([0, 0, 0, 0, 0, 1, 1]), ["a", "a", "b", "c", "d", "e", "e"])
    assert mixed.names == ("a", "e")  # 40% here, 29% of all


def test_a_number_never_passes_for_a_label(grouped):
    names = name_by_majority(grouped([0, 1]), ["1", None])
    assert names.names == ("1", "cluster 1")
    assert Names.given({0: "2", 1: "cluster 2"}, 3, "file").names[2] == "cluster cluster 2"


def test_only_known_items_name_the_clusters(grouped):
    known = np.array([True, False, False])
    names = name_by_majority(grouped([0, 0, 0]), ["cat", "dog", "dog"], known)
    assert names.names == ("cat",)


def test_every_item_gets_the_name_of_its_cluster():
    assert Names(("cat", "dog"), "file").of(np.array([1, 0, 1])).tolist() == ["dog", "cat", "dog"]


def test_names_are_made_safe_as_text():
    assert Names(("\x1b[31mred\n",), "labels").names == ("[31mred",)


def test_names_that_cannot_be_are_errors():
    with pytest.raises(InputError, match="Cluster 1 has an empty name"):
        Names(("a", "\n"), "file")
    with pytest.raises(InputError, match="not 'guess'"):
        Names(("a",), "guess")
    with pytest.raises(InputError, match="1 names and 2 marks"):
        Names(("a",), "labels", (True, False))
