"""Centers as an ONNX model, so that other programs can predict and transform.

The squared differences are summed as they are, in float64 and one center at a time: it would be
faster to compute |x|² − 2xc + |c|², and all digits would be lost of rows far from zero or near to a
center.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from kmosaic._errors import InputError
from kmosaic._optional import need
from kmosaic.kmeans.flat_tree import Tree

INPUTS = ("float32", "float64", "uint8")

_OPSET, _IR_VERSION = 17, 8  # of 2022: what runs models knows them, and they have all that we need


def onnx_of(centers: Any, dtype: Any = None, tree: Tree | None = None) -> Any:
    """An onnx.ModelProto: X (n, d) in; label (n,) int64 and distances (n, k) out.

    dtype: of X, one of INPUTS, the centers' own by default; distances are float64 unless X is
    float32. tree: the way to the label, where it is not simply the nearest center.
    """
    onnx: Any = need("onnx", extra="onnx")
    given = str(np.dtype(centers.dtype if dtype is None else dtype))
    if given not in INPUTS:
        raise InputError(f"dtype must be one of {', '.join(INPUTS)}, not {given}.")
    kinds, helper = onnx.TensorProto, onnx.helper
    taken = helper.np_dtype_to_tensor_dtype(np.dtype(given))
    found = kinds.FLOAT if given == "float32" else kinds.DOUBLE
    nodes, constants = _nearest(onnx, centers) if tree is None else _down(onnx, centers, tree)
    graph = helper.make_graph(
        [
            helper.make_node("Cast", ["X"], ["rows"], to=kinds.DOUBLE),
            *nodes,
            helper.make_node("Sqrt", ["squared"], ["exact"]),
            helper.make_node("Cast", ["exact"], ["distances"], to=found),
        ],
        "kmeans",
        [helper.make_tensor_value_info("X", taken, ["n", centers.shape[1]])],
        [
            helper.make_tensor_value_info("label", kinds.INT64, ["n"]),
            helper.make_tensor_value_info("distances", found, ["n", len(centers)]),
        ],
        [onnx.numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    return helper.make_model(
        graph,
        opset_imports=[helper.make_opsetid("", _OPSET)],
        ir_version=_IR_VERSION,
        producer_name="kmosaic",
    )


def _nearest(onnx: Any, centers: Any) -> tuple[list[Any], dict[str, Any]]:
    """From rows to squared (n, k) and label, the first of the nearest; and the constants."""
    node = onnx.helper.make_node
    nodes = [
        *_squared(onnx, "centers", "squared", centers.shape[1]),
        node("ArgMin", ["squared"], ["label"], axis=1, keepdims=0),
    ]
    return nodes, {"centers": centers.astype(np.float64)}


def _down(onnx: Any, centers: Any, tree: Tree) -> tuple[list[Any], dict[str, Any]]:
    """The same where the label is at the end of a way of splits, to the nearer half at each."""
    node = onnx.helper.make_node
    own = np.arange(len(tree.labels))[:, None]
    halves = np.where(tree.labels[:, None] < 0, tree.halves, own).astype(np.int64)
    leaves = np.flatnonzero(tree.labels >= 0)
    leaves = leaves[np.argsort(tree.labels[leaves])]
    of_label = np.minimum(np.arange(len(centers)), len(leaves) - 1)  # the last stands for others
    constants = {
        "nodes": tree.centers.astype(np.float64),
        "first": halves[:, 0],
        "second": halves[:, 1],
        "halves": halves.ravel(),
        "labels": tree.labels.astype(np.int64),
        "leaves": leaves[of_label],
        "depth": np.array(tree.depth, np.int64),
        "always": np.array(True),
    }
    nodes = [
        *_squared(onnx, "nodes", "to_nodes", tree.centers.shape[1]),
        node("Gather", ["to_nodes", "first"], ["to_first"], axis=1),
        node("Gather", ["to_nodes", "second"], ["to_second"], axis=1),
        node("Less", ["to_second", "to_first"], ["is_second"]),
        node("Cast", ["is_second"], ["which"], to=onnx.TensorProto.INT64),
        node("Shape", ["rows"], ["n"], start=0, end=1),
        node("ConstantOfShape", ["n"], ["root"], value=_zero(onnx)),
        node("Loop", ["depth", "always", "root"], ["leaf"], body=_step(onnx)),
        node("Gather", ["labels", "leaf"], ["label"]),
        node("Gather", ["to_nodes", "leaves"], ["squared"], axis=1),
    ]
    return nodes, constants


def _squared(onnx: Any, centers: str, found: str, n_columns: int) -> list[Any]:
    """Nodes that compute all squared distances of rows (n, d) to centers (k, d), (n, k)."""
    node, kinds = onnx.helper.make_node, onnx.TensorProto
    body = onnx.helper.make_graph(
        [
            node("Sub", ["rows", "center"], ["gap"]),
            node("ReduceSumSquare", ["gap"], ["sum"], axes=[1], keepdims=0),
        ],
        "one_center",
        [onnx.helper.make_tensor_value_info("center", kinds.DOUBLE, [n_columns])],
        [onnx.helper.make_tensor_value_info("sum", kinds.DOUBLE, None)],
    )
    return [
        node("Scan", [centers], [f"{found}_by_center"], num_scan_inputs=1, body=body),
        # Scan could do so itself, but onnxruntime's breaks down without rows.
        node("Transpose", [f"{found}_by_center"], [found], perm=[1, 0]),
    ]


def _step(onnx: Any) -> Any:
    """One step down the tree: from node to the half of it that is nearer."""
    node, kinds = onnx.helper.make_node, onnx.TensorProto
    value, tensor = onnx.helper.make_tensor_value_info, onnx.numpy_helper.from_array
    return onnx.helper.make_graph(
        [
            node("Unsqueeze", ["at", "last"], ["column"]),
            node("GatherElements", ["which", "column"], ["turn_column"], axis=1),
            node("Squeeze", ["turn_column", "last"], ["turn"]),
            node("Mul", ["at", "two"], ["place"]),
            node("Add", ["place", "turn"], ["half"]),
            node("Gather", ["halves", "half"], ["next"]),
            node("Identity", ["go_on"], ["goes_on"]),
        ],
        "one_split",
        [
            value("number", kinds.INT64, []),
            value("go_on", kinds.BOOL, []),
            value("at", kinds.INT64, ["n"]),
        ],
        [value("goes_on", kinds.BOOL, []), value("next", kinds.INT64, ["n"])],
        [tensor(np.array([1]), "last"), tensor(np.array(2), "two")],
    )


def _zero(onnx: Any) -> Any:
    return onnx.numpy_helper.from_array(np.array([0], np.int64))
