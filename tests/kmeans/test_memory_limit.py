import numpy as np
import pytest
from numpy.testing import assert_array_equal

from kmosaic import KMeans
from kmosaic._engine import Data
from kmosaic._errors import InputError
from kmosaic._values import Kind
from kmosaic.kmeans.memory import in_bytes, limits_of

X = np.random.default_rng(0).random((20_000, 40), dtype=np.float32)


def test_a_limit_may_be_written_in_units_of_a_thousand_or_of_1024():
    assert [in_bytes(x) for x in ("7B", "2kb", "3 MB", "1.5GB", "1TB")] == [
        7, 2_000, 3_000_000, 1_500_000_000, 10**12
    ]  # fmt: skip
    assert [in_bytes(x) for x in ("2KiB", "3MiB", "1GiB")] == [2048, 3 * 2**20, 2**30]


@pytest.mark.parametrize("limit", ["", "MB", "5", "-5MB", "1 zebibyte", "0B", "0.5B", True])
def test_what_is_no_size_is_refused(limit):
    with pytest.raises(InputError, match="is not a size: give bytes as a whole number, or text"):
        in_bytes(limit)


def test_labels_centers_and_sums_count_towards_a_limit():
    data = Data(X)
    limits = limits_of("20MB", data, 50, "k-means++")
    assert limits.start == 20_000_000
    assert limits.algorithm == 20_000_000 - data.fewest_bytes(50)
    assert limits_of(None, data, 50, "k-means++") == (data.fair_share(),) * 2


@pytest.mark.parametrize(("init", "limit"), [("k-means++", "700 kB"), ("random", 1)])
def test_a_limit_that_cannot_be_kept_is_told_and_the_leanest_is_taken(init, limit):
    asked = {"n_clusters": 20, "init": init, "n_init": 1, "random_state": 0, "max_iter": 30}
    with pytest.warns(UserWarning, match=f"memory_limit={limit!r} is too little: .* MB") as told:
        lean = KMeans(memory_limit=limit, **asked).fit(X)
    assert told[0].filename == __file__
    free = KMeans(**asked).fit(X)
    assert_array_equal(lean.labels_, free.labels_)
    assert_array_equal(lean.cluster_centers_, free.cluster_centers_)


def test_a_limit_beyond_what_can_be_counted_is_as_good_as_none():
    most = 2**63 - 1
    assert [in_bytes(x) for x in (2**63, "10000000TB", "9" * 400 + "B")] == [most] * 3
    assert KMeans(3, memory_limit=2**63, random_state=0).fit(X[:100]).n_iter_ > 0


def test_what_is_held_from_one_start_to_the_next_counts_towards_a_limit():
    data, n = Data(X), len(X)
    fewest = data.fewest_bytes(50)
    for init, held in (("random", 20 * n), ("k-means++", 20 * n), (lambda *_: X, 4 * n)):
        limits = limits_of("20MB", data, 50, init, n_starts=2)
        assert limits.algorithm == 20_000_000 - fewest - held
    with pytest.warns(UserWarning, match="is too little"):
        limits_of(fewest + 19 * n, data, 50, "random", n_starts=2)


def test_random_starts_take_16_bytes_a_row_in_any_case():
    rows = np.ones((10_000, 1))
    data = Data(rows)
    assert data.fewest_bytes(1) < 16 * len(rows)
    with pytest.warns(UserWarning, match="is too little"):
        limits_of(16 * len(rows) - 1, data, 1, "random")


def test_what_is_set_aside_and_weights_that_are_copied_count_towards_a_limit():
    n = len(X)
    weights = np.random.default_rng(0).random(n) + 7
    plain = Data(X).fewest_bytes(5)
    assert Data(X, weights).fewest_bytes(5) == plain + 8 * n
    assert Data(X, weights / 16 + 1).fewest_bytes(5) == plain  # read as they are
    assert Data(X).fewest_bytes(5, Kind(aside=0.1)) == plain + 17 * n + 72 * (n // 10)


def test_the_certificate_tells_of_rows_set_aside():
    found = Data(X).fit(X[:5], max_iter=5, algorithm="lloyd", kind=Kind(aside=0.1))
    plain = Data(X).fit(X[:5], max_iter=5, algorithm="lloyd")
    more = found.certificate.extra_bytes - plain.certificate.extra_bytes
    assert 18 * len(X) < more < 20 * len(X)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.uint8])
@pytest.mark.parametrize("d", [1, 2, 3, 4])
def test_boxes_of_rows_are_taken_where_they_fit_and_only_there(d, dtype):
    rows = (np.random.default_rng(0).random((300_000, d)) * 255).astype(dtype)
    data = Data(np.unique(rows, axis=0) if dtype == np.uint8 else rows)
    start = data.rows[:4].astype(float)
    if len(data.rows) < 200_000:
        pytest.skip("bytes of so few columns are few")
    taken = data.fit(start, max_iter=11, algorithm="kd").certificate.extra_bytes
    assert data.fit(start, max_iter=11, memory_limit=taken - 1).algorithm == "lloyd"
    assert data.fit(start, max_iter=11, memory_limit=int(1.15 * taken)).algorithm == "kd"


def test_boxes_whose_lists_are_long_are_given_up_for_a_limit():
    rows = np.random.default_rng(0).normal(size=(20_000, 2))
    start = np.repeat(rows[:1], 3000, axis=0)
    data = Data(rows)
    settings = {"max_iter": 12, "tolerance": 0.0}
    limit = 2_000_000
    lean = data.fit(start, memory_limit=limit, **settings)
    assert (lean.algorithm, lean.why) == (
        "lloyd",
        "boxes of such rows take more than memory_limit leaves for them",
    )
    truth = data.fit(start, algorithm="lloyd", **settings)
    assert_array_equal(lean.labels, truth.labels)
    assert_array_equal(lean.centers, truth.centers)
