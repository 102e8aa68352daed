"""The starts of k-means, and the chart of how they converged."""

from __future__ import annotations

from kmosaic.kmeans import Iteration
from kmosaic.report.charts import convergence, nice_ticks
from kmosaic.report.history import starts_of


def start(run: int, *inertias: float) -> list[Iteration]:
    return [
        Iteration(run, number, inertia, moved=9, center_shift=1.0, seconds=0.1)
        for number, inertia in enumerate(inertias, start=1)
    ]


def test_the_start_that_ends_lowest_is_the_best() -> None:
    found = starts_of([*start(1, 9.0, 5.0), *start(2, 8.0, 4.0, 3.5), *start(3, 7.0, 6.0)])
    assert [one.number for one in found if one.is_best] == [2]
    assert [len(one.steps) for one in found] == [2, 3, 2]


def test_iterations_may_come_in_any_order() -> None:
    history = [*start(1, 9.0, 5.0), *start(2, 8.0, 4.0)]
    assert starts_of(history[::-1]) == starts_of(history)


def test_no_history_gives_no_starts() -> None:
    assert starts_of([]) == ()


def test_of_very_many_starts_the_best_are_drawn() -> None:
    found = starts_of([step for run in range(80) for step in start(run, 100.0, 99.0 - run)])
    assert len(found) == 50
    assert found[-1].is_best
    assert min(one.number for one in found) == 30


def test_curves_stay_within_the_chart_and_the_best_is_drawn_on_top() -> None:
    found = starts_of([*start(1, 9.0, 5.0), *start(2, 8.0, 4.0, 3.5)])
    chart = convergence(found, 640, 320)
    assert chart.curves[-1].start.is_best
    for curve in chart.curves:
        for pair in curve.points.split():
            x, y = map(float, pair.split(","))
            assert chart.left <= x <= chart.right
            assert chart.top <= y <= chart.bottom
    assert chart.curves[-1].end == (chart.right, chart.bottom)


def test_a_single_iteration_and_a_perfect_fit_can_be_drawn() -> None:
    for inertias in ([5.0], [0.0], [3.0, 0.0]):
        chart = convergence(starts_of(start(1, *inertias)), 640, 320)
        assert chart.curves[0].points


def test_ticks_are_round_and_within_the_range() -> None:
    for high in (0.0003, 0.7, 3.0, 59.0, 1e6):
        ticks = nice_ticks(0, high, 5)
        assert 2 <= len(ticks) <= 6
        assert all(0 <= tick <= high for tick in ticks)
