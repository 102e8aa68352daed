"""Anomalies of a table: as one call, on disk, and with a saved model."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import kmosaic
from kmosaic import find_anomalies
from kmosaic._errors import InputError, ModelError
from kmosaic.tasks import Anomalies, predict_anomalies


def payments(n=400, seed=0) -> pd.DataFrame:
    """Payments of which the fourth and the tenth are odd; names that a spreadsheet would run."""
    random = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "payment": [f"={i}" for i in range(n)],
            "amount": random.normal(300, 40, n),
            "hour": random.normal(14, 2, n),
            "items": random.poisson(4, n).astype(float),
        }
    )
    frame.loc[3, "amount"] = 9000
    frame.loc[9, "hour"] = -30
    return frame


@pytest.fixture
def table(tmp_path: Path) -> Path:
    payments().to_csv(tmp_path / "payments.csv", index=False)
    return tmp_path / "payments.csv"


def test_odd_rows_are_found_with_their_reasons(table):
    found = find_anomalies(table, id_column="payment")
    assert set(found.judged.order[:2]) == {3, 9}
    assert found.judged.flagged[[3, 9]].all()
    first = {row: reasons[0] for row, reasons in zip((3, 9), reasons_of(found, 3, 9), strict=True)}
    assert (first[3].column, first[3].value) == ("amount", 9000)
    assert first[3].expected == pytest.approx(300, abs=40)
    assert first[9].column == "hour"
    assert str(first[3]).startswith("amount is 9,000, ordinary ")
    assert repr(found).endswith(f"of the 400 rows of {table}>")


def reasons_of(found, *rows):
    return found.judged.reasons(np.array(rows))


def test_results_are_whole_and_agree(table, tmp_path):
    out = tmp_path / "answer"
    found = find_anomalies(table, id_column="payment", out=out, parquet=True)
    assert {path.name for path in out.iterdir()} - {".kmosaic"} == {
        name.rstrip("/") for name in found.files
    }
    scores = pd.read_csv(out / "anomalies.csv")
    assert_array_equal(scores["score"], found.judged.scores)
    assert_array_equal(scores["anomaly"] == 1, found.judged.flagged)
    assert scores["row"].tolist() == list(range(400))
    assert list(scores) == ["row", "payment", "score", "probability", "anomaly", "reasons"]
    same = pd.read_parquet(out / "anomalies.parquet")
    assert_array_equal(same["score"], scores["score"])
    assert same["payment"][3] == "=3"
    assert scores["reasons"].notna().tolist() == found.judged.flagged.tolist()
    added = pd.read_csv(out / "contributions.csv")
    parts = added[["amount adds", "hour adds", "items adds"]].sum(axis=1)
    assert_allclose(parts, added["score"], rtol=1e-12)
    assert len(added) == found.judged.flagged.sum()
    answer = json.loads((out / "answer.json").read_text())
    assert answer["anomalies"] == found.judged.flagged.sum()
    assert {row["row"] for row in answer["least_ordinary"][:2]} == {3, 9}


def test_no_cell_is_run_by_a_spreadsheet(table, tmp_path):
    frame = payments().rename(columns={"amount": "=amount", "hour": "+hour"})
    frame.to_csv(tmp_path / "t.csv", index=False)
    find_anomalies(tmp_path / "t.csv", id_column="payment", out=tmp_path / "out")
    for name in ("anomalies.csv", "contributions.csv"):
        cells = pd.read_csv(tmp_path / "out" / name, header=None, dtype=str).fillna("")
        assert not cells.map(lambda cell: cell[:1] in ("=", "+", "@")).to_numpy().any()
        assert cells.iloc[1, 1].startswith("'=")


def test_a_saved_model_judges_new_rows_as_it_judged_those(table, tmp_path):
    found = find_anomalies(table, id_column="payment", out=tmp_path / "out")
    again = kmosaic.predict(tmp_path / "out" / "model", table)
    assert isinstance(again, Anomalies)
    assert again.judged.name(3) == "=3"  # the model knows what names the rows
    assert_array_equal(again.judged.scores, found.judged.scores)
    assert again.judged.threshold == found.judged.threshold
    shuffled = payments().sample(20, random_state=1)[["items", "hour", "payment", "amount"]]
    shuffled.to_parquet(tmp_path / "new.parquet", index=False)
    others = shuffled.drop(columns="payment").assign(note="x")
    others.to_parquet(tmp_path / "other.parquet", index=False)
    new = kmosaic.predict(tmp_path / "out" / "model", tmp_path / "new.parquet")
    assert_array_equal(new.judged.scores, found.judged.scores[shuffled.index])
    assert new.judged.columns == ("amount", "hour", "items")
    other = kmosaic.predict(tmp_path / "out" / "model", tmp_path / "other.parquet")
    assert "Left out, as the model does not know them: note." in other.why
    assert other.judged.name(3) == "row 3"


def test_a_saved_model_takes_frames_and_one_row(table, tmp_path):
    find_anomalies(table, id_column="payment", out=tmp_path / "out")
    detector = kmosaic.load(tmp_path / "out" / "model")
    frame = payments().drop(columns="payment")
    assert (detector.predict(frame)[[3, 9]] == -1).all()
    payments().iloc[[3]].to_csv(tmp_path / "one.csv", index=False)
    one = predict_anomalies(tmp_path / "out" / "model", tmp_path / "one.csv", out=tmp_path / "1")
    assert one.judged.flagged.tolist() == [True]
    page = (tmp_path / "1" / "report.html").read_text("utf-8")
    assert "1 of 1 row does not belong" in page
    assert f"kmosaic predict {tmp_path}/out/model {tmp_path}/one.csv" in page
    assert not (tmp_path / "1" / "model").exists()


def test_another_schema_is_refused_with_the_columns_that_differ(table, tmp_path):
    find_anomalies(table, id_column="payment", out=tmp_path / "out")
    other = payments().rename(columns={"hour": "time", "items": "count"})
    other.to_csv(tmp_path / "other.csv", index=False)
    with pytest.raises(InputError, match=r"lacks 'hour', 'items', and has .*'time', 'count' that"):
        predict_anomalies(tmp_path / "out" / "model", tmp_path / "other.csv")
    np.save(tmp_path / "other.npy", np.zeros((5, 3)))
    with pytest.raises(InputError, match="lacks 'amount', 'hour', 'items', and has 'column 0'"):
        predict_anomalies(tmp_path / "out" / "model", tmp_path / "other.npy")


@pytest.mark.parametrize("name", ["features", "column", "encoding", "labels", "sort", "dry_run"])
def test_what_is_of_images_and_documents_is_refused(table, tmp_path, name):
    find_anomalies(table, out=tmp_path / "out")
    with pytest.raises(InputError, match=f"there is no {name}: leave it out"):
        kmosaic.predict(tmp_path / "out" / "model", table, **{name: "x"})


def test_a_model_of_another_kind_is_refused(table, tmp_path):
    kmosaic.KMeans(2).fit([[1.0], [2.0], [3.0]]).save(tmp_path / "m")
    with pytest.raises(ModelError, match="no anomaly detector, but a KMeans"):
        predict_anomalies(tmp_path / "m", table)
    with pytest.raises(ModelError, match="There is no model folder"):
        predict_anomalies(tmp_path / "none", table)


def test_the_model_is_never_replaced_by_its_result(table, tmp_path):
    find_anomalies(table, out=tmp_path / "out", columns=["amount", "hour"])
    with pytest.raises(InputError, match="model"):
        predict_anomalies(tmp_path / "out" / "model", table, out=tmp_path / "out")


def test_tables_in_memory_are_judged_as_files_are(table, tmp_path):
    expected = find_anomalies(table, id_column="payment").judged.scores
    frame = payments()
    found = find_anomalies(frame, id_column="payment", out=tmp_path / "out")
    assert_array_equal(found.judged.scores, expected)
    assert_array_equal(find_anomalies(frame.drop(columns="payment")).judged.scores, expected)
    assert repr(found).endswith("of the 400 rows of the table>")
    named = predict_anomalies(tmp_path / "out" / "model", frame.set_index("payment"))
    assert_array_equal(named.judged.scores, expected)
    assert named.judged.name(3) == "=3"
    array = find_anomalies(frame.drop(columns="payment").to_numpy())
    assert_array_equal(array.judged.scores, expected)
    assert array.judged.name(3) == "row 3"
    assert "The same again" not in (tmp_path / "out" / "report.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (pd.DataFrame(), "the table has no rows"),
        (
            pd.DataFrame({"a": [1.0] * 20, "b": [1.0] * 19 + [np.nan]}),
            "'b' .1 cell: row 19 empty.; rows count from 0",
        ),
        (np.zeros(20), "two axes"),
        ([[1.0], [2.0, 3.0]], "two axes"),
        (np.zeros((20, 1)), "the array has one column of numbers"),
        (None, "two axes"),
    ],
)
def test_tables_in_memory_that_cannot_be_used_are_refused(table, words):
    with pytest.raises(InputError, match=words):
        find_anomalies(table)


def test_a_column_that_counts_the_rows_is_told(table):
    plain = find_anomalies(table)
    found = find_anomalies(payments().assign(number=range(7, 407)))
    assert "Left out, as they number the rows (columns takes them): number." in found.why
    assert_array_equal(found.judged.scores, plain.judged.scores)
    assert not any("number the rows" in why for why in plain.why)


def test_settings_are_heeded(table):
    part = find_anomalies(table, contamination=0.05, columns=["amount", "hour"])
    assert part.judged.flagged.sum() == 20
    assert part.judged.columns == ("amount", "hour")
    seen = []
    again = find_anomalies(
        table, contamination=0.05, columns=["amount", "hour"], on_progress=seen.append
    )
    assert_array_equal(again.judged.scores, part.judged.scores)
    assert seen[-1].fraction == 1


def test_without_a_report_there_is_none(table, tmp_path):
    find_anomalies(table, out=tmp_path / "out", report=False)
    assert not (tmp_path / "out" / "report.html").exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("a,b\n", "names of columns and nothing else"),
        ("a,b\n1,2\n3,4\n", "has 2 rows: from fewer than 10"),
        ("a\n" + "1\n" * 20, "has one column of numbers, 'a'"),
        ("a,b\n" + "1,2\n" * 20 + "1\n", "line 22: 1 cell, where the first line has 2"),
        ("a,b\n" + "1,2\n" * 20 + "1,many\n", "'b' .1 cell: line 22 'many'"),
        ("a,b\n" + "1,2\n" * 20 + "1,\n", "'b' .1 cell: line 22 empty"),
        ("a,b\n" + "1,2\n" * 20 + "1,1e200\n", "squares overflow"),
    ],
)
def test_tables_that_cannot_be_used_are_refused(text, words, tmp_path):
    (tmp_path / "t.csv").write_text(text)
    with pytest.raises(InputError, match=words):
        find_anomalies(tmp_path / "t.csv", out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_rows_that_are_all_alike_all_belong(tmp_path):
    (tmp_path / "t.csv").write_text("a,b\n" + "1,2\n" * 20)
    found = find_anomalies(tmp_path / "t.csv", out=tmp_path / "out")
    assert not found.judged.flagged.any()
    assert "All 20 rows belong" in (tmp_path / "out" / "report.html").read_text("utf-8")


def test_a_rare_flag_is_told():
    rng = np.random.default_rng(0)
    rows = {
        "size": rng.normal(size=100),
        "weight": rng.normal(size=100),
        "flag": [1] * 5 + [0] * 95,
    }
    said = " ".join(find_anomalies(rows).why)
    assert "flag holds two values, of which few rows have one" in said
    assert "columns without it looks at the rest" in said
