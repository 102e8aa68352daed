from __future__ import annotations

import pytest

from kmosaic.data import Items, bundled_digits
from kmosaic.pipeline import Run, run_images


@pytest.fixture(scope="session")
def digits() -> Items:
    return bundled_digits().take(range(300))


@pytest.fixture(scope="session")
def run(digits: Items) -> Run:
    return run_images(digits, n_clusters=10, features="hog", n_init=3)
