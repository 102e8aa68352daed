"""Which K? An answer with its reasons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from kmosaic._events import Listener, silent
from kmosaic._paths import expanded
from kmosaic._store.answers import answer_text
from kmosaic._store.files import whole_file
from kmosaic.n_clusters import Choice, choose, sentences, summary_of
from kmosaic.report import k_figure, k_page, k_summary


@dataclass(frozen=True)
class Answer(Choice):
    """A number of clusters, with its reasons: what `choose_k` gives.

    k: the number chosen; 1 means that no cluster structure was found. confidence: "high", "medium"
    or "low". probabilities: of each k that may be the answer, by the rule. runner_up: the second.
    doubts: sentences on what makes the question itself doubtful. criteria: of each criterion, its
    value for each k; preferences: the k that it would choose by itself; table: both in one.
    stability: of the clusters chosen, the mean Jaccard index over resamples and the share of them
    in which each comes back. models: the fitted KMeans of each k; model: that of the k chosen.
    """

    X: Any = field(default=None, repr=False)  # the rows, for the pictures
    title: str = "How many clusters?"

    def explain(self) -> str:
        """The reasons, in a few sentences."""
        return " ".join(sentences(self))

    def plot(self) -> Any:
        """All criteria over K as a matplotlib figure (extra "plot"), the K chosen marked."""
        return k_figure(self)

    def to_html(self, path: str | Path) -> None:
        """Write the whole answer as one page that needs nothing else."""
        page = k_page(self, self.X, title=self.title, explain=sentences(self))
        with whole_file(expanded(path), text=True) as file:
            file.write(page)

    def _repr_html_(self) -> str:
        return k_summary(self, self.X, title=self.title, explain=sentences(self))

    def __repr__(self) -> str:
        """The answer in a line."""
        return f"<Answer: K = {self.k}, confidence {self.confidence}>"

    def summary(self) -> dict[str, Any]:
        """The answer as plain values, ready for JSON."""
        return summary_of(self)

    def to_json(self) -> str:
        """The same as text."""
        return answer_text(self.summary(), indent=1)


def choose_k(
    X: Any,
    k: Iterable[int] | None = None,
    *,
    random_state: int | np.random.RandomState | None = None,
    also: Sequence[str] = (),
    title: str = "How many clusters?",
    on_progress: Listener = silent,
) -> Answer:
    """Choose the number of clusters of X, and say why.

    X: (n, d), as KMeans.fit() takes it: an array, a data frame or sparse rows. k: the numbers to
    choose among; with 1 among them, "no clusters" may be the answer; None: range(1, 21), or up to
    the number of different rows. random_state: the same seed gives the same answer, whatever the
    order of the rows. also: criteria that are found on request only: "medoid_silhouette" or, as the
    command has it, "medoid-silhouette" (Lenssen & Schubert 2022). title: of the page.
    on_progress: called with each step, an event that has stage, done, total, unit, note and
    fraction; print is one that could be given. Default: nothing is called.
    Raises InputError for an empty range, one above the number of different rows, rows that are all
    alike, one row, or NaN.

    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> X = np.concatenate([rng.normal(at, 1, (50, 2)) for at in (0, 9, 20)])
    >>> answer = choose_k(X, k=range(1, 7), random_state=0)
    >>> answer
    <Answer: K = 3, confidence high>
    >>> print(answer.explain())
    K = 3 (confidence: high, ...
    >>> answer.models[2].cluster_centers_.shape
    (2, 2)
    """
    choice = choose(X, k, random_state=random_state, also=also, on_progress=on_progress)
    return answer_of(choice, X, title)


def answer_of(choice: Choice, X: Any, title: str) -> Answer:
    """A choice with all that it can show."""
    return Answer(**vars(choice), X=X, title=title)
