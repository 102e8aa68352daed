"""scikit-learn's callbacks on our estimators: what they hear, what they see, what they may stop."""

import pickle

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from scipy.sparse import csr_array
from sklearn.base import clone
from sklearn.datasets import load_iris
from sklearn.metrics import adjusted_rand_score
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from kmosaic import BisectingKMeans, KMeans, MiniBatchKMeans
from kmosaic.kmeans import callbacks, kmeans

sklearn_callback = pytest.importorskip("sklearn.callback", reason="scikit-learn 1.9 and later")

X, y = load_iris(return_X_y=True)
ESTIMATORS = {
    "k-means": KMeans(4, init="random", n_init=3, random_state=0),
    "mini-batch": MiniBatchKMeans(4, batch_size=40, random_state=0),
    "bisecting": BisectingKMeans(4, random_state=0),
}
each_estimator = pytest.mark.parametrize("estimator", ESTIMATORS.values(), ids=ESTIMATORS)


class Listener:
    """Remembers all that it hears, and asks to stop where `stop` says so."""

    def __init__(self, stop=lambda context: False):
        self.heard = []
        self.stop = stop

    def setup(self, estimator, context):
        self.heard.append("setup")

    def on_fit_task_begin(self, estimator, context):
        self.heard.append(("begin", *_path(context)))

    def on_fit_task_end(self, estimator, context):
        self.heard.append(("end", *_path(context)))
        return self.stop(context)

    def teardown(self, estimator, context):
        self.heard.append("teardown")

    def count(self, name):
        return sum(each[0] == "end" and each[-1][0] == name for each in self.heard)


class Spread(Listener):
    """A listener that scikit-learn hands on to the parts of a pipeline or a search."""

    max_propagation_depth = None


class Watcher(Listener):
    """A listener that looks at the model too."""

    def __init__(self):
        super().__init__()
        self.models = {}
        self.given = []

    def on_fit_task_end(self, estimator, context, *, X, y, metadata, fitted_estimator):
        self.models[_path(context)] = fitted_estimator
        self.given.append((X, y, metadata))


def _path(context):
    before = () if context.parent is None else _path(context.parent)
    return *before, (context.task_name, context.task_id)


def bits(model):
    return model.cluster_centers_.tobytes(), model.labels_.tobytes(), model.inertia_


def listened(estimator, listener, *data, **settings):
    return clone(estimator).set_callbacks(listener).fit(*data, **settings)


def test_every_start_and_iteration_begins_and_ends_in_its_place():
    listener = Listener()
    listened(KMeans(2, init=X[:2], max_iter=2, tol=0), listener, X)
    fit, start = ("fit", 0), ("start", 0)
    first, second = ("iteration", 0), ("iteration", 1)
    assert listener.heard == [
        "setup",
        ("begin", fit),
        ("begin", fit, start),
        ("begin", fit, start, first),
        ("end", fit, start, first),
        ("begin", fit, start, second),
        ("end", fit, start, second),
        ("end", fit, start),
        ("end", fit),
        "teardown",
    ]


@each_estimator
def test_what_begins_ends_and_nothing_more_is_heard_than_what_was_done(estimator):
    listener = Listener()
    model = listened(estimator, listener, X)
    begun = [each[1:] for each in listener.heard if each[0] == "begin"]
    ended = [each[1:] for each in listener.heard if each[0] == "end"]
    assert sorted(begun) == sorted(ended)
    parts = {
        KMeans: lambda: (listener.count("start"), 3),
        MiniBatchKMeans: lambda: (listener.count("step"), model.n_steps_),
        BisectingKMeans: lambda: (listener.count("split"), 3),
    }
    heard, done = parts[type(model)]()
    assert heard == done


def test_iterations_are_heard_of_as_often_as_on_iteration_is_called():
    numbers, listener = [], Listener()
    settings = {"tol": 1e-2, "random_state": 1, "n_init": 4, "init": "random"}
    listened(KMeans(5, on_iteration=numbers.append, **settings), listener, X)
    assert listener.count("iteration") == len(numbers)


@each_estimator
def test_listening_changes_no_bit_of_the_result(estimator):
    alone = clone(estimator).fit(X)
    assert bits(listened(estimator, Watcher(), X)) == bits(alone)


@pytest.mark.parametrize("sparse", [False, True])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("algorithm", ["auto", "lloyd", "elkan"])
def test_after_each_iteration_the_model_is_that_of_a_fit_that_ended_there(
    algorithm, weighted, sparse
):
    rows = csr_array(X) if sparse else X
    weights = np.random.default_rng(0).random(len(X)) if weighted else None
    far = np.vstack([X[:5], X[:3] + 1e3])  # clusters that begin empty
    settings = {"init": far, "tol": 0, "algorithm": algorithm}
    watcher = Watcher()
    model = KMeans(8, **settings).set_callbacks(watcher).fit(rows, sample_weight=weights)
    for number in range(1, model.n_iter_ + 1):
        there = KMeans(8, max_iter=number, **settings).fit(rows, sample_weight=weights)
        seen = _at(watcher, number)
        assert bits(seen) == bits(there)
        assert (seen.n_iter_, len(seen.history_)) == (number, number)
        assert_array_equal(seen.predict(rows), there.predict(rows))


def _at(watcher, number):
    return watcher.models[("fit", 0), ("start", 0), ("iteration", number - 1)]


def test_after_each_step_the_model_is_that_of_a_fit_that_ended_there():
    watcher = Watcher()
    settings = {"batch_size": 30, "random_state": 0, "max_no_improvement": None}
    MiniBatchKMeans(3, max_iter=2, **settings).set_callbacks(watcher).fit(X)
    half = MiniBatchKMeans(3, max_iter=1, **settings).fit(X)
    seen = watcher.models[("fit", 0), ("step", half.n_steps_ - 1)]
    assert bits(seen) == bits(half)
    assert (seen.n_steps_, seen.n_iter_) == (half.n_steps_, 1)


def test_after_each_split_the_model_is_that_of_fewer_clusters():
    watcher = Watcher()
    BisectingKMeans(5, random_state=0).set_callbacks(watcher).fit(X)
    for k in range(2, 6):
        there = BisectingKMeans(k, random_state=0).fit(X)
        seen = watcher.models[("fit", 0), ("split", k - 2)]
        assert bits(seen) == bits(there)
        assert_array_equal(seen.predict(X), there.labels_)


def test_a_callback_that_ends_an_iteration_ends_its_start_as_max_iter_would():
    listener = Listener(stop=lambda context: context.task_name == "iteration")
    model = listened(KMeans(5, n_init=3, random_state=0), listener, X)
    assert bits(model) == bits(KMeans(5, n_init=3, random_state=0, max_iter=1).fit(X))
    assert (listener.count("iteration"), listener.count("start")) == (3, 3)
    assert [step.number for step in model.history_] == [1]


def test_a_callback_that_ends_a_start_is_spared_the_others():
    settings = {"init": "random", "random_state": 0}
    model = listened(
        KMeans(5, n_init=8, **settings), Listener(lambda context: context.task_id == 1), X
    )
    assert bits(model) == bits(KMeans(5, n_init=2, max_iter=2, **settings).fit(X))


def test_a_callback_may_end_steps_and_splits():
    early = Listener(stop=lambda context: context.task_id == 2)
    steps = listened(ESTIMATORS["mini-batch"], early, X)
    assert steps.n_steps_ == 3
    splits = listened(BisectingKMeans(9, random_state=0), early, X)
    assert bits(splits) == bits(BisectingKMeans(4, random_state=0).fit(X))
    assert splits.transform(X).shape == (len(X), 4)


@each_estimator
def test_callbacks_see_what_the_user_gave(estimator):
    watcher, weights = Watcher(), np.ones(len(X))
    listened(estimator, watcher, X.tolist(), y, sample_weight=weights)
    assert all(rows == X.tolist() for rows, _, _ in watcher.given)
    assert all(labels is y for _, labels, _ in watcher.given)
    assert all(metadata["sample_weight"] is weights for _, _, metadata in watcher.given)


def test_a_batch_on_its_own_is_one_task():
    listener = Listener()
    MiniBatchKMeans(3, random_state=0).set_callbacks(listener).partial_fit(X)
    task = ("partial-fit", 0)
    assert listener.heard == ["setup", ("begin", task), ("end", task), "teardown"]


@pytest.mark.parametrize("where", ["setup", "on_fit_task_begin", "on_fit_task_end"])
@each_estimator
def test_a_callback_that_fails_ends_the_fit_and_is_let_go(estimator, where):
    def fail(*_, **__):
        raise ZeroDivisionError

    listener = Listener()
    setattr(listener, where, fail)
    with pytest.raises(ZeroDivisionError):
        listened(estimator, listener, X)
    assert listener.heard[-1] == "teardown"


@each_estimator
def test_the_progress_bar_shows_every_level(estimator, capsys):
    listened(estimator, sklearn_callback.ProgressBar(), X)
    assert f"{type(estimator).__name__} - fit" in capsys.readouterr().out


@each_estimator
def test_the_monitor_scores_every_part(estimator):
    monitor = sklearn_callback.ScoringMonitor(scoring=["adjusted_rand_score"])
    model = listened(estimator, monitor, X, y)
    scores = monitor.get_logs().data
    assert len(scores) > 3
    assert scores[0]["task_name"] == "fit"
    assert scores[0]["adjusted_rand_score"] == adjusted_rand_score(y, model.labels_)


@each_estimator
def test_a_pipeline_and_a_search_hand_their_callbacks_on(estimator):
    name = {KMeans: "iteration", MiniBatchKMeans: "step", BisectingKMeans: "split"}[type(estimator)]
    for whole in (
        make_pipeline(StandardScaler(), clone(estimator)),
        GridSearchCV(clone(estimator), {"n_clusters": [2, 3]}, cv=2),
    ):
        listener = Spread()
        whole.set_callbacks(listener).fit(X)
        assert listener.count(name) > 0
        assert (listener.heard[0], listener.heard[-1]) == ("setup", "teardown")


def test_a_pipeline_that_hands_nothing_on_finds_our_place_in_its_tree():
    seen = []
    listener = Listener(stop=seen.extend)
    pipeline = make_pipeline(StandardScaler(), KMeans(3, random_state=0))
    pipeline.set_callbacks(listener).fit(X)
    assert "KMeans" in {context.estimator_name for context in seen}


def test_without_callbacks_nothing_of_them_is_touched(monkeypatch):
    def fail(*_, **__):
        raise AssertionError

    monkeypatch.setattr(callbacks.TellsCallbacks, "_whole_fit", fail)
    monkeypatch.setattr(callbacks, "with_callbacks", fail)
    for estimator in ESTIMATORS.values():
        clone(estimator).fit(X)


def test_a_callback_that_does_not_look_at_the_model_costs_no_second_pass(monkeypatch):
    opened = []
    once = kmeans.data_of
    monkeypatch.setattr(kmeans, "data_of", lambda *rows: opened.append(1) or once(*rows))
    listened(ESTIMATORS["k-means"], Listener(), X)
    assert len(opened) == 1


@each_estimator
def test_callbacks_stay_with_a_clone_and_can_be_taken_off(estimator):
    model = clone(estimator).set_callbacks(Listener())
    assert clone(model)._skl_callbacks == model._skl_callbacks
    model.set_callbacks().fit(X)
    assert bits(pickle.loads(pickle.dumps(model))) == bits(model)
    assert not any("callback" in name for name in vars(model))
