import numpy as np
import pytest
from numpy.testing import assert_array_equal

from kmosaic import KMeans
from kmosaic._engine import Data
from kmosaic._errors import InputError
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
