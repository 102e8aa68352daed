"""The benchmark of the kernels leaves none out."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from benchmarks.kernel_tests import CALLED, FOLDER, find_tests
from benchmarks.kernels import ALL, BYTES_ONLY, MOST_CENTERS, _dtypes, shapes_of

from kmosaic import _core

HEADER = Path(__file__).resolve().parents[2] / "cpp" / "kernels" / "kernels.hpp"
NOT_TIMED = {"multiply_adds"}  # is what the others are measured by


def test_every_kernel_of_the_table_is_timed():
    table = set(re.findall(r"\(\*(\w+)\)\(", HEADER.read_text())) - NOT_TIMED
    timed = {name.removeprefix("sparse_") for name in ALL}
    assert timed == table


@pytest.mark.parametrize("kernel", ALL)
def test_a_kernel_takes_time_and_does_something(kernel):
    rows, centers = np.ones((64, 3), np.float32), np.ones((20, 3), np.float32)
    for simd in _core.instruction_sets():
        seconds, operations, moved = _core.time_kernel(simd, kernel, rows, centers, 1)
        assert seconds >= 0
        assert operations + moved > 0


def test_kernels_of_bytes_are_timed_on_bytes_and_those_of_few_centers_with_few():
    assert _dtypes("few_bytes") == ["uint8"]
    assert _dtypes("nearest") == ["float32"]
    assert max(k for _, k in shapes_of("few_bytes")) == 16
    assert (784, 256) in shapes_of("nearest")
    assert set(MOST_CENTERS) | set(BYTES_ONLY) <= set(ALL)


def test_only_the_find_tests_a_kernel_are_run_for_it():
    assert [test.split("::")[1] for test in find_tests(["few_bytes"])] == [
        "test_scores_of_rows_of_bytes_have_the_error_of_few_additions"
    ]
    assert len(find_tests(["reach_shorts"])) == 1  # through a table of the file
    assert 1 < len(find_tests(["nearest", "few"])) < len(find_tests(ALL))


def test_every_test_of_kernels_is_that_of_some_kernel():
    tests = re.findall(
        r"^def (test_\w+)", "\n".join(f.read_text() for f in FOLDER.glob("*.py")), re.M
    )
    assert sorted(test.split("::")[1] for test in find_tests(ALL)) == sorted(tests)
    assert set(CALLED) <= set(ALL)


def test_every_file_of_kernels_is_in_their_readme():
    text = (HEADER.parent / "README.md").read_text()
    files = [file.name.removesuffix(".inl.hpp") for file in HEADER.parent.iterdir()]
    assert [name for name in files if f"`{name}`" not in text] == ["README.md"]
