"""What all tests share: the real data, where it is."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import pytest

# Another build of the package in place of the installed one (tools/sanitize).
if package := os.environ.get("KMOSAIC_TEST_PACKAGE"):
    sys.meta_path[:] = [
        finder for finder in sys.meta_path if "ScikitBuild" not in type(finder).__name__
    ]
    sys.path.insert(0, package)
    import kmosaic._core

    assert kmosaic._core.__file__.startswith(package), kmosaic._core.__file__

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data (KMOSAIC_DATA, else ../shared/data); skips the test without it."""
    folder = Path(os.environ.get("KMOSAIC_DATA", REPOSITORY.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"needs the shared real data; {folder} is not there (set KMOSAIC_DATA)")
    return folder


@pytest.fixture(autouse=True, scope="session")
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the tests' cached features apart from the user's."""
    os.environ["KMOSAIC_CACHE"] = str(tmp_path_factory.mktemp("cache"))


MakeImages = Callable[..., Path]


@pytest.fixture
def make_images(tmp_path: Path) -> MakeImages:
    """A function that fills a folder with small random pictures and returns the folder.

    make_images(["cat/1.png", "dog/1.jpg"]) writes them below tmp_path / "images"; the suffix
    decides the format, and the same seed gives the same pictures.
    """

    def make(
        names: Iterable[str],
        folder: str = "images",
        *,
        size: tuple[int, int] = (8, 6),
        mode: str = "RGB",
        seed: int = 0,
    ) -> Path:
        random = np.random.default_rng(seed)
        for name in names:
            file = tmp_path / folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            pixels = random.integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
            PIL.Image.fromarray(pixels).convert(mode).save(file)
        return tmp_path / folder

    return make


@pytest.fixture(scope="session")
def topics() -> tuple[list[str], list[str]]:
    """Sixty short English texts of three topics, and the topic of each."""
    words = {
        "sport": "goal match player team coach league stadium referee penalty cup",
        "cooking": "oven butter flour recipe sugar bake dough kitchen taste salt",
        "space": "orbit rocket planet launch moon telescope star astronaut mission galaxy",
    }
    common = "day people year place time news work town friend story"
    random = np.random.default_rng(0)
    texts, labels = [], []
    for number in range(60):
        topic = list(words)[number % 3]
        own = random.choice(words[topic].split(), 12).tolist()
        own += random.choice(common.split(), 6).tolist()
        random.shuffle(own)
        texts.append(f"Report {number}\n\nThis is the story of {' and the '.join(own)}.")
        labels.append(topic)
    return texts, labels


@pytest.fixture(scope="session")
def topic_folder(topics: tuple[list[str], list[str]], tmp_path_factory: Any) -> Path:
    """The same as text files, in a folder for each topic."""
    root = tmp_path_factory.mktemp("topics") / "texts"
    for number, (text, topic) in enumerate(zip(*topics, strict=True)):
        file = root / topic / f"{number}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return root  # type: ignore[no-any-return]
