"""Davies-Bouldin and Calinski-Harabasz, against scikit-learn in float64."""

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.testing import assert_allclose
from sklearn import metrics

from kmosaic._errors import InputError
from kmosaic.metrics import calinski_harabasz_score, davies_bouldin_score, groups

SCORES = {
    davies_bouldin_score: metrics.davies_bouldin_score,
    calinski_harabasz_score: metrics.calinski_harabasz_score,
}
pytestmark = pytest.mark.parametrize("score", SCORES)


def rows(kind, n=300, d=9):
    random = np.random.default_rng(0)
    X = random.normal(size=(n, d)) * 30 + 100
    if kind.startswith("CSR"):
        return sp.csr_array(X * (random.random(X.shape) < 0.3)).astype(kind.split()[-1])
    return np.clip(X, 0, 255).astype(kind)


@pytest.mark.parametrize("kind", ["float32", "float64", "uint8", "CSR float32", "CSR float64"])
@pytest.mark.parametrize("k", [2, 7, 299])
def test_it_is_scikit_learns(score, kind, k):
    X = rows(kind)
    labels = np.random.default_rng(1).permutation(np.arange(300) % k)
    dense = (X.toarray() if sp.issparse(X) else X).astype(np.float64)
    # Of a row on its mean scikit-learn finds distances of some 1e-7, by |x|² + |c|² - 2x·c.
    assert_allclose(score(X, labels), SCORES[score](dense, labels), rtol=1e-6 if k > 9 else 1e-10)


@pytest.mark.parametrize("k", [2, 7, 299])
def test_it_is_that_of_the_definition(score, k):
    X, labels = rows("float64"), np.arange(300) % k
    means = np.stack([X[labels == c].mean(axis=0) for c in range(k)])
    to_means = np.sqrt(((X - means[labels]) ** 2).sum(axis=1))
    sizes = np.bincount(labels)
    if score is davies_bouldin_score:
        spread = np.bincount(labels, to_means) / sizes
        apart = np.sqrt(((means[:, np.newaxis] - means) ** 2).sum(axis=2))
        np.fill_diagonal(apart, np.inf)
        expected = ((spread[:, np.newaxis] + spread) / apart).max(axis=1).mean()
    else:
        between = (sizes * ((means - X.mean(axis=0)) ** 2).sum(axis=1)).sum() / (k - 1)
        expected = between / ((to_means**2).sum() / (300 - k))
    assert_allclose(score(X, labels), expected, rtol=1e-11)


def test_clusters_larger_than_what_is_copied_in_one_go(score, monkeypatch):
    X, labels = rows("float32"), np.arange(300) % 3
    whole = score(X, labels)
    monkeypatch.setattr(groups, "_TOGETHER", 50)
    assert_allclose(score(X, labels), whole, rtol=1e-13)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_common_offset_costs_nothing(score, dtype):
    X, labels = np.rint(rows("float64")), np.arange(300) % 3
    far = (X + 1e6).astype(dtype)
    assert_allclose(score(far, labels), score(X, labels), rtol=1e-10)


def test_rows_on_their_means(score):
    X, labels = np.repeat([[0.0, 1.0], [5.0, 5.0]], 4, axis=0), np.repeat([0, 1], 4)
    assert score(X, labels) == SCORES[score](X, labels)


def test_labels_may_be_words_and_have_to_be_several(score):
    X = rows("float64")
    numbers = np.arange(300) % 3
    assert score(X, np.array(["x", "y", "z"])[numbers]) == score(X, numbers)
    for labels in (np.zeros(300), np.arange(300), numbers[:5]):
        with pytest.raises(InputError, match="label"):
            score(X, labels)
