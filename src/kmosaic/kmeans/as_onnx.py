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
from kmosaic.kmeans.tree_as_onnx import down

INPUTS = ("float32", "float64", "uint8")

_OPSET, _IR_VERSION = 17, 8  # of 2022: what runs models knows them, and they have all that we need


def onnx_of(
    centers: Any,
    dtype: Any = None,
    *,
    tree: Tree | None = None,
    gaps: bool = False,
    directions: bool = False,
    owners: Any = None,
) -> Any:
    """An onnx.ModelProto: X (n, d) in; label (n,) int64 and distances (n, k) out.

    dtype: of X, one of INPUTS, the centers' own by default; distances are float64 unless X is
    float32. tree: the way to the label, where it is not simply the nearest center. gaps: NaN in X
    counts for nothing. directions: rows are scaled to length 1, and distances are 1 − cosine.
    owners: (k,) the label that each center stands for, if that is not its number.
    """
    onnx: Any = need("onnx", extra="onnx")
    given = str(np.dtype(centers.dtype if dtype is None else dtype))
    if given not in INPUTS:
        raise InputError(f"dtype must be one of {', '.join(INPUTS)}, not {given}.")
    held = onnx.TensorProto.FLOAT if given == "float32" else onnx.TensorProto.DOUBLE
    nodes, constants = [], {"one": np.array(1.0), "two": np.array(2.0)}
    nodes += _scaled(onnx, held) if directions else _as_they_are(onnx)
    if tree is None:
        constants["centers"] = centers.astype(np.float64)
        nodes += _squared(onnx, "centers", "squared", gaps)
        nodes += _nearest(onnx, "label" if owners is None else "center")
        if owners is not None:
            constants["owners"] = np.asarray(owners, np.int64)
            nodes.append(onnx.helper.make_node("Gather", ["owners", "center"], ["label"]))
    else:
        nodes += _squared(onnx, "nodes", "to_nodes", gaps)
        more, own = down(onnx, tree, len(centers))
        nodes, constants = nodes + more, {**constants, **own}
    nodes += _cosine_distances(onnx) if directions else _distances(onnx)
    nodes.append(onnx.helper.make_node("Cast", ["exact"], ["distances"], to=held))
    return _model(onnx, nodes, constants, np.dtype(given), held, centers.shape)


def _as_they_are(onnx: Any) -> list[Any]:
    return [onnx.helper.make_node("Cast", ["X"], ["rows"], to=onnx.TensorProto.DOUBLE)]


def _scaled(onnx: Any, held: int) -> list[Any]:
    """Rows of length 1, rounded to the type that they are held in; zeros stay zeros."""
    node, double = onnx.helper.make_node, onnx.TensorProto.DOUBLE
    return [
        node("Cast", ["X"], ["given"], to=double),
        node("ReduceL2", ["given"], ["length"], axes=[1], keepdims=1),
        node("Cast", ["length"], ["has_length"], to=onnx.TensorProto.BOOL),
        node("Where", ["has_length", "length", "one"], ["divisor"]),
        node("Div", ["given", "divisor"], ["scaled"]),
        node("Cast", ["scaled"], ["rounded"], to=held),
        node("Cast", ["rounded"], ["rows"], to=double),
    ]


def _squared(onnx: Any, centers: str, found: str, gaps: bool) -> list[Any]:
    """All squared distances of rows (n, d) to centers (k, d), (n, k)."""
    node, value = onnx.helper.make_node, onnx.helper.make_tensor_value_info
    double = onnx.TensorProto.DOUBLE
    known = [
        node("IsNaN", ["difference"], ["is_gap"]),
        node("Where", ["is_gap", "zero", "difference"], ["known"]),
    ]
    body = onnx.helper.make_graph(
        [
            node("Sub", ["rows", "center"], ["difference"]),
            *(known if gaps else []),
            node(
                "ReduceSumSquare",
                ["known" if gaps else "difference"],
                ["sum"],
                axes=[1],
                keepdims=0,
            ),
        ],
        "one_center",
        [value("center", double, None)],
        [value("sum", double, None)],
        [onnx.numpy_helper.from_array(np.array(0.0), "zero")] if gaps else [],
    )
    return [
        node("Scan", [centers], [f"{found}_by_center"], num_scan_inputs=1, body=body),
        # Scan could do so itself, but onnxruntime's breaks down without rows.
        node("Transpose", [f"{found}_by_center"], [found], perm=[1, 0]),
    ]


def _nearest(onnx: Any, found: str) -> list[Any]:
    """The first of the nearest centers."""
    return [onnx.helper.make_node("ArgMin", ["squared"], [found], axis=1, keepdims=0)]


def _distances(onnx: Any) -> list[Any]:
    return [onnx.helper.make_node("Sqrt", ["squared"], ["exact"])]


def _cosine_distances(onnx: Any) -> list[Any]:
    """|x − c|² is 2 (1 − cosine); what has no direction is at 1."""
    node = onnx.helper.make_node
    return [
        node("Div", ["squared", "two"], ["halved"]),
        node("Where", ["has_length", "halved", "one"], ["exact"]),
    ]


def _model(
    onnx: Any,
    nodes: list[Any],
    constants: dict[str, Any],
    given: np.dtype[Any],
    held: int,
    shape: tuple[int, int],
) -> Any:
    helper = onnx.helper
    value, (k, d) = helper.make_tensor_value_info, shape
    used = {name for node in nodes for name in node.input}
    graph = helper.make_graph(
        nodes,
        "kmosaic",
        [value("X", helper.np_dtype_to_tensor_dtype(given), ["n", d])],
        [value("label", onnx.TensorProto.INT64, ["n"]), value("distances", held, ["n", k])],
        [
            onnx.numpy_helper.from_array(constants[name], name)
            for name in sorted(used & {*constants})
        ],
    )
    opset = [helper.make_opsetid("", _OPSET)]
    return helper.make_model(
        graph, opset_imports=opset, ir_version=_IR_VERSION, producer_name="kmosaic"
    )
