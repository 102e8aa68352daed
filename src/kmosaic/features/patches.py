"""Small patterns that k-means finds in the images, and where each image shows them.

Coates and Ng, "The importance of encoding versus training with sparse coding and vector
quantization" (ICML 2011), and Coates, Lee and Ng, "An analysis of single-layer networks in
unsupervised feature learning" (AISTATS 2011).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from kmosaic._engine import Data
from kmosaic._errors import InputError
from kmosaic.data.items import Image
from kmosaic.features.base import ImageFeatures, Matrix
from kmosaic.features.canvas import Size, choose_size, stack
from kmosaic.features.look import look
from kmosaic.features.pixels import Color, choose_color
from kmosaic.features.steady import one_thread

_CONTRAST_FLOOR = np.float32(10)  # added to the variance (of 0..255): flat patches stay flat
_LEARN_FROM = 2_000  # images
_MOST_ROUNDS = 50  # of k-means: the patterns are good long before it comes to rest
_NOISE = 0.1  # added to the variance of each direction before whitening, as in the paper


class Patches(ImageFeatures):
    """How much of each learned pattern is in each quarter of the image.

    n_patterns: how many patterns k-means learns. patch: their side in pixels. n_patches: how many
    patches they are learned from, drawn with random_state. size, color: see `Pixels`. A patch
    answers to the patterns that are nearer to it than the average one ("triangle" activation), and
    the answers are averaged over the quarters of the image: 4 * n_patterns columns.

    >>> images = np.random.default_rng(0).integers(0, 255, (9, 12, 12), dtype=np.uint8)
    >>> Patches(n_patterns=5).fit_transform(images).shape
    (9, 20)
    """

    together = 32

    def __init__(
        self,
        n_patterns: int = 256,
        patch: int = 6,
        n_patches: int = 40_000,
        size: int | Size | None = None,
        color: Color | None = None,
        random_state: int = 0,
    ) -> None:
        self.n_patterns = n_patterns
        self.patch = patch
        self.n_patches = n_patches
        self.size = size
        self.color = color
        self.random_state = random_state

    def fit(self, X: Any, y: Any = None) -> Self:
        """Learn how to whiten patches, and the patterns."""
        if min(self.n_patterns, self.patch) < 1 or self.n_patches < self.n_patterns:
            raise InputError("Patches need n_patterns and patch of 1 or more, n_patches of more.")
        images = look(X, _LEARN_FROM, self.random_state)
        height, width = choose_size(self.size, images, otherwise=32)
        # Room for one patch in each quarter.
        self.size_ = max(height, self.patch + 1), max(width, self.patch + 1)
        self.color_ = choose_color(self.color, images)
        with one_thread():
            drawn = self._drawn(images)
            self.mean_ = drawn.mean(axis=0, dtype=np.float64).astype(np.float32)
            self.whitening_ = _zca(drawn - self.mean_)
            self.patterns_ = self._patterns((drawn - self.mean_) @ self.whitening_)
        return self

    def rows(self, images: Sequence[Image]) -> Matrix:
        """How much of each pattern is in each quarter, shape (n, 4 * n_patterns)."""
        out = np.empty((len(images), self._n_features_out), dtype=np.float32)
        # One image at a time: the memory stays small, and each product has the same shape.
        for row, image in zip(out, images, strict=True):
            row[:] = self._quarters(self._answers(self._windows([image])[0]))
        return out

    def _windows(self, images: Sequence[Image]) -> npt.NDArray[np.uint8]:
        """All patches, (n, down, across, patch * patch * channels) as a view where possible."""
        canvas = stack(images, self.size_, gray=self.color_ == "gray")
        canvas = canvas.reshape(len(images), *self.size_, -1)
        return sliding_window_view(canvas, (self.patch, self.patch), axis=(1, 2))

    def _drawn(self, images: list[Image]) -> Matrix:
        random = np.random.default_rng(self.random_state)
        windows = self._windows(images)
        n, down, across = windows.shape[:3]
        at = [random.integers(0, bound, self.n_patches) for bound in (n, down, across)]
        return _contrast_normalized(windows[tuple(at)].reshape(self.n_patches, -1))

    def _patterns(self, whitened: Matrix) -> Matrix:
        random = np.random.RandomState(self.random_state)
        data = Data(whitened)
        starts = whitened[data.different_rows(self.n_patterns, random)]
        fit = data.fit(starts, max_iter=_MOST_ROUNDS)
        return np.ascontiguousarray(fit.centers, dtype=np.float32)

    def _answers(self, windows: npt.NDArray[np.uint8]) -> Matrix:
        """The answer of each place in one image to each pattern, (down, across, n_patterns)."""
        down, across = windows.shape[:2]
        patches = _contrast_normalized(windows.reshape(down * across, -1)) - self.mean_
        whitened = patches @ self.whitening_
        squared = np.square(whitened).sum(axis=1, keepdims=True)
        squared = (
            squared - 2 * (whitened @ self.patterns_.T) + np.square(self.patterns_).sum(axis=1)
        )
        distance = np.sqrt(np.maximum(squared, 0))
        answers = np.maximum(distance.mean(axis=1, keepdims=True) - distance, 0)
        result: Matrix = answers.reshape(down, across, -1)
        return result

    def _quarters(self, answers: Matrix) -> Matrix:
        middle, center = answers.shape[0] // 2, answers.shape[1] // 2
        halves = (answers[:middle], answers[middle:])
        quarters = [part for half in halves for part in (half[:, :center], half[:, center:])]
        return np.concatenate([quarter.mean(axis=(0, 1)) for quarter in quarters])

    @property
    def max_side(self) -> int | None:
        """Twice the canvas, so that the last step of making it smaller is a smooth one."""
        return 2 * max(self.size_)

    @property
    def _n_features_out(self) -> int:
        return 4 * len(self.patterns_)


def _contrast_normalized(patches: npt.NDArray[np.uint8]) -> Matrix:
    values = patches.astype(np.float32)
    values -= values.mean(axis=1, keepdims=True)
    values /= np.sqrt(np.square(values).mean(axis=1, keepdims=True) + _CONTRAST_FLOOR)
    return values


def _zca(centered: Matrix) -> Matrix:
    """The symmetric matrix that makes all directions of the patches vary alike."""
    covariance = centered.astype(np.float64).T @ centered / len(centered)
    variances, directions = np.linalg.eigh(covariance)
    scaled = directions / np.sqrt(np.maximum(variances, 0) + _NOISE)
    return np.ascontiguousarray(scaled @ directions.T, dtype=np.float32)
