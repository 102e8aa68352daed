"""The columns of numbers of every kind of table, and what its rows are called."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kmosaic._errors import InputError
from kmosaic.data.number_table import read_numbers

FRAME = pd.DataFrame({"who": ["x", "y"], "a": [1.5, 3.0], "b": [2.5, -4.0]})
ROWS = [[1.5, 2.5], [3.0, -4.0]]


@pytest.fixture
def written(tmp_path: Path):
    def write(text: str, name: str = "t.csv") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def table(tmp_path: Path) -> Path:
    FRAME.to_csv(tmp_path / "t.csv", index=False)
    return tmp_path / "t.csv"


def saved(path: Path, array: object) -> Path:
    np.save(path / "a.npy", np.asarray(array))
    return path / "a.npy"


def test_every_kind_of_table_gives_the_same_numbers(table, tmp_path):
    FRAME.to_parquet(tmp_path / "t.parquet")
    FRAME.to_excel(tmp_path / "t.xlsx", index=False)
    FRAME.to_csv(tmp_path / "t.tsv", index=False, sep="\t")
    with sqlite3.connect(tmp_path / "t.db") as connection:
        FRAME.to_sql("people", connection, index=False)
    connection.close()
    files = [tmp_path / f"t.{kind}" for kind in ("parquet", "xlsx", "tsv", "db")]
    for source in [table, *files, f"sqlite:///{tmp_path}/t.db?table=people", FRAME, dict(FRAME)]:
        found = read_numbers(source, id_column="who")
        assert found.rows.tolist() == ROWS
        assert found.columns == ("a", "b")
        assert (found.id_column, found.ids) == ("who", ("x", "y"))
    array = FRAME[["a", "b"]].to_numpy()
    np.savez(tmp_path / "t.npz", X=array, y=[0, 1])
    for source in (tmp_path / "t.npz", str(saved(tmp_path, array)), array, array.tolist()):
        found = read_numbers(source)
        assert found.rows.tolist() == ROWS
        assert found.columns == ("column 0", "column 1")
        assert found.ids is None


def test_columns_of_words_are_left_out_and_told(written):
    table = read_numbers(written("name,a,b\nx,1.5,2.5\ny,3,-4e2\n"))
    assert table.columns == ("a", "b")
    assert table.left_out == {"name": "they hold words"}
    assert table.rows.tolist() == [[1.5, 2.5], [3.0, -400.0]]
    assert table.told() == ["The columns are a, b.", "Left out, as they hold words: name."]


def test_what_names_the_rows_is_not_looked_at_unless_it_is_asked_for():
    n = 30
    frame = pd.DataFrame(
        {
            "CustomerID": np.arange(n) * 7 + 3,
            "row": np.arange(n) + 5,
            "name": [f"person {i}" for i in range(n)],
            "age": np.arange(n) % 9,
        }
    )
    found = read_numbers(frame)
    assert found.columns == ("age",)
    assert found.id_column == "CustomerID"
    assert found.ids[:2] == ("3", "10")
    assert found.told()[1:] == [
        "CustomerID names the rows and is not looked at.",
        "Left out, as they hold words: name.",
        "Left out, as they number the rows (columns takes them): row.",
    ]
    named = read_numbers(frame, id_column="name")
    assert named.columns == ("age",)
    assert named.ids[0] == "person 0"
    assert read_numbers(frame, ["row", "age"]).columns == ("row", "age")
    assert read_numbers(frame[["row", "name"]]).columns == ("row",)  # better than nothing
    assert read_numbers(frame[["age"]].set_index(frame["name"])).ids[1] == "person 1"


def test_true_and_false_are_numbers_in_every_kind_of_table(tmp_path):
    frame = pd.DataFrame({"on": [True, False, True], "x": [1.5, 2.5, 2.0]})
    frame.to_csv(tmp_path / "t.csv", index=False)
    frame.to_parquet(tmp_path / "t.parquet")
    for source in (tmp_path / "t.csv", tmp_path / "t.parquet", frame):
        assert read_numbers(source).rows[:, 0].tolist() == [1, 0, 1]


def test_a_table_without_names_counts_its_columns(written):
    table = read_numbers(written("1.5;2\n3;4\n"))
    assert table.columns == ("column 0", "column 1")
    assert table.rows.tolist() == [[1.5, 2.0], [3.0, 4.0]]


def test_numbers_with_a_decimal_comma_are_read_where_semicolons_part_the_cells(written):
    table = read_numbers(written("a;b;word\n11,5;1,25;x, y\n2;3;z\n"))
    assert table.columns == ("a", "b")
    assert table.rows.tolist() == [[11.5, 1.25], [2.0, 3.0]]


def test_an_array_is_not_copied_and_keeps_its_type(tmp_path):
    array = np.arange(12, dtype=np.float32).reshape(4, 3) / 7
    assert read_numbers(array).rows is array
    mapped = read_numbers(saved(tmp_path, array)).rows
    assert isinstance(mapped, np.memmap)
    assert mapped.dtype == np.float32
    part = read_numbers(array, ["column 2", "column 0"], id_column="column 1")
    assert np.array_equal(part.rows, array[:, [0, 2]])
    assert part.ids[0] == str(float(array[0, 1]))
    assert read_numbers(np.eye(3, dtype=np.uint8)).rows.dtype == np.float32


def test_a_model_gets_its_columns_in_its_order(table):
    found = read_numbers(table, schema=("b", "a"))
    assert found.rows.tolist() == [[2.5, 1.5], [-4.0, 3.0]]
    assert found.left_out == {"who": "the model does not know them"}
    assert read_numbers(table, schema=("a",), usual_id="who").ids == ("x", "y")
    assert read_numbers(table, schema=("a",), usual_id="whom").ids is None


def test_columns_that_differ_from_those_of_a_model_are_named(table):
    message = "lacks 'age', 'sum', and has 'who', 'b' that the model does not know"
    with pytest.raises(InputError, match=message):
        read_numbers(table, schema=("a", "age", "sum"))
    with pytest.raises(InputError, match=r"'who' \(all 2 cells: line 2 'x', line 3 'y'\)"):
        read_numbers(table, schema=("who", "a"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\n1,2\n3\n", "line 3: 1 cell, where the first line has 2"),
        ("a,b\n1,2\n3,\n", r"in 1 column: 'b' \(1 cell: line 3 empty\)\. Fill"),
        ("a,b\n1,2\n7,3\nhuge,4\n", "'a' .1 cell: line 4 'huge'"),
        (
            "a,b\n\n1,x\n2,3\n4,y\n\n5,\n7,8\n9,1",
            r"'b' \(3 cells: line 3 'x', line 5 'y', line 7 empty\)",
        ),
        (
            "a\n" + "1\n" * 10 + "x\n" * 9,
            r"'a' \(9 cells: line 12 'x', .*line 16 'x', and 4 more\)",
        ),
        ("a\n1\nnan\n", "'a' .1 cell: line 3 'nan'"),
        ("", "is empty"),
        ("a,b\n", "names of columns and nothing else"),
        ("a,b\nx,y\n", "no column of numbers"),
        ("a,a\n1,2\n", "more than one column named 'a'"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_line(written, text, words):
    with pytest.raises(InputError, match=words):
        read_numbers(written(text))


def test_rows_that_have_no_line_are_counted_from_0(tmp_path):
    frame = pd.DataFrame({"a": [1.0, np.nan, 3.5, np.nan], "w": [1, "x", 2, 3]})
    frame.astype({"w": str}).to_parquet(tmp_path / "t.parquet")
    for source in (frame, tmp_path / "t.parquet"):
        with pytest.raises(
            InputError, match=r"row 1 empty, row 3 empty\).*; rows count from 0\. Fill"
        ):
            read_numbers(source)
        with pytest.raises(InputError, match=r"2 columns: 'a' .*, 'w' .1 cell: row 1 'x'"):
            read_numbers(source, ["a", "w"])


def test_rows_of_a_sheet_have_the_numbers_that_it_shows(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for line in (["a", "b"], [1, 2], [None, None], ["x", 3], [4, None]):
        book.active.append(line)
    book.save(tmp_path / "t.xlsx")
    with pytest.raises(
        InputError, match=r"'a' \(1 cell: row 4 'x'\), 'b' \(1 cell: row 5 empty\)\. F"
    ):
        read_numbers(tmp_path / "t.xlsx", ["a", "b"])


@pytest.mark.parametrize(
    ("array", "words"),
    [
        (np.zeros(3), "two axes"),
        (np.zeros((2, 2, 2)), "two axes"),
        (np.zeros((0, 2)), "two axes"),
        (np.zeros((2, 2), complex), "real numbers"),
        (np.array([["a"]]), "real numbers"),
        ([[0, np.inf], [2, np.nan]], r"'column 1' \(all 2 cells: row 0 'inf', row 1 'nan'\); rows"),
    ],
)
def test_arrays_that_are_no_rows_of_numbers_are_refused(array, words, tmp_path):
    with pytest.raises(InputError, match=words):
        read_numbers(saved(tmp_path, array))


def test_files_and_columns_that_cannot_be_used_are_refused(table, tmp_path):
    (tmp_path / "t.png").write_text("1 2")
    for file, words in (
        ("t.png", "is no table"),
        ("none.csv", "There is no file"),
        (".", "folder"),
    ):
        with pytest.raises(InputError, match=words):
            read_numbers(tmp_path / file)
    with pytest.raises(InputError, match="has no column 'c' and no 'd'; it has who, a, b"):
        read_numbers(table, ["a", "c", "d"])
    assert read_numbers(table, "a").columns == ("a",)
    with pytest.raises(InputError, match="has no column 'when'"):
        read_numbers(table, id_column="when")
    with pytest.raises(InputError, match="'a' names the rows"):
        read_numbers(table, ["a", "b"], id_column="a")
    with pytest.raises(InputError, match="no column to look at"):
        read_numbers(table, [])


def test_cells_of_an_array_count_in_the_columns_that_are_looked_at(tmp_path, monkeypatch):
    monkeypatch.setattr("kmosaic.data.ranges._LOOKED_AT_TOGETHER", 48)  # two rows
    array = np.arange(30, dtype=float).reshape(10, 3)
    array[3:, 1] = np.nan
    array[9, 2] = np.inf
    file = saved(tmp_path, array)
    assert read_numbers(file, ["column 0"]).rows.shape == (10, 1)
    words = r"2 columns: 'column 1' \(7 cells: row 3 'nan', .*row 7 'nan', and 2 more\), 'column 2'"
    with pytest.raises(InputError, match=words):
        read_numbers(file)
