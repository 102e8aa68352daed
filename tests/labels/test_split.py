"""Which few labels are looked at."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kmosaic._errors import InputError
from kmosaic.labels import labeled_part


@settings(max_examples=60, deadline=None)
@given(
    sizes=st.lists(st.integers(0, 60), min_size=1, max_size=6),
    fraction=st.floats(0.001, 0.999),
    seed=st.integers(0, 1000),
    missing=st.integers(0, 20),
)
def test_each_label_gets_its_share_to_within_one_item(sizes, fraction, seed, missing):
    truth = [str(label) for label, size in enumerate(sizes) for _ in range(size)]
    if len(truth) < 2:
        return
    labeled, count = len(truth), 0
    part = labeled_part(truth + [None] * missing, fraction, seed)
    count = int(part.sum())
    assert count == min(max(1, round(fraction * labeled)), labeled - 1)
    assert not part[labeled:].any()
    for label, size in enumerate(sizes):
        taken = sum(part[i] for i in range(labeled) if truth[i] == str(label))
        assert abs(taken - count * size / labeled) < 1 + 1e-9


def test_the_same_seed_gives_the_same_part_and_another_seed_another():
    truth = list("ab" * 100)
    assert (labeled_part(truth, 0.1, 3) == labeled_part(truth, 0.1, 3)).all()
    assert (labeled_part(truth, 0.1, 3) != labeled_part(truth, 0.1, 4)).any()


def test_every_item_can_be_chosen():
    truth = np.repeat(["a", "b"], 10)
    chosen = sum(labeled_part(truth, 0.2, seed) for seed in range(200))
    assert (chosen > 10).all()


@pytest.mark.parametrize("fraction", [0, 1, -0.5, 2, float("nan")])
def test_a_part_is_more_than_nothing_and_less_than_all(fraction):
    with pytest.raises(InputError, match="between 0 and 1"):
        labeled_part(["a", "b"], fraction)


def test_at_least_two_labels_are_needed():
    with pytest.raises(InputError, match="at least two"):
        labeled_part(["a", None], 0.5)
