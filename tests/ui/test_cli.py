from __future__ import annotations

import importlib
import json
import os
import re
import signal
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kmosaic.data import bundled_digits

QUICK = ("--features", "color")


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_without_arguments_the_help_is_shown(kmosaic: Any) -> None:
    result = kmosaic()
    assert "kmosaic demo" in result.output
    assert result.exit_code == 2


def test_however_it_is_run_it_is_called_kmosaic(monkeypatch: pytest.MonkeyPatch) -> None:
    from kmosaic.ui import cli

    called = {}
    monkeypatch.setattr(cli, "app", lambda **given: called.update(given))
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    cli.main()
    assert called == {"prog_name": "kmosaic"}


COMMANDS = [
    "images",
    "documents",
    "segment",
    "compress",
    "anomalies",
    "choose-k",
    "predict",
    "demo",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_an_example(kmosaic: Any, command: str) -> None:
    result = kmosaic(command, "--help")
    assert result.exit_code == 0
    assert "Example" in result.output
    assert f"kmosaic {command}" in result.output


def test_the_version_is_printed(kmosaic: Any) -> None:
    result = kmosaic("--version")
    assert (result.exit_code, result.stdout) == (0, f"kmosaic {version('kmosaic')}\n")


def test_images_are_grouped_into_a_folder_named_after_them(kmosaic: Any, photos: Path) -> None:
    result = kmosaic("images", photos, "-k", 2, *QUICK)
    assert result.exit_code == 0
    assert "Cluster 0: dark (12)" in result.stdout or "Cluster 1: dark (12)" in result.stdout
    assert "Accuracy: 100% with" in result.stdout
    assert result.stderr == ""  # no bars where there is no terminal
    assert {"report.html", "assignments.csv", "model"} <= names_in(Path("photos-groups"))


def test_the_folder_one_stands_in_can_be_grouped(
    kmosaic: Any, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(photos)
    assert kmosaic("images", ".", "-k", 2, *QUICK).exit_code == 0
    assert (photos.parent / "photos-groups" / "report.html").is_file()
    assert names_in(photos) == {"dark", "bright"}


def test_without_labels_sizes_are_shown(kmosaic: Any, photos: Path) -> None:
    result = kmosaic("images", photos, "-k", 2, *QUICK, "--labels", "none")
    assert re.search(r"^Cluster [01]: 12$", result.stdout, re.MULTILINE)
    assert "Accuracy" not in result.stdout


def test_names_come_from_a_file(kmosaic: Any, photos: Path) -> None:
    Path("names.csv").write_text("cluster,name\n0,night\n1,day\n")
    words = ("--labels", "none", "--names", "names.csv", "--sort", "copy", "--out", "out")
    result = kmosaic("images", photos, "-k", 2, *QUICK, *words)
    assert "(night)" in result.stdout
    assert names_in(Path("out", "sorted")) - {".kmosaic"} == {"day", "night"}


def test_json_is_one_object_and_nothing_else(kmosaic: Any, photos: Path) -> None:
    result = kmosaic("images", photos, "-k", 2, *QUICK, "--json", "--out", "out")
    answer = json.loads(result.stdout)
    assert result.stdout.count("\n") == 1
    assert result.stderr == ""
    expected = {"n", "d", "k", "inertia", "n_iter", "sizes", "scores", "seconds", "files"}
    assert expected <= set(answer)
    assert (answer["n"], answer["k"], sum(answer["sizes"])) == (20, 2, 20)
    assert all(Path("out", name).exists() for name in answer["files"])


def test_a_dry_run_writes_nothing(kmosaic: Any, photos: Path) -> None:
    before = names_in(Path())
    result = kmosaic("images", photos, "-k", 2, *QUICK, "--sort", "copy", "--dry-run")
    assert result.exit_code == 0
    assert "Would write photos-groups/" in result.stdout
    assert "20 images in 2 folders" in result.stdout
    assert names_in(Path()) == before


def test_new_images_are_classified_with_the_model(kmosaic: Any, photos: Path) -> None:
    kmosaic("images", photos, "-k", 2, *QUICK, "--out", "groups")
    result = kmosaic("predict", "groups/model", photos, "--sort", "copy", "--out", "new")
    assert result.exit_code == 0
    assert "Classified 20 images" in result.stdout
    assert len(list(Path("new", "sorted", "dark").glob("*.png"))) == 12
    answer = json.loads(kmosaic("predict", "groups/model", photos, "--json").stdout)
    assert answer["scores"]["accuracy_majority"] == 1
    assert names_in(Path("photos-predicted")) == {"assignments.csv", "answer.json", ".kmosaic"}


def test_images_of_mixed_sizes_and_modes_are_no_error(kmosaic: Any, photos: Path) -> None:
    from PIL import Image

    for number, mode in enumerate(("1", "L", "LA", "P", "RGBA", "CMYK", "I;16")):
        suffix = "tif" if mode == "CMYK" else "png"
        Image.new(mode, (5 + 9 * number, 30)).save(photos / "dark" / f"odd-{number}.{suffix}")
    result = kmosaic("images", photos, "-k", 3, "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["n"] == 27


def test_a_file_that_cannot_be_read_is_skipped_and_told(kmosaic: Any, photos: Path) -> None:
    (photos / "dark" / "broken.png").write_bytes(b"\x89PNG but no more")
    result = kmosaic("images", photos, "-k", 2, *QUICK, "--out", "out")
    assert result.exit_code == 0
    assert "1 could not be read" in result.stdout
    assert "broken.png" in Path("out", "skipped.csv").read_text()


def test_the_demo_prints_clusters_accuracy_and_time(kmosaic: Any) -> None:
    result = kmosaic("demo", "--embed", "none")
    assert result.exit_code == 0
    lines = [line for line in result.stdout.splitlines() if line.startswith("Cluster")]
    assert len(lines) == 10
    assert all(re.fullmatch(r"Cluster \d: \d \(\d+\)(, \d \(\d+\)){0,2}", line) for line in lines)
    assert re.search(r"Accuracy: 9\d\.\d%", result.stdout)
    assert "Time: " in result.stdout
    assert {"report.html", "assignments.csv", "sorted", "model"} <= names_in(Path("demo"))


def test_the_demo_reads_mnist_from_a_folder(kmosaic: Any, tmp_path: Path) -> None:
    digits = bundled_digits().take(range(200))
    pictures = np.stack(digits.read(range(200)))
    (tmp_path / "mnist").mkdir()
    header = bytes([0, 0, 8, 3]) + np.array(pictures.shape, ">u4").tobytes()
    (tmp_path / "mnist" / "train-images-idx3-ubyte").write_bytes(header + pictures.tobytes())
    result = kmosaic("demo", "--mnist", "mnist", "--embed", "none", "--json")
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["n"] == 200


def test_the_demo_says_that_it_fetches_before_it_does(
    kmosaic: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = importlib.import_module("kmosaic.tasks.demonstration")
    monkeypatch.setattr(task, "fetch_mnist", lambda tell: bundled_digits())
    result = kmosaic("demo", "--mnist", "--embed", "none")
    assert result.exit_code == 0
    assert "Fetching MNIST from openml.org" in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("images", "photos"),
        ("images", "photos", "-k", "many"),
        ("images", "photos", "-k", "0"),
        ("images", "photos", "-k", "2", "--sort", "move"),
        ("images", "photos", "-k", "2", "--embed", "tsne"),
        ("images", "photos", "-k", "2", "--n-init", "-1"),
        ("images", "photos", "-k", "2", "--unknown"),
        ("demo", "folder"),
        ("nothing",),
    ],
)
def test_a_wrong_command_line_exits_with_2(kmosaic: Any, photos: Path, words: Any) -> None:
    result = kmosaic(*words)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Usage" in result.stderr


def stop(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    "stage",
    [
        "kmosaic.tasks.images.open_images",
        "kmosaic.pipeline.steps.cached_extract",
        "kmosaic.kmeans.KMeans.fit",
        "kmosaic.pipeline.flow.name_and_score",
        "kmosaic.output.Model.save",
        "kmosaic.save.write_report",
    ],
)
def test_ctrl_c_at_any_stage_exits_with_130_and_leaves_nothing(
    kmosaic: Any, photos: Path, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    monkeypatch.setattr(stage, stop)
    result = kmosaic("images", photos, "-k", 2, *QUICK, "--out", "out", "--sort", "copy")
    assert result.exit_code == 130
    assert "Stopped" in result.stderr
    assert result.stdout == ""
    assert names_in(Path()) == {"photos"}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals")
@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_during_kmeans_stops_the_command(
    tmp_path: Path, sent: signal.Signals, code: int
) -> None:
    noise = np.random.default_rng(0).normal(size=(20_000, 32)).astype(np.float32)
    np.save(tmp_path / "noise.npy", noise)
    words = ["images", "noise.npy", "-k", "256", "--n-init", "1000", "--out", "out"]
    command = [sys.executable, "-m", "kmosaic", *words]
    screen, terminal = os.openpty()
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "60"}
    process = subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=terminal, env=environment
    )
    os.close(terminal)
    shown = read_until(screen, b"k-means")
    process.send_signal(sent)
    shown += read_until(screen, b"nothing else is shown, so this reads to the end")
    out, _ = process.communicate(timeout=60)
    os.close(screen)
    assert (process.returncode, out) == (code, b"")
    assert b"Traceback" not in shown
    assert names_in(tmp_path) == {"noise.npy"}


def read_until(screen: int, words: bytes) -> bytes:
    """What a terminal shows, up to these words or to its end."""
    shown = b""
    while words not in shown:
        try:
            part = os.read(screen, 4096)
        except OSError:  # how Linux says that nobody writes any more
            break
        if not part:
            break
        shown += part
    return shown


def test_the_number_of_clusters_of_a_table_is_told(kmosaic: Any, tmp_path: Path) -> None:
    rows = np.concatenate([np.random.default_rng(0).normal(at, 1, (40, 2)) for at in (0, 9, 20)])
    np.savetxt(tmp_path / "t.csv", rows, delimiter=",", header="a,b", comments="")
    result = kmosaic("choose-k", tmp_path / "t.csv", "--max-k", 6, "--out", tmp_path / "out")
    assert result.exit_code == 0
    assert result.stdout.startswith("K = 3 (confidence: high")
    assert "The columns are a, b." in result.stdout
    assert {"report.html", "criteria.csv", "answer.json"} <= names_in(tmp_path / "out")
    asked = ("--also", "medoid-silhouette", "--json")
    answer = json.loads(kmosaic("choose-k", tmp_path / "t.csv", "--max-k", 6, *asked).stdout)
    assert len(answer["criteria"]["medoid_silhouette"]) == 5
    assert (answer["k"], answer["n"], answer["confidence"]) == (3, 120, "high")


def test_images_are_grouped_without_a_number(kmosaic: Any, photos: Path) -> None:
    result = kmosaic("images", photos, "-k", "auto", *QUICK)
    assert result.exit_code == 0
    assert "confidence" in result.stdout
    assert kmosaic("images", photos, "-k", "some", *QUICK).exit_code == 2
