"""Tables of numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kmosaic._errors import InputError
from kmosaic.data.number_table import read_numbers


@pytest.fixture
def written(tmp_path: Path):
    def write(text: str, name: str = "t.csv") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_columns_of_numbers_are_read_and_columns_of_words_left_out(written):
    table = read_numbers(written("name,a,b\nx,1,2.5\ny,3,-4e2\n"))
    assert table.columns == ("a", "b")
    assert table.left_out == ("name",)
    assert table.rows.tolist() == [[1.0, 2.5], [3.0, -400.0]]


def test_a_table_without_names_counts_its_columns(written):
    table = read_numbers(written("1;2\n3;4\n"))
    assert table.columns == ("column 0", "column 1")
    assert table.rows.tolist() == [[1.0, 2.0], [3.0, 4.0]]


def test_numbers_with_a_decimal_comma_are_read_where_semicolons_part_the_cells(written):
    table = read_numbers(written("a;b;word\n11,5;1,25;x, y\n2;3;z\n"))
    assert table.columns == ("a", "b")
    assert table.rows.tolist() == [[11.5, 1.25], [2.0, 3.0]]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\n1,2\n3\n", "line 3: 1 cells, where the first line has 2"),
        ("a,b\n1,2\n3,\n", "line 3: column 'b' is empty"),
        ("a,b\n1,2\nhuge,4\n", "line 3: column 'a' holds 'huge', which is no number"),
        ("a,b\n\n1,x\n2,3\n4,y\n\n5,\n", r"line 3: .*'x', which is no .*in lines 5, 7 either"),
        ("a\n1\n" + "x\n" * 9, r"line 3: .* \(no number in lines 4, 5, 6, 7, 8 and 3 more either"),
        ("a\n1\nnan\n", "line 3: column 'a' holds 'nan'"),
        ("", "is empty"),
        ("a,b\n", "names of columns and nothing else"),
        ("a,b\nx,y\n", "no column of numbers"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_line(written, text, words):
    with pytest.raises(InputError, match=words):
        read_numbers(written(text))


def test_bytes_that_are_no_text_are_refused(tmp_path):
    (tmp_path / "t.csv").write_bytes(b"a\n\xff\xfe\n")
    with pytest.raises(InputError, match="not UTF-8"):
        read_numbers(tmp_path / "t.csv")


def test_parquet_is_read_too(tmp_path):
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    table = pa.table({"a": [1.5, 2.5], "word": ["x", "y"], "b": [1, 2]})
    pq.write_table(table, tmp_path / "t.parquet")
    found = read_numbers(tmp_path / "t.parquet")
    assert found.columns == ("a", "b")
    assert np.array_equal(found.rows, [[1.5, 1.0], [2.5, 2.0]])


def test_a_damaged_parquet_file_and_a_missing_file_are_told(tmp_path):
    pytest.importorskip("pyarrow")
    (tmp_path / "t.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(InputError, match="cannot be read as a Parquet table"):
        read_numbers(tmp_path / "t.parquet")
    with pytest.raises(InputError, match="There is no file"):
        read_numbers(tmp_path / "none.csv")
