"""Where results go when nobody says where."""

from __future__ import annotations

from pathlib import Path

import pytest

from kmosaic._errors import InputError
from kmosaic._store.whole_folder import whole_folder
from kmosaic.ui.places import default_out, place_of_several


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
        ("sqlite:///data/shop.db?table=my orders", "shop-my-orders-groups"),
        ("duckdb:///shop.duckdb", "shop-groups"),
        ("book.xlsx?sheet=May", "book-May-groups"),
        ("~nobody-of-this-name", "~nobody-of-this-name-groups"),
    ],
)
def test_the_ending_of_an_archive_or_a_table_is_left_out_of_the_name(source: str, out: str) -> None:
    assert default_out(source, "groups", "images") == Path(out)


def test_sources_with_a_dot_in_their_names_keep_results_apart() -> None:
    assert default_out(Path("scans.jan"), "groups", "images") != default_out(
        Path("scans.feb"), "groups", "images"
    )


def test_a_folder_keeps_its_whole_name(here: Path) -> None:
    (here / "scans.zip").mkdir()
    assert default_out(Path("scans.zip"), "groups", "images") == Path("scans.zip-groups")


@pytest.mark.parametrize("source", [".hidden", "-x", "/", ".zip"])
def test_a_name_is_never_hidden_or_taken_for_an_option(source: str) -> None:
    name = default_out(Path(source), "groups", "images").name
    assert name.startswith("images")
    assert name.endswith("-groups")


def test_results_of_the_folder_one_stands_in_go_beside_it(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "photos").mkdir()
    monkeypatch.chdir(here / "photos")
    assert default_out(Path(), "groups", "images") == here / "photos-groups"


def test_a_result_of_another_source_or_command_is_not_replaced_unasked(here: Path) -> None:
    for folder in ("a", "b"):
        (here / folder).mkdir()
        (here / folder / "t.csv").write_text("x")
    out = default_out("a/t.csv", "groups", "images")
    with whole_folder(out, source="a/t.csv", command="images"):
        pass
    assert default_out(here / "a" / "t.csv", "groups", "images") == out  # the same again
    for source, command in (("b/t.csv", "images"), ("a/t.csv", "documents")):
        with pytest.raises(InputError, match="holds the result of kmosaic images for a/t"):
            default_out(source, "groups", command)


def test_what_another_model_said_of_the_same_rows_is_not_replaced_unasked(here: Path) -> None:
    (here / "t.csv").write_text("x")
    for model in ("a/model", "b/model"):
        (here / model).mkdir(parents=True)
    out = default_out("t.csv", "predicted", "predict", "a/model")
    with whole_folder(out, source="t.csv", command="predict", model="a/model"):
        pass
    assert default_out("t.csv", "predicted", "predict", here / "a" / "model") == out
    with pytest.raises(InputError, match=r"predict for t\.csv with the model a/model: choose"):
        default_out("t.csv", "predicted", "predict", "b/model")
    with whole_folder(out, source="t.csv", command="predict"):  # of an earlier version
        pass
    assert default_out("t.csv", "predicted", "predict", "b/model") == out


def test_results_that_do_not_say_what_they_are_of_are_replaced(here: Path) -> None:
    (here / "t.csv").write_text("x")
    with whole_folder(here / "t-groups"):
        pass
    assert default_out("t.csv", "groups", "images") == Path("t-groups")


def test_results_are_not_lost_to_a_pattern_whose_files_nobody_has_looked_for(here: Path) -> None:
    for folder in ("a", "b"):
        (here / folder).mkdir()
        (here / folder / "one.png").touch()
    with whole_folder(here / "compressed", source=(Path("a/one.png"),), command="compress"):
        pass
    with pytest.raises(InputError, match="compressed holds the result of kmosaic compress for"):
        place_of_several(["b/*.png"], "compressed", "compress")
    assert place_of_several(["b/missing.png"], "compressed", "compress") == Path("compressed")
