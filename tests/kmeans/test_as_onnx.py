"""Centers as ONNX models: what onnxruntime makes of them is what we say."""

from __future__ import annotations

import importlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.exceptions import NotFittedError
from tests.kmeans import saved

from kmosaic import BalancedKMeans, BisectingKMeans, KMeans, SphericalKMeans, TrimmedKMeans
from kmosaic._errors import InputError, MissingExtraError
from kmosaic.kmeans.base import HasCenters
from kmosaic.kmeans.prototypes import Prototypes
from kmosaic.kmeans.table import ESTIMATORS

onnx = pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")

CAN = [name for name, kind in ESTIMATORS.items() if issubclass(kind, HasCenters)]
every = pytest.mark.parametrize("name", CAN)
pytestmark = [
    pytest.mark.filterwarnings("ignore:Number of distinct clusters"),
    pytest.mark.filterwarnings("ignore:X has rows of zeros"),
]


def run(model, X):
    """Labels and distances as onnxruntime finds them."""
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    return session.run(["label", "distances"], {"X": X})


def closeness(model, X):
    """How near to a tie the label of each row is: the gap of squared distances, in their unit."""
    X = X.astype(np.float64)
    if isinstance(model, SphericalKMeans):
        X = X / np.maximum(np.linalg.norm(X, axis=1), 1e-300)[:, None]
    if not isinstance(model, BisectingKMeans):
        return gap(X, model.cluster_centers_)
    tree, found = model._tree, np.full(len(X), np.inf)
    waiting = [(0, np.arange(len(X)))]
    while waiting:
        node, own = waiting.pop()
        if tree.labels[node] < 0:
            centers = tree.centers[tree.halves[node]]
            found[own] = np.minimum(found[own], gap(X[own], centers))
            first = squared(X[own], centers).argmin(axis=1) == 0
            waiting += zip(tree.halves[node], (own[first], own[~first]), strict=True)
    return found


def squared(X, centers):
    return ((X[:, None] - centers[None]) ** 2).sum(axis=2)


def gap(X, centers):
    near, second = np.sort(squared(X, np.vstack([centers, centers[-1:] + 1e9])), axis=1)[:, :2].T
    return np.where(second > 0, (second - near) / np.where(second > 0, second, 1), 0.0)


def differences(model, X, labels):
    """How many labels are not ours: where it is a near tie (to 12 digits), and elsewhere.

    Directions in float32 are rounded before they are compared: 6 digits.
    """
    rounded = isinstance(model, SphericalKMeans) and X.dtype == np.float32
    near = closeness(model, X) <= (1e-6 if rounded else 1e-12)
    differ = labels != model.predict(X)
    return int((differ & near).sum()), int((differ & ~near).sum())


@every
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_labels_and_distances_are_ours(name, dtype):
    X = saved.rows(3000, 7).astype(dtype)
    model = saved.make(name, n_clusters=9).fit(X)
    labels, distances = run(model.to_onnx(), X)
    assert (labels.dtype, distances.dtype) == (np.int64, dtype)
    near_ties, others = differences(model, X, labels)
    assert near_ties <= 1
    assert others == 0
    rounding = 2e-7 if dtype == np.float32 else 1e-14
    assert_allclose(distances, model.transform(X), rtol=rounding, atol=rounding)


@every
def test_pictures_are_taken_as_bytes_and_as_floats(name):
    generator = np.random.default_rng(0)
    strokes = generator.random((10, 784)) < 0.2  # as handwritten digits: most pixels are black
    X = (
        strokes[generator.integers(10, size=2000)] * generator.integers(0, 256, (2000, 784))
    ).astype(np.uint8)
    model = saved.make(name, n_clusters=10).fit(X)
    for dtype in (np.uint8, np.float32, np.float64):
        given = X.astype(dtype)
        labels, distances = run(model.to_onnx(dtype=dtype), given)
        assert differences(model, X, labels) == (0, 0)
        rounding = 1e-6 if dtype == np.float32 else 1e-13
        assert_allclose(distances, model.transform(X), rtol=rounding, atol=rounding)
        assert distances.dtype == (np.float32 if dtype == np.float32 else np.float64)


@pytest.mark.parametrize("offset", [0.0, 1e6, 1e9])
def test_a_large_common_offset_costs_no_digits(offset):
    X = np.round(saved.rows(2000, 3) * 1024) / 1024 + offset
    model = KMeans(6, random_state=0).fit(X)
    labels, distances = run(model.to_onnx(), X)
    assert differences(model, X, labels) == (0, 0)
    assert_allclose(distances, model.transform(X), rtol=1e-13)


def test_a_row_on_a_center_has_no_distance_to_it():
    X = saved.rows(50, 3).astype(np.float32) + np.float32(1e4)
    model = KMeans(50, random_state=0).fit(X)
    labels, distances = run(model.to_onnx(), X)
    assert_array_equal(labels, model.labels_)
    assert (distances.min(axis=1) == 0).all()


def test_a_tie_goes_to_the_first_center():
    model = KMeans(3, init=[[0.0], [2.0], [2.0]], n_init=1, max_iter=1).fit([[0.0], [2.0], [2.0]])
    model.cluster_centers_ = np.array([[0.0], [2.0], [2.0]])
    labels, _ = run(model.to_onnx(), np.array([[1.0], [2.0], [0.5]]))
    assert labels.tolist() == [0, 1, 0]


@every
@given(seed=st.integers(0, 10_000), k=st.integers(1, 12), d=st.integers(1, 6))
@settings(max_examples=15, deadline=None)
def test_labels_are_ours_on_a_grid_full_of_ties(name, seed, k, d):
    X = np.random.default_rng(seed).integers(-2, 3, size=(80, d)).astype(np.float32)
    model = saved.make(name, n_clusters=k, random_state=seed).fit(X)
    labels, _ = run(model.to_onnx(), X)
    assert differences(model, X, labels)[1] == 0  # of near ties there are many


def test_fewer_different_rows_than_clusters_are_no_obstacle():
    X = np.repeat([[0.0, 1.0], [5.0, 5.0]], 5, axis=0)
    for kind in (KMeans, BisectingKMeans):
        model = kind(4, random_state=0).fit(X)
        labels, distances = run(model.to_onnx(), X)
        assert_array_equal(labels, model.predict(X))
        assert_array_equal(distances, model.transform(X))


@every
def test_no_rows_and_one_row_are_taken(name):
    X = saved.rows()
    model = saved.make(name).fit(X)
    for count in (0, 1):
        labels, distances = run(model.to_onnx(), X[:count])
        assert (labels.shape, distances.shape) == ((count,), (count, 4))


@every
def test_the_model_is_sound_and_made_of_plain_onnx_alone(name):
    model = saved.make(name).fit(saved.rows()).to_onnx()
    onnx.checker.check_model(model, full_check=True)
    assert [(one.domain, one.version) for one in model.opset_import] == [("", 17)]
    assert {node.domain for node in model.graph.node} == {""}
    found = [
        (out.name, [d.dim_param or d.dim_value for d in shape_of(out)]) for out in outputs(model)
    ]
    assert found == [("label", ["n"]), ("distances", ["n", 4])]


def outputs(model):
    return model.graph.output


def shape_of(value):
    return value.type.tensor_type.shape.dim


@every
def test_the_reference_of_onnx_finds_the_same(name):
    from onnx.reference import ReferenceEvaluator

    X = saved.rows(60)
    model = saved.make(name).fit(X)
    labels, distances = ReferenceEvaluator(model.to_onnx()).run(["label", "distances"], {"X": X})
    assert_array_equal(labels, model.predict(X))
    assert_allclose(distances, model.transform(X), rtol=1e-14)


def test_a_loaded_model_gives_the_same_onnx(tmp_path):
    import kmosaic

    model = BisectingKMeans(5, random_state=0).fit(saved.rows())
    again = kmosaic.load(model.save(tmp_path / "m")).to_onnx()
    assert again.SerializeToString() == model.to_onnx().SerializeToString()


def test_other_inputs_are_refused():
    model = KMeans(3, random_state=0).fit(saved.rows())
    with pytest.raises(InputError, match="dtype must be one of float32, float64, uint8"):
        model.to_onnx(dtype="int32")


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("kind", [KMeans, TrimmedKMeans, BalancedKMeans])
def test_gaps_count_for_nothing(kind, dtype):
    X = saved.rows(500, 6).astype(dtype)
    X[np.random.default_rng(0).random(X.shape) < 0.3] = np.nan
    X = X[~np.isnan(X).all(axis=1)]
    model = kind(4, missing="ignore", random_state=0).fit(X)
    labels, distances = run(model.to_onnx(), X)
    assert_array_equal(labels, model.predict(X))
    assert_allclose(distances, model.transform(X), rtol=2e-7 if dtype == np.float32 else 1e-14)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_rows_of_zeros_have_no_direction(dtype):
    X = saved.rows(60).astype(dtype)
    X[[3, 30]] = 0
    model = SphericalKMeans(4, random_state=0).fit(X)
    labels, distances = run(model.to_onnx(), X)
    assert (distances[[3, 30]] == 1).all()
    others = np.flatnonzero(X.any(axis=1))
    assert differences(model, X[others], labels[others]) == (0, 0)


def test_a_model_that_is_not_fitted_is_refused():
    for kind in (KMeans, BisectingKMeans):
        with pytest.raises(NotFittedError):
            kind(3).to_onnx()


def test_an_estimator_that_predicts_in_its_own_way_is_refused():
    class Moody(KMeans):
        def predict(self, X):
            return super().predict(X)[::-1]

    class Squinting(KMeans):
        def _data_of(self, rows, weights):
            return super()._data_of(rows * 2, weights)

    for kind in (Moody, Squinting):
        with pytest.raises(InputError, match=f"{kind.__name__} has a .*of its own"):
            kind(3).fit(saved.rows()).to_onnx()


def test_an_estimator_that_fits_in_its_own_way_is_taken():
    class Stubborn(KMeans):
        def fit(self, X, y=None, sample_weight=None):
            return super().fit(X[:50])

    X = saved.rows()
    model = Stubborn(3, random_state=0).fit(X)
    assert_array_equal(run(model.to_onnx(), X)[0], model.predict(X))


def test_without_onnx_the_error_names_the_extra(monkeypatch):
    def missing(name):
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    model = KMeans(3, random_state=0).fit(saved.rows())
    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(MissingExtraError, match=r"onnx: pip install 'kmosaic\[onnx\]'"):
        model.to_onnx()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_prototypes_say_whose_the_nearest_is(dtype):
    X = np.random.default_rng(0).normal(size=(300, 4)).astype(dtype)
    y = np.array([3, 7])[(X[:, 0] > 0).astype(int)]
    model = Prototypes(20, random_state=0).fit(X, y)
    labels, distances = run(model.to_onnx(), X)
    assert_array_equal(labels, model.predict(X))
    assert_allclose(distances, np.sqrt(squared(X, model.centers_)), rtol=1e-5)
    with pytest.raises(NotFittedError):
        Prototypes().to_onnx()
