"""Tables of segments."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from kmosaic._errors import InputError
from kmosaic.data.mixed import open_table
from kmosaic.output.segment_tables import write_segments

LABELS, FAR = np.array([0, 1, 0], np.int32), np.array([0.5, 1.0, 0.25])


def written(table, path):
    write_segments(table, LABELS, FAR, ["=a", "b"], path)
    with path.open(newline="") as text:
        return list(csv.reader(text))


@pytest.mark.parametrize("together", [1, 2, 20])
def test_cells_stay_as_they_are_but_for_formulas(tmp_path, monkeypatch, together):
    monkeypatch.setattr("kmosaic.output.segment_tables._TOGETHER", together)
    text = 'x,=w\n1.50,"a, b"\n-2,=1+1\n007,"one\rtwo"\n'
    (tmp_path / "t.csv").write_bytes(text.encode())
    assert written(open_table(tmp_path / "t.csv"), tmp_path / "out.csv") == [
        ["x", "'=w", "segment", "segment_name", "segment_distance"],
        ["1.50", "a, b", "0", "'=a", "0.5"],
        ["-2", "'=1+1", "1", "b", "1.0"],
        ["007", "one\rtwo", "0", "'=a", "0.25"],
    ]


def test_columns_of_the_same_name_are_kept(tmp_path):
    table = open_table({"segment": [7, 8, 9], "x": [1.5, None, 2]})
    rows = written(table, tmp_path / "out.csv")
    assert rows[0] == ["segment", "x", "segment_2", "segment_name_2", "segment_distance_2"]
    assert rows[2] == ["8", "", "1", "b", "1.0"]


@pytest.mark.parametrize("change", ["x\n1\n2\n3\n4\n", "x\n1\n2\n"])
def test_a_source_that_changed_meanwhile_is_refused(tmp_path, change):
    (tmp_path / "t.csv").write_text("x\n1\n2\n3\n")
    table = open_table(tmp_path / "t.csv")
    (tmp_path / "t.csv").write_text(change)
    with pytest.raises(InputError, match="changed while it was read"):
        written(table, tmp_path / "out.csv")
    assert not (tmp_path / "out.csv").exists()
