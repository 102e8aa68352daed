"""Segments of a table as one call, and new rows in them."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.metrics import adjusted_rand_score

import kmosaic
from kmosaic._errors import InputError, ModelError
from kmosaic.tasks import NewSegments, predict_segments, segment

TRUTH = np.repeat([0, 1, 2], [120, 90, 60])
SETTINGS = {"seed": 0, "id_column": "customer"}


def shoppers() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    return pd.DataFrame({
        "customer": [f"=c{i}" for i in range(270)],
        "age": rng.normal(np.array([30, 50, 65])[TRUTH], 4).round(1),
        "spent": np.exp(rng.normal(np.array([3.0, 6.0, 4.0])[TRUTH], 0.5)).round(2),
        "city": np.where(rng.random(270) < np.array([0.1, 0.2, 0.9])[TRUTH], "Rome", "@Oslo"),
    })  # fmt: skip


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("segments") / "shoppers.csv"
    shoppers().to_csv(path, index=False)
    return path


@pytest.fixture(scope="module")
def done(file, tmp_path_factory):
    out = tmp_path_factory.mktemp("out") / "result"
    seen = []
    found = segment(file, 3, out=out, parquet=True, on_progress=seen.append, **SETTINGS)
    assert seen[-1].fraction == 1
    return found


def test_it_finds_the_groups_and_says_what_sets_them_apart(done):
    assert adjusted_rand_score(TRUTH, done.labels) > 0.9
    sizes = [one.size for one in done.segments]
    assert sizes == np.bincount(done.labels).tolist() == sorted(sizes, reverse=True)
    assert done.noun == "customers"
    assert "young" in done.segments[0].name
    assert "high spent" in done.segments[1].name
    assert all(one.comes_back > 0.8 for one in done.segments)
    assert done.rules.fidelity > 0.9
    assert repr(done) == "<Segments: 3 of the 270 customers>"


def test_the_files_are_there_and_whole(done):
    assert sorted(path.name for path in done.out.iterdir() if path.name[0] != ".") == sorted(
        name.rstrip("/") for name in done.files
    )
    table = pd.read_csv(done.out / "segments.csv", keep_default_na=False)
    assert list(table) == [*shoppers(), "segment", "segment_name", "segment_distance"]
    assert_array_equal(table["segment"], done.labels)
    assert_allclose(table["segment_distance"], done.distances)
    assert_array_equal(table["age"], shoppers()["age"])
    arrow = pd.read_parquet(done.out / "segments.parquet")
    assert_array_equal(arrow["segment"], done.labels)
    assert arrow["city"].tolist() == shoppers()["city"].tolist()
    profile = pd.read_csv(done.out / "profile.csv")
    assert len(profile) == 3 * 3
    assert set(profile["measure"]) == {"median", "share"}
    answer = json.loads((done.out / "answer.json").read_text())
    assert answer["k"] == 3
    assert re.match(r"\d+ customers \(4\d%\): ", answer["segments"][0]["sentence"])
    assert answer["settings"]["seed"] == 0
    page = (done.out / "report.html").read_text()
    assert "<h1>3 segments of 270 customers</h1>" in page


def test_formulas_in_csv_output_are_neutralized(done):
    with (done.out / "segments.csv").open(newline="") as text:
        rows = list(csv.reader(text))
    assert {row[0][:2] for row in rows[1:]} == {"'="}
    assert {row[3] for row in rows[1:]} == {"Rome", "'@Oslo"}


@pytest.mark.parametrize("threads", ["1", "3"])
def test_the_same_seed_gives_the_same_answer_on_any_number_of_threads(
    file, done, threads, monkeypatch
):
    monkeypatch.setenv("KMOSAIC_NUM_THREADS", threads)
    again = segment(file, 3, **SETTINGS).summary()
    first = done.summary()
    for one in (again, first):
        for name in ("seconds", "out", "files"):
            one.pop(name)
    assert again == first


def test_a_saved_model_knows_the_segments_of_new_rows(file, done, tmp_path):
    again = kmosaic.predict(done.out / "model", file, out=tmp_path / "new", parquet=True)
    assert isinstance(again, NewSegments)
    assert_array_equal(again.labels, done.labels)
    assert_array_equal(again.distances, done.distances)
    rows = shoppers().sample(40, random_state=1)[["city", "spent", "customer", "age"]]
    rows.loc[rows.index[0], "city"] = "Lima"
    rows.loc[rows.index[1], "age"] = np.nan
    new = predict_segments(kmosaic.load(done.out / "model"), rows)
    assert_array_equal(new.labels[2:], done.labels[rows.index[2:]])
    assert "city holds 'Lima', which the model has not seen" in new.why[0]
    assert "age is missing in 1 row: " in new.why[1]
    summary = json.loads((tmp_path / "new" / "answer.json").read_text())
    assert summary["sizes"] == np.bincount(done.labels).tolist()


def test_a_model_for_another_schema_is_refused_with_the_columns_that_differ(done, tmp_path):
    other = shoppers().rename(columns={"spent": "paid"})
    other["age"] = "old"
    other.to_csv(tmp_path / "other.csv", index=False)
    with pytest.raises(
        InputError, match=r"lacks 'spent'; .* 'age' .all 270 cells: line 2 'old', "
    ) as told:
        kmosaic.predict(done.out / "model", tmp_path / "other.csv", out=tmp_path / "out")
    assert "'paid'" in str(told.value)
    assert not (tmp_path / "out").exists()


def test_numbers_where_the_model_knows_words_are_another_column():
    rng = np.random.default_rng(0)
    model = segment({"age": rng.normal(40, 9, 60), "city": ["Bonn", "Oslo", "Rome"] * 20}, 2).model
    with pytest.raises(InputError, match="'city' holds numbers such as '5', and the model knows"):
        predict_segments(model, {"age": [30.0, 50.0], "city": ["5", "5"]})
    assert len(predict_segments(model, {"age": [30.0], "city": ["Paris"]}).labels) == 1


def test_what_is_of_images_is_refused_for_tables(done, file):
    for name, value in {"sort": "copy", "features": "embedding:x.npy", "dry_run": True}.items():
        with pytest.raises(InputError, match=f"no {name}: leave it out"):
            kmosaic.predict(done.out / "model", file, **{name: value})


def test_damaged_models_and_models_of_other_kinds_are_refused(done, file, tmp_path):
    kmosaic.KMeans(2).fit([[1.0], [2.0], [3.0]]).save(tmp_path / "m")
    with pytest.raises(ModelError, match="no segmentation: KMeans"):
        predict_segments(tmp_path / "m", file)
    wrong = replace(done.model, centers=done.model.centers, settings={})
    folder = wrong.save(tmp_path / "damaged")
    text = (folder / "model.json").read_text()
    (folder / "model.json").write_text(text.replace('"age"', '"aged"'))
    with pytest.raises(ModelError, match="was changed"):
        kmosaic.predict(folder, file)


def test_transactions_become_customers(tmp_path):
    rng = np.random.default_rng(2)
    many = np.where(np.arange(90) < 45, 2, 12)
    who = np.repeat(np.arange(90), many)
    day = pd.Timestamp("2024-06-01") - pd.to_timedelta(
        rng.integers(0, np.where(many[who] > 5, 30, 300)), unit="D"
    )
    sales = pd.DataFrame({"CustomerID": who, "day": day, "paid": rng.gamma(3, many[who])})
    sales.to_csv(tmp_path / "sales.csv", index=False)
    spec = "customer=CustomerID,date=day,amount=paid"
    found = segment(tmp_path / "sales.csv", 2, rfm=spec, out=tmp_path / "out")
    assert adjusted_rand_score(many, found.labels) == 1
    assert found.noun == "customers"
    assert found.questions == ()
    table = pd.read_csv(tmp_path / "out" / "segments.csv")
    assert list(table)[:4] == ["CustomerID", "recency_days", "frequency", "monetary"]
    again = kmosaic.predict(tmp_path / "out" / "model", tmp_path / "sales.csv")
    assert_array_equal(again.labels, found.labels)
    sales.drop(columns="paid").to_csv(tmp_path / "bad.csv", index=False)
    with pytest.raises(InputError, match="has no 'paid': the model was made of transactions"):
        kmosaic.predict(tmp_path / "out" / "model", tmp_path / "bad.csv")
    with pytest.raises(InputError, match="rfm makes its own columns"):
        segment(tmp_path / "sales.csv", 2, rfm=spec, columns=["paid"])


def test_prototypes_have_modes_for_categories(file):
    found = segment(file, 3, mixed="prototypes", **SETTINGS)
    block = found.model.centers[:, -2:]
    assert (np.sort(block, axis=1)[:, 0] == 0).all()
    assert "k-prototypes" in found.why[-1]
    assert adjusted_rand_score(TRUTH, found.labels) > 0.9


def test_auto_chooses_the_number_and_says_why(file):
    found = segment(file, max_k=5, **SETTINGS)
    assert len(found.segments) == 3
    assert any(sentence.startswith("K = 3 (confidence") for sentence in found.why)
    assert found.summary()["probabilities"].keys() == {"1", "2", "3", "4", "5"}


def test_a_cloud_is_cut_and_it_is_said(tmp_path):
    cloud = pd.DataFrame(np.random.default_rng(0).normal(size=(150, 2)), columns=["a", "b"])
    found = segment(cloud, max_k=3)
    assert len(found.segments) >= 2
    assert any("there are no groups at all" in sentence for sentence in found.why)


def test_far_numbers_do_not_make_segments_of_their_own(tmp_path):
    rows = shoppers()
    rows.loc[5, "spent"] = 1e9
    rows.loc[9, "age"] = -4000
    found = segment(rows, 4)
    assert min(one.size for one in found.segments) > 10


def test_many_rows_are_sampled_and_it_is_said(monkeypatch, file):
    monkeypatch.setattr("kmosaic.pipeline.segmenting._SAMPLE", 100)
    found = segment(file, 3, **SETTINGS)
    assert any("started in 100 rows drawn at random" in sentence for sentence in found.why)
    assert adjusted_rand_score(TRUTH, found.labels) > 0.9


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("a,b\n1,2\n", "has 1 row: segments are of 10 or more"),
        ("a\n" + "\n".join(map(str, [1, 2, 2, 4] * 9)), "one column to look at, 'a'"),
        ("a,b\n1,2\n2,1\n", "has 2 rows: segments are of 10 or more"),
        ("a,b\n" + "1,2\n3,1\n" * 9 + "7\n", "line 20: 1 cell, where the first line has 2"),
        ("a,b\n" + "1,2\n3,1\n" * 9 + "7,x\n", "'b' .1 cell: line 20 'x'."),
        ("a,b\n" + "1,2\n3,1\n" * 9, "has 2 different rows: ask for at most 2 segments"),
    ],
)
def test_tables_that_cannot_be_used_are_refused(text, words, tmp_path):
    (tmp_path / "t.csv").write_text(text)
    with pytest.raises(InputError, match=words):
        segment(tmp_path / "t.csv", 3, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_settings_that_cannot_be_are_refused(file):
    for settings, words in (
        ({"n_clusters": 0}, "n_clusters must be 'auto' or a whole number"),
        ({"max_k": 1}, "max_k is 1"),
        ({"mixed": "both"}, "mixed must be one of one-hot, prototypes"),
        ({"tails": "both"}, "tails must be one of"),
        ({"columns": ["nowhere"]}, "no column 'nowhere'"),
    ):
        with pytest.raises(InputError, match=words):
            segment(file, **settings)


def test_mall_customers_have_the_five_segments_that_everyone_knows(shared_data):
    mall = shared_data / "customers" / "mall_customers.csv"
    found = segment(mall, columns=["Annual_Income", "Spending_Score"], max_k=7)
    assert [one.size for one in found.segments] == [81, 39, 35, 23, 22]
    assert [one.name for one in found.segments] == [
        "average",
        "very high spending, high Annual Income",
        "very low spending, high Annual Income",
        "low Annual Income, low spending",
        "low Annual Income, high spending",
    ]


def test_heavy_tails_of_wholesale_customers_make_no_tiny_segments(shared_data):
    file = shared_data / "customers" / "wholesale_customers.csv"
    for k in (3, 6):
        found = segment(file, k, categorical=["Channel", "Region"])
        assert min(one.size for one in found.segments) >= 20
