"""What users of cuML's KMeans ran into, by the number of its issue.

#607, out of memory in k-means||, cannot happen here as it did there: k-means|| draws many more
candidates than centers and holds the distances between them. There is no k-means|| here. k-means++
holds some numbers for each row, however many centers there are, and what is held can be limited.
"""

import numpy as np
from numpy.testing import assert_array_equal

from kmosaic import KMeans


def test_607_many_centers_start_in_memory_for_a_few_numbers_a_row():
    X = np.random.default_rng(0).random((10_000, 16), dtype=np.float32)
    settings = {"n_clusters": 1_000, "max_iter": 1, "random_state": 0, "algorithm": "lloyd"}
    lean = KMeans(memory_limit=120 * len(X), **settings).fit(X)
    free = KMeans(**settings).fit(X)
    assert_array_equal(lean.cluster_centers_, free.cluster_centers_)
    assert lean.certificate_.extra_bytes < 4 * 1_000 * len(X)  # one number a row and center
