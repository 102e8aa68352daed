from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from kmosaic._errors import InputError
from kmosaic.data import open_images, open_vectors

ROWS = np.random.default_rng(0).normal(size=(5, 3))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (np.float32, np.float32),
        (np.float64, np.float64),
        (np.float16, np.float32),
        (np.uint8, np.float32),
        (np.int64, np.float64),
        (bool, np.float32),
    ],
)
def test_numbers_are_kept_exactly(given: type, kept: type) -> None:
    rows = (ROWS * 9).astype(given)
    X = open_vectors(rows).X
    assert X.dtype == kept
    np.testing.assert_array_equal(X, rows)


def test_a_file_of_floats_is_mapped_and_not_read(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", ROWS)
    assert isinstance(open_vectors(tmp_path / "a.npy").X, np.memmap)


def test_a_file_of_rows_opens_as_vectors_by_either_door(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", X=ROWS, y=[0, 0, 1, 1, 1])
    for items in (open_vectors(tmp_path / "a.npz"), open_images(tmp_path / "a.npz")):
        assert items.kind == "vectors"
        assert items.labels is not None
        assert items.labels.tolist() == ["0", "0", "1", "1", "1"]


def test_a_frame_is_taken() -> None:
    np.testing.assert_array_equal(open_vectors(pd.DataFrame(ROWS)).X, ROWS)


def test_batches_are_the_rows_in_order() -> None:
    items = open_vectors(ROWS, labels=list("abcde")).take([4, 0, 2])
    batches = list(items.batches(2))
    assert [batch.index.tolist() for batch in batches] == [[0, 1], [2]]
    np.testing.assert_array_equal(
        np.concatenate([batch.images for batch in batches]), ROWS[[4, 0, 2]]
    )
    assert items.ids == ["4", "0", "2"]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_number_that_is_none_is_named_with_its_row_and_column(bad: float) -> None:
    rows = ROWS.copy()
    rows[3, 1] = bad
    with pytest.raises(InputError, match=rf"holds {bad} in row 3, column 1\."):
        open_vectors(rows)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (np.zeros((0, 3)), "is empty"),
        (np.zeros((3, 0)), "is empty"),
        (np.zeros(3), r"shape \(n, d\)"),
        (np.zeros((3, 2, 2)), r"shape \(n, d\)"),
        ([["a"]], "rows of numbers"),
        ("missing.npy", "There is no file missing.npy"),
        ("table.csv", r"give a \.npy or \.npz"),
    ],
)
def test_what_is_no_table_says_so(given: Any, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        open_vectors(given)


def test_the_hash_depends_on_numbers_and_shape() -> None:
    hashes = {
        open_vectors(rows).content_hash()
        for rows in (ROWS, ROWS[::-1], ROWS.reshape(3, 5), ROWS.astype(np.float32))
    }
    assert len(hashes) == 4
    fortran = np.asfortranarray(ROWS)
    assert open_vectors(fortran).content_hash() == open_vectors(ROWS).content_hash()


def test_vectors_cannot_be_written_as_pictures(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written as image files"):
        open_vectors(ROWS).write(0, tmp_path, "a")
