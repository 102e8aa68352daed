"""Sets with a known number of groups: many shapes, sizes, dimensions and kinds of noise.

A set is made from a seed alone. Seeds below `TESTED` calibrate the rule; those from there on, and
the shared real shapes, test it. Every fifth seed makes a set of many columns, as texts and features
of pictures have them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

TESTED = 100_000  # seeds from here on are never calibrated on
WIDE = 5  # one of so many seeds makes a set of many columns

Rows = npt.NDArray[np.float64]
Numbers = np.random.RandomState


@dataclass(frozen=True)
class Made:
    """Rows, and what is known of them."""

    rows: Rows
    family: str
    k: int  # 1: no groups
    apart: float  # distance of the two nearest centers, in standard deviations; 0 for one group
    nearest: float  # share of rows whose nearest true center is their own

    @property
    def well_separated(self) -> bool:
        """Whether a good clustering can be told from the rows."""
        return self.k > 1 and self.apart >= 4 and self.nearest >= 0.98


def make(seed: int) -> Made:
    """One set of a random family."""
    numbers = Numbers(seed)
    if seed % WIDE == WIDE - 1:
        return _topics(numbers) if numbers.random_sample() < 0.5 else _few_of_many(numbers)
    share = numbers.random_sample()
    if share < 0.3:
        return _without_groups(numbers)
    return _on_a_line(numbers) if share < 0.4 else _groups(numbers)


def _on_a_line(numbers: Numbers) -> Made:
    k = int(numbers.choice([2, 3, 4, 5, 6, 8, 10]))
    apart = float(numbers.choice([4.0, 5.0, 6.0, 8.0]))
    steps = numbers.uniform(1, 1.6, k)
    steps[0] = 1.0
    centers = np.cumsum(apart * steps)[:, None]
    own = np.repeat(np.arange(k), max(int(numbers.choice([200, 500, 1000])) // k, 20))
    rows = centers[own] + numbers.standard_normal((len(own), 1))
    return _made(rows, own, centers, "line of normals", apart, numbers)


def _groups(numbers: Numbers) -> Made:
    family = str(numbers.choice(list(_FAMILIES)))
    d = int(numbers.choice([2, 2, 3, 5, 8, 16, 32, 64, 128, 256]))
    n = int(numbers.choice([150, 300, 600, 1000, 2000, 4000]))
    k = int(numbers.choice([2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 8, 10, 12, 15, 20, 30, 50]))
    apart = float(numbers.choice([3.0, 3.5, 4.0, 5.0, 6.0, 8.0, 12.0]))
    n = max(n, k * 25)
    wide = numbers.uniform(0.5, 1.5, k) if family in ("unlike widths", "ellipsoids") else np.ones(k)
    centers = _pairs(numbers, k, d, apart) if family == "pairs" else _apart(numbers, wide, d, apart)
    own = np.repeat(np.arange(k), _sizes(numbers, k, n, unlike=family == "unlike sizes"))
    rows = np.empty((len(own), d))
    for group in range(k):
        members = own == group
        drawn = _FAMILIES[family](numbers, int(members.sum()), d)
        rows[members] = centers[group] + wide[group] * drawn
    if family == "among noise":
        return _among_noise(numbers, rows, own, centers, apart)
    return _made(rows, own, centers, family, apart, numbers)


def _sizes(numbers: Numbers, k: int, n: int, *, unlike: bool) -> Any:
    if unlike:
        most = float(numbers.choice([5, 20, 100]))
        shares = np.exp(numbers.uniform(0, np.log(most), k))
        shares /= shares.sum()
    else:
        shares = numbers.dirichlet(np.full(k, 20.0))
    return np.maximum(np.round(shares * n).astype(int), 15)


def _apart(numbers: Numbers, wide: Any, d: int, apart: float) -> Rows:
    """Centers of which the two nearest are `apart` of their mean widths from each other."""
    k = len(wide)
    box = apart * max(1.0, k ** (1 / min(d, 6)))
    while True:
        centers = numbers.uniform(-box / 2, box / 2, (k, d))
        between = np.sqrt(((centers[:, None] - centers[None]) ** 2).sum(axis=2))
        between /= (wide[:, None] + wide[None]) / 2
        nearest = between[np.triu_indices(k, 1)].min()
        if nearest >= apart / 4:
            return centers * (apart * numbers.uniform(1, 1.25) / nearest)
        box *= 1.1


def _pairs(numbers: Numbers, k: int, d: int, apart: float) -> Rows:
    """Groups two by two: near each other, and far from other pairs."""
    far = _apart(numbers, np.ones((k + 1) // 2), d, 3 * apart) if k > 2 else np.zeros((1, d))
    way = numbers.standard_normal((k, d))
    way *= apart / np.sqrt((way**2).sum(axis=1, keepdims=True))
    return np.stack([far[group // 2] + (way[group] if group % 2 else 0) for group in range(k)])


def _normal(numbers: Numbers, n: int, d: int) -> Rows:
    return numbers.standard_normal((n, d))


def _heavy(numbers: Numbers, n: int, d: int) -> Rows:
    return 0.7 * numbers.standard_t(float(numbers.choice([3, 5])), (n, d))


def _ball(numbers: Numbers, n: int, d: int) -> Rows:
    way = numbers.standard_normal((n, d))
    way /= np.sqrt((way**2).sum(axis=1, keepdims=True))
    return 1.8 * way * numbers.uniform(0, 1, (n, 1)) ** (1 / d)


def _ellipsoid(numbers: Numbers, n: int, d: int) -> Rows:
    axes = np.exp(numbers.uniform(-0.6, 0.6, d))
    axes /= np.sqrt((axes**2).mean())
    turn, _ = np.linalg.qr(numbers.standard_normal((d, d)))
    return (numbers.standard_normal((n, d)) * axes) @ turn


_FAMILIES: dict[str, Callable[[Numbers, int, int], Rows]] = {
    "normal": _normal,
    "unlike widths": _normal,
    "unlike sizes": _normal,
    "heavy tails": _heavy,
    "balls": _ball,
    "ellipsoids": _ellipsoid,
    "pairs": _normal,
    "among noise": _normal,
}


def _among_noise(numbers: Numbers, rows: Rows, own: Any, centers: Rows, apart: float) -> Made:
    share = float(numbers.choice([0.01, 0.03, 0.08]))
    made = _made(rows, own, centers, "among noise", apart, numbers)
    count = int(share * len(rows))
    noise = numbers.uniform(rows.min(axis=0), rows.max(axis=0), (count, rows.shape[1]))
    return Made(np.concatenate([made.rows, noise]), made.family, made.k, made.apart, made.nearest)


def _topics(numbers: Numbers) -> Made:
    """Texts as TF-IDF: each about one topic, whose words are drawn more often."""
    k = int(numbers.choice([1, 1, 1, 2, 3, 4, 5, 6, 8, 12]))
    n = max(int(numbers.choice([200, 400, 800])), 30 * k)
    words = int(numbers.choice([300, 600, 1500]))
    common = 1 / np.arange(1, words + 1)
    own = np.repeat(np.arange(k), _sizes(numbers, k, n, unlike=bool(numbers.choice([False, True]))))
    favor = numbers.choice([1.2, 1.6, 2.2]) * numbers.standard_normal((k, words))
    telling = numbers.random_sample((k, words)) < 0.3  # of the words; others are as common as ever
    topics = common * np.exp(favor * telling)
    # Every text has words of its own, too.
    each = topics[own] * numbers.gamma(1.0, 1, (len(own), words))
    each /= each.sum(axis=1, keepdims=True)
    length = np.exp(numbers.normal(np.log(float(numbers.choice([50, 150, 400]))), 0.5, len(own)))
    counts = np.array(
        [numbers.multinomial(max(int(m), 10), p) for m, p in zip(length, each, strict=True)]
    )
    rarity = np.log((1 + len(own)) / (1 + (counts > 0).sum(axis=0))) + 1
    rows = np.log1p(counts) * rarity
    rows /= np.sqrt((rows**2).sum(axis=1, keepdims=True))
    known = np.arange(len(own)) % 2 == 0  # texts do not help to find their own topic
    centers = np.stack([rows[known & (own == topic)].mean(axis=0) for topic in range(k)])
    apart = 4.0 if k > 1 else 0.0
    made = _made(rows[~known], own[~known], centers, "topics", apart, numbers)
    return replace(made, rows=rows[numbers.permutation(len(own))])


def _few_of_many(numbers: Numbers) -> Made:
    """Groups that a few directions tell apart, among many with noise that falls off slowly."""
    k = int(numbers.choice([1, 1, 1, 2, 3, 4, 5, 7, 10, 15]))
    n = max(int(numbers.choice([200, 400, 800])), 30 * k)
    d, few = int(numbers.choice([100, 200, 400])), int(numbers.choice([3, 6, 12]))
    apart = float(numbers.choice([3.0, 4.0, 6.0]))
    own = np.repeat(np.arange(k), _sizes(numbers, k, n, unlike=bool(numbers.choice([False, True]))))
    noise = numbers.standard_normal((len(own), d))
    noise *= np.arange(1, d + 1) ** -float(numbers.choice([0.3, 0.5, 1.0]))
    if numbers.random_sample() < 0.3:  # tails
        noise *= np.sqrt(5 / numbers.chisquare(5, (len(own), 1)))
    places = _apart(numbers, np.ones(k), few, apart) if k > 1 else np.zeros((1, few))
    centers = np.zeros((k, d))
    centers[:, :few] = places
    turn, _ = np.linalg.qr(numbers.standard_normal((d, d)))
    rows, centers = (centers[own] + noise) @ turn, centers @ turn
    return _made(rows, own, centers, "few of many", apart if k > 1 else 0.0, numbers)


def _without_groups(numbers: Numbers) -> Made:
    kind = str(numbers.choice(list(_NULLS)))
    d = int(numbers.choice([1, 1, 2, 2, 3, 4, 6, 10, 20, 50, 128]))
    n = int(numbers.choice([100, 200, 500, 1000, 2000, 4000]))
    return Made(_NULLS[kind](numbers, n, d), f"one: {kind}", 1, 0.0, 1.0)


_NULLS: dict[str, Callable[[Numbers, int, int], Rows]] = {
    "cube": lambda numbers, n, d: numbers.uniform(0, 1, (n, d)),
    "box": lambda numbers, n, d: (
        numbers.uniform(0, 1, (n, d)) * np.exp(numbers.uniform(-1.5, 1.5, d))
    ),
    "normal": _normal,
    "ellipsoid": _ellipsoid,
    "line": lambda numbers, n, d: (
        np.outer(numbers.uniform(0, 1, n), numbers.standard_normal(d))
        + 0.02 * numbers.standard_normal((n, d))
    ),
    "heavy tails": lambda numbers, n, d: numbers.standard_t(5, (n, d)),
    "ball": _ball,
    "skewed": lambda numbers, n, d: numbers.gamma(4, 1, (n, d)),
}


def _made(rows: Rows, own: Any, centers: Rows, family: str, apart: float, numbers: Numbers) -> Made:
    squared = (rows**2).sum(axis=1)[:, None] - 2 * rows @ centers.T + (centers**2).sum(axis=1)
    nearest = float((squared.argmin(axis=1) == own).mean())
    shuffled = numbers.permutation(len(rows))
    return Made(rows[shuffled], family, len(centers), apart, nearest)
