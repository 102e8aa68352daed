from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from kmosaic._errors import InputError
from kmosaic._events import Progress
from kmosaic.data import Items, as_items
from kmosaic.kmeans import Iteration
from kmosaic.labels import Names
from kmosaic.pipeline import Run, run_images


def again(digits: Items, **changes: Any) -> Run:
    return run_images(digits, **({"n_clusters": 10, "features": "hog", "n_init": 3} | changes))


def test_every_item_gets_the_cluster_that_kmeans_found(run: Run) -> None:
    assert_array_equal(run.assignment.labels, run.kmeans.labels_)
    assert list(run.assignment.ids) == list(run.items.ids)
    assert run.assignment.sizes.sum() == len(run.items)


def test_inertia_is_the_sum_of_the_squared_distances(run: Run) -> None:
    assert run.kmeans.inertia_ == pytest.approx((run.assignment.distances**2).sum(), rel=1e-9)


def test_the_model_gives_the_images_of_the_run_their_clusters(run: Run) -> None:
    predicted, skipped = run.model.predict(run.items)
    assert_array_equal(predicted.labels, run.assignment.labels)
    assert skipped == ()


def test_the_same_settings_give_the_same_result(digits: Items, run: Run) -> None:
    other = again(digits, cache=False)
    assert_array_equal(other.features, run.features)
    assert_array_equal(other.kmeans.cluster_centers_, run.kmeans.cluster_centers_)
    assert_array_equal(other.assignment.labels, run.assignment.labels)


def test_the_settings_of_a_run_are_enough_to_do_it_again(digits: Items) -> None:
    first = run_images(digits, n_clusters=7, features="pixels", seed=3)
    names = ("n_clusters", "features", "embed", "labeled_fraction", "seed", "n_init")
    second = run_images(digits, **{name: first.settings[name] for name in names})
    assert_array_equal(first.assignment.labels, second.assignment.labels)
    assert first.settings == second.settings


def test_labels_do_not_change_what_is_found(digits: Items, run: Run) -> None:
    blind = again(digits.with_labels(None))
    assert_array_equal(blind.assignment.labels, run.assignment.labels)
    assert blind.scores is None
    assert blind.names.source == "numbers"
    assert run.names.source == "labels"


def test_with_a_labeled_part_the_score_counts_the_others(digits: Items) -> None:
    run = again(digits, labeled_fraction=0.1)
    assert run.scores is not None
    assert (run.scores.n_named_from, run.scores.n_scored) == (30, 270)


def test_a_labeled_part_needs_labels(digits: Items) -> None:
    with pytest.raises(InputError, match="labeled_fraction needs known labels"):
        again(digits.with_labels(None), labeled_fraction=0.1)


def test_given_names_are_kept_and_scored(digits: Items) -> None:
    names = Names(tuple("abcdefghij"), "file")
    run = again(digits, names=names)
    assert run.names == names == run.model.names
    assert run.scores is not None
    assert run.scores.accuracy_majority == 0


def test_every_stage_is_timed_and_told(digits: Items) -> None:
    events: list[Progress] = []
    run = again(digits, on_progress=events.append)
    assert {"features", "k-means", "names", "model"} == set(run.seconds)
    assert {"features", "k-means"} <= {event.stage for event in events}
    ends = {event.stage: event for event in events}
    assert all(event.done == event.total for event in ends.values())


def test_every_iteration_of_every_start_is_told(digits: Items) -> None:
    iterations: list[Iteration] = []
    run = again(digits, on_iteration=iterations.append)
    assert {one.run for one in iterations} == {1, 2, 3}
    assert set(run.kmeans.history_) <= set(iterations)


def test_automatic_choices_are_explained(digits: Items) -> None:
    run = run_images(digits, n_clusters=10, embed="none")
    assert len(run.why) >= 2
    assert all(sentence.endswith(".") for sentence in run.why)
    assert run.settings["n_init"] > 1


def test_a_second_run_with_another_k_finds_the_features_in_the_cache(digits: Items) -> None:
    again(digits)
    run = again(digits, n_clusters=5)
    assert any("kept from an earlier run" in sentence for sentence in run.why)


def test_the_summary_is_plain_json(run: Run) -> None:
    summary = json.loads(json.dumps(run.summary(), allow_nan=False))
    assert summary["n"] == 300
    assert summary["k"] == len(summary["sizes"]) == len(summary["names"]) == 10
    assert summary["inertia"] == run.kmeans.inertia_
    assert "files" not in summary


def random_images(n: int) -> Items:
    return as_items(np.random.default_rng(0).integers(0, 256, (n, 8, 8), np.uint8))


BAD: dict[str, tuple[Callable[[], Items], dict[str, Any], str]] = {
    "more clusters than images": (lambda: random_images(4), {}, "there are 4 in"),
    "more clusters than different images": (
        lambda: random_images(3).take([0, 1, 2] * 4),
        {},
        "there are 3 that differ",
    ),
    "no cluster": (lambda: random_images(4), {"n_clusters": 0}, "n_clusters must be 1 or more"),
    "no start": (lambda: random_images(9), {"n_init": 0}, "n_init must be 'auto' or 1 or more"),
    "unknown features": (lambda: random_images(9), {"features": "smell"}, "no features 'smell'"),
    "a fraction of 1": (
        lambda: random_images(9).with_labels(np.array(list("abcabcabc"), object)),
        {"labeled_fraction": 1.0},
        "labeled_fraction must lie between 0 and 1",
    ),
}


@pytest.mark.parametrize("what", BAD)
def test_what_cannot_be_grouped_is_refused(what: str) -> None:
    items, options, message = BAD[what]
    with pytest.raises(InputError, match=message):
        run_images(items(), **({"n_clusters": 5, "features": "pixels"} | options))
