"""Known labels as clean text, counted per cluster."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_array_equal

from kmosaic._errors import InputError
from kmosaic.labels import contingency, dominant_labels, dominant_text, known_labels
from kmosaic.labels.truth import clean_text


@pytest.mark.parametrize(
    "truth",
    [
        ["1", None, "2"],
        [1, None, 2],
        np.array(["1", None, "2"], dtype=object),
        pd.Series(["1", None, "2"]),
        pd.Series(["1", None, "2"], dtype="category"),
        pd.Series([1, None, 2], dtype="Int64"),
        ("1", float("nan"), "2"),
        ("1", "  ", "2"),
        (" 1", pd.NA, "2\n"),
    ],
)
def test_labels_of_any_kind_become_text_with_none_for_missing(truth):
    assert known_labels(truth, 3).tolist() == ["1", None, "2"]


def test_a_label_spelled_nan_is_a_label():
    assert known_labels(["nan", "NaN"], 2).tolist() == ["nan", "NaN"]


def test_the_two_ways_to_write_an_accented_letter_are_one_label():
    assert clean_text("caf\u00e9") == clean_text("cafe\u0301")


@pytest.mark.parametrize("bad", ["\x00", "\n", "\r", "\t", "\x1b", "\u202e", "\u2028", "\udce9"])
def test_text_that_could_harm_a_terminal_or_a_page_is_replaced(bad):
    assert clean_text(f"a{bad}b") == "a b"


def test_emoji_and_other_scripts_stay():
    for text in ("👩‍🚀", "日本語", "हिन्दी", "<b>&"):
        assert clean_text(text) == text


def test_a_wrong_number_of_labels_is_an_error():
    with pytest.raises(InputError, match="2 labels for 3 items"):
        known_labels(["a", "b"], 3)
    with pytest.raises(InputError, match="one label an item"):
        known_labels([["a", "b"]], 1)


def test_the_table_counts_labels_per_cluster_in_natural_order(grouped):
    found = contingency(grouped([0, 0, 1, 1], k=3), ["10", "9", "9", None])
    assert found.values == ("9", "10")
    assert_array_equal(found.table, [[1, 1], [1, 0], [0, 0]])
    assert found.total == 3


def test_only_the_chosen_items_are_counted(grouped):
    among = np.array([True, False, True])
    assert contingency(grouped([0, 0, 1]), ["a", "b", "a"], among).table.tolist() == [[1], [1]]
    with pytest.raises(InputError, match="3 booleans"):
        contingency(grouped([0, 0, 1]), ["a", "b", "a"], [0, 2])


def test_dominant_labels_are_those_of_the_tutorials_counter(grouped):
    random = np.random.default_rng(0)
    clusters, truth = random.integers(0, 5, 500), random.integers(0, 10, 500).astype(str)
    found = dominant_labels(grouped(clusters), truth)
    for cluster in range(5):
        expected = Counter(truth[clusters == cluster])
        counts = [count for _, count in expected.most_common(3)]
        assert [count for _, count in found[cluster]] == counts
        assert all(expected[label] == count for label, count in found[cluster])


def test_equal_counts_are_listed_in_natural_order(grouped):
    assert dominant_labels(grouped([0] * 6), ["10", "9", "2", "2", "9", "10"], top=2) == [
        [("2", 2), ("9", 2)]
    ]


def test_a_cluster_without_labels_has_no_dominant_ones(grouped):
    assert dominant_labels(grouped([0, 1]), ["a", None]) == [[("a", 1)], []]
    assert dominant_labels(grouped([0, 1]), [None, None]) == [[], []]


def test_dominant_labels_read_as_in_the_tutorial():
    assert dominant_text(3, [("7", 1710), ("9", 8)]) == "Cluster 3: 7 (1710), 9 (8)"
    assert dominant_text(4, []) == "Cluster 4: no known label"
