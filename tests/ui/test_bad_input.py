"""Each kind of bad input is one clear line, exit code 1, and nothing written."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image


def save_some(folder: str, pictures: Any) -> None:
    Path(folder).mkdir()
    for number, picture in enumerate(pictures):
        Image.fromarray(picture).save(Path(folder, f"{number}.png"))


def an_empty_folder() -> str:
    Path("empty").mkdir()
    return "empty"


def a_text_file() -> str:
    Path("notes.txt").write_text("no images here")
    return "notes.txt"


def a_single_image() -> str:
    Image.new("L", (8, 8)).save("one.png")
    return "one.png"


def only_corrupt_images() -> str:
    Path("corrupt").mkdir()
    for number in range(5):
        Path("corrupt", f"{number}.png").write_bytes(b"\x89PNG\r\n\x1a\n and then nothing")
    return "corrupt"


def three_images() -> str:
    save_some("three", np.random.default_rng(0).integers(0, 256, (3, 8, 8), np.uint8))
    return "three"


def twelve_images_of_which_two_differ() -> str:
    save_some("copies", [np.full((8, 8), 255 * (n % 2), np.uint8) for n in range(12)])
    return "copies"


def vectors_with(value: float) -> Callable[[], str]:
    def vectors() -> str:
        X = np.random.default_rng(0).normal(size=(30, 4))
        X[17, 2] = value
        np.save("vectors.npy", X)
        return "vectors.npy"

    return vectors


SOURCES: dict[str, tuple[Callable[[], str], str]] = {
    "nothing": (lambda: "missing", "no file or folder 'missing'"),
    "an empty folder": (an_empty_folder, "empty"),
    "a text file instead of a folder": (a_text_file, "notes.txt is none of what can be read"),
    "an image instead of a folder": (a_single_image, "one.png is a single image"),
    "only corrupt images": (only_corrupt_images, "None of the 5 images"),
    "more clusters than images": (three_images, "there are 3 in three"),
    "more clusters than different images": (twelve_images_of_which_two_differ, "2 that differ"),
    "NaN in vectors": (vectors_with(np.nan), "17"),
    "infinity in vectors": (vectors_with(-np.inf), "17"),
}


def expect_one_line(result: Any, words: str) -> None:
    assert result.exit_code == 1, result.output
    assert result.stdout == ""
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    assert words in result.stderr


@pytest.mark.parametrize("what", SOURCES)
def test_a_source_that_cannot_be_grouped(kmosaic: Any, tmp_path: Path, what: str) -> None:
    make, words = SOURCES[what]
    source = make()
    before = set(tmp_path.iterdir())
    expect_one_line(kmosaic("images", source, "-k", 5, "--out", "out"), words)
    assert set(tmp_path.iterdir()) == before


def test_a_labels_file_that_names_no_image(kmosaic: Any, photos: Path) -> None:
    Path("labels.csv").write_text("path,label\nelsewhere/1.png,cat\n")
    result = kmosaic("images", photos, "-k", 2, "--labels", "labels.csv")
    expect_one_line(result, "labels.csv")


def test_a_labels_file_that_is_not_there(kmosaic: Any, photos: Path) -> None:
    expect_one_line(kmosaic("images", photos, "-k", 2, "--labels", "gone.csv"), "gone.csv")


def test_a_names_file_of_another_k(kmosaic: Any, photos: Path) -> None:
    Path("names.csv").write_text("cluster,name\n7,cats\n")
    result = kmosaic("images", photos, "-k", 2, "--names", "names.csv")
    expect_one_line(result, "there is no cluster '7'")


def test_unknown_features(kmosaic: Any, photos: Path) -> None:
    expect_one_line(kmosaic("images", photos, "-k", 2, "--features", "smell"), "'smell'")


@pytest.mark.parametrize("fraction", ["0", "1", "2.5"])
def test_a_part_of_the_labels_that_is_none(kmosaic: Any, photos: Path, fraction: str) -> None:
    result = kmosaic("images", photos, "-k", 2, "--labeled-fraction", fraction)
    expect_one_line(result, "between 0 and 1")


def test_an_out_folder_of_the_user_is_refused_before_any_work(
    kmosaic: Any, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def work(*_: object, **__: object) -> None:
        raise AssertionError("work began")

    Path("out").mkdir()
    Path("out", "thesis.txt").write_text("mine")
    monkeypatch.setattr("kmosaic.tasks.images.open_images", work)
    expect_one_line(kmosaic("images", photos, "-k", 2, "--out", "out"), "not made by kmosaic")
    assert Path("out", "thesis.txt").read_text() == "mine"


@pytest.mark.parametrize("out", ["photos", "photos/groups", "."])
def test_an_out_folder_that_touches_the_source(kmosaic: Any, photos: Path, out: str) -> None:
    expect_one_line(kmosaic("images", photos, "-k", 2, "--out", out), "choose")
    assert len(list(photos.rglob("*.png"))) == 20


def test_no_permission_to_write(
    kmosaic: Any, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda _, mode: mode == os.R_OK)  # root may write anywhere
    expect_one_line(kmosaic("images", photos, "-k", 2, "--out", "out"), "no permission to write")


def test_a_full_disk_while_writing(
    kmosaic: Any, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    words = ("--features", "color", "--no-cache", "--out", "out", "--sort", "copy")
    expect_one_line(kmosaic("images", photos, "-k", 2, *words), "the disk is full")
    assert set(tmp_path.iterdir()) == {photos}


@pytest.fixture
def model(kmosaic: Any, photos: Path) -> Path:
    assert kmosaic("images", photos, "-k", 2, "--out", "groups", "--no-report").exit_code == 0
    return Path("groups", "model")


def test_a_model_of_another_version(kmosaic: Any, photos: Path, model: Path) -> None:
    card = json.loads((model / "model.json").read_text())
    (model / "model.json").write_text(json.dumps(card | {"version": 999}))
    expect_one_line(kmosaic("predict", model, photos), "version 999")


def test_a_model_that_was_tampered_with(kmosaic: Any, photos: Path, model: Path) -> None:
    centers = model / "centers.safetensors"
    content = bytearray(centers.read_bytes())
    content[-1] ^= 1
    centers.write_bytes(content)
    expect_one_line(kmosaic("predict", model, photos), "damaged or was changed")


def test_a_model_that_is_not_there(kmosaic: Any, photos: Path) -> None:
    expect_one_line(kmosaic("predict", "nowhere", photos), "nowhere")


def test_new_images_that_are_all_corrupt(kmosaic: Any, model: Path) -> None:
    expect_one_line(kmosaic("predict", model, only_corrupt_images()), "None of the 5")


def test_a_demo_folder_without_mnist(kmosaic: Any) -> None:
    Path("mnist").mkdir()
    expect_one_line(kmosaic("demo", "--mnist", "mnist"), "mnist")


def test_json_stays_silent_on_standard_output_when_something_is_wrong(kmosaic: Any) -> None:
    expect_one_line(kmosaic("images", "missing", "-k", 2, "--json"), "missing")
