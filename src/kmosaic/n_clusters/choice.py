"""A number of clusters, with all that was looked at to choose it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sklearn.base import clone

from kmosaic._percent import unsure
from kmosaic._values import Fit
from kmosaic.kmeans import KMeans
from kmosaic.n_clusters.criteria import CRITERIA
from kmosaic.n_clusters.criteria.base import Values
from kmosaic.n_clusters.evidence import Evidence
from kmosaic.n_clusters.resamples import Stability
from kmosaic.n_clusters.rule import Decision
from kmosaic.n_clusters.table import Table


class Models(Mapping[int, KMeans]):
    """A fitted KMeans for each k that was tried: models[7]. None is fitted again."""

    def __init__(self, model: KMeans, fits: Mapping[int, Fit]) -> None:
        self._model, self._fits = model, fits
        self._made: dict[int, KMeans] = {}

    def __getitem__(self, k: int) -> KMeans:
        """The best fit with k clusters; KeyError for a k that was not tried."""
        if k not in self._fits:
            tried = ", ".join(map(str, self))
            raise KeyError(f"K = {k} was not tried; models are there for {tried}")
        if k not in self._made:
            made = clone(self._model).set_params(n_clusters=k)
            names = {key: value for key, value in vars(self._model).items() if key.endswith("in_")}
            vars(made).update(names | made._attributes(self._fits[k]))
            self._made[k] = made
        return self._made[k]

    def __iter__(self) -> Iterator[int]:
        return iter(sorted(self._fits))

    def __len__(self) -> int:
        return len(self._fits)


@dataclass(frozen=True)
class Choice:
    """How many clusters, how sure, and why.

    k: the number chosen; 1 means that no cluster structure was found. confidence: "high",
    "medium" or "low". probabilities: of each k, by the rule (`rule.py`). runner_up: the second.
    criteria: of each criterion, its value for each k. preferences: the k it would choose by itself.
    stability: of the clusters of the k chosen. doubts: sentences on what makes the question itself
    doubtful. cannot_cut: groups were seen that the k chosen does not tell apart. models: a fitted
    KMeans for each k.
    """

    decision: Decision
    confidence: str
    criteria: dict[str, Values]
    preferences: dict[str, int | None]
    stability: Stability | None  # None for one cluster
    doubts: tuple[str, ...]
    cannot_cut: bool
    models: Models
    evidence: Evidence = field(repr=False)

    @property
    def k(self) -> int:
        """The number chosen."""
        return self.decision.k

    @property
    def probabilities(self) -> dict[int, float]:
        """Of each k that may be the answer: of about two rows a cluster or more."""
        return self.decision.probabilities

    @property
    def runner_up(self) -> int | None:
        """The second in probability; None where one k was asked for."""
        return self.decision.runner_up

    @property
    def model(self) -> KMeans:
        """The fitted KMeans of the k chosen."""
        return self.models[self.k]

    @property
    def table(self) -> Table:
        """Every criterion for every k, with the rule's probability; why cells are empty."""
        probabilities = unsure(self.probabilities)
        columns = ["k", "probability", *self.criteria]
        rows = [
            {
                "k": k,
                "probability": probabilities.get(k),
                **{name: values.get(k) for name, values in self.criteria.items()},
            }
            for k in self.evidence.ks
        ]
        reasons = {
            name: CRITERIA[name].why_left_out
            for name, values in self.criteria.items()
            if len(values) < len(rows)
        }
        if len(probabilities) < len(rows):
            reasons = {"probability": "an answer leaves about two rows to a cluster", **reasons}
        return Table(columns, rows, reasons)
