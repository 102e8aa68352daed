"""Documents in, groups out, in one call."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

import kmosaic
from kmosaic._errors import InputError


@pytest.fixture(scope="module")
def result(topic_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("result") / "groups"
    kmosaic.classify_documents(topic_folder, 3, out=out, sort="hardlink", parquet=True)
    return out


def test_the_result_is_whole(result: Path) -> None:
    names = {path.name for path in result.iterdir()}
    assert names == {
        ".kmosaic", "assignments.csv", "assignments.parquet", "terms.csv", "sorted", "model",
        "report.html", "answer.json",
    }  # fmt: skip
    with (result / "assignments.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["path", "cluster", "name", "distance", "margin", "label",
                             "duplicate_of"]  # fmt: skip
    assert len(rows) == 60
    assert json.loads((result / "answer.json").read_text())["k"] == 3


def test_documents_are_sorted_by_link(result: Path, topic_folder: Path) -> None:
    files = list((result / "sorted").rglob("*.txt"))
    assert len(files) == 60
    assert len({file.parent.name for file in files}) == 3
    originals = {file.stat().st_ino for file in topic_folder.rglob("*.txt")}
    assert {file.stat().st_ino for file in files} == originals


def test_cells_of_a_table_are_sorted_as_files(tmp_path: Path) -> None:
    rows = ["goal in the match today", "the vote of a party today"] * 4
    (tmp_path / "t.csv").write_text("text,n\n" + "".join(f"{row},1\n" for row in rows))
    kmosaic.classify_documents(tmp_path / "t.csv", 2, out=tmp_path / "out", sort="symlink")
    files = list((tmp_path / "out" / "sorted").rglob("*.txt"))
    assert sorted(file.read_text() for file in files) == sorted(rows)


def test_a_column_that_names_documents_names_them_in_the_results(tmp_path: Path) -> None:
    rows = ["goal in the match today", "the vote of a party today"] * 4
    lines = "".join(f"{row},t{i}\n" for i, row in enumerate(rows))
    (tmp_path / "t.csv").write_text("text,ticket\n" + lines)
    out = tmp_path / "out"
    kmosaic.classify_documents(tmp_path / "t.csv", 2, id_column="ticket", out=out)
    kmosaic.predict(out / "model", tmp_path / "t.csv", id_column="ticket", out=tmp_path / "new")
    for folder in (out, tmp_path / "new"):
        assert (folder / "assignments.csv").read_text().startswith("ticket,cluster,")


def test_a_model_classifies_new_documents(result: Path, topic_folder: Path) -> None:
    found = kmosaic.predict(result / "model", topic_folder / "space")
    assert len(found.items) == 20
    assert found.assignment.sizes.max() >= 18
    with pytest.raises(InputError, match="Columns are of tables"):
        kmosaic.predict(result / "model", topic_folder, column="text")


def test_names_may_be_given(topic_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "names.csv").write_text("cluster,name\n0,first\n1,second\n2,third\n")
    run = kmosaic.classify_documents(topic_folder, 3, names=tmp_path / "names.csv")
    assert run.names.names == ("first", "second", "third")
    with pytest.raises(InputError, match="Names need a known number"):
        kmosaic.classify_documents(topic_folder, "auto", names=tmp_path / "names.csv")


def test_results_never_touch_the_source(topic_folder: Path) -> None:
    with pytest.raises(InputError, match="lies inside the source"):
        kmosaic.classify_documents(topic_folder, 3, out=topic_folder / "out")


def test_a_dry_run_writes_nothing(topic_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run = kmosaic.classify_documents(topic_folder, 3, out=out, sort="copy", dry_run=True)
    assert run.saved.dry_run
    assert not out.exists()


@pytest.mark.filterwarnings("error")
def test_documents_that_are_all_the_same_give_no_warning() -> None:
    assert len(kmosaic.classify_documents(["cat dog"] * 2, 1, cache=False).items) == 2


def test_new_documents_are_told_how_they_were_read(result: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    new.mkdir()
    (new / "a.txt").write_bytes(b"a goal in the match for 5 \xa3, as all the others said here")
    found = kmosaic.predict(result / "model", new, out=tmp_path / "out")
    answer = json.loads((tmp_path / "out" / "answer.json").read_text())
    assert answer["why"] == list(found.why)
    assert "1 was read as CP1252, by its looks (a.txt)" in found.why[0]
