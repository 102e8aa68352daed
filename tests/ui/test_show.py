from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from kmosaic import choose_k
from kmosaic.data import bundled_digits
from kmosaic.data.items import Skipped
from kmosaic.labels import Names
from kmosaic.pipeline import Run, run_images
from kmosaic.ui import show


@pytest.fixture(scope="module")
def run() -> Run:
    return run_images(bundled_digits().take(range(150)), n_clusters=10, features="pixels")


def test_the_dominant_labels_of_each_cluster_are_counted(run: Run) -> None:
    lines = show.cluster_lines(run)
    assert len(lines) == 10
    labels = run.items.labels
    assert labels is not None
    members = labels[run.assignment.members(0)]
    values, counts = np.unique(members.astype(str), return_counts=True)
    top = values[np.argmax(counts)]
    assert lines[0].startswith(f"Cluster 0: {top} ({counts.max()})")


def test_very_many_clusters_are_cut_short(run: Run) -> None:
    lines = show.cluster_lines(run, most=4)
    assert lines[4:] == ["... and 6 more clusters, see assignments.csv"]


def test_names_given_by_hand_stand_beside_the_sizes(run: Run) -> None:
    named = Names.given({2: "loops"}, 10, "file")
    blind = replace(run, items=run.items.with_labels(None), names=named, scores=None)
    lines = show.cluster_lines(blind)
    assert lines[2].endswith("(loops)")
    assert lines[3] == f"Cluster 3: {run.assignment.sizes[3]}"


def test_the_score_says_what_it_was_counted_on() -> None:
    part = run_images(
        bundled_digits().take(range(150)),
        n_clusters=10,
        features="pixels",
        labeled_fraction=0.2,
    )
    assert "named from 30 labels, counted on the 120 others" in show.score_lines(part)[0]


def test_skipped_files_are_told_with_an_example(run: Run) -> None:
    some = replace(run, skipped=(Skipped("a/b.png", "it is truncated"),))
    assert "1 could not be read, for example a/b.png: it is truncated" in show.to_text(some)


def test_json_has_no_numbers_that_json_does_not_know(run: Run) -> None:
    assert run.scores is not None
    odd = replace(run, scores=replace(run.scores, nmi=math.nan))
    answer = json.loads(show.to_json(odd), parse_constant=pytest.fail)
    assert answer["scores"]["nmi"] is None


def test_of_very_many_k_those_near_the_chosen_one_are_printed() -> None:
    rows = np.random.default_rng(0).normal(size=(60, 2)) + 9 * (np.arange(60) % 3)[:, None]
    lines = show.short_table(choose_k(rows, range(1, 41), random_state=0)).splitlines()
    assert 6 < len(lines) <= 23
