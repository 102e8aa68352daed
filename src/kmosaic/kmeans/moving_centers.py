"""Centers that move with each batch of rows: the step of MiniBatchKMeans."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kmosaic._errors import InputError
from kmosaic._sparse import contents, data_of
from kmosaic._values import Distances, Rows
from kmosaic._verbose import say


@dataclass
class MovingCenters:
    """Centers and what they have seen; no array is changed that was here before a step.

    >>> moving = MovingCenters(np.array([[0.0], [8.0]]), np.zeros(2))
    >>> moving.step(np.array([[1.0], [3.0], [9.0]]), None, np.random.RandomState(0))
    11.0
    >>> moving.centers.tolist(), moving.counts.tolist()
    ([[2.0], [9.0]], [2.0, 1.0])
    """

    centers: Rows  # (k, d)
    counts: Distances  # (k,) weight of all rows that each has had
    rows_since_reassignment: int = 0
    reassignment_ratio: float = 0.0  # see MiniBatchKMeans
    verbose: int = 0

    def step(
        self, batch: Rows, weights: Distances | None, random_state: np.random.RandomState
    ) -> float:
        """Move each center to the mean of all rows that it has had; the inertia before.

        So a center moves by the share of its rows that came with this batch.
        """
        if self.centers.dtype != batch.dtype == np.float32:
            batch = batch.astype(np.float64)  # the engine's means are as precise as the rows
        found = data_of(batch, weights).summarize(self.centers)
        counts = self.counts + found.weights
        share = np.divide(found.weights, counts, out=np.zeros(len(counts)), where=counts > 0)
        before = self.centers.astype(np.float64)
        after = before + share[:, None] * (found.means - before)
        self.centers = after.astype(self.centers.dtype)
        self.counts = counts
        if self._is_time_to_reassign(batch.shape[0]):
            self._reassign(batch, weights, random_state)
        return found.inertia

    def _is_time_to_reassign(self, n_rows: int) -> bool:
        self.rows_since_reassignment += n_rows
        due = self.rows_since_reassignment >= 10 * len(self.counts) or (self.counts == 0).any()
        if due:
            self.rows_since_reassignment = 0
        return bool(due) and self.reassignment_ratio > 0

    def _reassign(
        self, batch: Rows, weights: Distances | None, random_state: np.random.RandomState
    ) -> None:
        """Put centers that have had few rows on rows of the batch, on half of these at most."""
        eligible = np.arange(batch.shape[0]) if weights is None else np.flatnonzero(weights)
        light = self.counts < self.reassignment_ratio * self.counts.max()
        most = len(eligible) // 2
        if light.sum() > most:
            light[np.argsort(self.counts, kind="stable")[most:]] = False
        count = int(light.sum())
        if not count:
            return
        if light.all():
            raise InputError(
                f"reassignment_ratio={self.reassignment_ratio} would move every center, the one "
                "with the most rows too: give a fraction of 1."
            )
        chosen = random_state.choice(eligible, count, replace=False)
        if self.verbose:
            say(f"[MiniBatchKMeans] Reassigning {count} cluster centers.")
        self.centers[light] = contents(batch, chosen)
        self.counts[light] = self.counts[~light].min()  # else they were light again at once
