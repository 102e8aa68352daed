"""The README's Python code and the tutorial's three blocks run as they stand."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from sklearn.datasets import load_digits
from sklearn.utils import Bunch

README = Path(__file__).resolve().parents[1] / "README.md"

TUTORIAL = [
    """
import numpy as np
from sklearn.datasets import fetch_openml

mnist = fetch_openml('mnist_784')
X = mnist.data  # Images as feature vectors
y = mnist.target  # True image labels
""",
    """
from kmosaic import KMeans

num_clusters = 10  # Since MNIST has digits 0-9
kmeans = KMeans(n_clusters=num_clusters)
kmeans.fit(X)
""",
    """
# ... previous steps ...

y_pred = kmeans.labels_  # Cluster assignments

# You might analyze clusters like this:
from collections import Counter
for cluster_id in range(num_clusters):
    print("Cluster", cluster_id)
    print("Dominant labels:", Counter(y[y_pred == cluster_id]).most_common(3))
""",
]


def python_blocks(text: str) -> list[str]:
    return re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)


@pytest.fixture
def photos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder `photos/` that the README speaks of."""
    random = np.random.default_rng(0)
    (tmp_path / "photos").mkdir()
    for number in range(40):
        picture = random.integers(0, 256, (16, 16, 3), np.uint8)
        Image.fromarray(picture).save(tmp_path / "photos" / f"{number}.png")
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("photos")
def test_the_code_in_the_readme_runs(capsys: pytest.CaptureFixture[str]) -> None:
    blocks = python_blocks(README.read_text())
    assert blocks
    names: dict[str, Any] = {}
    for block in blocks:
        exec(compile(block, "README.md", "exec"), names)
    assert capsys.readouterr().out
    assert Path("groups", "report.html").is_file()


def test_the_first_code_in_the_readme_has_six_lines() -> None:
    first = python_blocks(README.read_text())[0]
    assert len([line for line in first.splitlines() if line.strip()]) <= 6


def test_the_pictures_in_the_readme_are_there_and_small() -> None:
    pictures = re.findall(r"!\[.*?\]\((.*?)\)", README.read_text())
    assert pictures
    assert all((README.parent / picture).stat().st_size < 300_000 for picture in pictures)


def openml_digits(name: str) -> Bunch:
    """Digits in the shape in which OpenML returns MNIST: a frame of ints, text categories."""
    assert name == "mnist_784"
    digits = load_digits()
    columns = [f"pixel{j + 1}" for j in range(digits.data.shape[1])]
    target = pd.Series(digits.target.astype(str), name="class", dtype="category")
    return Bunch(data=pd.DataFrame(digits.data.astype(np.int64), columns=columns), target=target)


def test_the_tutorials_three_blocks_run_unchanged_but_for_the_import(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sklearn.datasets.fetch_openml", openml_digits)
    names: dict[str, Any] = {}
    for block in TUTORIAL:
        exec(compile(block, "tutorial", "exec"), names)
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == 20
    assert all(line.startswith("Dominant labels: [('") for line in printed[1::2])
    assert names["kmeans"].feature_names_in_[0] == "pixel1"
