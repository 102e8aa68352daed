"""The number of clusters is found, and the same question has the same answer."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array
from tests.n_clusters.groups import blobs, noise

from kmosaic import KMeans
from kmosaic._errors import InputError
from kmosaic.n_clusters import Choice, choose


@pytest.mark.parametrize("k", [2, 4, 7])
def test_groups_that_lie_apart_are_counted(k):
    found = choose(blobs(k), range(1, 11), random_state=0)
    assert (found.k, found.confidence) == (k, "high")


@pytest.mark.parametrize("d", [1, 2, 5])
def test_even_noise_has_no_clusters(d):
    found = choose(noise(d=d), range(1, 8), random_state=0)
    assert found.k == 1


def test_one_normal_cloud_has_no_clusters():
    rows = np.random.default_rng(0).normal(size=(400, 3)) * [1.0, 2.0, 3.0]
    assert choose(rows, range(1, 8), random_state=0).k == 1


def _said(choice: Choice) -> tuple[object, ...]:
    return choice.k, choice.probabilities, choice.criteria, choice.preferences, choice.doubts


def test_the_same_seed_gives_the_same_answer_to_the_bit():
    rows = blobs(3)
    assert _said(choose(rows, range(1, 6), random_state=3)) == _said(
        choose(rows, range(1, 6), random_state=3)
    )


@pytest.mark.parametrize("threads", ["1", "3"])
def test_the_number_of_threads_does_not_matter(threads, monkeypatch):
    rows = blobs(3)
    before = choose(rows, range(1, 6), random_state=0)
    monkeypatch.setenv("KMOSAIC_NUM_THREADS", threads)
    assert _said(choose(rows, range(1, 6), random_state=0)) == _said(before)


def test_the_order_of_the_rows_does_not_matter():
    rows = blobs(4, size=30)
    order = np.random.default_rng(0).permutation(len(rows))
    before, after = (choose(r, range(1, 7), random_state=0) for r in (rows, rows[order]))
    assert _said(before) == _said(after)
    assert (before.model.cluster_centers_ == after.model.cluster_centers_).all()
    assert (before.model.labels_[order] == after.model.labels_).all()


def test_sparse_rows_have_the_same_answer_as_dense_ones():
    rows = np.where(np.random.default_rng(0).random((90, 12)) < 0.3, 1.0, 0.0)
    rows[:30, :3], rows[30:60, 3:6], rows[60:, 6:9] = 8.0, 8.0, 8.0
    dense, sparse = (choose(r, range(1, 6), random_state=0) for r in (rows, csr_array(rows)))
    assert dense.k == sparse.k == 3
    assert dense.criteria["inertia"] == pytest.approx(sparse.criteria["inertia"])


@pytest.mark.parametrize("dtype", [np.float32, np.uint8])
def test_small_types_are_taken_as_they_are(dtype):
    rows = (blobs(3, size=30) * 5 + 40).clip(0, 255).astype(dtype)
    assert choose(rows, range(1, 6), random_state=0).k == 3


def test_numbers_of_clusters_may_have_holes_between_them():
    found = choose(blobs(4), [2, 4, 9], random_state=0)
    assert found.k == 4
    assert list(found.models) == [2, 4, 9]


def test_models_are_fitted_and_know_the_columns():
    frame = pd.DataFrame(blobs(3), columns=["width", "height"])
    found = choose(frame, range(1, 5), random_state=0)
    for k, model in found.models.items():
        assert isinstance(model, KMeans)
        assert model.n_clusters == len(model.cluster_centers_) == k
        assert model.feature_names_in_.tolist() == ["width", "height"]
        assert (model.predict(frame) == model.labels_).all()
    assert found.model is found.models[3]
    with pytest.raises(KeyError):
        found.models[9]


def test_a_model_that_was_not_tried_is_told():
    with pytest.raises(KeyError, match="K = 7 was not tried; models are there for 1, 2, 3"):
        choose(blobs(2), range(1, 4), random_state=0).models[7]


def test_every_k_is_no_worse_than_a_fit_of_its_own():
    rows = noise(200, 3)
    found = choose(rows, range(1, 9), random_state=0)
    for k, model in found.models.items():
        alone = KMeans(k, random_state=0).fit(rows).inertia_
        assert model.inertia_ <= alone * 1.02


def test_what_has_no_meaning_for_few_rows_is_left_out_and_the_rest_goes_on():
    found = choose(np.array([[0.0], [1.0], [9.0]]), [1, 2, 3], random_state=0)
    assert found.k in (1, 2)
    assert 3 not in found.criteria["calinski_harabasz"]
    assert found.criteria["silhouette"].keys() == {2}


def test_many_rows_begin_where_a_part_of_them_ends(monkeypatch):
    monkeypatch.setattr("kmosaic.n_clusters.evidence.PATH_ROWS", 100)
    rows = blobs(4, size=100)
    found = choose(rows, range(1, 7), random_state=0)
    assert found.k == 4
    assert len(found.model.labels_) == len(rows)
    assert found.model.inertia_ == pytest.approx(KMeans(4, random_state=0).fit(rows).inertia_)


def test_progress_is_told_from_nothing_to_all():
    told = []
    choose(blobs(3), range(1, 5), random_state=0, on_progress=told.append)
    assert told[0].done == 0
    assert [event.done for event in told] == sorted(event.done for event in told)
    assert told[-1].done == told[-1].total
    assert told[-2].done >= 0.9 * told[-1].total  # of steps, few are not needed


def test_the_silhouette_by_medoids_is_found_on_request():
    rows = blobs(3)
    found = choose(rows, range(1, 5), random_state=0, also=["medoid_silhouette"])
    assert sorted(found.criteria["medoid_silhouette"]) == [2, 3, 4]
    assert found.preferences["medoid_silhouette"] == 3
    other = choose(rows, range(1, 5), random_state=0)
    assert "medoid_silhouette" not in other.criteria
    assert found.probabilities == other.probabilities


def test_a_criterion_that_is_none_is_told_with_those_that_are():
    with pytest.raises(InputError, match="out of medoid_silhouette"):
        choose(blobs(2), range(1, 4), also=["elbow"])


def test_a_criterion_may_be_named_as_the_command_names_it():
    found = choose(blobs(2), range(1, 4), random_state=0, also=["medoid-silhouette"])
    assert "medoid_silhouette" in found.criteria


def test_without_numbers_of_clusters_the_range_ends_at_the_different_rows():
    rows = np.repeat(np.arange(6.0)[:, None], 3, axis=0)
    assert choose(rows, random_state=0).evidence.ks == tuple(range(1, 7))
    with pytest.raises(InputError, match="6 different rows"):
        choose(rows, range(1, 21), random_state=0)
    assert choose(blobs(3), random_state=0).evidence.ks == tuple(range(1, 21))
