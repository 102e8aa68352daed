"""kmosaic segment, as it is typed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest


@pytest.fixture
def shoppers(tmp_path: Path) -> Path:
    rng = np.random.default_rng(0)
    group = np.repeat([0, 1], [60, 40])
    lines = [
        f"c{i},{rng.normal((30, 60)[g], 3):.2f},{rng.normal((9, 2)[g], 1):.2f},{g + 1 + i % 2}"
        for i, g in enumerate(group)
    ]
    (tmp_path / "shoppers.csv").write_text("\n".join(["CustomerID,age,visits,plan", *lines]))
    return tmp_path / "shoppers.csv"


def test_the_segments_come_first_with_what_sets_them_apart(kmosaic: Any, shoppers: Path) -> None:
    result = kmosaic("segment", shoppers, "-k", 2)
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[0].startswith("2 segments of 100 customers, ")
    assert lines[3].startswith("   60 customers (60%): ")
    assert "much older" in result.stdout
    assert "In rules, which tell the segment of 100" in result.stdout
    question = result.stdout.index("Only you can tell: plan holds 3 whole numbers")
    assert question < result.stdout.index("CustomerID names the rows")
    assert "kmosaic predict shoppers-segments/model NEW-ROWS" in result.stdout
    assert result.stderr == ""
    assert Path("shoppers-segments/report.html").is_file()


def test_json_is_one_object_and_the_same_for_the_same_seed(kmosaic: Any, shoppers: Path) -> None:
    words = ("segment", shoppers, "-k", 2, "--categorical", "plan", "--seed", 3, "--json")
    first, again = (json.loads(kmosaic(*words).stdout) for _ in range(2))
    assert first.pop("seconds").keys() == again.pop("seconds").keys()
    assert first == again
    assert first["questions"] == []
    assert [one["size"] for one in first["segments"]] == [60, 40]


def test_new_rows_are_put_into_the_segments(kmosaic: Any, shoppers: Path) -> None:
    kmosaic("segment", shoppers, "-k", 2, "--out", "found", "--no-report")
    assert not Path("found/report.html").exists()
    result = kmosaic("predict", "found/model", shoppers)
    assert result.exit_code == 0, result.output
    assert "100 customers in the 2 segments of the model." in result.stdout
    assert Path("shoppers-predicted/segments.csv").is_file()
    as_json = json.loads(kmosaic("predict", "found/model", shoppers, "--json").stdout)
    assert as_json["sizes"] == [60, 40]
    shutil.copytree("found/model", "other")
    refused = kmosaic("predict", "other", shoppers)
    assert refused.exit_code == 1
    assert "with the model found/model: choose another place" in refused.stderr


def test_bad_input_is_one_line(kmosaic: Any, shoppers: Path) -> None:
    for words, told in (
        (("segment", shoppers, "--columns", "agee"), "has no column 'agee'"),
        (("segment", ".", "--out", "found"), ". is a folder: give a CSV"),
        (("segment", "none.csv"), "There is no file 'none.csv'"),
        (("segment", shoppers, "--rfm", "customer=a"), "is not of the form customer=COLUMN"),
    ):
        result = kmosaic(*words)
        assert result.exit_code == 1
        assert result.stdout == ""
        assert result.stderr.startswith("Error: ")
        assert told in result.stderr
        assert len(result.stderr.splitlines()) == 1
    assert kmosaic("segment", shoppers, "-k", "some").exit_code == 2
    refused = kmosaic("segment", shoppers, "--tails", "x")
    assert refused.exit_code == 2
    assert "'--tails': 'x' is none of auto, none, log, quantile" in refused.stderr


def test_arrays_are_read_as_tables_are(kmosaic: Any, shoppers: Path) -> None:
    np.save("rows.npy", np.repeat([[1.0, 5.0], [9.0, 2.0]], [30, 20], axis=0))
    result = kmosaic("segment", "rows.npy", "-k", 2, "--json")
    assert [one["segment"] for one in json.loads(result.stdout)["segments"]] == [0, 1]
    again = kmosaic("predict", "rows-segments/model", "rows.npy", "--out", "new")
    assert "\n0. " in again.stdout
    lines = Path("new/segments.csv").read_text().splitlines()
    assert lines[1].startswith("1,5,0,")
    refused = kmosaic("predict", "rows-segments/model", "rows.npy", "--id", "column 0")
    assert "there is no id: leave it out" in refused.stderr


def test_databases_are_named_as_they_are_typed(kmosaic: Any, shoppers: Path) -> None:
    import sqlite3

    rows = [line.split(",") for line in shoppers.read_text().splitlines()[1:]]
    with sqlite3.connect("shop.db") as connection:
        connection.execute("CREATE TABLE people (CustomerID TEXT, age REAL, visits REAL, plan INT)")
        connection.executemany("INSERT INTO people VALUES (?, ?, ?, ?)", rows)
    connection.close()
    result = kmosaic("segment", "sqlite:///shop.db?table=people", "-k", 2)
    assert result.exit_code == 0, result.output
    assert Path("shop-people-segments/model").is_dir()
    again = kmosaic("predict", "shop-people-segments/model", "sqlite:///shop.db?table=people")
    assert again.exit_code == 0, again.output
