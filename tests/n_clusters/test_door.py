"""What cannot be answered is refused with one clear sentence."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

from kmosaic._errors import InputError
from kmosaic.n_clusters.door import ask, numbers_from

ROWS = np.arange(10.0).reshape(5, 2)


@pytest.mark.parametrize(
    ("k", "words"),
    [
        (range(3, 3), "k is empty"),
        ([], "k is empty"),
        (5, "k=5 is not a range"),
        ("1-20", "is not a range"),
        ([2, 0], "k holds 0"),
        ([-1], "k holds -1"),
        ([2.5], "k holds 2.5, which is not a whole number"),
        ([True], "k holds True"),
        (range(1, 21), "up to 20 clusters, and X has 5 different rows: give k up to 5"),
    ],
)
def test_a_range_that_cannot_be_tried_is_refused(k, words):
    with pytest.raises(InputError, match=words):
        ask(ROWS, k)


@pytest.mark.parametrize("sparse", [False, True])
def test_copies_of_rows_count_once(sparse):
    rows = np.repeat(ROWS, 4, axis=0)
    with pytest.raises(InputError, match="has 5 different rows"):
        ask(csr_array(rows) if sparse else rows, range(1, 8))
    assert ask(rows, range(1, 6)).ks == (1, 2, 3, 4, 5)


def test_rows_that_are_all_alike_are_refused():
    with pytest.raises(InputError, match="All rows of X are the same"):
        ask(np.ones((9, 3)), range(1, 3))


def test_one_row_is_refused():
    with pytest.raises(InputError, match="X has one row"):
        ask([[1.0, 2.0]], [1])


def test_a_gap_is_refused_with_its_place():
    rows = ROWS.copy()
    rows[3, 1] = np.nan
    with pytest.raises(InputError, match="row 3, column 1"):
        ask(rows, range(1, 4))


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (None, "X is None, and not rows of numbers"),
        ("table.csv", "Files are for the command kmosaic choose-k"),
        (np.zeros((2, 3, 4)), r"X has the shape \(2, 3, 4\): give rows of numbers"),
        (np.zeros((0, 3)), r"X has the shape \(0, 3\)"),
        ([], r"X has the shape \(0,\)"),
        (pd.DataFrame({"a": [1, 2], "b": ["x", "y"]}), "X has columns that hold no numbers: 'b'"),
    ],
)
def test_what_is_no_rows_of_numbers_is_refused_in_plain_words(rows, words):
    with pytest.raises(InputError, match=words):
        ask(rows, range(1, 3))


@pytest.mark.parametrize("seed", [np.random.default_rng(0), "0", -1, 0.5])
def test_what_is_no_seed_is_refused(seed):
    with pytest.raises(InputError, match=r"random_state is .*: give a whole number from 0"):
        numbers_from(seed)


def test_values_whose_squares_vanish_are_refused():
    with pytest.raises(InputError, match="multiply X by a large number"):
        ask(ROWS * 1e-170, [1, 2])


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([["a", "b"], ["c", "d"]], "'a' in row 0, column 0"),
        ([[1, 2], [3, "x"]], "'x' in row 1, column 1"),
        ([[1, 2], [3]], "row 1 with 1 value, where row 0 has 2"),
    ],
)
def test_what_is_no_number_is_told_with_its_place(rows, words):
    with pytest.raises(InputError, match=words):
        ask(rows, [1, 2])
