"""Pickle, joblib, copies and clones of all estimators, fitted or not."""

from __future__ import annotations

import copy
import pickle

import joblib
import pytest
from numpy.testing import assert_array_equal
from sklearn.base import clone
from tests.kmeans import saved

from kmosaic import MiniBatchKMeans
from kmosaic.kmeans.table import ESTIMATORS

every = pytest.mark.parametrize("name", ESTIMATORS)


def through_joblib(model, tmp_path):
    joblib.dump(model, tmp_path / "model.joblib", compress=True)
    return joblib.load(tmp_path / "model.joblib")


WAYS = {
    "pickle": lambda model, _: pickle.loads(pickle.dumps(model)),
    "the oldest pickle": lambda model, _: pickle.loads(pickle.dumps(model, protocol=0)),
    "joblib": through_joblib,
    "deepcopy": lambda model, _: copy.deepcopy(model),
}


@pytest.fixture(params=WAYS.values(), ids=WAYS)
def way(request, tmp_path):
    return lambda model: request.param(model, tmp_path)


@every
@pytest.mark.parametrize("how", saved.HOW_GIVEN)
def test_a_fitted_estimator_comes_back_the_same(name, how, way):
    if not saved.takes(name, how):
        pytest.skip("takes no sparse rows")
    X = saved.HOW_GIVEN[how](saved.rows())
    model = saved.fit(saved.make(name), X)
    found = way(model)
    saved.assert_same(found, model)
    assert_array_equal(found.predict(X), model.predict(X))


@every
def test_an_estimator_that_is_not_fitted_comes_back_and_can_be_fitted(name, way):
    X, model = saved.rows(), saved.make(name)
    found = way(model)
    saved.assert_same(found, model)
    assert_array_equal(saved.fit(found, X).predict(X), saved.fit(model, X).predict(X))


@every
def test_a_clone_has_the_parameters_and_nothing_that_was_found(name):
    model = saved.fit(saved.make(name), saved.rows())
    saved.assert_same(clone(model), saved.make(name))


def test_mini_batches_go_on_as_if_never_pickled(way):
    batches = [saved.rows(30, seed=seed) for seed in range(8)]
    model = MiniBatchKMeans(8, random_state=0, reassignment_ratio=0.5).partial_fit(batches[0])
    found = way(model)
    for batch in batches[1:]:
        model.partial_fit(batch)
        found.partial_fit(batch)
    saved.assert_same(found, model)
