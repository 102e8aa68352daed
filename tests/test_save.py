from __future__ import annotations

import csv
import errno
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from kmosaic import load_model
from kmosaic._errors import InputError, OutputError
from kmosaic.data import bundled_digits
from kmosaic.pipeline import Run, run_images
from kmosaic.save import save_run

ALWAYS = {"assignments.csv", "model", "answer.json", ".kmosaic"}


@pytest.fixture(scope="module")
def run() -> Run:
    return run_images(bundled_digits().take(range(60)), n_clusters=4, features="pixels")


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_run_becomes_a_folder_with_everything(run: Run, tmp_path: Path) -> None:
    saved = save_run(run, tmp_path / "out", sort="copy", parquet=True)
    everything = ALWAYS | {"report.html", "sorted", "assignments.parquet"}
    assert names_in(tmp_path / "out") == everything
    assert {name.rstrip("/") for name in saved.files} == everything - {".kmosaic"}
    assert names_in(tmp_path) == {"out"}


def test_the_table_has_a_row_for_each_image(run: Run, tmp_path: Path) -> None:
    save_run(run, tmp_path / "out", report=False)
    with (tmp_path / "out" / "assignments.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["path"] for row in rows] == list(run.items.ids)
    assert [int(row["cluster"]) for row in rows] == run.assignment.labels.tolist()
    assert {"name", "distance", "margin", "label"} <= set(rows[0])


def test_the_saved_model_gives_the_same_clusters(run: Run, tmp_path: Path) -> None:
    save_run(run, tmp_path / "out", report=False)
    predicted, _ = load_model(tmp_path / "out" / "model").predict(run.items)
    assert_array_equal(predicted.labels, run.assignment.labels)


def test_the_answer_is_kept_as_json(run: Run, tmp_path: Path) -> None:
    save_run(run, tmp_path / "out", report=False)
    answer = json.loads((tmp_path / "out" / "answer.json").read_text())
    assert answer["n"] == 60
    assert answer["settings"] == run.settings


def test_sorted_folders_hold_every_image_once(run: Run, tmp_path: Path) -> None:
    saved = save_run(run, tmp_path / "out", sort="copy", report=False)
    images = list((tmp_path / "out" / "sorted").rglob("*.png"))
    assert len(images) == 60
    assert saved.sorted is not None
    assert sum(saved.sorted.counts.values()) == 60


def test_a_dry_run_writes_nothing_and_tells_everything(run: Run, tmp_path: Path) -> None:
    saved = save_run(run, tmp_path / "out", sort="copy", dry_run=True)
    assert names_in(tmp_path) == set()
    assert saved.dry_run
    assert saved.sorted is not None
    assert len(saved.sorted.files) == 60
    assert saved.files == save_run(run, tmp_path / "out", sort="copy").files


def test_what_kmosaic_made_is_replaced(run: Run, tmp_path: Path) -> None:
    save_run(run, tmp_path / "out", sort="copy")
    save_run(run, tmp_path / "out", report=False)
    assert names_in(tmp_path / "out") == ALWAYS


def test_a_folder_of_the_user_is_refused_and_left_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("mine")
    with pytest.raises(InputError, match="was not made by kmosaic"):
        save_run(run, tmp_path / "out")
    assert names_in(tmp_path / "out") == {"thesis.txt"}


@pytest.mark.parametrize("sort", ["none", "copy"])
def test_when_the_disk_is_full_the_old_result_stays_whole(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sort: Any
) -> None:
    save_run(run, tmp_path / "out", report=False)
    before = (tmp_path / "out" / "assignments.csv").read_bytes()

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="the disk is full"):
        save_run(run, tmp_path / "out", sort=sort)
    assert names_in(tmp_path) == {"out"}
    assert names_in(tmp_path / "out") == ALWAYS
    assert (tmp_path / "out" / "assignments.csv").read_bytes() == before


@pytest.mark.parametrize("part", ["report.html", "answer.json", "model/"])
def test_ctrl_c_at_any_part_leaves_nothing_half_written(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    def stop(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    target = {"report.html": "write_report", "answer.json": "write_answer"}.get(part)
    if target:
        monkeypatch.setattr(f"kmosaic.save.{target}", stop)
    else:
        monkeypatch.setattr("kmosaic.output.Model.save", stop)
    with pytest.raises(KeyboardInterrupt):
        save_run(run, tmp_path / "out", sort="copy")
    assert names_in(tmp_path) == set()


def test_a_run_on_vectors_is_saved_like_one_on_images(tmp_path: Path) -> None:
    from kmosaic.data import as_items

    X = np.random.default_rng(0).normal(size=(40, 5))
    run = run_images(as_items(X), n_clusters=3)
    save_run(run, tmp_path / "out")
    assert names_in(tmp_path / "out") == ALWAYS | {"report.html"}


def test_a_number_that_was_chosen_has_a_page_of_its_own(tmp_path: Path) -> None:
    items = bundled_digits().take(range(90))
    run = run_images(items, n_clusters="auto", max_k=4, features="pixels")
    save_run(run, tmp_path / "out")
    report = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert 'href="how-many.html"' in report
    assert "max_k=4" in report
    page = (tmp_path / "out" / "how-many.html").read_text("utf-8")
    assert "How many groups are in" in page
    answer = json.loads((tmp_path / "out" / "answer.json").read_text())["how_many"]
    assert answer["k"] == run.assignment.n_clusters
    assert set(answer["probabilities"]) == {"1", "2", "3", "4"}
    assert answer["confidence"] in ("low", "medium", "high")


def test_there_must_be_something_to_choose() -> None:
    with pytest.raises(InputError, match="max_k is 1: give 2 or more"):
        run_images(bundled_digits().take(range(9)), n_clusters="auto", max_k=1)
