from collections.abc import Callable
from typing import Any, TypedDict

import numpy as np
import numpy.typing as npt

_Doubles = npt.NDArray[np.float64]
_Integers = npt.NDArray[np.int32]

class _Found(TypedDict):
    centers: _Doubles
    labels: _Integers
    inertia: float
    n_iter: int
    converged: bool
    algorithm: str
    why: str
    bytes: int
    screened: int
    decided: int
    largest_bound: float

class _Data:
    finite: bool
    distance_bound: float
    simd: str
    def __init__(self, rows: Any, weights: _Doubles | None, threads: int, simd: str) -> None: ...
    def mean_variance(self) -> float: ...
    def plus_plus(self, k: int, trials: int, uniforms: _Doubles) -> npt.NDArray[np.int64]: ...
    def draw_rows(self, uniforms: _Doubles) -> npt.NDArray[np.int64]: ...
    def algorithms(self, k: int) -> list[str]: ...
    def fit(
        self,
        centers: _Doubles,
        max_iter: int,
        tolerance: float,
        algorithm: str,
        on_iteration: Callable[[int, float, int, float, float], None] | None,
        on_labels: Callable[[_Integers], None] | None = None,
        memory_limit: int = 0,
    ) -> _Found: ...
    def nearest(self, centers: _Doubles) -> tuple[_Integers, _Doubles]: ...
    def nearest_two(self, centers: _Doubles) -> tuple[_Integers, _Doubles, _Integers, _Doubles]: ...
    def squared_distances(self, centers: _Doubles) -> _Doubles: ...

class DataFloat32(_Data): ...
class DataFloat64(_Data): ...
class DataUint8(_Data): ...

def algorithms() -> list[str]: ...
def instruction_sets() -> list[str]: ...
