"""k-means in a neighbor-graph embedding, as part of the flow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from kmosaic._errors import MissingExtraError
from kmosaic.data import Items, bundled_digits, open_images
from kmosaic.features import auto
from kmosaic.pipeline import Run, run_images, steps

pytest.importorskip("umap", reason="needs umap-learn, the extra 'manifold'")


@pytest.fixture(scope="module")
def many() -> Items:
    return bundled_digits()


@pytest.fixture(scope="module")
def embedded(many: Items) -> Run:
    return run_images(many, n_clusters=10, embed="umap")


def test_clusters_are_found_in_the_embedding(embedded: Run) -> None:
    assert embedded.embedding is not None
    assert embedded.kmeans.cluster_centers_.shape == (10, embedded.embedding.shape[1])
    assert_array_equal(embedded.kmeans.labels_, embedded.assignment.labels)
    assert embedded.scores is not None
    assert embedded.scores.accuracy_one_to_one > 0.9
    assert "embedding" in embedded.seconds


def test_the_model_classifies_without_the_embedding(embedded: Run) -> None:
    assert embedded.model.centers.shape[1] == embedded.features.shape[1]
    assert set(embedded.model.owners) == set(range(10))
    predicted, _ = embedded.model.predict(embedded.items)
    assert (predicted.labels == embedded.assignment.labels).mean() > 0.97


def test_a_second_run_with_another_k_finds_the_embedding_in_the_cache(
    many: Items, embedded: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def compute(*_: Any, **__: Any) -> None:
        raise AssertionError("it was computed again")

    monkeypatch.setattr(steps, "embed", compute)
    again = run_images(many, n_clusters=12, embed="umap")
    assert_array_equal(again.embedding, embedded.embedding)


def test_the_embedding_is_the_same_when_it_is_computed_again(many: Items, embedded: Run) -> None:
    again = run_images(many, n_clusters=10, embed="umap", cache=False)
    assert_array_equal(again.embedding, embedded.embedding)
    assert_array_equal(again.assignment.labels, embedded.assignment.labels)


def test_automatic_choice_can_be_overruled(many: Items) -> None:
    plain = run_images(many, n_clusters=10, embed="none")
    assert plain.embedding is None
    assert plain.settings["embed"] == "none"
    assert not any("neighbor graph" in sentence for sentence in plain.why)


def test_why_the_embedding_was_used_is_told(many: Items, embedded: Run) -> None:
    automatic = run_images(many, n_clusters=10)
    assert any("not round" in sentence for sentence in automatic.why)
    assert any("as asked for" in sentence for sentence in embedded.why)


def test_without_umap_it_is_said_how_to_get_it(
    many: Items, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: Any, **__: Any) -> None:
        raise MissingExtraError("This needs umap-learn: pip install 'kmosaic[manifold]'")

    monkeypatch.setattr(steps, "need", missing)
    monkeypatch.setattr(steps, "cached_extract", pytest.fail)  # not after the long work
    with pytest.raises(MissingExtraError, match=r"kmosaic\[manifold\]"):
        run_images(many, n_clusters=10, embed="umap")


def test_the_mean_of_each_cluster_is_found() -> None:
    rows = np.array([[0, 0], [4, 2], [1, 1]], np.float32)
    means = steps.cluster_means(rows, np.array([1, 1, 0]), 2)
    assert means.tolist() == [[1, 1], [2, 1]]
    assert means.dtype == np.float32


def test_too_few_readable_images_have_no_neighbor_graph(
    many: Items, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auto, "FEWEST_FOR_A_GRAPH", 40)
    monkeypatch.setattr(steps, "FEWEST_FOR_A_GRAPH", 40)
    for position in range(40):
        path = many.write(position, tmp_path, f"{position:02}")
        if position >= 12:
            path.write_bytes(b"broken")
    run = run_images(open_images(tmp_path), n_clusters=3)
    assert run.settings["embed"] == "none"
    assert any("Only 12 of them can be read" in sentence for sentence in run.why)
