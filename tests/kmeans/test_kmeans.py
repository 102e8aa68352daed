"""KMeans as a user of scikit-learn meets it."""

import pickle
import re
import warnings

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
import sklearn.cluster
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import clone
from sklearn.datasets import load_digits, load_iris
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from kmosaic import BisectingKMeans, KMeans, MiniBatchKMeans, _engine, _rows
from kmosaic._errors import InputError

X = load_iris().data


@parametrize_with_checks(
    [KMeans(), KMeans(init="random"), KMeans(algorithm="elkan", memory_limit="100MB")]
)
@pytest.mark.filterwarnings("ignore")
def test_it_passes_every_check_of_scikit_learn(estimator, check):
    check(estimator)


def _inertia(rows, model):
    return ((rows.astype(float) - model.cluster_centers_.astype(float)[model.labels_]) ** 2).sum()


@pytest.mark.parametrize(
    ("dtype", "k"),
    # scikit-learn in float32 errs at near-ties, and at k = 40 takes another path for it
    [(np.float64, 2), (np.float64, 10), (np.float64, 40), (np.float32, 2), (np.float32, 10)],
)
def test_from_the_same_start_it_ends_where_scikit_learn_ends(dtype, k):
    rows = load_digits().data.astype(dtype)
    start = rows[:k]
    ours = KMeans(k, init=start, n_init=1, tol=0).fit(rows)
    theirs = sklearn.cluster.KMeans(k, init=start, n_init=1, tol=0).fit(rows)
    # scikit-learn adds up float32 squares in float32: how far off that is depends on the processor
    assert ours.inertia_ == pytest.approx(
        theirs.inertia_, rel=1e-6 if dtype == np.float64 else 1e-5
    )
    assert ours.inertia_ == pytest.approx(_inertia(rows, ours), rel=1e-12)
    assert ours.n_iter_ == theirs.n_iter_
    assert_array_equal(ours.labels_, theirs.labels_)
    assert_allclose(ours.cluster_centers_, theirs.cluster_centers_, rtol=1e-4, atol=1e-4)


def test_the_tolerance_means_what_it_means_in_scikit_learn():
    rows = load_digits().data
    for tol in (1e-1, 1e-2, 1e-4):
        ours = KMeans(10, init=rows[:10], tol=tol).fit(rows)
        theirs = sklearn.cluster.KMeans(10, init=rows[:10], tol=tol).fit(rows)
        assert ours.n_iter_ == theirs.n_iter_


def test_seeding_is_as_good_as_scikit_learns():
    rows = load_digits().data
    ours, theirs = (
        np.mean(
            [kind(20, n_init=1, max_iter=1, random_state=s).fit(rows).inertia_ for s in range(12)]
        )
        for kind in (KMeans, sklearn.cluster.KMeans)
    )
    assert ours <= theirs * 1.02


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_centers_and_distances_have_the_dtype_of_the_rows(dtype):
    model = KMeans(3, random_state=0).fit(X.astype(dtype))
    assert model.cluster_centers_.dtype == dtype
    assert model.transform(X.astype(dtype)).dtype == dtype
    assert model.labels_.dtype == np.int32
    assert isinstance(model.inertia_, float)


@pytest.mark.parametrize(
    "given",
    [
        X.tolist(),
        np.asfortranarray(X),
        X[::2, ::2],
        pd.DataFrame(X),
        (X * 10).astype(np.uint8),
        X.astype(">f8"),
        X.astype(np.float16),
    ],
    ids=["list", "Fortran order", "strided", "frame", "bytes", "big-endian", "float16"],
)
def test_rows_may_come_in_many_shapes(given):
    model = KMeans(3, random_state=0).fit(given)
    assert_array_equal(model.predict(given), model.labels_)


def test_feature_names_and_pandas_output():
    frame = load_iris(as_frame=True).data
    model = KMeans(3, random_state=0).set_output(transform="pandas").fit(frame)
    assert list(model.transform(frame).columns) == ["kmeans0", "kmeans1", "kmeans2"]
    assert_array_equal(model.feature_names_in_, frame.columns)


def test_the_best_of_several_starts_is_kept():
    one, many = (KMeans(6, init="random", n_init=n, random_state=1).fit(X) for n in (1, 25))
    assert many.inertia_ <= one.inertia_
    assert many.history_[0].run >= 1


def test_automatic_starts_are_ten_for_random_and_one_for_plus_plus():
    runs = {}
    for init in ("random", "k-means++", X[:3], lambda X, k, random_state: X[:k]):
        seen = set()
        KMeans(3, init=init, on_iteration=lambda it, seen=seen: seen.add(it.run)).fit(X)
        runs[str(init)[:9]] = len(seen)
    assert list(runs.values()) == [10, 1, 1, 10]


def test_given_centers_make_more_starts_pointless():
    with pytest.warns(RuntimeWarning, match="performing only one init"):
        KMeans(3, init=X[:3], n_init=5).fit(X)


def test_the_history_tells_what_each_iteration_did():
    heard = []
    model = KMeans(4, random_state=0, on_iteration=heard.append).fit(X)
    assert model.history_ == heard
    assert [it.number for it in heard] == list(range(1, model.n_iter_ + 1))
    assert heard[0].moved == len(X)
    assert heard[0].inertia > heard[-1].inertia >= model.inertia_ * (1 - 1e-12)
    assert all(it.seconds >= 0 and it.center_shift >= 0 for it in heard)


def test_an_error_in_the_callback_reaches_the_caller():
    def stop(iteration):
        raise LookupError("enough")

    with pytest.raises(LookupError, match="enough"):
        KMeans(3, on_iteration=stop).fit(X)


@pytest.mark.parametrize("tol", [1e-2, 0])
def test_verbose_shows_what_scikit_learn_shows_and_then_what_ran(tol, capsys):
    shown = []
    for estimator in (KMeans, sklearn.cluster.KMeans):
        model = estimator(3, init=X[[0, 60, 120]], n_init=1, tol=tol, verbose=1).fit(X)
        lines = capsys.readouterr().out.splitlines()
        if estimator is KMeans:
            assert lines.pop() == f"Algorithm {model.algorithm_used_}: {model.why_}."
        shown.append([re.sub(r"[\d.e-]+[ .:]|[\d.e-]+$", "", line) for line in lines])
    assert shown[0] == shown[1]
    assert len(shown[0]) > 3


def test_verbose_names_the_algorithm_once_for_all_starts(capsys):
    KMeans(3, n_init=3, random_state=0, verbose=1).fit(X)
    assert capsys.readouterr().out.count("Algorithm") == 1


def test_score_is_minus_inertia_with_weights_too():
    weights = np.arange(len(X), dtype=float)
    model = KMeans(3, random_state=0).fit(X, sample_weight=weights)
    assert model.score(X, sample_weight=weights) == pytest.approx(-model.inertia_)


def test_it_works_in_pipelines_clones_and_pickles():
    pipeline = make_pipeline(StandardScaler(), KMeans(3, random_state=0)).fit(X)
    labels = pipeline.predict(X)
    assert_array_equal(clone(pipeline).fit(X).predict(X), labels)
    assert_array_equal(pickle.loads(pickle.dumps(pipeline)).predict(X), labels)


BAD = {
    "a NaN": (
        {},
        np.where(np.arange(600).reshape(150, 4) == 13, np.nan, X),
        "NaN.*row 3, column 1",
    ),
    "an infinity": (
        {},
        np.where(np.arange(600).reshape(150, 4) == 13, np.inf, X),
        "infinity.*row 3",
    ),
    "too few rows": (
        {"n_clusters": 151},
        X,
        r"^n_samples=150 should be >= n_clusters=151\. Ask for 150 clusters at most",
    ),
    "one row": ({"n_clusters": 2}, X[:1], "Ask for 1 cluster at most"),
    "numbers whose squares overflow": ({}, X * 1e200, "squares overflow"),
    "an unknown start": ({"init": "middle"}, X, "init"),
    "centers of another shape": ({"n_clusters": 2, "init": X[:3]}, X, r"\(3, 4\) does not match"),
    "centers of another width": ({"n_clusters": 3, "init": X[:3, :2]}, X, "number of features"),
    "NaN centers": ({"n_clusters": 1, "init": np.full((1, 4), np.nan)}, X, "NaN"),
    "zero clusters": ({"n_clusters": 0}, X, "n_clusters"),
    "an unknown algorithm": ({"algorithm": "fast"}, X, "'algorithm' parameter.*'auto'"),
    "a limit of no size": ({"memory_limit": "much"}, X, "memory_limit='much'.*'100MB'"),
    "a limit of another unit": ({"memory_limit": "3 miles"}, X, "memory_limit"),
    "a limit below one byte": ({"memory_limit": 0}, X, "memory_limit"),
    "text": ({}, np.full((150, 4), "a"), "could not convert"),
    "one dimension": ({}, X[:, 0], "Reshape your data"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_clear_error(name):
    settings, rows, message = BAD[name]
    with pytest.raises(ValueError, match=message):
        KMeans(**settings).fit(rows)


@pytest.mark.parametrize(
    ("weights", "message"),
    [(-np.ones(150), "negative at row 0"), (np.zeros(150), "zero for every row|non-zero"),
     (np.ones(3), "sample_weight.shape"), (np.full(150, np.nan), "NaN")],
)  # fmt: skip
def test_bad_weights_are_one_clear_error(weights, message):
    with pytest.raises(ValueError, match=message):
        KMeans(3).fit(X, sample_weight=weights)


def test_all_algorithms_give_the_same_bits_and_say_that_they_ran():
    rows = load_digits().data
    data = _engine.Data(rows)
    plain = KMeans(10, random_state=0, algorithm="lloyd").fit(rows)
    for name in _engine.algorithms():
        if not data.fits(name, 10):
            continue
        model = KMeans(10, random_state=0, algorithm=name).fit(rows)
        assert model.algorithm_used_ == name
        assert_array_equal(model.cluster_centers_, plain.cluster_centers_)
        assert_array_equal(model.labels_, plain.labels_)
        assert model.inertia_ == plain.inertia_
    auto = KMeans(10, random_state=0).fit(rows)
    assert_array_equal(auto.cluster_centers_, plain.cluster_centers_)
    assert isinstance(auto.algorithm_used_, str)
    assert len(auto.why_) > 5


def test_bounds_are_not_set_up_for_the_last_iterations():
    rows = np.random.default_rng(0).random((20_000, 64), dtype=np.float32)
    model = KMeans(64, init=rows[:64], n_init=1, max_iter=4, tol=0).fit(rows)
    assert model.algorithm_used_ == "lloyd"


def test_an_algorithm_that_is_not_made_for_such_data_is_one_clear_error():
    rows = load_digits().data
    assert not _engine.Data(rows).fits("kd", 10)
    with pytest.raises(
        ValueError, match=r"'kd' takes up to 8 columns, and X has 64: use 'auto' or one of 'lloyd'"
    ):
        KMeans(10, algorithm="kd").fit(rows)
    with pytest.raises(ValueError, match=r"'yinyang' works with bounds in float32.*divide X"):
        KMeans(10, algorithm="yinyang").fit(rows * 1e30)
    with pytest.raises(ValueError, match="'yinyang' is not made for sparse rows: use 'auto'"):
        KMeans(10, algorithm="yinyang").fit(sp.csr_array(rows))
    with pytest.raises(ValueError, match="'hasty' is not known: use 'auto' or one of 'lloyd'"):
        _engine.Data(X).fit(X[:3], algorithm="hasty")


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"n_clusters": 1}, "with one cluster there is nothing to bound"),
        ({"n_clusters": 9, "max_iter": 2}, "in so few iterations bounds would not pay"),
        ({"n_clusters": 9, "algorithm": "lloyd"}, "it was asked for by name"),
        ({"n_clusters": 9}, "a row against all centers costs little more than bounds would"),
    ],
)
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_the_reason_that_is_told_is_the_one(settings, why):
    rows = load_digits().data
    assert why in KMeans(random_state=0, **settings).fit(rows).why_
    small = KMeans(9, algorithm="elkan", random_state=0).fit(rows * 1e-30)
    assert small.algorithm_used_ == "lloyd"
    assert "so large or so small bounds in float32 would tell nothing" in small.why_


@pytest.mark.parametrize("rows", [X, X * 1e-100, X[:, :1], np.ones((5, 3))])
@pytest.mark.filterwarnings("ignore:Number of distinct clusters")
def test_elkan_is_taken_for_any_data_as_in_scikit_learn(rows):
    plain, elkan = (KMeans(2, random_state=0, algorithm=a).fit(rows) for a in ("lloyd", "elkan"))
    assert_array_equal(plain.labels_, elkan.labels_)
    with pytest.warns(RuntimeWarning, match="doesn't make sense for a single cluster"):
        assert KMeans(1, algorithm="elkan").fit(rows).n_iter_ >= 1


def test_the_certificate_tells_what_float64_had_to_decide():
    model = KMeans(3, random_state=0, algorithm="lloyd").fit(X)
    proof = model.certificate_
    assert proof.screened >= len(X) * model.n_iter_
    assert 0 <= proof.decided < proof.screened
    assert 0 < proof.largest_bound < 1e-3
    assert 0 < proof.extra_bytes < 100_000


@pytest.mark.parametrize("limit", [75_000, "90 kB", "1.5MiB", "2GB", None])
def test_a_memory_limit_changes_nothing_but_what_runs(limit):
    rows = load_digits().data
    free, lean = (KMeans(9, random_state=0, memory_limit=m).fit(rows) for m in (None, limit))
    assert_array_equal(free.cluster_centers_, lean.cluster_centers_)
    assert_array_equal(free.labels_, lean.labels_)


def test_a_good_parameter_seen_before_does_not_let_a_bad_one_pass():
    for tol, k in ((1e-4, 3), (0, 2), (np.float64(0.1), np.int64(2))):
        KMeans(k, tol=tol).fit(X)
    for bad in (
        {"n_clusters": 3.0},
        {"n_clusters": True, "tol": -1},
        {"tol": np.nan},
        {"tol": "0"},
        {"verbose": -1},
        {"copy_x": None},
        {"init": 3.0},
        {"random_state": -1},
        {"on_iteration": 3},
    ):
        for _ in range(2):
            with pytest.raises(ValueError, match=f"The '{list(bad)[-1]}' parameter"):
                KMeans(**bad).fit(X)


def test_the_same_seed_is_the_same_whatever_runs_within_the_fit():
    def inner(_):
        KMeans(2, init="random", random_state=9).fit(X)

    quiet = KMeans(4, init="random", n_init=5, random_state=3).fit(X)
    busy = KMeans(4, init="random", n_init=5, random_state=3, on_iteration=inner).fit(X)
    assert_array_equal(quiet.cluster_centers_, busy.cluster_centers_)
    given = KMeans(4, init="random", n_init=5, random_state=np.random.RandomState(3)).fit(X)
    assert_array_equal(quiet.cluster_centers_, given.cluster_centers_)


def test_names_of_columns_are_noted_and_forgotten_as_in_scikit_learn():
    frame = load_iris(as_frame=True).data
    model = KMeans(3, random_state=0).fit(frame)
    with pytest.warns(UserWarning, match="does not have valid feature names"):
        model.predict(X)
    model.fit(X)
    assert not hasattr(model, "feature_names_in_")
    with pytest.warns(UserWarning, match="fitted without feature names"):
        model.predict(frame)
    with pytest.raises(ValueError, match="X has 3 features, but KMeans is expecting 4"):
        model.predict(np.ascontiguousarray(X[:, :3]))


@pytest.mark.parametrize("method", ["predict", "transform", "score"])
def test_nothing_is_told_before_the_fit(method):
    with pytest.raises(NotFittedError):
        getattr(KMeans(3), method)(X)


def test_the_warning_of_empty_clusters_points_at_the_caller():
    with pytest.warns(ConvergenceWarning, match="distinct clusters") as seen:
        KMeans(3).fit(np.ones((9, 2)))
    assert seen[0].filename == __file__


def test_sparse_frames_are_taken_as_sparse():
    rows = sp.random_array((100, 20), density=0.3, rng=0)
    frame = pd.DataFrame.sparse.from_spmatrix(sp.csr_matrix(rows))
    model = KMeans(3, random_state=0).fit(frame)
    assert_array_equal(model.labels_, KMeans(3, random_state=0).fit(sp.csr_array(rows)).labels_)
    assert_array_equal(model.predict(frame), model.labels_)


@pytest.mark.parametrize("kind", [np.asarray, sp.csr_array])
@pytest.mark.parametrize("weighted", [False, True])
def test_the_score_of_the_rows_is_minus_the_inertia_to_the_last_bit(kind, weighted):
    weights = np.random.default_rng(0).random(len(X)) if weighted else None
    model = KMeans(5, random_state=0).fit(kind(X), sample_weight=weights)
    assert model.score(kind(X), sample_weight=weights) == -model.inertia_


@pytest.mark.parametrize(
    ("init", "message"),
    [
        (X[:3] + 1j, "complex"),
        (lambda X, k, random_state: sp.csr_array(X[:k]), "sparse"),
        (np.where(np.eye(3, 4) > 0, np.nan, 1.0), "row 0, column 0"),
    ],
)
def test_starting_centers_that_cannot_be_are_refused_with_a_cure(init, message):
    with pytest.raises(InputError, match=message):
        KMeans(3, init=init).fit(X)


def test_a_limit_that_leaves_no_room_for_bounds_is_the_reason_that_is_told():
    rows = np.random.default_rng(0).random((20_000, 40), dtype=np.float32)
    settings = {"init": rows[:40], "n_init": 1, "max_iter": 20}
    assert "memory_limit" in KMeans(40, memory_limit=400_000, **settings).fit(rows).why_
    assert "memory_limit" not in KMeans(40, **settings).fit(rows).why_


@pytest.mark.parametrize(
    ("model", "rows"),
    [
        (KMeans(3, init=X[:3], n_init=2), X),
        (KMeans(1, algorithm="elkan"), X),
        (KMeans(3), X[[0, 0, 0, 1]]),
        (MiniBatchKMeans(3, init=X[:3], n_init=2), X),
        (MiniBatchKMeans(3, init_size=2), X),
        (BisectingKMeans(3), X[[0, 0, 0, 1]]),
    ],
)
def test_warnings_point_to_the_line_that_calls_fit(model, rows):
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        model.fit(rows)
    assert [warning.filename for warning in heard] == [__file__]


@pytest.mark.parametrize("kind", [KMeans, BisectingKMeans])
def test_small_numbers_of_numpy_do_not_overflow(kind):
    rows = np.random.default_rng(0).normal(size=(400, 2)) * 1e4
    small = {"n_clusters": np.int8(50), "tol": np.float16(1e-3), "n_init": np.int8(2)}
    plain = {name: value.item() for name, value in small.items()}
    a, b = (kind(**each, random_state=0).fit(rows) for each in (small, plain))
    assert_array_equal(a.cluster_centers_, b.cluster_centers_)


@pytest.mark.parametrize("kind", [KMeans, BisectingKMeans])
def test_more_iterations_may_be_asked_for_than_anybody_can_count(kind):
    assert kind(2, max_iter=2**31, random_state=0).fit([[0.0], [1.0], [5.0]]).n_features_in_ == 1


def test_a_start_of_the_users_own_cannot_change_x():
    rows = np.random.default_rng(0).normal(size=(30, 2))
    before = rows.copy()

    def init(X, k, random_state):
        X[0] = 1e6
        return X[:k]

    with pytest.raises(ValueError, match="read-only"):
        KMeans(2, init=init).fit(rows)
    assert_array_equal(rows, before)
    assert rows.flags.writeable


def test_the_first_number_that_is_none_is_found_in_small_parts(monkeypatch):
    monkeypatch.setattr(_rows, "_TOGETHER", 7)
    for row, column in [(0, 0), (3, 1), (29, 2)]:
        for value, word in [(np.nan, "NaN"), (-np.inf, "infinity")]:
            rows = np.zeros((30, 3))
            rows[row, column] = value
            rows[row + 1 :] = value
            with pytest.raises(InputError, match=f"{word}, first at row {row}, column {column} "):
                KMeans(2).fit(rows)
