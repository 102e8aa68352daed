"""AnomalyDetector: scikit-learn's outlier API, reasons that add up, and what does not matter."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.utils.estimator_checks import parametrize_with_checks
from tests.kmeans import saved

import kmosaic
from kmosaic import AnomalyDetector
from kmosaic._errors import InputError, ModelError


def ordinary(n=600, d=4, seed=0):
    """Three groups of unlike widths."""
    random = np.random.default_rng(seed)
    group = random.integers(0, 3, n)
    return 9.0 * group[:, None] + random.normal(size=(n, d)) * (1 + group[:, None])


def with_strays(seed=0):
    """Ordinary rows, and eight that are far off in the column that `where` tells."""
    X, where = ordinary(seed=seed), np.arange(8) % 4
    X[np.arange(8), where] = 60 * (-1.0) ** np.arange(8)
    return X, where


@parametrize_with_checks([AnomalyDetector()])
def test_scikit_learn_takes_it_for_an_outlier_detector(estimator, check):
    check(estimator)


def test_strays_score_highest_and_are_flagged():
    X, where = with_strays()
    detector = AnomalyDetector(random_state=0).fit(X)
    assert set(np.argsort(detector.score_samples(X))[:8]) == set(range(8))
    assert (detector.predict(X)[:8] == -1).all()
    assert_array_equal(detector.explain(X[:8]).contributions.argmax(axis=1), where)


def test_a_crowd_of_anomalies_is_no_ordinary_cluster():
    X = np.concatenate([ordinary(), np.random.default_rng(1).normal(-40, 0.1, (15, 4))])
    assert (AnomalyDetector(random_state=0).fit_predict(X)[-15:] == -1).all()


def test_contributions_add_up_to_the_score():
    X, _ = with_strays()
    detector = AnomalyDetector(random_state=0).fit(X)
    reasons = detector.explain(X)
    assert_allclose(reasons.contributions.sum(axis=1), -detector.score_samples(X), rtol=1e-12)
    assert (reasons.contributions >= 0).all()
    assert (reasons.spread > 0).all()


def test_scores_are_those_that_the_formula_says():
    X = ordinary(150)
    detector = AnomalyDetector(random_state=0).fit(X)
    fits = []
    for fit in range(detector.cluster_fits_.max() + 1):
        mine = detector.cluster_fits_ == fit
        centers, spreads = detector.cluster_centers_[mine], detector.cluster_spreads_[mine]
        far = np.log1p(((X[:, None] - centers) / spreads) ** 2).mean(axis=2)
        fits.append(far.min(axis=1))
    assert_allclose(-detector.score_samples(X), np.mean(fits, axis=0), rtol=1e-12)


@pytest.mark.parametrize("contamination", [0.01, 0.1, 0.5])
def test_contamination_is_the_share_of_anomalies(contamination):
    X = ordinary(500)
    flagged = AnomalyDetector(contamination=contamination, random_state=0).fit_predict(X) == -1
    assert flagged.mean() == pytest.approx(contamination, abs=1 / 500)


def test_decisions_follow_from_the_scores():
    X, _ = with_strays()
    detector = AnomalyDetector(random_state=0).fit(X)
    decisions = detector.decision_function(X)
    assert_array_equal(decisions, detector.score_samples(X) - detector.offset_)
    assert_array_equal(detector.predict(X), np.where(decisions < 0, -1, 1))
    assert_array_equal(detector.anomaly_probability(X) > 0.5, decisions < 0)
    order = np.argsort(decisions)
    assert (np.diff(detector.anomaly_probability(X)[order]) <= 0).all()


def test_the_order_of_the_rows_does_not_matter():
    X, _ = with_strays()
    order = np.random.default_rng(5).permutation(len(X))
    one = AnomalyDetector(random_state=3).fit(X)
    other = AnomalyDetector(random_state=3).fit(X[order])
    assert_array_equal(one.cluster_centers_, other.cluster_centers_)
    assert_array_equal(one.cluster_spreads_, other.cluster_spreads_)
    assert one.offset_ == other.offset_
    assert_array_equal(one.score_samples(X)[order], other.score_samples(X[order]))


@pytest.mark.parametrize("threads", ["1", "2", "3"])
def test_the_number_of_threads_does_not_matter(threads, monkeypatch):
    X, _ = with_strays()
    expected = AnomalyDetector(random_state=3).fit(X).score_samples(X)
    monkeypatch.setenv("KMOSAIC_NUM_THREADS", threads)
    assert_array_equal(AnomalyDetector(random_state=3).fit(X).score_samples(X), expected)


@pytest.mark.parametrize("factor", [1e-300, 1e-9, 1e9, 1e100])
def test_the_unit_of_a_column_does_not_matter(factor):
    X, _ = with_strays()
    plain = AnomalyDetector(random_state=0).fit(X).score_samples(X)
    found = AnomalyDetector(random_state=0).fit(X * factor).score_samples(X * factor)
    assert_allclose(found, plain, rtol=1e-6)


@pytest.mark.parametrize("dtype", [np.float32, np.uint8])
def test_other_numbers_score_as_float64_does(dtype):
    X = (ordinary() * 5 + 60).clip(0, 255).astype(dtype)
    before = X.copy()
    found = AnomalyDetector(random_state=0).fit(X)
    truth = AnomalyDetector(random_state=0).fit(X.astype(np.float64))
    assert_allclose(found.score_samples(X), truth.score_samples(X.astype(np.float64)), rtol=1e-6)
    assert_array_equal(X, before)


@pytest.mark.parametrize(
    "X", [np.ones((50, 3)), np.ones((1, 2)), np.zeros((40, 1)), np.arange(3.0)[:, None]]
)
def test_where_nothing_differs_nothing_is_an_anomaly(X):
    detector = AnomalyDetector(random_state=0).fit(X)
    assert (detector.predict(X) == 1).all()
    assert np.isfinite(detector.anomaly_probability(X)).all()


def test_a_column_that_is_constant_but_for_one_row_finds_it():
    X = np.random.default_rng(0).normal(size=(300, 3))
    X[:, 1], X[9, 1] = 4.0, 5.0
    detector = AnomalyDetector(random_state=0).fit(X)
    assert detector.explain(X[9:10]).contributions.argmax() == 1


def test_fits_that_rows_are_too_few_for_are_left_out():
    assert AnomalyDetector(random_state=0).fit(ordinary(100)).cluster_fits_.max() == 1  # 1 and 2
    assert AnomalyDetector(8, random_state=0).fit(ordinary(100)).cluster_fits_.max() == 0


def test_progress_is_told():
    seen = []
    AnomalyDetector((1, 2), on_progress=seen.append).fit(ordinary())
    assert [(event.stage, event.done, event.total) for event in seen] == [
        ("k-means", done, 2) for done in range(3)
    ]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"contamination": 0.6}, "contamination"),
        ({"contamination": 0}, "contamination"),
        ({"contamination": "some"}, "contamination"),
        ({"set_aside": 1.0}, "set_aside"),
        ({"n_clusters": 0}, "n_clusters"),
        ({"n_clusters": (1, 2.5)}, "n_clusters must be whole numbers from 1"),
        ({"n_clusters": ()}, "n_clusters must be whole numbers from 1"),
        ({"n_clusters": 700}, "X has 600 rows"),
    ],
)
def test_settings_that_cannot_be_met_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        AnomalyDetector(**settings).fit(ordinary())


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_none_are_refused_with_their_place(value):
    X = ordinary()
    detector = AnomalyDetector(random_state=0).fit(X)
    X[17, 2] = value
    for call in (AnomalyDetector().fit, detector.predict, detector.explain):
        with pytest.raises(InputError, match="row 17, column 2"):
            call(X)


def test_before_fit_it_says_so():
    for call in ("predict", "score_samples", "explain", "anomaly_probability"):
        with pytest.raises(NotFittedError):
            getattr(AnomalyDetector(), call)(ordinary())


def test_a_saved_detector_comes_back_the_same(tmp_path):
    X = pd.DataFrame(ordinary(), columns=["a", "b", "c", "größe"])
    detector = AnomalyDetector(n_clusters=[1, 4], random_state=0, on_progress=lambda _: None)
    folder = detector.fit(X).save(tmp_path / "m")
    found = kmosaic.load(folder)
    assert found.on_progress is None
    saved.assert_same(found, detector.set_params(on_progress=None))
    assert_array_equal(found.score_samples(X), detector.score_samples(X))
    assert_array_equal(clone(found).fit(X).score_samples(X), detector.score_samples(X))


def test_a_subclass_is_not_saved(tmp_path):
    class Mine(AnomalyDetector):
        pass

    with pytest.raises(InputError, match="Mine is not one of kmosaic's estimators"):
        Mine().fit(ordinary()).save(tmp_path / "m")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cluster_spreads_", np.zeros((31, 4))),
        ("cluster_spreads_", np.ones((31, 3))),
        ("cluster_fits_", np.zeros(31, np.int32)[:5]),
        ("cluster_fits_", np.full(31, 7, np.int32)),
        ("cluster_fits_", np.arange(31, dtype=np.int64)),
        ("score_spread_", 0.0),
        ("n_features_in_", 9),
    ],
)
def test_parts_that_do_not_hold_together_are_refused(name, value, tmp_path):
    detector = AnomalyDetector(random_state=0).fit(ordinary())
    count = len(detector.cluster_sizes_)
    if isinstance(value, np.ndarray) and len(value) == 31:
        value = value[:1].repeat(count, axis=0)
    setattr(detector, name, value)
    detector.save(tmp_path / "m")
    with pytest.raises(ModelError, match="does not hold together"):
        kmosaic.load(tmp_path / "m")
