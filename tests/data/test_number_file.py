"""Rows of numbers from tables and arrays, and whether they suit a model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kmosaic._errors import InputError
from kmosaic.data.number_file import read_number_file

FRAME = pd.DataFrame({"who": ["x", "y"], "a": [1.0, 3.0], "b": [2.5, -4.0]})


@pytest.fixture
def table(tmp_path: Path) -> Path:
    FRAME.to_csv(tmp_path / "t.csv", index=False)
    return tmp_path / "t.csv"


def saved(path: Path, array: object) -> Path:
    np.save(path / "a.npy", np.asarray(array))
    return path / "a.npy"


def test_every_kind_of_file_gives_the_same_numbers(table, tmp_path):
    FRAME.to_parquet(tmp_path / "t.parquet")
    np.savez(tmp_path / "t.npz", X=FRAME[["a", "b"]].to_numpy(), y=[0, 1])
    FRAME.to_csv(tmp_path / "t.tsv", index=False, sep="\t")
    files = [table, *(tmp_path / f"t.{kind}" for kind in ("parquet", "npz", "tsv"))]
    for file in [*files, saved(tmp_path, FRAME[["a", "b"]])]:
        assert read_number_file(file).rows.tolist() == [[1.0, 2.5], [3.0, -4.0]]
    assert read_number_file(files[0]).columns == ("a", "b")
    assert read_number_file(files[2]).columns == ("column 0", "column 1")


def test_a_column_can_name_the_rows(table):
    assert read_number_file(table, id_column="who").ids == ("x", "y")
    found = read_number_file(table, id_column="a")
    assert (found.ids, found.columns) == (("1.0", "3.0"), ("b",))


def test_a_model_gets_its_columns_in_its_order(table):
    found = read_number_file(table, schema=("b", "a"))
    assert found.rows.tolist() == [[2.5, 1.0], [-4.0, 3.0]]
    assert found.left_out == ("who",)


def test_columns_that_differ_from_those_of_a_model_are_named(table):
    message = "lacks 'age', 'sum', and has 'who', 'b' that the model does not know"
    with pytest.raises(InputError, match=message):
        read_number_file(table, schema=("a", "age", "sum"))
    with pytest.raises(InputError, match="line 2: column 'who' holds 'x', which is no number"):
        read_number_file(table, schema=("who", "a"))


@pytest.mark.parametrize(
    ("array", "words"),
    [
        (np.zeros(3), "two axes"),
        (np.zeros((2, 2, 2)), "two axes"),
        (np.zeros((0, 2)), "two axes"),
        (np.zeros((2, 2), complex), "real numbers"),
        (np.array([["a"]]), "real numbers"),
        ([[0, 1], [2, np.nan]], "NaN or infinity, first at row 1, column 1"),
    ],
)
def test_arrays_that_are_no_rows_of_numbers_are_refused(array, words, tmp_path):
    with pytest.raises(InputError, match=words):
        read_number_file(saved(tmp_path, array))


def test_files_and_columns_that_cannot_be_used_are_refused(table, tmp_path):
    (tmp_path / "t.txt").write_text("1 2")
    (tmp_path / "twice.csv").write_text("a,a\n1,2\n")
    for file, words in (
        ("t.txt", "is no table"),
        ("none.csv", "There is no file"),
        (".", "folder"),
    ):
        with pytest.raises(InputError, match=words):
            read_number_file(tmp_path / file)
    with pytest.raises(InputError, match="more than one column named 'a'"):
        read_number_file(tmp_path / "twice.csv")
    with pytest.raises(InputError, match="has no column 'when'"):
        read_number_file(table, id_column="when")
    with pytest.raises(InputError, match="'a' names the rows"):
        read_number_file(table, ["a", "b"], id_column="a")
