"""The benchmark runs from end to end, and its pages are drawn from what it wrote."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.__main__ import options
from benchmarks.libraries import LIBRARIES
from benchmarks.measure import Sample, Task, convergence
from benchmarks.rounds import Entry, stopped_early
from benchmarks.runner import _tell

REPOSITORY = Path(__file__).resolve().parents[2]


def run_benchmark(*arguments: str | Path) -> str:
    command = [sys.executable, "-m", "benchmarks", *map(str, arguments)]
    environment = os.environ | {"PYTHONWARNINGS": "default"}
    done = subprocess.run(
        command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("results")
    run_benchmark("--quick", "--only", "tiny", "--libraries", "kmosaic,sklearn", "--out", out)
    return out


def test_a_result_holds_what_each_library_needed_and_found(folder):
    result = json.loads((folder / "convergence-tiny.json").read_text())
    assert (result["n"], result["d"], result["k"]) == (150, 4, 3)
    assert [row["library"] for row in result["rows"]] == ["kmosaic", "sklearn"]
    for row in result["rows"]:
        assert row["seconds"] > 0
        assert row["inertia"] == pytest.approx(result["rows"][0]["inertia"], rel=1e-3)
        assert row["still_moving"] == 0
    assert result["rows"][1]["counts"]
    assert not result["rows"][0]["counts"]


def test_a_result_says_on_what_it_was_measured(folder):
    result = json.loads((folder / "convergence-tiny.json").read_text())
    assert result["quick"]
    assert result["versions"]["kmosaic"]
    assert result["machine"]["threads"] >= 1


def test_the_page_shows_every_library_and_the_mean(folder):
    page = (folder / "RESULTS.md").read_text()
    for words in ("## To convergence", "| scikit-learn |", "| kmosaic |", "geometric mean"):
        assert words in page
    assert "say nothing about speed" in page


def test_the_title_of_a_quick_run_tells_of_the_rows_that_were_run(folder):
    result = json.loads((folder / "convergence-tiny.json").read_text())
    assert result["title"] == "tiny, 150 × 4, k=3"
    assert "### tiny, 150 × 4, k=3" in (folder / "RESULTS.md").read_text()


def test_a_difference_below_nothing_is_unsure_and_no_time(capsys):
    library = next(library for library in LIBRARIES if library.name == "sklearn")
    _tell(Entry(library, [Sample(-1e-5, 0.1, None, [], 3)]))
    said = capsys.readouterr().out
    assert "unsure" in said
    assert "-0.0" not in said


def test_the_list_names_all_three_tables():
    said = run_benchmark("--list")
    for words in ("iteration, convergence", "seeding", "mnist-1000", "superkmeans"):
        assert words in said


@pytest.mark.parametrize(("needed", "told"), [(6, 5), (1, 1), (300, 300)])
def test_who_does_not_look_for_the_end_moves_its_centers_as_often_as_ours(needed, told):
    asked = []

    class Peer:
        library = next(library for library in LIBRARIES if library.name == "faiss")

        def ask(self, limit, **request):
            asked.append(request)
            return dict.fromkeys(("seconds", "extra", "centers", "n_iter", "algorithm"), 0)

    convergence(Peer(), Task(k=3, iterations=0, cap=300, needed=needed), None)
    assert asked[-1]["max_iter"] == told
    assert not stopped_early(told, needed)


@pytest.mark.parametrize(
    ("argument", "value", "message"),
    [("--only", "nonsense", "matches none of"), ("--threads", "0", "not a whole number from 1")],
)
def test_what_cannot_be_measured_is_refused(argument, value, message, capsys):
    with pytest.raises(SystemExit) as ended:
        options().parse_args([argument, value])
    assert ended.value.code == 2
    assert message in capsys.readouterr().err
