"""Tables of the result."""

from __future__ import annotations

import csv
import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kmosaic._cells import from_cell
from kmosaic._errors import InputError, MissingExtraError, OutputError
from kmosaic.data import as_items
from kmosaic.data.items import Skipped
from kmosaic.data.label_csv import labeled_by_csv
from kmosaic.labels import Assignment, Names
from kmosaic.output import write_assignments, write_skipped
from kmosaic.output.tables import _cell

NUMBERS = np.array([0.1, 1 / 3, 1e-300, 12345678.9])


@pytest.fixture
def assignment():
    labels = np.array([1, 0, 1, 0], np.int32)
    ids = ["a.png", "b, c.png", 'd"e\nf\r.png', "dir/caf\u00e9.png"]
    return Assignment(ids, labels, NUMBERS, NUMBERS / 2, 2)


NAMES = Names(("cats", "-1"), "labels")


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_item_has_its_row_in_order(assignment, tmp_path):
    path = write_assignments(assignment, NAMES, tmp_path / "assignments.csv")
    rows = rows_of(path)
    assert list(rows[0]) == ["path", "cluster", "name", "distance", "margin"]
    assert [row["path"] for row in rows] == assignment.ids
    assert [row["cluster"] for row in rows] == ["1", "0", "1", "0"]
    assert [row["name"] for row in rows] == ["-1", "cats", "-1", "cats"]


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_numbers_read_back_exactly(assignment, tmp_path, suffix):
    path = write_assignments(assignment, NAMES, tmp_path / f"table{suffix}")
    table = pd.DataFrame(rows_of(path)) if suffix == ".csv" else pd.read_parquet(path)
    np.testing.assert_array_equal(table["distance"].astype(float), assignment.distances)
    np.testing.assert_array_equal(table["margin"].astype(float), assignment.margins)
    np.testing.assert_array_equal(table["cluster"].astype(int), assignment.labels)


def test_known_labels_are_a_column_of_their_own_with_empty_cells_where_missing(
    assignment, tmp_path
):
    path = write_assignments(
        assignment, NAMES, tmp_path / "t.csv", truth=np.array(["x", None, "=y", "z"], object)
    )
    assert [row["label"] for row in rows_of(path)] == ["x", "", "'=y", "z"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_text_that_a_spreadsheet_would_run_is_text(start, tmp_path):
    skipped = [Skipped(f"{start}cmd()", f"{start}reason")]
    rows = rows_of(write_skipped(skipped, tmp_path / "skipped.csv"))
    assert rows == [{"path": f"'{start}cmd()", "reason": f"'{start}reason"}]


def test_numbers_are_not_taken_for_formulas():
    assert _cell(-1.5) == -1.5
    for text in ("1-1", "-1", "+2.5"):
        assert _cell(text) == text
    assert _cell("-1+cmd()") == "'-1+cmd()"


def test_a_table_of_ours_comes_back_as_a_labels_file(tmp_path):
    ids = ["-a.png", "'-a.png", "=b.png", "-1", "'tis.png"]
    truth = ["-1", "=x", "'=x", "'y", "@z"]
    zeros = np.zeros(5)
    one = Assignment(ids, np.zeros(5, np.int32), zeros, zeros, 1)
    path = write_assignments(one, Names.numbered(1), tmp_path / "t.csv", truth=truth)
    items = as_items(np.zeros((5, 4, 4), np.uint8))
    labels, _ = labeled_by_csv(replace(items, ids=ids), path)
    assert labels.tolist() == truth


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=5))
def test_any_text_reads_back_but_for_the_apostrophe(tmp_path_factory, texts):
    path = tmp_path_factory.mktemp("csv") / "skipped.csv"
    write_skipped([Skipped(text, text) for text in texts], path)
    for row, text in zip(rows_of(path), texts, strict=True):
        assert row["path"] == row["reason"]
        assert from_cell(row["path"]) == text


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_file_name_that_is_not_utf8_is_written_as_an_escape(tmp_path, suffix):
    one = Assignment(["caf\udce9"], np.zeros(1, np.int32), np.zeros(1), np.zeros(1), 1)
    path = write_assignments(one, Names.numbered(1), tmp_path / f"t{suffix}")
    table = pd.read_csv(path) if suffix == ".csv" else pd.read_parquet(path)
    assert table["path"].tolist() == [r"caf\udce9"]


def test_parquet_holds_text_as_it_is_and_has_kinds(assignment, tmp_path):
    path = write_assignments(
        assignment, NAMES, tmp_path / "t.parquet", truth=["x", None, "=y", "z"]
    )
    table = pyarrow.parquet.read_table(path)
    assert [str(field.type) for field in table.schema] == [
        "string",
        "int32",
        "string",
        "double",
        "double",
        "string",
    ]
    assert table["name"].to_pylist() == ["-1", "cats", "-1", "cats"]
    assert table["label"].to_pylist() == ["x", None, "=y", "z"]


def test_without_pyarrow_the_extra_is_named_and_nothing_is_written(
    assignment, tmp_path, monkeypatch
):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtraError, match=r"kmosaic\[parquet\]"):
        write_assignments(assignment, NAMES, tmp_path / "t.parquet")
    assert list(tmp_path.iterdir()) == []


def test_another_suffix_or_other_names_are_errors(assignment, tmp_path):
    with pytest.raises(InputError, match=r"must end in \.csv or \.parquet"):
        write_assignments(assignment, NAMES, tmp_path / "t.xlsx")
    with pytest.raises(InputError, match="3 names for 2 clusters"):
        write_assignments(assignment, Names.numbered(3), tmp_path / "t.csv")


def test_nothing_skipped_is_a_table_without_rows(tmp_path):
    path = write_skipped([], tmp_path / "skipped.csv")
    assert path.read_bytes() == b"path,reason\n"


def test_a_missing_folder_is_told_plainly(tmp_path):
    told = r"skipped\.csv cannot be written: its folder is not there"
    with pytest.raises(OutputError, match=told):
        write_skipped([], tmp_path / "none" / "skipped.csv")
