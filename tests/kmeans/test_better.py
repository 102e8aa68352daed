"""quality: "best" is never worse than "default", which stays as it is; and what goes with it."""

import io
import re
from contextlib import redirect_stdout

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from scipy.sparse import csr_array

from kmosaic import KMeans, TrimmedKMeans, _core, k_means
from kmosaic._engine import Data
from kmosaic._errors import InputError
from kmosaic.kmeans import better
from kmosaic.kmeans.lloyd import Lloyd

RANDOM = np.random.default_rng(0)
GROUPS = RANDOM.normal(size=(600, 3)) + RANDOM.integers(0, 4, (600, 3)) * 6.0
MANY = RANDOM.random((21_000, 2)).astype(np.float32)
SETS = {
    "groups": (GROUPS, 30),
    "float32": (GROUPS.astype(np.float32), 30),
    "bytes": ((GROUPS * 5 + 30).clip(0, 255).astype(np.uint8), 30),
    "sparse": (csr_array(GROUPS.round()), 20),
    "a sample": (MANY, 25),
    "few rows": (GROUPS[:9], 8),
    "fewer contents than clusters": (GROUPS[[0, 0, 1, 1, 2]], 4),
    "one cluster": (GROUPS, 1),
}
each_set = pytest.mark.parametrize("name", SETS)
pytestmark = pytest.mark.filterwarnings("ignore:Number of distinct clusters")


def fit(name, quality, seed=0, **settings):
    X, k = SETS[name]
    return KMeans(k, quality=quality, random_state=seed, **settings).fit(X)


@each_set
@pytest.mark.parametrize("seed", range(3))
def test_best_is_never_worse_than_default_from_the_same_seed(name, seed):
    assert fit(name, "best", seed).inertia_ <= fit(name, "default", seed).inertia_


def test_best_is_better_where_there_is_more_to_find():
    shares = [
        fit("groups", "best", seed).inertia_ / fit("groups", "default", seed).inertia_
        for seed in range(10)
    ]
    assert np.mean(shares) < 0.98


@each_set
def test_labels_are_nearest_and_inertia_is_theirs_and_never_rises(name):
    model, X = fit(name, "best"), SETS[name][0]
    assert_array_equal(model.labels_, model.predict(X))
    assert model.inertia_ == pytest.approx(-model.score(X), rel=1e-9, abs=1e-9)
    inertias = [done.inertia for done in model.history_]
    assert inertias == sorted(inertias, reverse=True)
    numbers = [done.number for done in model.history_]
    assert numbers == sorted(set(numbers))
    assert model.n_iter_ >= numbers[-1]


@pytest.mark.parametrize("name", [name for name in SETS if not name.startswith("fewer")])
def test_lloyd_has_come_to_rest(name):
    model, (X, k) = fit(name, "best"), SETS[name]
    again = KMeans(k, init=model.cluster_centers_, tol=0).fit(X)
    assert_array_equal(again.cluster_centers_, model.cluster_centers_)


@pytest.mark.parametrize("name", ["groups", "a sample"])
def test_the_order_of_the_rows_does_not_matter(name):
    X, k = SETS[name]
    order = RANDOM.permutation(len(X))
    model, shuffled = (
        KMeans(k, quality="best", random_state=0).fit(rows)
        for rows in (X, np.ascontiguousarray(X[order]))
    )
    assert_array_equal(model.cluster_centers_, shuffled.cluster_centers_)
    assert_array_equal(model.labels_[order], shuffled.labels_)
    assert model.inertia_ == shuffled.inertia_


@pytest.mark.parametrize("name", ["a sample", "groups"])
@pytest.mark.parametrize(
    ("variable", "values"),
    [("KMOSAIC_NUM_THREADS", ["1", "3"]), ("KMOSAIC_SIMD", _core.instruction_sets())],
)
def test_neither_threads_nor_instruction_sets_matter(name, variable, values, monkeypatch):
    found = []
    for value in values:
        monkeypatch.setenv(variable, value)
        found.append(fit(name, "best"))
    for other in found[1:]:
        assert_array_equal(other.cluster_centers_, found[0].cluster_centers_)
        assert_array_equal(other.labels_, found[0].labels_)
        assert other.inertia_ == found[0].inertia_


def test_the_limit_is_heard_between_moves(monkeypatch):
    ticks = iter(range(10_000))
    monkeypatch.setattr(better, "clock", lambda: float(next(ticks)))
    model = fit("groups", "best", time_limit=5)
    assert re.search(r"in \d+ tries|moves tried", model.why_)
    assert model.inertia_ <= fit("groups", "default").inertia_
    monkeypatch.setattr(better, "clock", lambda: float(next(ticks)) * 100)
    assert fit("groups", "best", time_limit=5).why_.endswith("tried: time_limit was over before")


def test_fast_is_one_start_and_default_is_what_it_was():
    fast, default = (fit("groups", quality, init="random") for quality in ("fast", "default"))
    one = fit("groups", "default", init="random", n_init=1)
    assert_array_equal(fast.cluster_centers_, one.cluster_centers_)
    plain = KMeans(30, random_state=0, init="random").fit(GROUPS)
    assert_array_equal(default.cluster_centers_, plain.cluster_centers_)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"time_limit": 1.0}, "time_limit=1.0 has no meaning"),
        ({"quality": "fast", "n_init": 3}, "quality='fast' is one start"),
        ({"quality": "best", "missing": "ignore"}, "knows no gaps"),
        ({"quality": "good"}, "quality"),
        ({"quality": "best", "time_limit": 0}, "time_limit"),
    ],
)
def test_what_makes_no_sense_is_refused(settings, message):
    with pytest.raises(ValueError, match=message) as error:
        KMeans(2, **settings).fit(GROUPS)
    assert isinstance(error.value, InputError) or "parameter" in str(error.value)


def test_why_and_verbose_tell_what_moves_did():
    with redirect_stdout(io.StringIO()) as said:
        model = fit("groups", "best", verbose=1)
    assert "Moves, round 1: " in said.getvalue()
    assert "lowered inertia by" in model.why_
    assert re.search(r"tries on \d+ rows|tried on \d+ rows", fit("a sample", "best").why_)


def test_iterations_are_told_with_the_number_of_their_run():
    told = []
    model = fit("groups", "best", on_iteration=told.append)
    runs = [done.run for done in told]
    assert runs == sorted(runs)
    assert runs[-1] > 1
    assert {done.run for done in model.history_} <= set(runs)


def test_with_too_little_memory_no_move_is_made():
    data = Data(GROUPS)
    lloyd = Lloyd(data, {"max_iter": 300, "tolerance": 0.0})
    fit = data.fit(GROUPS[:30])
    settings = {"deadline": better.Deadline(None), "memory_limit": 1000}
    found = better.better(data, fit, lloyd, np.random.RandomState(0), **settings)
    assert found.inertia == fit.inertia
    assert found.why.endswith("memory_limit leaves no room for moves")


def test_other_kinds_of_k_means_have_no_such_parameter():
    assert "quality" not in TrimmedKMeans().get_params()
    assert TrimmedKMeans(2, random_state=0).fit(GROUPS).inertia_ > 0


def test_the_function_knows_it_too():
    found = k_means(GROUPS, 30, random_state=0, quality="best")[2]
    assert found == fit("groups", "best").inertia_
