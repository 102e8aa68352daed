"""AnomalyDetector: scikit-learn's outlier API over k-means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from numbers import Integral, Real
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, OutlierMixin
from sklearn.utils._param_validation import Interval
from sklearn.utils.validation import check_is_fitted

from kmosaic._engine import Data
from kmosaic._events import Listener, counted, silent
from kmosaic._store.layout import Layout
from kmosaic._values import Distances, Rows
from kmosaic.kmeans import kinds
from kmosaic.kmeans.checks import check_rows
from kmosaic.kmeans.parameters import OneOf, check_parameters, random_numbers
from kmosaic.kmeans.savable import Savable
from kmosaic.kmeans.table import check_known
from kmosaic.outliers.ordinary import clusters_of, numbers_of_clusters
from kmosaic.outliers.saving import LAYOUT
from kmosaic.outliers.scores import Ordinary, Reasons
from kmosaic.outliers.threshold import Threshold, threshold_of


class AnomalyDetector(Savable, OutlierMixin, BaseEstimator):  # type: ignore[misc]
    """Find rows that are far from all clusters of ordinary rows, and say which columns put them so.

    Trimmed k-means (see `TrimmedKMeans`) finds clusters among the rows that are not set aside, for
    several numbers of clusters. Small clusters, which may be crowds of anomalies, are left out as
    in CBLOF (He, Xu & Deng 2003). A row is compared to the nearest cluster that is left, in each
    column by that cluster's own standard deviation s: its score is the mean over all fits and
    columns of log(1 + ((x - c) / s)²), 0 for a row on a center, so that no column decides alone.

    n_clusters: numbers of clusters, one fit each, default (1, 2, 4, 8, 16); a fit with fewer than
        30 rows a cluster is left out, but for the one with fewest clusters.
    contamination: "auto" (default) takes the whisker of a box plot for skewed numbers (Kimber
        1990): an anomaly is a row whose score is above the third quartile of the scores in fit()
        by more than three times what this is above their median. A number, above 0 to 0.5: the
        share of the rows of fit() that are anomalies.
    set_aside: share of the rows that no center is drawn to, 0 to below 1, default 0.1.
    random_state: seed, RandomState or None. on_progress: called with each step of fit(), a
    `kmosaic._events.Progress`.

    Attributes: offset_ (float): a row is an anomaly where score_samples() is below it; of the
    clusters cluster_centers_ and cluster_spreads_ (m, d), cluster_sizes_ (m,) (rows that were not
    set aside) and cluster_fits_ (m,) int32, which fit each is of, from 0; score_middle_ and
    score_spread_ (floats) of the scores in fit(), their median and how far ordinary ones are from
    it; n_features_in_, feature_names_in_.

    fit() takes X (n, d) of numbers and holds up to three copies of it in float64; X is not changed.
    The order of the rows and the number of threads do not matter. Raises InputError for NaN,
    infinity, and settings that cannot be met. Made for two columns or more: where there is but
    one, "auto" finds many.

    >>> X = np.random.default_rng(0).normal(size=(500, 3))
    >>> X[7, 1] = 40
    >>> detector = AnomalyDetector(random_state=0).fit(X)
    >>> detector.score_samples(X).argmin().item(), detector.predict(X[6:9]).tolist()
    (7, [1, -1, 1])
    >>> detector.explain(X[7:8]).contributions.argmax().item()
    1
    """

    _parameter_constraints: ClassVar[dict[str, Any]] = {
        "n_clusters": [Interval(Integral, 1, None, closed="left"), "array-like"],
        "contamination": [OneOf({"auto"}), Interval(Real, 0, 0.5, closed="right")],
        "set_aside": [Interval(Real, 0, 1, closed="left")],
        "random_state": ["random_state"],
        "on_progress": [callable, None],
    }
    _fitted: ClassVar[Mapping[str, kinds.Kind]] = {
        **Savable._fitted,
        "cluster_centers_": kinds.array(2, "float64"),
        "cluster_spreads_": kinds.array(2, "float64"),
        "cluster_sizes_": kinds.array(1, "int64"),
        "cluster_fits_": kinds.array(1, "int32"),
        "score_middle_": kinds.number,
        "score_spread_": kinds.number,
        "offset_": kinds.number,
        "id_column_": kinds.text,  # of the table, for `kmosaic predict`; fit() knows of none
    }
    _found: ClassVar[str] = "offset_"
    _layout: ClassVar[Layout] = LAYOUT

    def __init__(
        self,
        n_clusters: int | Sequence[int] = (1, 2, 4, 8, 16),
        *,
        contamination: float | str = "auto",
        set_aside: float = 0.1,
        random_state: int | np.random.RandomState | None = None,
        on_progress: Listener | None = None,
    ) -> None:
        self.n_clusters = n_clusters
        self.contamination = contamination
        self.set_aside = set_aside
        self.random_state = random_state
        self.on_progress = on_progress

    def fit(self, X: Any, y: Any = None) -> Self:
        """Learn from X, (n, d), what is ordinary; y is ignored."""
        check_parameters(self)
        rows = check_rows(self, X, reset=True)
        ks = numbers_of_clusters(self.n_clusters, len(rows))
        fits = counted(ks, self.on_progress or silent, "k-means", len(ks), "fits")
        with random_numbers(self.random_state) as random_state:
            found = clusters_of(rows, fits, self.set_aside, random_state)
        self.cluster_centers_: Distances = np.concatenate([one.centers for one in found])
        self.cluster_spreads_: Distances = np.concatenate([one.spreads for one in found])
        self.cluster_sizes_: npt.NDArray[np.int64] = np.concatenate([one.sizes for one in found])
        lengths = [len(one.sizes) for one in found]
        self.cluster_fits_ = np.repeat(np.arange(len(found)), lengths).astype(np.int32)
        share = None if self.contamination == "auto" else float(self.contamination)
        limit = threshold_of(self._ordinary.scores(rows), share)
        self.score_middle_, self.score_spread_ = limit.middle, limit.spread
        self.offset_ = -limit.score
        return self

    def score_samples(self, X: Any) -> Distances:
        """Minus the score of each row, (n,): the lower, the less ordinary."""
        return -self._ordinary.scores(self._seen(X))

    def decision_function(self, X: Any) -> Distances:
        """score_samples(X) minus offset_, (n,): below 0 for anomalies."""
        return self.score_samples(X) - self.offset_

    def predict(self, X: Any) -> npt.NDArray[np.int64]:
        """1 for ordinary rows and -1 for anomalies, (n,)."""
        return np.where(self.decision_function(X) < 0, -1, 1)

    def anomaly_probability(self, X: Any) -> Distances:
        """A value like a probability that each row is an anomaly, (n,), 0.5 at the threshold.

        It takes ordinary scores to be normal and those of anomalies to be anywhere, with even odds
        at the threshold: it compares rows, and is not calibrated.
        """
        return self.probability_of(-self.score_samples(X))

    def probability_of(self, scores: Distances) -> Distances:
        """The same for scores that are known, minus score_samples(X), (n,)."""
        return self._threshold.probability(scores)

    def explain(self, X: Any) -> Reasons:
        """What each column has to do with the score of each row.

        contributions, expected and spread are (n, d): a row of contributions adds up to the score
        (minus score_samples), expected is what would be ordinary for such a row, the mean over
        all fits of the cluster that is nearest, and spread how far ordinary rows are from that.
        """
        rows = self._seen(X)
        return self._ordinary.reasons(rows)

    @property
    def _ordinary(self) -> Ordinary:
        check_is_fitted(self, "cluster_fits_")
        return Ordinary(self.cluster_centers_, self.cluster_spreads_, self.cluster_fits_)

    @property
    def _threshold(self) -> Threshold:
        check_is_fitted(self, "offset_")
        return Threshold(self.score_middle_, self.score_spread_, -self.offset_)

    def _seen(self, X: Any) -> Rows:
        check_is_fitted(self, "offset_")
        rows = check_rows(self, X, reset=False)
        Data(rows)  # numbers that are not finite are refused with their place in X
        return rows

    def _check_known(self) -> None:
        check_known(self, {AnomalyDetector.__name__: AnomalyDetector})

    def _check_loaded(self) -> None:
        super()._check_loaded()
        m, d = self.cluster_centers_.shape
        shapes = self.cluster_spreads_.shape, self.cluster_sizes_.shape, self.cluster_fits_.shape
        if d != self.n_features_in_ or shapes != ((m, d), (m,), (m,)):
            raise ValueError("what is known of the clusters differs in shape.")
        steps = np.diff(self.cluster_fits_, prepend=-1)
        if not m or steps[0] != 1 or not np.isin(steps, (0, 1)).all():
            raise ValueError("cluster_fits_ does not count from 0.")
        if not (self.cluster_spreads_ > 0).all() or not self.score_spread_ > 0:
            raise ValueError("a spread is not above 0.")
