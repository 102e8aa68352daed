"""The facts of a run say what is true of it, and cost no more than what is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
import pytest

from kmosaic.labels import Names, labeled_part, name_by_majority, score
from kmosaic.pipeline import Run
from kmosaic.report import Facts, gather

from .runs import Flat, SomeItems, cluster

NOON = datetime(2026, 3, 1, 12, 0)


@pytest.fixture(scope="module")
def facts(digits_run: Run) -> Facts:
    return gather(digits_run, made=NOON)


def test_the_answer_is_that_of_the_run(facts: Facts, digits_run: Run) -> None:
    assert (facts.n_items, facts.n_clusters, facts.n_features) == (600, 10, 64)
    assert facts.inertia == digits_run.kmeans.inertia_
    assert facts.accuracy is not None
    assert facts.accuracy.accuracy_majority == digits_run.scores.accuracy_majority
    assert facts.accuracy.n_labels == 10
    assert facts.made == NOON
    assert [(one.id, one.reason) for one in facts.skipped] == [
        ("broken.png", "truncated"),
        ("notes.txt.png", "not an image"),
    ]


def test_sizes_and_shares_add_up(facts: Facts) -> None:
    assert sum(cluster.size for cluster in facts.clusters) == 600
    assert sum(cluster.share for cluster in facts.clusters) == pytest.approx(1)
    assert {cluster.number for cluster in facts.clusters} == set(range(10))


def test_named_clusters_stand_in_the_order_of_their_names(facts: Facts) -> None:
    names = [cluster.name for cluster in facts.clusters]
    assert names == sorted(names, key=int)


def test_unnamed_clusters_stand_in_the_order_of_their_sizes(
    run_digits: Callable[..., Run],
) -> None:
    sizes = [one.size for one in gather(run_digits(6, named=False)).clusters]
    assert sizes == sorted(sizes, reverse=True)


def test_typical_borderline_and_odd_are_those_of_the_assignment(
    facts: Facts, digits_run: Run
) -> None:
    assignment = digits_run.assignment
    shown = next(one for one in facts.clusters if not one.everyone)
    for kind in ("typical", "borderline", "odd"):
        told = [member.id for member in getattr(shown, kind)]
        expected = getattr(assignment, kind)(shown.number, len(told))
        assert told == [assignment.ids[position] for position in expected]


def test_every_member_comes_with_its_numbers_and_its_picture(facts: Facts, digits_run: Run) -> None:
    assignment = digits_run.assignment
    at = {one: position for position, one in enumerate(assignment.ids)}
    for shown in facts.clusters:
        for member in (*shown.typical, *shown.borderline, *shown.odd):
            position = at[member.id]
            assert member.cluster == shown.number == assignment.labels[position]
            assert member.distance == assignment.distances[position]
            assert member.margin == assignment.margins[position]
            assert member.label == digits_run.items.labels[position]
            assert member.picture is not None
            assert member.picture.uri.startswith("data:image/")


def test_the_next_nearest_cluster_is_the_one_that_the_margin_is_about(
    facts: Facts, digits_run: Run
) -> None:
    at = {one: position for position, one in enumerate(digits_run.assignment.ids)}
    centers = digits_run.kmeans.cluster_centers_.astype(float)
    member = next(one for c in facts.clusters for one in c.borderline)
    gap = digits_run.features[at[member.id]] - centers[member.second]
    assert member.distance / np.linalg.norm(gap) == pytest.approx(member.margin, rel=1e-5)


def test_a_small_cluster_shows_everyone(digits: SomeItems) -> None:
    few = digits.take(range(20))
    found = gather(cluster(few, Flat().rows(few.images), 2))
    assert all(one.everyone for one in found.clusters)
    assert sum(len(one.typical) for one in found.clusters) == 20


def test_one_cluster_has_no_borderline(run_digits: Callable[..., Run]) -> None:
    (only,) = gather(run_digits(1)).clusters
    assert only.borderline == ()
    assert only.share == 1
    assert all(member.second is None for member in only.odd)


def test_an_empty_cluster_is_told_and_not_drawn(digits_run: Run) -> None:
    assignment = replace(digits_run.assignment, n_clusters=11)
    names = Names((*digits_run.names.names, "none"), "labels")
    found = gather(replace(digits_run, assignment=assignment, names=names))
    empty = next(one for one in found.clusters if one.number == 10)
    assert (empty.size, empty.face, empty.typical) == (0, None, ())
    assert np.isnan(empty.distance)


def test_images_that_are_gone_since_leave_a_gap_and_no_error(
    run_digits: Callable[..., Run], digits: SomeItems
) -> None:
    gone = frozenset(digits.ids[:300])
    found = gather(run_digits(10, items=replace(digits, unreadable=gone)))
    shown = [member for one in found.clusters for member in one.typical]
    assert {member.picture is None for member in shown} == {True, False}


def test_vectors_have_no_pictures_but_traits(vectors_run: Run) -> None:
    found = gather(vectors_run)
    assert found.items_per_tile == 0
    assert all(one.face is None and one.traits for one in found.clusters)
    assert found.map is not None
    assert found.map.sheets == ()
    assert found.confusion is None
    assert found.accuracy is None


def test_labels_that_are_all_unknown_are_no_labels(
    run_digits: Callable[..., Run], digits: SomeItems
) -> None:
    unknown = digits.with_labels(np.full(600, None, dtype=object))
    run = run_digits(4, items=digits.with_labels(None))
    found = gather(replace(run, items=unknown))
    assert found.confusion is None
    assert found.mixups == ()


def test_names_from_a_few_labels_say_so(run_digits: Callable[..., Run], digits: SomeItems) -> None:
    run = run_digits(10)
    known = labeled_part(digits.labels, 0.05, seed=0)
    scores = score(run.assignment, digits.labels, known=known)
    names = name_by_majority(run.assignment, digits.labels, known)
    found = gather(replace(run, scores=scores, names=names))
    assert found.accuracy is not None
    assert (found.accuracy.n_named_from, found.accuracy.n_scored) == (30, 570)


def test_few_of_many_images_are_decoded(digits: SomeItems) -> None:
    copies = 30
    many = SomeItems(
        list(digits.images) * copies,
        [f"{i}" for i in range(600 * copies)],
        np.tile(digits.labels, copies),
    )
    run = cluster(many, np.tile(Flat().rows(digits.images), (copies, 1)), 10)
    found = gather(run)
    assert found.map is not None
    assert len(found.map.ids) <= 4_100
    assert len(many.decoded) < 7_000


def test_the_same_run_gives_the_same_facts(digits_run: Run) -> None:
    def plain(facts: Facts) -> Any:
        return replace(facts, map=None), facts.map and facts.map.points.tolist()

    assert plain(gather(digits_run, made=NOON)) == plain(gather(digits_run, made=NOON))


def test_stages_add_up_to_the_whole_time(facts: Facts) -> None:
    assert facts.seconds == pytest.approx(0.446)
    assert "report" not in {stage.name for stage in facts.stages}
    assert sum(stage.share for stage in facts.stages) == pytest.approx(1)


def test_progress_counts_the_thumbnails(digits_run: Run) -> None:
    heard: list[Any] = []
    gather(digits_run, on_progress=heard.append)
    assert {event.stage for event in heard} == {"report"}
    assert heard[-1].done == heard[-1].total
