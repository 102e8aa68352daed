from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from kmosaic._errors import InputError
from kmosaic.data import bundled_digits
from kmosaic.tasks import demo

task = importlib.import_module("kmosaic.tasks.demonstration")


@pytest.fixture(autouse=True)
def few_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(task, "bundled_digits", lambda: bundled_digits().take(range(200)))


def test_the_demo_finds_the_ten_digits_and_writes_everything(tmp_path: Path) -> None:
    run = demo(tmp_path / "demo", embed="none")
    assert run.scores is not None
    assert run.scores.accuracy_majority > 0.8
    written = {path.name for path in (tmp_path / "demo").iterdir()}
    assert {"report.html", "assignments.csv", "sorted", "model"} <= written


def test_the_demo_refuses_a_folder_of_the_user_before_it_fetches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fetch(_: object) -> None:
        raise AssertionError("it was fetched")

    monkeypatch.setattr(task, "fetch_mnist", fetch)
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match="was not made by kmosaic"):
        demo(tmp_path / "demo", mnist=True)


def test_the_demo_can_be_repeated(tmp_path: Path) -> None:
    first, second = (demo(tmp_path / "demo", embed="none") for _ in range(2))
    assert first.kmeans.inertia_ == second.kmeans.inertia_
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]
