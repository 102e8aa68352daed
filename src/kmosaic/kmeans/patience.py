"""When mini-batches have found what they can find."""

from __future__ import annotations

from kmosaic._verbose import say


class Patience:
    """Watches a moving average of the inertia of the batches, per row.

    tolerance: most that all centers together may move, squared, for the end; 0: they do not matter.
    most: steps in a row without a lower average; None: never the end.

    >>> patience = Patience(batch_size=10, n=10, most=2, tolerance=0.0, verbose=0)
    >>> [patience.ends(step, 9, inertia, 1.0) for step, inertia in enumerate([9, 5, 5, 5], start=1)]
    [False, False, False, True]
    """

    def __init__(
        self, batch_size: int, n: int, most: int | None, tolerance: float, verbose: int
    ) -> None:
        self._batch_size = batch_size
        self._share = min(batch_size * 2.0 / (n + 1), 1.0)
        self._most = most
        self._tolerance = tolerance
        self._verbose = verbose
        self._lowest: float | None = None
        self._in_vain = 0
        self.average = 0.0

    def ends(self, step: int, n_steps: int, inertia: float, squared_move: float) -> bool:
        """Whether step number `step`, from 1, was the last; the first tells of the start alone."""
        inertia /= self._batch_size
        said = f"Minibatch step {step}/{n_steps}: mean batch inertia: {inertia}"
        if step == 1:
            self.average = inertia
            self._say(said)
            return False
        share = 1.0 if step == 2 else self._share
        self.average = self.average * (1 - share) + inertia * share
        self._say(f"{said}, ewa inertia: {self.average}")
        if self._tolerance > 0 and squared_move <= self._tolerance:
            self._say(f"Converged (small centers change) at step {step}/{n_steps}")
            return True
        if self._lowest is None or self.average < self._lowest:
            self._lowest, self._in_vain = self.average, 0
        else:
            self._in_vain += 1
        if self._most is not None and self._in_vain >= self._most:
            self._say(f"Converged (lack of improvement in inertia) at step {step}/{n_steps}")
            return True
        return False

    def _say(self, text: str) -> None:
        if self._verbose:
            say(text)
