"""The way down a tree of splits as nodes of an ONNX model."""

from __future__ import annotations

from typing import Any

import numpy as np

from kmosaic.kmeans.flat_tree import Tree


def down(onnx: Any, tree: Tree, n_clusters: int) -> tuple[list[Any], dict[str, Any]]:
    """From to_nodes, squared distances (n, m) to the nodes, to label (n,) and squared (n, k).

    The second value is the constants, by name.
    """
    node = onnx.helper.make_node
    nodes = [
        node("Gather", ["to_nodes", "first"], ["to_first"], axis=1),
        node("Gather", ["to_nodes", "second"], ["to_second"], axis=1),
        node("Less", ["to_second", "to_first"], ["is_second"]),
        node("Cast", ["is_second"], ["which"], to=onnx.TensorProto.INT64),
        node("Shape", ["rows"], ["n"], start=0, end=1),
        node("ConstantOfShape", ["n"], ["root"], value=_tensor(onnx, [0])),
        node("Loop", ["depth", "always", "root"], ["leaf"], body=_step(onnx, tree)),
        node("Gather", ["labels", "leaf"], ["label"]),
        node("Gather", ["to_nodes", "leaves"], ["squared"], axis=1),
    ]
    halves, leaves = _halves(tree), _leaves(tree)
    constants = {
        "nodes": tree.centers.astype(np.float64),
        "first": halves[:, 0],
        "second": halves[:, 1],
        "labels": tree.labels.astype(np.int64),
        "leaves": leaves[np.minimum(np.arange(n_clusters), len(leaves) - 1)],  # the last for others
        "depth": np.array(tree.depth, np.int64),
        "always": np.array(True),
    }
    return nodes, constants


def _step(onnx: Any, tree: Tree) -> Any:
    """One split: from a node to the half of it that is nearer; a cluster stays where it is."""
    node, kinds = onnx.helper.make_node, onnx.TensorProto
    value = onnx.helper.make_tensor_value_info
    return onnx.helper.make_graph(
        [
            node("Unsqueeze", ["at", "last"], ["column"]),
            node("GatherElements", ["which", "column"], ["turns"], axis=1),
            node("Squeeze", ["turns", "last"], ["turn"]),
            node("Mul", ["at", "width"], ["start"]),
            node("Add", ["start", "turn"], ["place"]),
            node("Gather", ["halves", "place"], ["next"]),
            node("Identity", ["go_on"], ["goes_on"]),
        ],
        "one_split",
        [
            value("number", kinds.INT64, []),
            value("go_on", kinds.BOOL, []),
            value("at", kinds.INT64, ["n"]),
        ],
        [value("goes_on", kinds.BOOL, []), value("next", kinds.INT64, ["n"])],
        [
            _tensor(onnx, [1], "last"),
            _tensor(onnx, 2, "width"),
            _tensor(onnx, _halves(tree).ravel(), "halves"),
        ],
    )


def _halves(tree: Tree) -> Any:
    own = np.arange(len(tree.labels))[:, None]
    return np.where(tree.labels[:, None] < 0, tree.halves, own).astype(np.int64)


def _leaves(tree: Tree) -> Any:
    """The node of each cluster."""
    found = np.flatnonzero(tree.labels >= 0)
    return found[np.argsort(tree.labels[found])]


def _tensor(onnx: Any, value: Any, name: str = "") -> Any:
    return onnx.numpy_helper.from_array(np.asarray(value, np.int64), name)
