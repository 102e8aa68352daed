"""The geometry of the charts that answer which K."""

from __future__ import annotations

from itertools import pairwise

import pytest
from tests.n_clusters.groups import blobs

from kmosaic.n_clusters import choose
from kmosaic.report.k.panels import bars, panels, x_of
from kmosaic.report.k.tree import columns_of, tree


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
    found = tree(choice)
    ks = columns_of(choice)
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
    assert tree(choose(blobs(2), [2], random_state=0)) is None


def test_a_long_range_shows_the_last_dozen_up_to_a_few_beyond_the_k_chosen():
    ks = columns_of(choose(blobs(3), range(1, 30), random_state=0))
    assert ks == [1, 2, 3, 4, 5, 6]
