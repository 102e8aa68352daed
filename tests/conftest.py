"""What all tests share: the real data, where it is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

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
