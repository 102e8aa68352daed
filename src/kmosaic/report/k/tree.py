"""The cluster tree: which cluster splits into which as K grows."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from kmosaic._percent import percent
from kmosaic.n_clusters import Choice
from kmosaic.n_clusters.kinship import shared

WIDTH, HEIGHT = 960, 380
_NODE, _GAP, _MARGIN = 12.0, 4.0, 26.0
_NAMED = 10.0  # height from which there is room for a number
_BEYOND = 3  # numbers after the one that was chosen
_MOST = 12  # numbers that are shown
_LEAST_SHARE = 0.01  # of a cluster: thinner links are left out


@dataclass(frozen=True)
class Node:
    """A cluster of one K."""

    k: int
    cluster: int
    mark: int  # the cluster of the K that gives the colors that it shares most rows with
    x: float
    y: float
    height: float
    text: str
    is_named: bool  # its number is written beside it


@dataclass(frozen=True)
class Link:
    """Rows that a cluster shares with one of the next K."""

    path: str
    mark: int
    text: str


@dataclass(frozen=True)
class Tree:
    """Nodes and links, in the units of its own view box."""

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    columns: tuple[tuple[float, int, bool], ...]  # x, k, whether it is the one chosen
    colored_by: int  # the K whose clusters have a color each
    node: float = _NODE
    width: int = WIDTH
    height: int = HEIGHT


def columns_of(choice: Choice) -> list[int]:
    """The numbers of clusters that are shown: up to a few beyond the one chosen, at most twelve."""
    known = sorted(choice.evidence.fits)
    at = known.index(choice.k)
    shown = known[: max(at + 1 + _BEYOND, 5)]
    return shown[-_MOST:]


def overview_of(choice: Choice) -> list[int]:
    """At most twelve numbers from the first to the last, the one chosen among them."""
    known = sorted(choice.evidence.fits)
    if len(known) <= _MOST:
        return known
    places = np.linspace(0, len(known) - 1, _MOST).round().astype(int)
    at = known.index(choice.k)
    inner = places[1:-1]  # the first and the last stay
    if at not in places:
        inner[np.abs(inner - at).argmin()] = at
    return [known[place] for place in places]


def trees(choice: Choice) -> list[Tree]:
    """The tree about the K chosen, and that of the whole range where it is longer."""
    near, whole = columns_of(choice), overview_of(choice)
    drawn = [near] if near == whole else [near, whole]
    return [tree(choice, ks) for ks in drawn if len(ks) > 1]


def _colored_by(choice: Choice, ks: list[int]) -> int:
    """One cluster has one color: the runner-up's tell more then, or those of the last K."""
    if choice.k > 1:
        return choice.k
    return choice.runner_up if choice.runner_up in ks else ks[-1]


def tree(choice: Choice, ks: list[int]) -> Tree:
    """The clusters of two or more K, each with bands to those of the next."""
    colored_by = _colored_by(choice, ks)
    colors = choice.evidence.fits[colored_by].labels
    labels = {k: choice.evidence.fits[k].labels for k in ks}
    n = len(labels[ks[0]])
    order = _orders(labels, ks)
    step = (WIDTH - 2 * _MARGIN - _NODE) / (len(ks) - 1)
    at = {k: round(_MARGIN + place * step, 1) for place, k in enumerate(ks)}
    nodes: dict[tuple[int, int], Node] = {}
    for k in ks:
        room = HEIGHT - 40 - _GAP * (k - 1)
        sizes = np.bincount(labels[k], minlength=k)
        marks = shared(labels[k], colors).argmax(axis=1)
        y = 28.0
        for cluster in order[k]:
            height = max(room, 40.0) * sizes[cluster] / n
            part = percent(sizes[cluster] / n)
            text = f"K = {k}, cluster {cluster}: {sizes[cluster]:,} rows ({part})"
            nodes[k, cluster] = Node(
                k, cluster, int(marks[cluster]), at[k], round(y, 1), round(height, 1), text,
                height >= _NAMED,
            )  # fmt: skip
            y += height + (_GAP if room > 40 else 0.0)
    links = [
        link
        for few, many in pairwise(ks)
        for link in _links(nodes, labels[few], labels[many], few, many, order)
    ]
    columns = tuple((at[k] + _NODE / 2, k, k == choice.k) for k in ks)
    return Tree(tuple(nodes.values()), tuple(links), columns, colored_by)


def _orders(labels: dict[int, np.ndarray], ks: list[int]) -> dict[int, list[int]]:
    """Clusters from top to bottom: each near those of the K before that it shares rows with."""
    first = np.bincount(labels[ks[0]], minlength=ks[0])
    orders = {ks[0]: np.argsort(-first, kind="stable").tolist()}
    for few, many in pairwise(ks):
        place = np.empty(few)
        place[orders[few]] = np.arange(few)
        table = shared(labels[few], labels[many]).astype(float)
        middle = (table * place[:, None]).sum(axis=0) / np.maximum(table.sum(axis=0), 1)
        orders[many] = np.argsort(middle, kind="stable").tolist()
    return orders


def _links(
    nodes: dict[tuple[int, int], Node],
    a: np.ndarray,
    b: np.ndarray,
    few: int,
    many: int,
    order: dict[int, list[int]],
) -> list[Link]:
    table = shared(a, b)
    used_a, used_b = np.zeros(few), np.zeros(many)
    found = []
    for i in order[few]:
        for j in order[many]:
            rows = int(table[i, j])
            if not rows:
                continue
            start, end = nodes[few, i], nodes[many, j]
            thick_a = start.height * rows / max(int(table[i].sum()), 1)
            thick_b = end.height * rows / max(int(table[:, j].sum()), 1)
            y_a, y_b = start.y + used_a[i], end.y + used_b[j]
            used_a[i] += thick_a
            used_b[j] += thick_b
            if rows < _LEAST_SHARE * min(table[i].sum(), table[:, j].sum()):
                continue
            path = _band(start.x + _NODE, y_a, thick_a, end.x, y_b, thick_b)
            text = f"{rows:,} rows of cluster {i} of {few} in cluster {j} of {many}"
            found.append(Link(path, end.mark, text))
    return found


def _band(x0: float, y0: float, thick0: float, x1: float, y1: float, thick1: float) -> str:
    middle = (x0 + x1) / 2
    return (
        f"M{x0:.1f} {y0:.1f}C{middle:.1f} {y0:.1f} {middle:.1f} {y1:.1f} {x1:.1f} {y1:.1f}"
        f"V{y1 + thick1:.1f}C{middle:.1f} {y1 + thick1:.1f} {middle:.1f} {y0 + thick0:.1f} "
        f"{x0:.1f} {y0 + thick0:.1f}Z"
    )
