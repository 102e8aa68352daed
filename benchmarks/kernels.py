"""Each kernel, on each instruction set: held against its slow truth by the tests, then timed.

python -m benchmarks.kernels [--only nearest ...] [--simd avx512 ...] [--unchecked]
"""

from __future__ import annotations

import argparse
import subprocess
import sys

import numpy as np

from benchmarks.kernel_tests import FOLDER, find_tests
from kmosaic import _core

# "sparse" rows store every tenth value; leaves have few columns.
SHAPES = [(2, 50), (3, 256), (16, 100), (64, 256), (128, 1024), (784, 10), (784, 256)]  # (d, k)
BY_DTYPE = [
    "range",
    "pack",
    "pack_int16",
    "level",
    "squared_distance",
    "known_distance",
    "accumulate",
    "quick_distances",
    "few",
    "compact",
    "leaf_nearest",
    "leaf_sum",
    "sparse_scores",
    "sparse_dots",
    "sparse_add",
    "sparse_move",
]
FLOAT_ONLY = [
    "pair_columns",
    "off_spread",
    "keep_lanes",
    "least_lanes",
    "distance_lanes",
    "pack_centers",
    "nearest",
    "scores",
    "pack_centers_int16",
    "nearest_int16",
    "round_row",
    "sift_int16",
    "best_of_few",
    "review",
    "sift",
    "least_bounds",
    "failing",
    "failing_lanes",
    "lower_lanes",
    "reach_shorts",
    "pair_products",
    "pair_products_int16",
    "pair_differences",
    "pair_squares",
    "add_roots",
]
BYTES_ONLY = ["reach_bytes", "byte_distance", "center_distances", "few_bytes"]
ALL = BY_DTYPE + FLOAT_ONLY + BYTES_ONLY
# The most centers that a kernel is made for; as in cpp/bindings/kernels_bench.cpp.
MOST_CENTERS = {"few": 16, "best_of_few": 16, "few_bytes": 16, "reach_bytes": 8, "reach_shorts": 8}
PASS_OPERATIONS = 4e7  # what one timed pass does at most, about
PASS_BYTES = 4e5  # small enough for the second-level cache
REPEATS = 9
LEAF_COLUMNS = 3  # of the shapes above, those that leaves are made for


def main() -> int:
    """Check, then print one line for each kernel, type and shape."""
    options = _options()
    if not options.unchecked and not _checked(options.only):
        return 1
    for simd in options.simd:
        peak = _core.peak(simd, 30)
        print(f"\n{simd}: {peak / 1e9:.0f} GFLOP/s of multiply-adds at most, one core, float32")
        for kernel in options.only or ALL:
            for dtype in _dtypes(kernel):
                print(_line(simd, kernel, dtype, peak), flush=True)
    return 0


def _line(simd: str, kernel: str, dtype: str, peak: float) -> str:
    figures = []
    shapes = shapes_of(kernel)
    for d, k in shapes:
        seconds, operations, size = _timed(simd, kernel, dtype, d, k)
        if operations:
            share = f" {100 * operations / seconds / peak:3.0f}%"
            figures.append(f"{operations / seconds / 1e9:6.1f} GFLOP/s{share}")
        else:
            figures.append(f"{size / seconds / 1e9:6.1f} GB/s        ")
    pairs = zip(shapes, figures, strict=True)
    return f"{kernel:16} {dtype:8} " + "  ".join(f"{d}x{k}: {figure}" for (d, k), figure in pairs)


def shapes_of(kernel: str) -> list[tuple[int, int]]:
    """Columns and centers that a kernel is timed with."""
    most = MOST_CENTERS.get(kernel, sys.maxsize)
    return list(dict.fromkeys((d, min(k, most)) for d, k in SHAPES if d <= _most_columns(kernel)))


def _dtypes(kernel: str) -> list[str]:
    if kernel not in BY_DTYPE:
        return ["uint8"] if kernel in BYTES_ONLY else ["float32"]
    return ["float32", "float64"] if "sparse" in kernel else ["float32", "float64", "uint8"]


def _most_columns(kernel: str) -> int:
    return LEAF_COLUMNS if "leaf" in kernel else 784


def _timed(simd: str, kernel: str, dtype: str, d: int, k: int) -> tuple[float, float, float]:
    random = np.random.default_rng(0)
    n = int(min(PASS_OPERATIONS / (2 * d * k), PASS_BYTES / (d * np.dtype(dtype).itemsize)))
    rows = (random.random((max(n // 64, 1) * 64, d)) * 200).astype(dtype)
    centers = (random.random((k, d)) * 200).astype(np.float32)
    return _core.time_kernel(simd, kernel, rows, centers, REPEATS)


def _checked(only: list[str]) -> bool:
    tests = find_tests(only) if only else [str(FOLDER)]
    if not tests:
        print("no test of its own: tests/kmeans holds the algorithms that use it to plain Lloyd")
        return True
    command = [sys.executable, "-m", "pytest", "-q", *tests]
    return subprocess.run(command, check=False).returncode == 0


def _options() -> argparse.Namespace:
    sets = [name for name in _core.instruction_sets() if name != "reference"]
    parser = argparse.ArgumentParser(description="Check and time every kernel.")
    parser.add_argument("--simd", nargs="*", default=sets, choices=sets)
    parser.add_argument("--only", nargs="*", default=[], choices=ALL)
    parser.add_argument("--unchecked", action="store_true", help="time only")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
