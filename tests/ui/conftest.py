from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from kmosaic.ui.cli import app

Command = Callable[..., Result]


@pytest.fixture
def kmosaic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run the command line in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


def save_images(folder: Path, count: int, shade: int = 0) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(shade)
    for number in range(count):
        picture = random.integers(shade, shade + 50, (12, 12, 3), np.uint8)
        Image.fromarray(picture).save(folder / f"{number}.png")


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Twelve dark and eight bright images, each kind in a folder of its own."""
    save_images(tmp_path / "photos" / "dark", 12)
    save_images(tmp_path / "photos" / "bright", 8, shade=200)
    return tmp_path / "photos"
