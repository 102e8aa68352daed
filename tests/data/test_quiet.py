from __future__ import annotations

import subprocess
import sys
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor

import pytest

from kmosaic.data import quiet
from kmosaic.data.quiet import quiet_pillow


def warn_as_pillow() -> None:
    warnings.warn_explicit("corrupt", UserWarning, "Image.py", 1, module="PIL.Image")


def test_warnings_of_pillow_are_not_heard_inside() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with quiet_pillow():
            warn_as_pillow()
        with pytest.raises(UserWarning, match="corrupt"):
            warn_as_pillow()


def test_other_warnings_are_heard_inside() -> None:
    with quiet_pillow(), pytest.warns(RuntimeWarning, match="mine"):
        warnings.warn("mine", RuntimeWarning, stacklevel=1)


def test_the_filters_are_as_before_when_the_last_thread_leaves() -> None:
    before = list(warnings.filters)
    together = threading.Barrier(4)

    def visit(_: int) -> None:
        for _ in range(200):
            with quiet_pillow():
                warn_as_pillow()
        together.wait()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(visit, range(4)))
    assert list(warnings.filters) == before


def test_filters_that_the_caller_swaps_meanwhile_keep_no_trace() -> None:
    before = list(warnings.filters)
    inside = quiet_pillow()
    inside.__enter__()
    with warnings.catch_warnings():
        inside.__exit__(None, None, None)
    assert list(warnings.filters) == before
    with warnings.catch_warnings():
        inside = quiet_pillow()
        inside.__enter__()
    inside.__exit__(None, None, None)
    assert list(warnings.filters) == before
    assert quiet._touched == []


def test_what_pillow_logs_is_not_printed() -> None:
    program = (
        "import logging; from kmosaic.data import quiet; "
        "logging.getLogger('PIL.TiffImagePlugin').error('damaged')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout + done.stderr == b""
