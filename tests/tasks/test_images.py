from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from kmosaic import classify_images
from kmosaic._errors import InputError
from kmosaic._events import Progress
from kmosaic.data import bundled_digits


@pytest.fixture(scope="module")
def digits() -> np.ndarray:
    return np.stack(bundled_digits().read(range(120)))


def test_an_array_is_grouped_without_writing_anything(
    digits: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run = classify_images(digits, 5, features="pixels")
    assert run.assignment.sizes.sum() == 120
    assert run.saved is None
    assert list(tmp_path.iterdir()) == []


def test_the_array_is_not_changed(digits: np.ndarray) -> None:
    before = digits.copy()
    classify_images(digits, 5, features="hog")
    assert_array_equal(digits, before)


def test_a_saved_run_tells_what_was_written_and_how_long_it_took(
    digits: np.ndarray, tmp_path: Path
) -> None:
    run = classify_images(digits, 5, features="pixels", out=tmp_path / "out", sort="copy")
    assert run.saved is not None
    assert all((tmp_path / "out" / name).exists() for name in run.saved.files)
    assert {"images", "features", "k-means", "sorting", "report"} <= set(run.seconds)
    assert run.summary()["out"] == str(tmp_path / "out")


def test_settings_tell_where_labels_and_names_came_from(digits: np.ndarray, tmp_path: Path) -> None:
    names = tmp_path / "names.csv"
    names.write_text("cluster,name\n0,loops\n")
    run = classify_images(digits, 5, features="pixels", names=names, labels="none")
    assert run.names[0] == "loops"
    assert (run.settings["names"], run.settings["labels"]) == (str(names), "none")


def test_names_are_checked_before_the_images_are_opened(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.csv"):
        classify_images("no such folder", 5, names=tmp_path / "gone.csv")


def test_every_stage_reaches_its_end_for_whoever_listens(
    digits: np.ndarray, tmp_path: Path
) -> None:
    events: list[Progress] = []
    classify_images(
        digits, 5, features="hog", out=tmp_path / "out", sort="copy", on_progress=events.append
    )
    last = {event.stage: event for event in events}
    assert {"images", "features", "k-means", "sorting", "report"} <= set(last)
    assert all(event.done == event.total for event in last.values())


def test_paths_may_begin_with_the_home_folder(
    digits: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    np.save(tmp_path / "digits.npy", digits)
    (tmp_path / "names.csv").write_text("cluster,name\n0,loops\n")
    run = classify_images(
        "~/digits.npy", 5, features="pixels", names="~/names.csv", out="~/out", report=False
    )
    assert run.names[0] == "loops"
    assert run.items.source == str(tmp_path / "digits.npy")
    assert run.saved is not None
    assert run.saved.out == tmp_path / "out"
    assert (tmp_path / "out" / "model").is_dir()


@pytest.mark.parametrize("option", ["names", "labels", "features"])
def test_no_file_that_is_read_is_replaced(digits: np.ndarray, tmp_path: Path, option: str) -> None:
    classify_images(digits, 5, features="pixels", out=tmp_path / "out", report=False)
    file = str(tmp_path / "out" / "assignments.csv")
    given = {option: f"embedding:{file}" if option == "features" else file}
    with pytest.raises(InputError, match=f"is or holds the {option}"):
        classify_images(digits, 5, out=tmp_path / "out", **given)
