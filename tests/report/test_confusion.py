"""Counts against known labels, and the mistakes worth a look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np

from kmosaic.labels import Assignment, Names, contingency
from kmosaic.pipeline import Run
from kmosaic.report import gather
from kmosaic.report.confusion import confusion, mistaken


def test_every_item_is_counted_once(digits_run: Run) -> None:
    table = gather(digits_run).confusion
    assert table is not None
    assert table.rows_are == "clusters"
    assert np.sum(table.counts) == 600
    for number, row in zip(table.numbers, table.counts, strict=True):
        members = digits_run.assignment.members(number)
        counts = Counter(digits_run.items.labels[members])
        assert row == tuple(counts[label] for label in table.labels)


def test_many_clusters_are_counted_by_their_names(run_digits: Callable[..., Run]) -> None:
    table = gather(run_digits(60)).confusion
    assert table is not None
    assert table.rows_are == "names"
    assert list(table.rows) == sorted(table.rows, key=int)
    assert np.sum(table.counts) == 600


def test_a_table_of_very_many_labels_keeps_the_common_ones() -> None:
    labels = np.array([f"label {i % 50}" for i in range(500)] + ["rare"], dtype=object)
    clusters = np.arange(501, dtype=np.int32) % 90
    assignment = Assignment([str(i) for i in range(501)], clusters, *np.ones((2, 501)), 90)
    table = confusion(contingency(assignment, labels), Names.numbered(90))
    assert (len(table.labels), table.n_other) == (30, 21)
    assert (len(table.rows), table.n_other_rows) == (40, 50)
    assert "rare" not in table.labels


def test_mixups_are_the_most_common_wrong_names(digits_run: Run) -> None:
    wrong: Counter[tuple[str, str]] = Counter()
    for label, cluster in zip(digits_run.items.labels, digits_run.assignment.labels, strict=True):
        if label != digits_run.names[cluster]:
            wrong[label, digits_run.names[cluster]] += 1
    mixups = gather(digits_run).mixups
    assert [one.count for one in mixups] == [count for _, count in wrong.most_common(6)]
    for one in mixups:
        assert wrong[one.label, one.name] == one.count
        assert all(member.label == one.label for member in one.members)
        assert all(digits_run.names[member.cluster] == one.name for member in one.members)


def test_clusters_without_a_name_mix_nothing_up() -> None:
    assignment = Assignment("abcd", np.array([0, 0, 1, 1], np.int32), *np.ones((2, 4)), 2)
    labels = np.array(["x", "y", "x", "y"], dtype=object)
    assert mistaken(assignment, labels, Names.numbered(2)) == []
    half = Names.given({0: "x"}, 2, "labels")
    assert [(one.label, one.name) for one in mistaken(assignment, labels, half)] == [("y", "x")]


def test_items_without_a_label_are_left_out() -> None:
    assignment = Assignment("abc", np.array([0, 0, 0], np.int32), *np.ones((2, 3)), 1)
    labels = np.array(["x", None, "y"], dtype=object)
    (only,) = mistaken(assignment, labels, Names.given({0: "x"}, 1, "labels"))
    assert (only.count, only.share) == (1, 1.0)
