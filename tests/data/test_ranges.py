from __future__ import annotations

import numpy as np
import pytest

from kmosaic._errors import InputError
from kmosaic.data import ranges
from kmosaic.data.ranges import blocks, check_finite, factor_of, is_pixels


def test_blocks_are_bounded_and_leave_nothing_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranges, "_LOOKED_AT_TOGETHER", 40)
    rows = np.arange(21.0).reshape(7, 3)
    parts = list(blocks(rows))
    assert [first for first, _ in parts] == [0, 1, 2, 3, 4, 5, 6]
    np.testing.assert_array_equal(np.concatenate([part for _, part in parts]), rows)


def test_the_row_of_a_bad_number_counts_over_all_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranges, "_LOOKED_AT_TOGETHER", 40)
    rows = np.zeros((7, 3))
    rows[5, 2] = np.nan
    with pytest.raises(InputError, match="X holds nan in row 5, column 2"):
        check_finite(rows, "X")


def test_the_rule_looks_at_every_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranges, "_LOOKED_AT_TOGETHER", 8)
    assert factor_of(np.array([[0.5], [0.9], [200.0]]), "X") == 1.0
    assert not is_pixels(np.array([[1.0], [2.0], [2.5]]))


def test_dark_bytes_are_not_taken_for_black_and_white() -> None:
    assert factor_of(np.array([[0, 2]], np.uint8), "X") == 1.0
    assert factor_of(np.array([[0, 1]], np.uint8), "X") == 255.0
