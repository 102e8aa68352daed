"""Which K, from Python and for files."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.n_clusters.groups import blobs

from kmosaic import choose_k
from kmosaic._errors import InputError
from kmosaic.tasks import choose_k_of, classify_images


@pytest.fixture
def table(tmp_path: Path) -> Path:
    frame = pd.DataFrame(blobs(3), columns=["width", "height"])
    frame.insert(0, "name", [f"thing {i}" for i in range(len(frame))])
    frame.to_csv(tmp_path / "things.csv", index=False)
    return tmp_path / "things.csv"


def test_the_answer_explains_itself():
    answer = choose_k(blobs(3), range(1, 6), random_state=0)
    assert answer.explain().startswith("K = 3 (confidence: high")
    assert repr(answer) == "<Answer: K = 3, confidence high>"
    assert answer.models[2].n_clusters == 2
    assert json.loads(answer.to_json())["k"] == 3


def test_a_table_is_answered_with_words_left_out(table):
    found = choose_k_of(table, max_k=6)
    assert found.answer.k == 3
    assert found.why == (
        "The columns are width, height.",
        "name names the rows and is not looked at.",
    )


def test_results_are_whole_and_agree(table, tmp_path):
    out = tmp_path / "answer"
    found = choose_k_of(table, max_k=6, out=out)
    assert {path.name for path in out.iterdir()} >= {
        "report.html",
        "criteria.csv",
        "assignments.csv",
        "answer.json",
    }
    assignments = pd.read_csv(out / "assignments.csv")
    assert assignments["id"].tolist() == [f"thing {i}" for i in range(120)]  # name is taken
    assert (assignments["cluster"] == found.answer.model.labels_).all()
    answer = json.loads((out / "answer.json").read_text())
    assert answer == json.loads(json.dumps(found.summary() | {"seconds": answer["seconds"]}))
    assert len(pd.read_csv(out / "criteria.csv")) == 6


def test_a_column_that_numbers_the_rows_is_left_out_unless_it_is_asked_for(tmp_path):
    frame = pd.DataFrame(blobs(3), columns=["width", "height"])
    frame.insert(0, "row", np.arange(1, len(frame) + 1))
    frame.to_csv(tmp_path / "rows.csv", index=False)
    found = choose_k_of(tmp_path / "rows.csv", max_k=5)
    assert found.answer.k == 3
    assert found.why == (
        "The columns are width, height.",
        "row names the rows and is not looked at.",
    )
    asked = choose_k_of(tmp_path / "rows.csv", max_k=2, columns=["row", "width"])
    assert asked.why == ("The columns are row, width.",)


def test_a_column_names_the_rows_in_every_kind_of_table(table, tmp_path):
    frame = pd.read_csv(table).rename(columns={"name": "thing"})
    frame.to_excel(tmp_path / "things.xlsx", index=False)
    choose_k_of(tmp_path / "things.xlsx", max_k=2, id_column="thing", out=tmp_path / "out")
    assert pd.read_csv(tmp_path / "out" / "assignments.csv")["thing"].equals(frame["thing"])


def test_an_array_is_a_table_where_its_columns_are_asked_for(tmp_path):
    np.save(tmp_path / "rows.npy", np.c_[np.arange(120), blobs(3)])
    columns = ["column 1", "column 2"]
    found = choose_k_of(tmp_path / "rows.npy", max_k=4, columns=columns, id_column="column 0")
    assert found.answer.k == 3
    assert found.ids[7] == "7"


def test_columns_can_be_chosen(table):
    found = choose_k_of(table, max_k=5, columns=["width"])
    assert found.answer.X.shape == (120, 1)
    with pytest.raises(InputError, match="has no column 'depth'"):
        choose_k_of(table, columns=["depth"])


def test_columns_of_unlike_scale_are_named_and_can_be_standardized(tmp_path):
    rows = blobs(3) * [1.0, 5000.0]
    pd.DataFrame(rows, columns=["age", "pay"]).to_csv(tmp_path / "pay.csv", index=False)
    told = choose_k_of(tmp_path / "pay.csv", max_k=4).answer
    assert "Column 'pay' is" in told.doubts[0]
    assert "--standardize" in told.doubts[0]
    found = choose_k_of(tmp_path / "pay.csv", max_k=4, standardize=True)
    assert found.answer.k == 3
    assert "Every column was divided by its standard deviation." in found.why
    assert np.allclose(found.answer.X.std(axis=0), 1)


def test_only_tables_are_standardized(make_images):
    with pytest.raises(InputError, match="Standardizing is for tables"):
        choose_k_of(make_images(["a.png", "b.png"]), standardize=True)


def test_fewer_rows_than_asked_for_are_no_error(tmp_path):
    np.save(tmp_path / "few.npy", np.arange(12.0).reshape(6, 2))
    found = choose_k_of(tmp_path / "few.npy", max_k=20)
    assert found.answer.evidence.ks == tuple(range(1, 7))
    assert found.why[-1] == "K was tried up to 6, since no more rows differ."


def test_images_are_answered_and_grouped_without_a_number(make_images):
    folder = make_images([f"{i}.png" for i in range(12)])
    assert choose_k_of(folder, max_k=4, features="color", cache=False).answer.k >= 1
    run = classify_images(folder, "auto", features="color", cache=False)
    assert run.settings["n_clusters"] == "auto"
    assert run.assignment.n_clusters == run.kmeans.n_clusters
    assert any("confidence" in sentence for sentence in run.why)


def test_names_need_a_number(make_images, tmp_path):
    names = tmp_path / "names.csv"
    names.write_text("0,cat\n")
    with pytest.raises(InputError, match="Names need a known number of clusters"):
        classify_images(make_images(["a.png", "b.png"]), "auto", names=names)


def test_one_cluster_is_no_choice(table):
    with pytest.raises(InputError, match="max_k is 1"):
        choose_k_of(table, max_k=1)


def test_vectors_far_from_zero_have_the_answer_of_the_same_numbers_in_a_table(tmp_path):
    far = blobs(3) + 1e9
    np.save(tmp_path / "far.npy", far)
    pd.DataFrame(far, columns=["a", "b"]).to_csv(tmp_path / "far.csv", index=False)
    vectors = choose_k_of(tmp_path / "far.npy", max_k=5)
    assert vectors.answer.k == choose_k_of(tmp_path / "far.csv", max_k=5).answer.k == 3
    assert np.array_equal(vectors.answer.X, far)


def test_features_of_images_are_not_for_tables(table):
    with pytest.raises(InputError, match=r"is of images, and .* is a table"):
        choose_k_of(table, features="hog")


def test_a_folder_of_texts_is_shown_the_way_to_documents(tmp_path):
    (tmp_path / "a.txt").write_text("words")
    with pytest.raises(InputError, match="Texts are for kmosaic documents"):
        choose_k_of(tmp_path)
