from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from PIL import Image

from kmosaic import classify_images
from kmosaic._errors import InputError
from kmosaic.data import bundled_digits
from kmosaic.pipeline import Run, run_images
from kmosaic.save import save_run
from kmosaic.tasks import predict

SEEN, NEW = range(200), range(200, 260)


@pytest.fixture(scope="module")
def run() -> Run:
    return run_images(bundled_digits().take(SEEN), n_clusters=10, features="hog", n_init=3)


@pytest.fixture(scope="module")
def model(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("predict") / "groups"
    save_run(run, out, report=False)
    return out / "model"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    digits = bundled_digits().take(NEW)
    for number, (picture, label) in enumerate(
        zip(digits.read(range(60)), digits.labels, strict=True)
    ):
        place = tmp_path / "new" / str(label)
        place.mkdir(parents=True, exist_ok=True)
        Image.fromarray(picture).save(place / f"{number}.png")
    return tmp_path / "new"


def test_images_of_the_run_get_the_clusters_that_they_had(run: Run, model: Path) -> None:
    found = predict(model, np.stack(run.items.read(SEEN)))
    assert_array_equal(found.assignment.labels, run.assignment.labels)
    assert found.names == run.names
    assert found.saved is None


def test_an_image_gets_the_same_cluster_alone_or_among_others(model: Path) -> None:
    pictures = np.stack(bundled_digits().read(NEW))
    together = predict(model, pictures).assignment.labels
    alone = [int(predict(model, picture[None]).assignment.labels[0]) for picture in pictures[:9]]
    assert together[:9].tolist() == alone


def test_names_are_scored_where_labels_are_known(model: Path, folder: Path) -> None:
    found = predict(model, folder)
    assert found.scores is not None
    assert (found.scores.n_scored, found.scores.n_named_from) == (60, 0)
    assert found.scores.accuracy_majority > 0.5
    assert predict(model, folder, labels="none").scores is None


def test_what_cannot_be_read_is_skipped_and_the_rest_stays_in_step(
    model: Path, folder: Path, tmp_path: Path
) -> None:
    whole = predict(model, folder)
    clusters = dict(zip(whole.assignment.ids, whole.assignment.labels, strict=True))
    broken = whole.items.ids[7]
    (folder / broken).write_bytes(b"\x89PNG")
    found = predict(model, folder, out=tmp_path / "out", sort="copy")
    assert [one.id for one in found.skipped] == [broken]
    assert list(found.items.ids) == list(found.assignment.ids)
    assert all(
        clusters[one] == cluster
        for one, cluster in zip(found.assignment.ids, found.assignment.labels, strict=True)
    )
    assert (tmp_path / "out" / "skipped.csv").is_file()


def test_the_summary_is_plain_json(model: Path, folder: Path, tmp_path: Path) -> None:
    found = predict(model, folder, out=tmp_path / "out", parquet=True)
    summary = json.loads(json.dumps(found.summary(), allow_nan=False))
    assert summary["n"] == sum(summary["sizes"]) == 60
    assert summary["files"] == ["assignments.csv", "assignments.parquet", "answer.json"]


def test_a_model_is_never_replaced_by_what_it_predicts(model: Path, folder: Path) -> None:
    before = sorted(model.parent.rglob("*"))
    for out in (model.parent, model, model / "new"):
        with pytest.raises(InputError, match=r"the model .*: choose a folder beside it"):
            predict(model, folder, out=out)
    assert sorted(model.parent.rglob("*")) == before


def test_a_labels_file_is_never_replaced(model: Path, folder: Path, tmp_path: Path) -> None:
    predict(model, folder, out=tmp_path / "out")
    labels = tmp_path / "out" / "assignments.csv"
    with pytest.raises(InputError, match="is or holds the labels"):
        predict(model, folder, labels=labels, out=tmp_path / "out")
    assert labels.is_file()


def test_paths_may_begin_with_the_home_folder(
    model: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    found = predict(model, "~/new", out="~/out")
    assert found.items.source == str(folder)
    assert found.saved is not None
    assert found.saved.out == tmp_path / "out"
    assert (tmp_path / "out" / "assignments.csv").is_file()


def test_a_model_of_vectors_classifies_new_images_by_their_own(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    old, new = tmp_path / "old.npy", tmp_path / "new.npy"
    np.save(old, rng.normal(size=(20, 3)) + np.repeat([[0], [50]], 10, axis=0))
    np.save(new, np.array([[50.0] * 3, [0.0] * 3, [50.0] * 3]))
    images = np.stack(bundled_digits().read(range(20)))
    out = tmp_path / "out"
    run = classify_images(images, 2, features=f"embedding:{old}", out=out, report=False)
    low, high = run.assignment.labels[0], run.assignment.labels[-1]
    found = predict(out / "model", images[:3], features=f"embedding:{new}")
    assert found.assignment.labels.tolist() == [high, low, high]
    with pytest.raises(InputError, match=r"--features embedding:NEW\.npy"):
        predict(out / "model", images[:3])
    np.save(new, np.zeros((3, 5)))
    with pytest.raises(InputError, match="has 5 columns; the model needs 3"):
        predict(out / "model", images[:3], features=f"embedding:{new}")


def test_a_model_that_looks_at_images_takes_no_vectors(model: Path, tmp_path: Path) -> None:
    np.save(tmp_path / "new.npy", np.zeros((3, 5)))
    pictures = np.stack(bundled_digits().read(range(3)))
    with pytest.raises(InputError, match="takes no file of vectors"):
        predict(model, pictures, features=f"embedding:{tmp_path / 'new.npy'}")
    with pytest.raises(InputError, match="A model brings its own features"):
        predict(model, pictures, features="hog")
