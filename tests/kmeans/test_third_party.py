"""Tools of others, handed our estimators: what works with scikit-learn's works with ours.

Those that are not installed are skipped, and so are those that fail with scikit-learn's own.
"""

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
import sklearn.cluster
from numpy.testing import assert_array_equal
from sklearn import config_context
from sklearn.base import clone, is_clusterer
from sklearn.datasets import load_iris
from sklearn.exceptions import UnsetMetadataPassedError
from sklearn.model_selection import GridSearchCV, cross_val_score, cross_validate
from sklearn.pipeline import Pipeline, make_pipeline, make_union
from sklearn.preprocessing import StandardScaler

from kmosaic import BisectingKMeans, KMeans, MiniBatchKMeans

FRAME, y = load_iris(as_frame=True, return_X_y=True)
X = FRAME.to_numpy()
KINDS = (KMeans, MiniBatchKMeans, BisectingKMeans)
each_kind = pytest.mark.parametrize("kind", KINDS)


def works(tool, kind, **settings):
    """What the tool makes of our estimator; skips the test if it fails with scikit-learn's."""
    theirs = getattr(sklearn.cluster, kind.__name__)
    try:
        tool(theirs(random_state=0, **settings))
    except Exception as error:
        pytest.skip(f"it does not work with scikit-learn's {kind.__name__} either: {error}")
    return tool(kind(random_state=0, **settings))


@each_kind
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("metric", ["distortion", "silhouette", "calinski_harabasz"])
def test_yellowbrick_finds_an_elbow(kind, metric):
    cluster = pytest.importorskip("yellowbrick.cluster")

    def elbow(estimator):
        visualizer = cluster.KElbowVisualizer(estimator, k=(2, 6), metric=metric, force_model=True)
        visualizer.fit(X).finalize()
        return visualizer.k_values_

    assert works(elbow, kind) == [2, 3, 4, 5]


@each_kind
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", ["SilhouetteVisualizer", "InterclusterDistance"])
def test_yellowbrick_draws_clusters(kind, name):
    cluster = pytest.importorskip("yellowbrick.cluster")

    def draw(estimator):
        visualizer = getattr(cluster, name)(estimator, force_model=True).fit(X)
        visualizer.finalize()
        return visualizer

    works(draw, kind, n_clusters=4)


@each_kind
def test_pyod_finds_outliers_with_our_clusters(kind):
    cblof = pytest.importorskip("pyod.models.cblof")

    def outliers(estimator):
        return cblof.CBLOF(clustering_estimator=estimator, random_state=0).fit(X).predict(X)

    assert works(outliers, kind).sum() == 15


@each_kind
@pytest.mark.parametrize("form", [np.asarray, sp.csr_matrix, sp.csr_array])
def test_imbalanced_learn_samples_with_our_clusters(kind, form):
    imblearn = pytest.importorskip("imblearn")
    few = np.r_[0:50, 50:70]  # 50 rows of the first class, 20 of the second

    def sizes(estimator):
        more = imblearn.over_sampling.KMeansSMOTE(
            kmeans_estimator=clone(estimator), cluster_balance_threshold=0.1, random_state=0
        )
        fewer = imblearn.under_sampling.ClusterCentroids(estimator=estimator, random_state=0)
        return [np.bincount(each.fit_resample(form(X[few]), y[few])[1]) for each in (more, fewer)]

    more, fewer = works(sizes, kind, n_clusters=2)
    assert_array_equal(fewer, [20, 20])
    assert more.min() >= 50


@pytest.mark.parametrize("dtype", ["float32", "float64", "int32"])
def test_polars_frames_go_in_and_out(dtype):
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({name: FRAME[name].to_numpy().astype(dtype) for name in FRAME})
    model = KMeans(3, random_state=0).set_output(transform="polars").fit(frame)
    assert_array_equal(model.feature_names_in_, FRAME.columns)
    assert_array_equal(model.labels_, KMeans(3, random_state=0).fit(X.astype(dtype)).labels_)
    assert model.transform(frame).columns == ["kmeans0", "kmeans1", "kmeans2"]


def test_arrow_tables_go_in():
    arrow = pytest.importorskip("pyarrow")
    model = KMeans(3, random_state=0).fit(arrow.Table.from_pandas(FRAME))
    assert_array_equal(model.feature_names_in_, FRAME.columns)
    assert_array_equal(model.labels_, KMeans(3, random_state=0).fit(X).labels_)


@each_kind
@pytest.mark.parametrize(
    "form",
    [
        lambda: FRAME.astype("Float64"),
        lambda: FRAME.astype(dict.fromkeys(FRAME.columns[:2], "Float64")),
        lambda: pd.DataFrame.sparse.from_spmatrix(sp.csr_matrix(X), columns=FRAME.columns),
        lambda: sp.csr_matrix(X),
        lambda: sp.csc_array(X),
        lambda: sp.coo_array(X),
        lambda: _with_long_indices(sp.csr_array(X)),
        lambda: _with_long_indices(sp.csr_matrix(X)),
    ],
    ids=[
        "nullable",
        "half nullable",
        "sparse frame",
        "CSR",
        "CSC",
        "COO",
        "CSR int64",
        "old CSR int64",
    ],
)
def test_the_form_of_the_rows_does_not_matter(kind, form):
    rows = form()
    model = kind(3, random_state=0).fit(rows)
    assert_array_equal(model.predict(rows), model.labels_)
    assert_array_equal(model.labels_, kind(3, random_state=0).fit(X).labels_)


def _with_long_indices(rows):
    rows.indices, rows.indptr = rows.indices.astype(np.int64), rows.indptr.astype(np.int64)
    return rows


@each_kind
@pytest.mark.parametrize("mode", ["r", "c"])
def test_memory_maps_are_read_where_they_are(kind, mode, tmp_path):
    np.save(tmp_path / "rows.npy", X)
    mapped = np.load(tmp_path / "rows.npy", mmap_mode=mode)
    model = kind(3, random_state=0).fit(mapped)
    assert_array_equal(model.labels_, kind(3, random_state=0).fit(X).labels_)


@each_kind
def test_a_search_over_processes_finds_what_a_search_in_this_one_finds(kind):
    grid = {"model__n_clusters": [2, 3, 4]}
    pipeline = Pipeline([("scaled", StandardScaler()), ("model", kind(random_state=0))])
    here, there = (GridSearchCV(pipeline, grid, n_jobs=n, cv=3).fit(X) for n in (1, 2))
    assert_array_equal(here.cv_results_["mean_test_score"], there.cv_results_["mean_test_score"])
    assert here.best_params_ == there.best_params_


@each_kind
def test_scores_of_parts_and_columns_side_by_side(kind):
    model = kind(3, random_state=0)
    assert is_clusterer(model)
    assert cross_val_score(model, X, cv=3).max() < 0
    assert cross_val_score(model, X, y, scoring="adjusted_rand_score", cv=3).max() <= 1
    both = make_union(model, StandardScaler()).set_output(transform="pandas").fit(FRAME)
    assert both.transform(FRAME).shape == (150, 7)


@each_kind
def test_weights_find_their_way_through_a_pipeline(kind):
    weights = np.random.default_rng(0).random(len(X))
    with config_context(enable_metadata_routing=True):
        model = kind(3, random_state=0).set_fit_request(sample_weight=True)
        scaler = StandardScaler().set_fit_request(sample_weight=False)
        pipeline = make_pipeline(scaler, model).fit(X, sample_weight=weights)
        alone = clone(model).fit(scaler.fit_transform(X), sample_weight=weights)
        assert_array_equal(pipeline[1].cluster_centers_, alone.cluster_centers_)
        model.set_score_request(sample_weight=True)
        scores = cross_validate(model, X, params={"sample_weight": weights})["test_score"]
        assert scores.max() < 0
        with pytest.raises(UnsetMetadataPassedError):
            make_pipeline(scaler, kind(3)).fit(X, sample_weight=weights)
