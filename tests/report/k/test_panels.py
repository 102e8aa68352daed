"""The geometry of the charts that answer which K."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from tests.n_clusters.groups import blobs, noise

from kmosaic.n_clusters import choose
from kmosaic.report.k.panels import bars, panels, ticks_of, x_of
from kmosaic.report.k.tree import columns_of, overview_of, tree, trees


@pytest.fixture(scope="module")
def choice():
    return choose(blobs(3), range(1, 8), random_state=0)


def test_there_is_a_chart_for_every_criterion_that_has_a_value(choice):
    drawn = panels(choice)
    assert [panel.name for panel in drawn] == [name for name, v in choice.criteria.items() if v]


def test_points_lie_inside_and_higher_values_are_higher_up(choice):
    for panel in panels(choice):
        values = choice.criteria[panel.name]
        for point in panel.points:
            assert panel.left <= point.x <= panel.right
            assert panel.top <= point.y <= panel.bottom
        ranked = sorted(panel.points, key=lambda point: values[point.k])
        assert [p.y for p in ranked] == sorted((p.y for p in ranked), reverse=True)


def test_the_k_chosen_stands_at_one_place_in_all_charts(choice):
    assert {panel.chosen for panel in panels(choice)} == {x_of(choice.evidence.ks, choice.k)}


def test_numbers_with_holes_between_them_keep_their_distances():
    ks = (2, 4, 10)
    assert x_of(ks, 10) - x_of(ks, 4) == pytest.approx(3 * (x_of(ks, 4) - x_of(ks, 2)))


def test_bars_are_as_high_as_probable(choice):
    drawn = {bar.k: bar.height for bar in bars(choice, 300, 90)}
    assert max(drawn, key=drawn.get) == choice.k
    assert all(0 < height <= 90 for height in drawn.values())


def test_the_tree_has_every_cluster_and_bands_as_thick_as_their_rows(choice):
    ks = columns_of(choice)
    found = tree(choice, ks)
    assert len(found.nodes) == sum(ks)
    assert [k for _, k, _ in found.columns] == ks
    for k in ks:
        own = [node for node in found.nodes if node.k == k]
        tops = sorted(own, key=lambda node: node.y)
        for above, below in pairwise(tops):
            assert above.y + above.height <= below.y + 0.1
        assert max(node.y + node.height for node in own) <= found.height
    assert all(link.path.startswith("M") for link in found.links)


def test_one_number_alone_has_no_tree():
    assert trees(choose(blobs(2), [2], random_state=0)) == []


def test_a_long_range_shows_the_last_dozen_up_to_a_few_beyond_the_k_chosen():
    found = choose(blobs(3), range(1, 30), random_state=0)
    assert columns_of(found) == [1, 2, 3, 4, 5, 6]
    whole = overview_of(found)
    assert whole == sorted(set(whole))
    assert len(whole) == 12
    assert {1, 3, 29} <= set(whole)
    assert [drawn.columns[-1][1] for drawn in trees(found)] == [6, 29]


def test_a_tree_of_one_cluster_takes_its_colors_from_the_next_best():
    found = choose(noise(200), range(1, 6), random_state=0)
    assert found.k == 1
    drawn = trees(found)[0]
    assert drawn.colored_by > 1
    own = [node.mark for node in drawn.nodes if node.k == drawn.colored_by]
    assert sorted(own) == list(range(drawn.colored_by))


def test_the_runner_up_stands_where_its_k_does(choice):
    for panel in panels(choice):
        assert panel.second == x_of(choice.evidence.ks, choice.runner_up)
    alone = choose(blobs(2), [2], random_state=0)
    assert all(panel.second is None for panel in panels(alone))


def test_the_knee_is_called_one_for_reading_only(choice):
    rings = {panel.name: panel.ring for panel in panels(choice)}
    assert "for reading only" in rings.pop("inertia")
    assert all("would choose" in ring for ring in rings.values())


@pytest.mark.parametrize("ks", [range(1, 61), range(1, 21), (2, 4, 8), (1, 2, 500), (7,)])
@pytest.mark.parametrize("place", [0, -1])
def test_the_numbers_of_an_axis_do_not_touch(ks, place):
    chosen = ks[place]
    at = sorted([x_of(ks, chosen), *(tick.at for tick in ticks_of(ks, chosen))])
    assert all(b - a >= 18 for a, b in pairwise(at))


def test_the_k_chosen_is_named_below_the_bars_and_nothing_touches_it(choice):
    even = dict.fromkeys(range(1, 61), 1 / 60)
    found = replace(choice, decision=replace(choice.decision, k=49, probabilities=even))
    drawn = bars(found, 360, 90)
    named = [bar.x for bar in drawn if bar.is_named]
    assert 49 in [bar.k for bar in drawn if bar.is_named]
    assert all(b - a >= 17.9 for a, b in pairwise(named))
