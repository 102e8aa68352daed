"""Memory that cannot be had in a fit raises MemoryError, leaks nothing and breaks nothing."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or not shutil.which("c++"),
    reason="needs a compiler, and Linux to put another operator new in place of the usual one",
)
HERE = Path(__file__).parent
TRIES = os.environ.get("KMOSAIC_TEST_TRIES", "60")  # allocations of a fit that fail, one at a time


@pytest.fixture(scope="module")
def failing_new(tmp_path_factory):
    library = tmp_path_factory.mktemp("new") / "failing_new.so"
    source = HERE / "failing_new.cpp"
    build = ["c++", "-std=c++20", "-O1", "-shared", "-fPIC", source, "-o", library]
    subprocess.run(build, check=True)
    return str(library)


@pytest.mark.parametrize("threads", ["1", "3"])
def test_an_allocation_that_fails_raises_memory_error_and_leaks_nothing(threads, failing_new):
    run = subprocess.run(
        [sys.executable, HERE / "failing_fits.py", TRIES],
        env={**os.environ, "LD_PRELOAD": failing_new, "KMOSAIC_NUM_THREADS": threads},
        capture_output=True,
        text=True,
        timeout=250,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)
    assert len(found) > 20
    assert {name: set(outcomes) for name, outcomes in found.items()} == {
        name: {"MemoryError"} for name in found
    }
