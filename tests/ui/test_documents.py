"""kmosaic documents, as it is typed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest


def test_the_answer_comes_first_with_names_and_labels(kmosaic: Any, topic_folder: Path) -> None:
    result = kmosaic("documents", topic_folder, "-k", 3)
    assert result.exit_code == 0, result.stderr
    lines = result.stdout.splitlines()
    assert lines[0] == "Grouped 60 documents into 3 clusters, without looking at their labels."
    assert "60 documents are UTF-8." in lines
    assert "kmosaic predict texts-groups/model NEW" in result.stdout
    assert Path("texts-groups/report.html").is_file()
    assert result.stderr == ""


def test_json_is_one_object_and_the_same_for_the_same_seed(
    kmosaic: Any, topic_folder: Path
) -> None:
    words = ("documents", topic_folder, "-k", 3, "--seed", 2, "--json", "--no-report")
    first, again = (json.loads(kmosaic(*words).stdout) for _ in range(2))
    for answer in (first, again):
        answer.pop("seconds")
        answer["why"] = [one for one in answer["why"] if "kept from an earlier run" not in one]
    assert first == again
    assert first["duplicates"]["documents"] == 0
    assert not Path("texts-groups/report.html").exists()


def test_a_table_and_its_model(kmosaic: Any, tmp_path: Path) -> None:
    rows = "".join(
        f"r{i},{'a goal in the match' if i % 2 else 'they vote for a party'},ok\n" for i in range(8)
    )
    (tmp_path / "reviews.csv").write_text(f"id,text,state\n{rows}")
    result = kmosaic("documents", "reviews.csv", "-k", 2, "--id", "id", "--labels", "state")
    assert result.exit_code == 0, result.stderr
    assert "The documents are the cells of column 'text'." in result.stdout
    done = kmosaic("predict", "reviews-groups/model", "reviews.csv", "--column", "text", "--json")
    assert json.loads(done.stdout)["sizes"] == [4, 4]
    shutil.copytree("reviews-groups/model", "other")
    refused = kmosaic("predict", "other", "reviews.csv", "--column", "text")
    assert refused.exit_code == 1
    assert "with the model reviews-groups/model: choose another place" in refused.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["none", "-k", "2"], "There is no file or folder 'none'"),
        (["t.csv", "-k", "2"], "has 2 columns of text: a, b. Choose one, for example --column a"),
        (["t.csv", "-k", "2", "--column", "c"], "has no column 'c'"),
        (["t.csv", "-k", "2", "--column", "a", "--features", "x"], "There are no features 'x'"),
        (["t.csv", "-k", "9", "--column", "a"], "9 clusters need at least 9 documents"),
        (["t.csv", "-k", "2", "--column", "a", "--encoding", "x"], "There is no encoding 'x'"),
        (["t.csv", "-k", "2", "--column", "a", "--features", "model:no"], "no sentence model"),
    ],
)
def test_bad_input_is_one_line(
    kmosaic: Any, tmp_path: Path, words: list[str], message: str
) -> None:
    text = "this is a long text"
    (tmp_path / "t.csv").write_text(f"a,b\n{text} one,{text}\n{text} two,{text}\n")
    result = kmosaic("documents", *words)
    assert result.exit_code == 1
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
