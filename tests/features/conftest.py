"""Small images of every kind, and one maker for each kind of features."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from kmosaic.features import (
    HOG,
    ONNX,
    Color,
    Combined,
    Embedding,
    ImageFeatures,
    Patches,
    Pixels,
    Reduced,
    Straightened,
)

Images = list[np.ndarray]


@pytest.fixture(scope="session")
def photos() -> Images:
    """Smooth random pictures in color, all of one size."""
    random = np.random.default_rng(5)
    coarse = random.integers(0, 256, (40, 4, 4, 3)).astype(np.uint8)
    return list(
        coarse.repeat(4, axis=1).repeat(4, axis=2) // 2
        + random.integers(0, 99, (40, 16, 16, 3), np.uint8)
    )


@pytest.fixture(scope="session")
def mixed() -> Images:
    """Pictures of many sizes, gray and in color, one of a single pixel."""
    random = np.random.default_rng(6)
    shapes = [(1, 1), (9, 30), (30, 9, 3), (16, 16), (100, 80, 3), (7, 7, 3), (1, 40), (64, 64, 3)]
    return [random.integers(0, 256, shape, dtype=np.uint8) for shape in shapes]


@pytest.fixture(scope="session")
def signs() -> Images:
    """Strokes of several slants, white on black, 28 x 28."""
    images = []
    for slant in np.linspace(-0.8, 0.8, 30):
        image = np.zeros((28, 28), np.uint8)
        for y in range(5, 23):
            x = round(13 + slant * (y - 13))
            image[y, x : x + 3] = 255
        image[5:8, 8:20] = 255
        images.append(image)
    return images


@pytest.fixture(scope="session")
def onnx_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A convolution, averaged: images (n, 3, 8, 8) to rows "pooled" (n, 5); also "maps"."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    weights = np.random.default_rng(7).normal(size=(5, 3, 3, 3)).astype(np.float32)
    graph = helper.make_graph(
        [
            helper.make_node("Conv", ["images", "weights"], ["maps"]),
            helper.make_node("GlobalAveragePool", ["maps"], ["small"]),
            helper.make_node("Flatten", ["small"], ["pooled"]),
        ],
        "tiny",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, ["n", 3, 8, 8])],
        [
            helper.make_tensor_value_info("pooled", TensorProto.FLOAT, ["n", 5]),
            helper.make_tensor_value_info("maps", TensorProto.FLOAT, ["n", 5, 6, 6]),
        ],
        [numpy_helper.from_array(weights, "weights")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    path = tmp_path_factory.mktemp("onnx") / "tiny.onnx"
    onnx.save(model, path)
    return path


Make = Callable[[str, int], ImageFeatures]


@pytest.fixture
def make(tmp_path: Path, onnx_model: Path) -> Make:
    """A function that makes the features of a name for a number of images."""

    def embedding(n: int) -> Embedding:
        path = tmp_path / f"vectors{n}.npy"
        np.save(path, np.random.default_rng(n).normal(size=(n, 6)))
        return Embedding(str(path))

    def of(name: str, n: int) -> ImageFeatures:
        makers = {
            "pixels": Pixels,
            "hog": HOG,
            "color": Color,
            "patches": lambda: Patches(n_patterns=7, n_patches=200),
            "embedding": lambda: embedding(n),
            "onnx": lambda: ONNX(str(onnx_model), mean=(0.4, 0.5, 0.6), std=0.25),
            "combined": lambda: Combined((HOG(mirror=True), Color()), weights=(1.0, 0.5)),
            "reduced": lambda: Reduced(HOG(), n_components=4, whiten=1.0),
            "straightened": lambda: Straightened(HOG()),
        }
        return makers[name]()

    return of
