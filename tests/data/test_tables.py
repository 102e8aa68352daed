from __future__ import annotations

import csv
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


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('id,text\n1,"open\n2,rest\n3,rest\n', 2),
        ('id,text\n1,"two\nlines"\n2,"open\r\n3,rest', 4),
        ('id,text\n"1\n2",rest\n"3\n4","open\n', 5),
        ('id,"open', 1),
    ],
)
def test_a_quote_that_is_never_closed_is_told_with_its_line(text: str, line: int) -> None:
    with pytest.raises(csv.Error, match=f"opens in line {line} is never closed"):
        list(table_reader(io.StringIO(text, newline="")))


def test_a_quote_that_the_next_row_closes_is_told_with_its_lines() -> None:
    text = 'id,text\n1,"one"\n2,"open\n3,"rest"\n4,"rest"\n'
    with pytest.raises(csv.Error, match="opens in line 3 or below is closed in line 4"):
        list(table_reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_quote_may_be_closed_by_the_end_of_the_file(end: str) -> None:
    text = f'a,b\n1,"one\n""two"""{end}'
    assert list(table_reader(io.StringIO(text, newline="")))[1] == ["1", 'one\n"two"']
