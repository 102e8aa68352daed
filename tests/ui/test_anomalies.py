"""kmosaic anomalies, as it is typed."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest


@pytest.fixture
def payments(tmp_path: Path) -> Path:
    X = np.random.default_rng(0).normal(size=(300, 3))
    X[7, 1] = 80
    lines = [f"p{i},{a:.6f},{b:.6f},{c:.6f}" for i, (a, b, c) in enumerate(X)]
    (tmp_path / "payments.csv").write_text("\n".join(["id,amount,hour,items", *lines]))
    return tmp_path / "payments.csv"


def test_the_least_ordinary_comes_first_with_its_reason(kmosaic: Any, payments: Path) -> None:
    result = kmosaic("anomalies", payments, "--id", "id")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert " of 300 rows do not belong (score above " in lines[0]
    assert lines[2].startswith("p7, score ")
    assert "hour is 80, ordinary" in lines[2]
    assert "kmosaic predict payments-anomalies/model NEW-ROWS" in result.stdout
    assert result.stderr == ""
    assert Path("payments-anomalies/report.html").is_file()


def test_json_is_one_object_and_the_same_for_the_same_seed(kmosaic: Any, payments: Path) -> None:
    results = [kmosaic("anomalies", payments, "--seed", 3, "--json") for _ in range(2)]
    first, again = (json.loads(result.stdout) for result in results)
    assert first.pop("seconds").keys() == again.pop("seconds").keys()
    assert first == again
    assert first["columns"] == ["amount", "hour", "items"]
    assert first["least_ordinary"][0]["row"] == 7
    assert first["least_ordinary"][0]["reasons"][0]["column"] == "hour"


def test_a_saved_model_judges_new_rows(kmosaic: Any, payments: Path) -> None:
    kmosaic("anomalies", payments, "--contamination", "0.1", "--out", "first")
    result = kmosaic("predict", "first/model", payments)
    assert result.stdout.startswith("30 of 300 rows")
    assert "\np7, score " in result.stdout
    assert Path("payments-predicted/report.html").is_file()
    assert not Path("payments-predicted/model").exists()
    by_hour = kmosaic("predict", "first/model", payments, "--id", "hour", "--out", "second")
    assert by_hour.exit_code == 1  # the model looks at it
    assert "'hour' names the rows, so it is no column to look at" in by_hour.stderr
    shutil.copytree("first/model", "other")
    refused = kmosaic("predict", "other", payments)
    assert refused.exit_code == 1
    assert "with the model first/model: choose another place" in refused.stderr


def test_databases_are_read_and_scores_written_as_parquet(kmosaic: Any, payments: Path) -> None:
    with sqlite3.connect("shop.db") as connection:
        pd.read_csv(payments).to_sql("payments", connection, index=False)
    connection.close()
    result = kmosaic("anomalies", "sqlite:///shop.db?table=payments", "--parquet", "--json")
    assert json.loads(result.stdout)["least_ordinary"][0]["id"] == "p7"
    assert pd.read_parquet("shop-payments-anomalies/anomalies.parquet")["id"][7] == "p7"


@pytest.mark.parametrize("part", ["0", "0.51", "many", "nan", "-0.1"])
def test_a_share_that_is_none_is_refused(kmosaic: Any, payments: Path, part: str) -> None:
    result = kmosaic("anomalies", payments, f"--contamination={part}")
    assert result.exit_code == 2
    assert "neither 'auto' nor a number above 0 and up to 0.5" in " ".join(
        result.stderr.replace("│", " ").split()
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["none.csv"], "There is no file 'none.csv'"),
        (["."], "is a folder"),
        (["payments.csv", "--columns", "amount,day"], "has no column 'day'"),
        (
            ["payments.csv", "--columns", "id,amount"],
            "in 1 column: 'id' (all 300 cells: line 2 'p0', ",
        ),
        (["payments.csv", "--columns", "hour"], "has one column of numbers, 'hour'"),
    ],
)
def test_bad_input_is_one_line(
    kmosaic: Any, payments: Path, words: list[str], message: str
) -> None:
    result = kmosaic("anomalies", *words)
    assert result.exit_code == 1
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    assert not Path("payments-anomalies").exists()
