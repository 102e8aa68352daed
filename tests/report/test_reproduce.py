"""What the page tells the reader to type does the same run."""

from __future__ import annotations

import ast
import shlex
from pathlib import Path

import pytest

from kmosaic.report.reproduce import command, python, versions

SETTINGS = {
    "n_clusters": 12,
    "features": "onnx:my model.onnx",
    "embed": "none",
    "seed": 7,
    "n_init": "auto",
    "labeled_fraction": 0.01,
    "names": None,
    "kmosaic": "0.1.0",
}


def test_a_command_survives_spaces_and_quotes(tmp_path: Path) -> None:
    folder = tmp_path / "it's a `photo` $(folder)"
    folder.mkdir()
    words = shlex.split(command(str(folder), SETTINGS) or "")
    assert words[:3] == ["kmosaic", "images", str(folder)]
    assert words[3:] == [
        "-k", "12", "--features", "onnx:my model.onnx", "--embed", "none",
        "--labeled-fraction", "0.01", "--seed", "7", "--n-init", "auto",
    ]  # fmt: skip


def test_a_source_that_looks_like_an_option_is_not_taken_for_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("-photos").mkdir()
    assert command("-photos", {"n_clusters": 2}) == "kmosaic images -k 2 -- -photos"


def test_control_characters_do_not_reach_the_terminal(tmp_path: Path) -> None:
    folder = tmp_path / "a\x1b[31mb\nc"
    folder.mkdir()
    told = command(str(folder), {"n_clusters": 2})
    assert told is not None
    assert told.isprintable()


def test_the_python_code_parses_and_says_the_same(tmp_path: Path) -> None:
    call = ast.parse(python(str(tmp_path), SETTINGS)).body[-1].value  # type: ignore[attr-defined]
    assert ast.literal_eval(call.args[0]) == str(tmp_path)
    given = {one.arg: ast.literal_eval(one.value) for one in call.keywords}
    expected = {key: value for key, value in SETTINGS.items() if value is not None}
    del expected["kmosaic"]
    assert given == expected


def test_images_from_memory_have_no_command_but_code() -> None:
    assert command("an array of shape (9, 8, 8)", SETTINGS) is None
    code = python("an array of shape (9, 8, 8)", SETTINGS)
    ast.parse(code)
    assert "run_images(\n    items,\n" in code


def test_versions_of_what_is_installed_are_told() -> None:
    names = [name for name, _ in versions()]
    assert names[0] == "Python"
    assert {"numpy", "scikit-learn"} <= set(names)
