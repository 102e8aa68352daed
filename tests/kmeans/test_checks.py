"""What is refused at the door is refused in a few lines."""

import numpy as np
import pytest
import sklearn.cluster
from scipy.sparse import csr_array
from sklearn.exceptions import ConvergenceWarning

from kmosaic import BisectingKMeans, KMeans, MiniBatchKMeans, TrimmedKMeans, kmeans_plusplus
from kmosaic._errors import InputError

X = np.random.default_rng(0).random((1000, 3))
CALLS = {
    "fit": KMeans(2).fit,
    "predict": KMeans(2, random_state=0).fit(X).predict,
    "kmeans_plusplus": lambda rows: kmeans_plusplus(rows, 2),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("rows", [X[:, 0], X[:, 0].tolist(), X[:, 0].astype(np.float32)])
def test_a_thousand_numbers_of_one_dimension_are_not_shown(call, rows):
    with pytest.raises(InputError, match="Reshape your data") as raised:
        CALLS[call](rows)
    assert " ... " in str(raised.value)
    assert str(raised.value).startswith("Expected 2D array, got 1D array instead")
    assert len(str(raised.value)) < 300


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("rows", [X * 1j, csr_array(X * 1j)])
def test_complex_numbers_are_not_shown(call, rows):
    with pytest.raises(InputError, match=r"^Complex data not supported: give X\.real") as raised:
        CALLS[call](rows)
    assert len(str(raised.value)) < 100


def test_a_few_numbers_are_shown_as_they_are():
    with pytest.raises(ValueError, match=r"array=\[0\. 1\. 2\. 3\. 4\.\]"):
        KMeans(2).fit(np.arange(5.0))


@pytest.mark.parametrize(
    ("X", "model", "cure"),
    [
        ([[0, np.inf], [1, 2], [3, 4.0]], KMeans(2, missing="ignore"), r"infinity.*numpy\.clip"),
        ([[0, np.nan], [1, 2], [3, 4.0]], MiniBatchKMeans(2), r"KMeans.* do with missing='ignore'"),
        (csr_array([[0, np.nan], [1, 2.0]]), KMeans(2), r"SimpleImputer does\)\.$"),
    ],
)
def test_the_cure_for_what_is_no_number_is_one_that_there_is(X, model, cure):
    with pytest.raises(InputError, match=cure):
        model.fit(X)


@pytest.mark.filterwarnings("ignore:Number of distinct clusters .4. found")
def test_a_share_that_leaves_fewer_rows_than_clusters_is_told():
    X = np.random.default_rng(0).random((6, 2))
    with pytest.warns(ConvergenceWarning, match=r"contamination=0\.4 sets 2 of 6 rows") as told:
        TrimmedKMeans(5, contamination=0.4, random_state=0).fit(X)
    assert told[0].filename == __file__


def test_a_ratio_that_would_move_every_center_is_told():
    X = np.random.default_rng(0).random((600, 2))
    with pytest.raises(InputError, match="reassignment_ratio=5 would move every center"):
        MiniBatchKMeans(3, reassignment_ratio=5, random_state=0).fit(X)


@pytest.mark.parametrize("of_fit", [np.float32, np.float64])
@pytest.mark.parametrize("of_rows", [np.float32, np.float64])
def test_distances_have_the_type_that_scikit_learn_gives_them(of_fit, of_rows):
    X = np.random.default_rng(0).random((30, 2))
    ours, theirs = (
        kind(2, random_state=0, n_init=1).fit(X.astype(of_fit)).transform(X.astype(of_rows)).dtype
        for kind in (KMeans, sklearn.cluster.KMeans)
    )
    assert ours == theirs


def test_verbose_tells_the_iterations_of_each_split(capsys):
    X = np.random.default_rng(0).random((30, 2))
    BisectingKMeans(3, verbose=1, random_state=0).fit(X)
    told = capsys.readouterr().out.splitlines()
    assert sum(line.startswith("Iteration 0, inertia ") for line in told) == 2
    assert sum(line.startswith("Converged at iteration ") for line in told) == 2
