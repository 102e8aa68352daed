"""Runs to report on, built from scikit-learn's digits."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_digits

from kmosaic.data.items import Skipped
from kmosaic.pipeline import Run

from .runs import Flat, SomeItems, cluster

NO_BROWSER = "no Chromium or Chrome is on PATH: install one, or name it in KMOSAIC_BROWSER"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly, and not only as an "s" among the dots, that the page was not looked at."""
    everything = terminalreporter.stats.get("skipped", [])
    skipped = [one for one in everything if NO_BROWSER in str(one.longrepr)]
    if skipped:
        terminalreporter.section("BROWSER TESTS SKIPPED", yellow=True, bold=True)
        terminalreporter.line(f"{len(skipped)} tests: {NO_BROWSER}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """An installed Chromium or Chrome; the tests are skipped, loudly, where there is none."""
    asked = os.environ.get("KMOSAIC_BROWSER")
    program = asked or next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.skip(NO_BROWSER)
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield found
        found.close()
    gc.collect()  # what the browser left behind is freed here, not in some later test


def listened_to(browser: Any, path: Path, width: int, height: int) -> Any:
    """A page of the browser at a file; `faults` are what its console and its scripts said."""
    page = browser.new_page(viewport={"width": width, "height": height})
    page.faults = []
    page.on("console", lambda message: page.faults.append(message.text))
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.goto(path.as_uri())
    return page


@pytest.fixture(scope="session")
def digits() -> SomeItems:
    """600 digits of 8×8 pixels with their labels."""
    found = load_digits()
    images = np.rint(found.images[:600] * 255 / 16).astype(np.uint8)
    labels = np.array([str(label) for label in found.target[:600]], dtype=object)
    ids = [f"{label}/digit-{i:04}.png" for i, label in enumerate(labels)]
    return SomeItems(list(images), ids, labels, source="digits/")


@pytest.fixture(scope="session")
def run_digits(digits: SomeItems) -> Callable[..., Run]:
    """Make a run on the digits: run_digits(k, ...)."""

    def make(k: int = 10, *, items: SomeItems = digits, **more: Any) -> Run:
        return cluster(items, Flat().rows(items.images), k, **more)

    return make


@pytest.fixture(scope="session")
def digits_run(run_digits: Callable[..., Run]) -> Run:
    """Ten clusters of digits, named by their labels, with two skipped files."""
    skipped = (Skipped("broken.png", "truncated"), Skipped("notes.txt.png", "not an image"))
    return run_digits(10, skipped=skipped)


@pytest.fixture(scope="session")
def vectors_run() -> Run:
    """Rows of plain numbers: no images, no labels."""
    random = np.random.default_rng(0)
    X = (random.normal(size=(120, 6)) + 6 * random.integers(0, 2, size=(120, 1))).astype(np.float32)
    ids = [f"row {i}" for i in range(120)]
    return cluster(SomeItems((), ids, source="table.npy", kind="vectors"), X, 3)
