"""Tables of numbers and words, from every kind of source."""

from __future__ import annotations

import re
import sqlite3
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_array_equal

from kmosaic._errors import InputError
from kmosaic.data.mixed import MixedTable, Numbers, Words, open_table
from kmosaic.data.number_table import read_numbers
from kmosaic.features.mixed.roles import roles_of

FRAME = pd.DataFrame(
    {
        "id": ["a", "b", "c", "d"],
        "age": [31.0, np.nan, 42.5, 18.0],
        "city": ["Rome", "Oslo", None, "Rome"],
        "code": [1, 2, 2, 1],
    }
)


def check(table: MixedTable) -> None:
    """The table is the frame."""
    assert table.n == 4
    assert table.names == list(FRAME)
    age, city, code = table["age"], table["city"], table["code"]
    assert isinstance(age, Numbers)
    assert_array_equal(age.values, FRAME["age"])
    assert isinstance(city, Words)
    assert city.texts() == ["Rome", "Oslo", "", "Rome"]
    assert isinstance(code, Numbers)
    rows = [list(map(str, row)) for row in table.cells()]
    assert rows[1][0] == "b"
    assert rows[1][1:3] == ["", "Oslo"]
    assert float(rows[2][1]) == 42.5


def test_csv_with_any_delimiter(tmp_path):
    for name, parted in (("a.csv", ","), ("b.csv", ";"), ("c.tsv", "\t")):
        FRAME.to_csv(tmp_path / name, sep=parted, index=False)
        check(open_table(tmp_path / name))


def test_parquet(tmp_path):
    FRAME.to_parquet(tmp_path / "t.parquet", index=False)
    check(open_table(tmp_path / "t.parquet"))


def test_excel(tmp_path):
    pytest.importorskip("openpyxl")
    with pd.ExcelWriter(tmp_path / "t.xlsx") as book:
        pd.DataFrame({"other": [1, 2]}).to_excel(book, sheet_name="first", index=False)
        FRAME.to_excel(book, sheet_name="people", index=False)
    check(open_table(f"{tmp_path}/t.xlsx?sheet=people"))
    assert open_table(tmp_path / "t.xlsx").names == ["other"]
    with pytest.raises(InputError, match="has no sheet 'none'; it has first, people"):
        open_table(f"{tmp_path}/t.xlsx?sheet=none")


def with_formulas(path, lines):
    """An Excel workbook in which no formula has a result, as no spreadsheet program ran."""
    book = pytest.importorskip("openpyxl").Workbook()
    for line in lines:
        book.active.append(line)
    book.save(path)
    return path


def test_a_formula_without_its_result_is_no_empty_cell_where_its_column_is_used(tmp_path):
    file = with_formulas(tmp_path / "t.xlsx", [["a", "b"], [1, 2], [3, "=A2+A3"]])
    what = r"row 3: the result of the formula =A2\+A3 was not saved with it\. Open the workbook"
    table = open_table(file)
    assert table["a"].texts() == ["1", "3"]
    with pytest.raises(InputError, match=what):
        table["b"]
    assert read_numbers(file, columns=["a"]).columns == ("a",)
    assert "its formulas have no results" in roles_of(table, columns=["a"]).left_out["b"]
    for use in (read_numbers, lambda source: roles_of(open_table(source))):
        with pytest.raises(InputError, match=what):
            use(file)


@pytest.mark.parametrize("lines", [[["=1"]], [["=1", "=2"], [1, 2], [3, 4]], [["a"], [1], ["=A2"]]])
def test_rows_of_formulas_without_results_are_not_passed_over(tmp_path, lines):
    file = with_formulas(tmp_path / "t.xlsx", lines)
    with pytest.raises(InputError, match=r"the result of the formula =.* was not saved"):
        open_table(file)["a"]


@pytest.mark.parametrize("value", ["<v></v>", "<v/>"])
def test_a_formula_whose_saved_result_is_an_empty_text_is_an_empty_cell(tmp_path, value):
    bare = with_formulas(tmp_path / "bare.xlsx", [["a", "b"], [1, 2], [3, '=IF(A3>2,"",1)']])
    with zipfile.ZipFile(bare) as before, zipfile.ZipFile(tmp_path / "t.xlsx", "w") as after:
        for name in before.namelist():
            text = before.read(name)
            if name.endswith("sheet1.xml"):
                text = re.sub(rb'r="B3"[^>]*>', b'r="B3" t="str">', text)
                text = re.sub(rb"</f><v ?/>|</f><v></v>", b"</f>" + value.encode(), text)
            after.writestr(name, text)
    assert open_table(tmp_path / "t.xlsx")["b"].texts() == ["2", ""]


def test_rows_of_a_sheet_may_differ_in_length(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook(write_only=True)  # which does not say how large the sheet is
    sheet = book.create_sheet()
    for line in (["a", "b"], [1], [2, 3, None], [], [4, 5]):
        sheet.append(line)
    book.save(tmp_path / "t.xlsx")
    assert open_table(tmp_path / "t.xlsx")["b"].texts() == ["", "3", "5"]
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("May")
    for line in (["a"], [1], [2, 3]):
        sheet.append(line)
    book.save(tmp_path / "t.xlsx")
    with pytest.raises(InputError, match="Row 3 of the sheet 'May' is longer than its first row"):
        open_table(tmp_path / "t.xlsx")


def test_sqlite(tmp_path):
    file = tmp_path / "shop.db"
    with sqlite3.connect(file) as connection:
        FRAME.to_sql("people", connection, index=False)
    connection.close()
    check(open_table(file))  # the only table
    check(open_table(f"sqlite:///{file}?table=people"))
    with pytest.raises(InputError, match="has no table 'orders'; it has people"):
        open_table(f"sqlite:///{file}?table=orders")
    with sqlite3.connect(file) as connection:
        connection.execute('CREATE TABLE "odd ""name" (x REAL)')
    connection.close()
    with pytest.raises(InputError, match=r"2 tables: say which with \?table=NAME"):
        open_table(file)
    with pytest.raises(InputError, match="has no rows"):
        open_table(f'sqlite:///{file}?table=odd "name')
    with pytest.raises(InputError, match="There is no file"):
        open_table(f"sqlite:///{tmp_path}/none.db?table=t")
    (tmp_path / "bad.db").write_bytes(b"no database" * 100)
    with pytest.raises(InputError, match="cannot be read as a sqlite database"):
        open_table(tmp_path / "bad.db")


def test_duckdb(tmp_path):
    duckdb = pytest.importorskip("duckdb")
    file = tmp_path / "shop.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("CREATE TABLE people (id TEXT, age DOUBLE, city TEXT, code INTEGER)")
        rows = FRAME.astype(object).where(FRAME.notna(), None).to_numpy().tolist()
        connection.executemany("INSERT INTO people VALUES (?, ?, ?, ?)", rows)
        connection.execute("CREATE SCHEMA north")
        connection.execute("CREATE TABLE north.people AS SELECT 1 AS x")
    check(open_table(f"duckdb:///{file}?table=people"))
    assert open_table(f"duckdb:///{file}?table=north.people").names == ["x"]
    with pytest.raises(InputError, match=r"2 tables: say which .*\(people, north\.people\)"):
        open_table(file)


def test_frames_and_dicts():
    check(open_table(FRAME))
    check(open_table({name: FRAME[name].tolist() for name in FRAME}))
    with pytest.raises(InputError, match="differ in length"):
        open_table({"a": [1, 2], "b": [1]})
    with pytest.raises(InputError, match="the array is no table, with the shape"):
        open_table([1, 2])


def test_arrays_in_memory_and_in_files(tmp_path):
    array = np.array([[1, 2.5], [np.nan, 4]])
    np.save(tmp_path / "a.npy", array)
    np.savez(tmp_path / "a.npz", X=array, y=["u", "v"])
    for source in (array, array.tolist(), tmp_path / "a.npy", str(tmp_path / "a.npz")):
        table = open_table(source)
        assert table.names == ["column 0", "column 1"]
        assert_array_equal(table["column 0"].values, [1, np.nan])


def test_truths_are_words_and_dates_are_written_out(tmp_path):
    frame = pd.DataFrame({"on": [True, False], "at": pd.to_datetime(["2024-03-01", None])})
    frame.to_parquet(tmp_path / "t.parquet")
    for source in (frame, tmp_path / "t.parquet"):
        assert open_table(source)["on"].texts() == ["True", "False"]
        assert open_table(source)["at"].texts() == ["2024-03-01 00:00:00", ""]


def test_a_missing_package_is_named_with_its_cure(tmp_path, monkeypatch):
    import kmosaic._optional

    def gone(name: str) -> None:
        raise ModuleNotFoundError(name=name)

    monkeypatch.setattr(kmosaic._optional.importlib, "import_module", gone)
    (tmp_path / "t.xlsx").write_bytes(b"")
    with pytest.raises(ImportError, match=r"openpyxl: pip install 'kmosaic\[excel\]'"):
        open_table(tmp_path / "t.xlsx")
    (tmp_path / "t.duckdb").write_bytes(b"")
    with pytest.raises(ImportError, match=r"duckdb: pip install 'kmosaic\[duckdb\]'"):
        open_table(tmp_path / "t.duckdb")


def write(path, text):
    path.write_text(text)
    return path


def test_codes_are_kept_as_they_are_written(tmp_path):
    table = open_table(write(tmp_path / "t.csv", "zip,x\n007,1\n012,2\n"), as_words=["zip"])
    assert table["zip"].levels == ("007", "012")


def test_the_quick_way_reads_what_the_slow_one_reads(tmp_path, monkeypatch):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "x": rng.normal(size=400) * 10.0 ** rng.integers(-300, 15, 400),
            "gaps": np.where(rng.random(400) < 0.3, np.nan, rng.normal(size=400)),
            "late": [None] * 200 + ["w"] * 200,
            "words": rng.choice(["a", " b ", 'say "c"', "d,\ne", "NA", "none"], 400),
            "mixed": rng.choice(["+1", " 2", "-", "3e2"], 400),
            "code": [f"{i:03}" for i in range(400)],
        }
    )
    frame.to_csv(tmp_path / "t.csv", index=False)
    monkeypatch.setattr("kmosaic.data.mixed.quick_csv._BLOCK", 4096)
    quick = open_table(tmp_path / "t.csv", as_words=["code"])
    monkeypatch.setattr("kmosaic.data.mixed.quick_csv.has", lambda name: False)
    slow = open_table(tmp_path / "t.csv", as_words=["code"])
    assert quick.n == slow.n == 400
    for name in frame:
        assert type(quick[name]) is type(slow[name])
        assert quick[name].texts() == slow[name].texts()
    assert isinstance(slow["mixed"], Numbers)
    assert isinstance(slow["late"], Words)


def test_what_stands_for_missing_is_missing(tmp_path):
    file = write(tmp_path / "t.csv", "x,w\n1,NA\n,none\nn/a,\n?,b\n2,b\n")
    table = open_table(file)
    assert table["x"].missing.tolist() == [False, True, True, True, False]
    assert table["w"].texts() == ["", "none", "", "b", "b"]


def test_decimal_commas_where_the_semicolon_parts(tmp_path):
    table = open_table(write(tmp_path / "t.csv", "x;w\n1,5;a\n2,25;b\n"))
    assert table["x"].values.tolist() == [1.5, 2.25]


def test_a_column_begins_with_nothing_and_is_found_out_later(tmp_path, monkeypatch):
    monkeypatch.setattr("kmosaic.data.mixed.csv_file._TOGETHER", 2)
    file = write(tmp_path / "t.csv", "x,w\n,\n,\n5,a\n6,b\n")
    table = open_table(file)
    assert table["x"].texts() == ["", "", "5", "6"]
    assert table["w"].texts() == ["", "", "a", "b"]


def test_cells_that_are_no_numbers_are_kept_with_their_lines(tmp_path):
    text = "x\n" + "1\n" * 5 + "\n" + "many\n" + "2\n" * 3
    found = open_table(write(tmp_path / "t.csv", text))["x"]
    assert isinstance(found, Numbers)
    assert found.bad == ((8, "many"),)
    assert found.n_bad == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("a,b\n", "names of columns and nothing else"),
        ("a,b\n1,2\n\n3\n", "line 4: 1 cell, where the first line has 2"),
        (
            "a,b\n1,2\n3,4,5\n" + "6\n" * 7,
            r"line 3: 3 cells.*in lines 4 \(1\), .*8 \(1\) and 2 more",
        ),
        ("a,a\n1,2\n", "more than one column named 'a'"),
    ],
)
def test_a_bad_csv_is_refused_with_its_line(tmp_path, text, words):
    with pytest.raises(InputError, match=words):
        open_table(write(tmp_path / "t.csv", text))


def test_other_files_are_refused(tmp_path):
    (tmp_path / "t.csv").write_bytes(b"a,b\n\xff\xfe,1\n")
    with pytest.raises(InputError, match="not UTF-8"):
        open_table(tmp_path / "t.csv")
    (tmp_path / "t.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(InputError, match="cannot be read as a Parquet table"):
        open_table(tmp_path / "t.parquet")
    (tmp_path / "t.png").write_bytes(b"")
    with pytest.raises(InputError, match="is no table: give a CSV"):
        open_table(tmp_path / "t.png")
    with pytest.raises(InputError, match="is a folder"):
        open_table(tmp_path)
    with pytest.raises(InputError, match="There is no file"):
        open_table(tmp_path / "none.csv")
    with pytest.raises(InputError, match="is no table"):
        open_table("mysql:///shop?table=t")


def test_whole_numbers_that_float64_does_not_hold_stay_words(tmp_path):
    big = [2**60 + 1, 2**60 + 2]
    pd.DataFrame({"id": big, "x": [1, 2]}).to_parquet(tmp_path / "t.parquet")
    table = open_table(tmp_path / "t.parquet", as_words=["id"])
    assert table["id"].texts() == list(map(str, big))


def test_a_quote_that_is_never_closed_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('id,city\n1,Rome\n2,"Oslo\n3,Rome\n4,Bern\n')
    with pytest.raises(InputError, match="the quote that opens in line 3 is never closed"):
        open_table(path)
