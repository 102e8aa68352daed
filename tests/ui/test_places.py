"""Where results go when nobody says where."""

from __future__ import annotations

from pathlib import Path

import pytest

from kmosaic.ui.places import default_out


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("source", "out"),
    [
        ("photos", "photos-groups"),
        ("data/scans.tar.gz", "scans-groups"),
        ("scans.ZIP", "scans-groups"),
        ("train-images-idx3-ubyte.gz", "train-images-idx3-ubyte-groups"),
        ("vectors.v2.npy", "vectors.v2-groups"),
        ("~nobody-of-this-name", "~nobody-of-this-name-groups"),
    ],
)
def test_the_ending_of_an_archive_or_array_is_left_out_of_the_name(source: str, out: str) -> None:
    assert default_out(Path(source), "groups") == Path(out)


def test_sources_with_a_dot_in_their_names_keep_results_apart() -> None:
    assert default_out(Path("scans.jan"), "groups") != default_out(Path("scans.feb"), "groups")


def test_a_folder_keeps_its_whole_name(here: Path) -> None:
    (here / "scans.zip").mkdir()
    assert default_out(Path("scans.zip"), "groups") == Path("scans.zip-groups")


@pytest.mark.parametrize("source", [".hidden", "-x", "/", ".zip"])
def test_a_name_is_never_hidden_or_taken_for_an_option(source: str) -> None:
    name = default_out(Path(source), "groups").name
    assert name.startswith("images")
    assert name.endswith("-groups")


def test_results_of_the_folder_one_stands_in_go_beside_it(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "photos").mkdir()
    monkeypatch.chdir(here / "photos")
    assert default_out(Path(), "groups") == here / "photos-groups"
