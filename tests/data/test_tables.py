from __future__ import annotations

import io

import pytest

from kmosaic.data.tables import table_reader


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_first_line_decides_what_parts_the_cells(delimiter: str) -> None:
    text = f"\npath{delimiter}label\n1.png{delimiter}cat\n"
    assert list(table_reader(io.StringIO(text))) == [[], ["path", "label"], ["1.png", "cat"]]


def test_a_comma_goes_before_a_semicolon_in_a_name() -> None:
    assert list(table_reader(io.StringIO("a;b.png,cat\n"))) == [["a;b.png", "cat"]]


def test_what_stands_in_quotes_does_not_decide() -> None:
    assert list(table_reader(io.StringIO('"a,b.png";cat\n'))) == [["a,b.png", "cat"]]


@pytest.mark.parametrize("text", ["", "\n\n", "alone\n"])
def test_a_file_of_one_column_is_read_too(text: str) -> None:
    assert [cells for cells in table_reader(io.StringIO(text)) if cells] in ([], [["alone"]])
