"""The benchmark of the kernels leaves none out."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from benchmarks.kernels import BY_DTYPE, FLOAT_ONLY

from kmosaic import _core

HEADER = Path(__file__).resolve().parents[2] / "cpp" / "kernels" / "kernels.hpp"
NOT_TIMED = {"multiply_adds"}  # is what the others are measured by


def test_every_kernel_of_the_table_is_timed():
    table = set(re.findall(r"\(\*(\w+)\)\(", HEADER.read_text())) - NOT_TIMED
    timed = {name.removeprefix("sparse_") for name in BY_DTYPE + FLOAT_ONLY}
    assert timed == table


@pytest.mark.parametrize("kernel", BY_DTYPE + FLOAT_ONLY)
def test_a_kernel_takes_time_and_does_something(kernel):
    rows, centers = np.ones((64, 3), np.float32), np.ones((20, 3), np.float32)
    for simd in _core.instruction_sets():
        seconds, operations, moved = _core.time_kernel(simd, kernel, rows, centers, 1)
        assert seconds >= 0
        assert operations + moved > 0
