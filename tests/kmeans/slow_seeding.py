"""The slow truth of seeding, in Python's integers: greedy and plain k-means++, and k-means||."""

import math

import numpy as np
from tests.kmeans import slow

FALLEN = 2**20  # when all mass or the largest distance has fallen by this, the scale is set anew


def mixed(h):
    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        with np.errstate(over="ignore"):
            h = (h ^ (h >> np.uint64(33))) * np.uint64(factor)
    return h ^ (h >> np.uint64(33))


def seen_from(column):
    """A round number near the middle of a column that is far from zero."""
    low, high = column.min(), column.max()
    middle = float(low / 2 + high / 2)
    half = max(float(high) - middle, middle - float(low))
    if half == 0 or abs(middle) <= 4 * half:
        return 0.0
    step = 2.0 ** (exponent(half) + 3)
    return float(np.rint(middle / step)) * step


def hashes(X, counts):
    """A 64-bit hash of each row's content, in float32; `counts`: the rows that have a weight."""
    kind = np.float64 if X.dtype == np.uint8 else X.dtype
    found = np.zeros(len(X), np.uint64)
    for j, column in enumerate(X.T):
        value = column.astype(np.float64) - seen_from(column[counts].astype(kind))
        bits = (value.astype(np.float32) + np.float32(0)).view(np.uint32) * np.uint32(0x9E3779B1)
        bits = (bits ^ (bits >> np.uint32(16))).astype(np.uint64)
        found += bits * (mixed(np.uint64(j + 1)) | np.uint64(1))
    return mixed(found)


def exponent(x):
    return math.frexp(x)[1] - 1 if x > 0 else 0


class SlowSeeding:
    """k-means++ as docs/exactness.md states it, one number at a time."""

    def __init__(self, X, weights=None):
        weights = np.ones(len(X)) if weights is None else weights
        hashed = hashes(X, weights > 0)
        self.X, self.order = X, np.lexsort((np.arange(len(X)), *X.T[::-1], hashed))
        self.given = weights.tolist()
        self.weigh(max(self.given))

    def weigh(self, heaviest):
        """Weights in 31 bits. Rows heavier than the heaviest have no distance, hence no mass."""
        unit = 30 - exponent(heaviest)
        self.weights = [round(math.ldexp(min(w, 2 * heaviest), unit)) for w in self.given]

    def drawn(self, masses, uniform):
        """The first copy of the row at this share of all mass, in the order of the hashes."""
        share = (sum(masses) * int(uniform * 2**53)) >> 53
        for row in self.order:
            if share < masses[row]:
                return int(np.flatnonzero((self.X[row] == self.X).all(axis=1))[0])
            share -= masses[row]
        return 0

    def masses(self, squared):
        return [
            w and w * int(math.ldexp(s, self.scale))
            for w, s in zip(self.weights, squared.tolist(), strict=True)
        ]

    def farthest(self):
        """How far a row is that has a weight on this scale."""
        return max(
            s for w, s in zip(self.weights, self.closest.tolist(), strict=True) if w or s == 0
        )

    def start(self):
        """The scale is that of rows which are no copies of a center: they must not vanish."""
        left = [w for w, s in zip(self.given, self.closest.tolist(), strict=True) if s > 0]
        self.weigh(max(left, default=0.0))
        self.largest = self.farthest()
        self.scale = 61 - exponent(self.largest)
        self.since = sum(self.masses(self.closest))

    def settle(self):
        total_fell = sum(self.masses(self.closest)) * FALLEN < self.since
        if total_fell or self.farthest() < self.largest / FALLEN:
            self.start()

    def distances(self, row):
        counts = np.array(self.given) > 0
        return np.where(counts, slow.squared_distances(self.X, self.X[[row]])[:, 0], 0.0)

    def run(self, k, trials, uniforms):
        uniforms = iter(uniforms.tolist())
        chosen = [self.drawn(self.weights, next(uniforms))]
        self.closest = self.distances(chosen[0])
        self.start()
        while len(chosen) < k:
            self.settle()
            masses = self.masses(self.closest)
            if sum(masses) == 0:  # all rows are copies of centers
                chosen.append(chosen[0])
                continue
            candidates = [self.drawn(masses, next(uniforms)) for _ in range(trials)]
            left = [np.minimum(self.closest, self.distances(c)) for c in candidates]
            best = min(range(trials), key=lambda c: sum(self.masses(left[c])))
            chosen.append(candidates[best])
            self.closest = left[best]
        return chosen


def numbers(seed):
    """SplitMix64, 53 bits of each number."""
    while True:
        seed = (seed + 0x9E3779B97F4A7C15) % 2**64
        x = (seed ^ (seed >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB % 2**64
        yield ((x ^ (x >> 31)) >> 11) * 2.0**-53


class SlowPlain(SlowSeeding):
    """Plain k-means++: rows are drawn by old distances, and kept as often as they are still far."""

    def begin(self, uniforms):
        chosen = [self.drawn(self.weights, next(uniforms))]
        self.closest = self.distances(chosen[0])
        self.start()
        return chosen

    def run(self, k, seed):
        uniforms = numbers(seed)
        chosen = self.begin(uniforms)
        known, cost = 1, 0
        different = len(np.unique(self.X[np.array(self.given) > 0], axis=0))
        while len(chosen) < k:
            waiting = len(chosen) - known
            early = known < 32 and waiting >= known
            if early or (waiting and cost * 20 >= different * waiting):
                for center in chosen[known:]:
                    self.closest = np.minimum(self.closest, self.distances(center))
                known, cost = len(chosen), 0
                self.settle()
            masses = self.masses(self.closest)
            if sum(masses) == 0:
                return chosen + chosen[:1] * (k - len(chosen))
            row, keep = self.drawn(masses, next(uniforms)), int(next(uniforms) * 2**53)
            known_distance = self.closest[(self.X[row] == self.X).all(axis=1)].max()
            others = self.X[[row, *chosen[known:]]]  # the first of its copies may have no weight
            now = min([known_distance, *slow.squared_distances(self.X[[row]], others)[0, 1:]])
            before, after = (int(math.ldexp(s, self.scale)) for s in (known_distance, now))
            cost += 100 + waiting
            if (before * keep) >> 53 < after:
                chosen.append(row)
        return chosen


class SlowOversampling(SlowPlain):
    """The candidates of k-means||, and the weight of the rows that are nearest to each."""

    def run(self, each, rounds, least, seed):
        uniforms = numbers(seed)
        chosen = self.begin(uniforms)
        nearest = np.zeros(len(self.X), int)
        done = 0
        while done < rounds or len(chosen) < least:
            masses = self.masses(self.closest)
            if sum(masses) == 0:
                break
            drawn = [self.drawn(masses, next(uniforms)) for _ in range(each)]
            for row in dict.fromkeys(drawn):
                distances = self.distances(row)
                nearest[distances < self.closest] = len(chosen)
                self.closest = np.minimum(self.closest, distances)
                chosen.append(row)
            self.settle()
            done += 1
        unit = 61 - exponent(max(self.given))
        exact = [round(math.ldexp(w, unit)) for w in self.given]
        sums = [0] * len(chosen)
        for weight, candidate in zip(exact, nearest, strict=True):
            sums[candidate] += weight
        return chosen, [math.ldexp(s, -unit) for s in sums]
