"""The head's bound holds, whatever the data: held against distances in float64."""

import tracemalloc

import numpy as np
import pytest
from tests.kmeans import slow

from kmosaic import KMeans, _engine
from kmosaic._basis import find_basis, head_size, sample_bytes, worth_head

N, D = 240, 70


def directions(d, m, seed=0):
    return np.linalg.qr(np.random.default_rng(seed).normal(size=(d, m)))[0].T.copy()


def normal(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


DECAYING = normal(N, D) * 0.8 ** np.arange(D)
RANK_ONE = normal(N, 1) * normal(1, D, seed=1)

ADVERSARIAL = {
    "flat spectrum": normal(N, D),
    "decaying spectrum": DECAYING,
    "rank one": RANK_ONE,
    "nearly rank one": RANK_ONE + 1e-6 * normal(N, D),
    "duplicates": np.repeat(DECAYING[: N // 8], 8, axis=0),
    "constant": np.ones((N, D)),
    "far from zero": DECAYING + 1e6,
    "very far from zero": DECAYING * 1e4 + 1e9,
    "one far row": np.vstack([DECAYING, np.full((1, D), 1e7)]),
    "two far clumps": np.vstack([DECAYING, DECAYING + 1e6]),
    "tiny numbers": DECAYING * 1e-30,
    "subnormal numbers": DECAYING * 1e-40,
    "numbers with squares below the smallest": DECAYING * 1e-165,
    "large numbers": DECAYING * 1e15,
    "columns of unlike scale": normal(N, D) * 10.0 ** -np.arange(D),
    "along the head only": normal(N, 15) @ directions(D, 15),
    "nothing along the head": normal(N, D) @ (np.eye(D) - directions(D, 15).T @ directions(D, 15)),
    "few columns": normal(N, 3),
    "many columns": normal(60, 3000),
}


@pytest.fixture(params=_engine.instruction_sets())
def simd(request, monkeypatch):
    monkeypatch.setenv("KMOSAIC_SIMD", request.param)


def bounds_of(X, centers, basis):
    """The bounds, in scaled squares, and the scale."""
    data = _engine.Data(X)
    data.set_head(basis)
    return data._core.head_bounds(centers.astype(float))


def slack_of_bounds(X, centers, basis):
    """Distance less bound, in scaled squares, which must not be negative."""
    bounds, scale = bounds_of(X, centers, basis)
    truth = slow.squared_distances(X.astype(float) * scale, centers * scale)
    return truth - bounds, truth


TRUTH = {}  # slow, and the same for every basis and instruction set


def true_distances(name, dtype, scale, X, centers):
    key = (name, dtype, scale)
    if key not in TRUTH:
        TRUTH[key] = slow.squared_distances(X.astype(float) * scale, centers * scale)
    return TRUTH[key]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ADVERSARIAL)
def test_no_bound_exceeds_the_distance(name, dtype, simd):
    X = ADVERSARIAL[name].astype(dtype)
    m = min(15, X.shape[1] - 1)
    leading = np.linalg.svd(X - X.mean(axis=0), full_matrices=False)[2][:m].astype(float)
    near = (X[:30].astype(float) + X[30:60]) / 2
    centers = np.vstack([X[::7], near]).astype(dtype)
    for basis in (directions(X.shape[1], m), np.ascontiguousarray(leading)):
        bounds, scale = bounds_of(X, centers, basis)
        assert (true_distances(name, dtype, scale, X, centers) - bounds >= 0).all()


def test_pixels_are_bounded_too(simd):
    X = np.random.default_rng(0).integers(0, 256, size=(N, D)).astype(np.uint8)
    centers = np.vstack([X[:20].astype(float), normal(5, D) * 1000])
    slack, _ = slack_of_bounds(X, centers, directions(D, 20))
    assert (slack >= 0).all()


def test_the_bound_is_tight_where_the_head_holds_all_there_is(simd):
    X = (normal(N, 15) @ directions(D, 15)).astype(np.float32)
    slack, truth = slack_of_bounds(X, X[:20], directions(D, 15))
    assert (slack <= 1e-3 * truth.max()).all()


def test_centers_far_outside_the_data_are_never_excluded_wrongly(simd):
    X = DECAYING.astype(np.float32)
    for far in (1e10, 1e30, 1e100):
        slack, _ = slack_of_bounds(X, X[:3] * np.float64(far), directions(D, 15))
        assert not (slack < 0).any()  # NaN: nothing is excluded


def test_directions_that_are_not_orthonormal_are_refused():
    data = _engine.Data(DECAYING)
    with pytest.raises(ValueError, match="orthonormal"):
        data.set_head(directions(D, 15) * 1.01)
    with pytest.raises(ValueError, match="columns"):
        data.set_head(directions(D + 1, 15))


def test_a_head_pays_where_few_directions_hold_most():
    X = normal(3000, 128) * 0.9 ** np.arange(128)
    basis = find_basis(X, k=100)
    assert basis.pays
    assert basis.captured > 0.95
    np.testing.assert_allclose(basis.directions @ basis.directions.T, np.eye(31), atol=1e-12)


@pytest.mark.parametrize("d", [64, 128, 300])
def test_a_head_does_not_pay_where_no_direction_leads(d):
    for X in (normal(3000, d), np.random.default_rng(0).random((3000, d))):
        assert not find_basis(X.astype(np.float32), k=100).pays


@pytest.mark.parametrize("factor", [1e-30, 1e-170, 1e30, 1e150])
def test_the_leading_directions_do_not_depend_on_the_unit(factor):
    X = normal(1000, 64) * 0.9 ** np.arange(64)
    assert find_basis(X * factor, k=50).captured == pytest.approx(find_basis(X, k=50).captured)


@pytest.mark.parametrize("X", [np.zeros((100, 64)), np.ones((1, 64)), normal(5, 64)])
def test_a_basis_is_found_for_any_rows(X):
    assert find_basis(X, k=3).directions.shape == (head_size(64), 64)


POSITIVE = np.random.default_rng(0).random((3000, 64)) * 0.8 ** np.arange(64)
WEIGHTS = np.append(np.zeros(2), np.ones(2998))
EXTREME = {
    "float32 whose sum is none": ((POSITIVE * 1e36).astype(np.float32), None),
    "float32 far out, of weight 0": (POSITIVE.astype(np.float32), 3e38),
    "float64 far out, of weight 0": (POSITIVE, 1e308),
    "a column of large numbers": (POSITIVE + 1e305 * (np.arange(64) == 63), None),
}


@pytest.mark.parametrize("name", EXTREME)
def test_rows_near_the_largest_number_have_a_head_and_are_fitted(name):
    X, far = EXTREME[name]
    weights = None if far is None else WEIGHTS
    if far is not None:
        X = X.copy()
        X[:2] = far
    basis = find_basis(X, k=100, weights=weights)
    truth = find_basis(POSITIVE[2:], k=100)
    assert basis.captured == pytest.approx(truth.captured, rel=1e-3)
    assert basis.pays
    model = KMeans(100, random_state=0, max_iter=3, tol=0).fit(X, sample_weight=weights)
    assert len(np.unique(model.labels_)) == 100


def test_rows_of_weight_0_have_no_say_in_the_basis():
    X = normal(1000, 64) * 0.9 ** np.arange(64)
    others = np.vstack([X, normal(5000, 64, seed=1) * 1e3])
    weights = np.append(np.ones(1000), np.zeros(5000))
    order = np.argsort(np.random.default_rng(0).random(6000), kind="stable")
    order = order[np.argsort(weights[order] == 0, kind="stable")]  # those that count, mixed, first
    found = find_basis(others[order], k=50, weights=weights[order])
    assert found.captured == find_basis(others[order][:1000], k=50).captured


@pytest.mark.parametrize("value", [np.inf, np.nan])
def test_a_basis_that_is_not_finite_does_not_pay(value):
    X = normal(500, 64) * 0.5 ** np.arange(64)
    X[3, 5] = value
    assert not find_basis(X, k=50).pays


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.uint8])
def test_finding_a_basis_takes_little_more_than_its_sample_in_float32(dtype):
    X = (np.random.default_rng(0).random((4096, 2000)) * 255).astype(dtype)
    tracemalloc.start()
    find_basis(X, k=150)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < sample_bytes(*X.shape) < 1.5 * 4 * X.size


def test_rows_too_long_for_sums_in_float32_have_no_head():
    assert head_size(200_000) > 0
    _engine.Data(np.ones((2, 200_000), np.float32)).set_head(np.eye(head_size(200_000), 200_000))
    assert head_size(200_001) == 0


def test_a_head_is_not_worth_its_cost_for_little_work():
    assert not worth_head(1_000_000, 16, k=1000, iterations=300)
    assert not worth_head(70_000, 784, k=10, iterations=10)
    assert worth_head(70_000, 784, k=1000, iterations=30)
