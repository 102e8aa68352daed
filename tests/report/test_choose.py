"""What is shown is bounded, fair, and the same each time."""

from __future__ import annotations

import numpy as np
import pytest

from kmosaic.labels import Assignment
from kmosaic.report.choose import FEW_CLUSTERS, choose, counts_for, items_per_tile


def assignment_of(sizes: list[int]) -> Assignment:
    labels = np.repeat(np.arange(len(sizes)), sizes).astype(np.int32)
    random = np.random.default_rng(0)
    ids = [str(i) for i in range(len(labels))]
    distances, margins = random.random((2, len(labels)))
    return Assignment(ids, labels, distances, margins, len(sizes))


@pytest.mark.parametrize("sizes", [[70_000], [7_000] * 10, [273] * 256, [20] * 3_000])
def test_what_is_shown_stays_bounded(sizes: list[int]) -> None:
    chosen = choose(assignment_of(sizes))
    assert sum(len(shown.members) for shown in chosen) <= 6_000
    assert sum(len(shown.tiles) for shown in chosen) <= 36 * FEW_CLUSTERS
    assert sum(len(shown.on_map) for shown in chosen) <= 6_000
    assert sum(len(shown.averaged) for shown in chosen) <= 10_000


def test_every_item_shown_belongs_to_its_cluster() -> None:
    assignment = assignment_of([500, 40, 7, 3_000])
    for cluster, shown in enumerate(choose(assignment)):
        for positions in (shown.members, shown.tiles, shown.averaged, shown.on_map):
            assert (assignment.labels[positions] == cluster).all()


def test_small_clusters_are_seen_on_the_map() -> None:
    chosen = choose(assignment_of([60_000, 50, 3]))
    assert [len(shown.on_map) for shown in chosen[1:]] == [6, 3]


def test_tiles_run_from_the_nearest_member_to_the_farthest() -> None:
    assignment = assignment_of([400, 100])
    (first, _) = choose(assignment)
    distances = assignment.distances[first.tiles]
    members = assignment.distances[assignment.members(0)]
    assert (np.diff(distances) > 0).all()
    assert (distances[0], distances[-1]) == (members.min(), members.max())


def test_rows_of_tiles_are_as_long_as_the_clusters_are_large() -> None:
    sizes = np.array([300, 150, 90])
    step = items_per_tile(sizes)
    chosen = choose(assignment_of(sizes.tolist()))
    assert [len(shown.tiles) for shown in chosen] == (sizes / step).round().astype(int).tolist()


def test_even_the_smallest_cluster_gets_a_tile() -> None:
    assert len(choose(assignment_of([10_000, 1]))[1].tiles) == 1


def test_fewer_members_are_shown_the_more_clusters_there_are() -> None:
    totals = [counts_for(k).total for k in (2, 24, 25, 100, 101, 5_000)]
    assert totals == sorted(totals, reverse=True)


def test_with_very_many_clusters_only_the_largest_show_members() -> None:
    sizes = [40] * 500 + [90] * 300
    chosen = choose(assignment_of(sizes))
    shown = [cluster for cluster, one in enumerate(chosen) if len(one.typical)]
    assert len(shown) == 400
    assert set(range(500, 800)) < set(shown)


def test_fewer_large_photographs_are_put_on_the_map() -> None:
    assignment = assignment_of([9_000, 9_000])
    small, large = (
        sum(len(shown.on_map) for shown in choose(assignment, are_large=are_large))
        for are_large in (False, True)
    )
    assert small == 4_000
    assert large == 1_500


def test_the_choice_is_the_same_each_time() -> None:
    assignment = assignment_of([700, 300])
    for once, again in zip(choose(assignment), choose(assignment), strict=True):
        assert once.on_map.tolist() == again.on_map.tolist()
        assert once.averaged.tolist() == again.averaged.tolist()
