"""What sets segments apart, in numbers and words."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose

from kmosaic.data.mixed import open_table
from kmosaic.features.mixed import TableFeatures, roles_of
from kmosaic.labels.segments import Segment, Trait, named, profile, rules_of, sentence
from kmosaic.labels.segments.wording import in_words

N = 300
RNG = np.random.default_rng(0)
LABELS = np.repeat([0, 1, 2], [150, 100, 50]).astype(np.int32)
COLUMNS = {
    "age": RNG.normal(np.array([40, 25, 60])[LABELS], 4),
    "spent": np.exp(RNG.normal(np.array([3.0, 6.0, 3.0])[LABELS], 0.7)),
    "city": np.where(RNG.random(N) < np.array([0.1, 0.1, 0.9])[LABELS], "Rome", "Oslo"),
}


@pytest.fixture(scope="module")
def found():
    table = open_table(COLUMNS)
    features = TableFeatures.of(table, roles_of(table))
    rows = features.transform(table)
    return table, features, rows, profile(table, features, rows, LABELS, np.ones(N), 3)


def test_effects_medians_and_shares_are_those_of_plain_definitions(found):
    _, _, rows, segments = found
    for segment in segments:
        inside = segment.number == LABELS
        assert segment.size == inside.sum()
        assert segment.share == inside.mean()
        traits = {trait.column: trait for trait in segment.traits}
        for j, name in enumerate(("age", "spent")):
            column = rows[:, j].astype(np.float64)
            effect = (column[inside].mean() - column[~inside].mean()) / column.std()
            assert_allclose(traits[name].effect, effect)
            assert_allclose(traits[name].value, np.median(COLUMNS[name][inside]))
            assert_allclose(traits[name].rest, np.median(COLUMNS[name][~inside]))
        city = traits["city"]
        p, q = ((COLUMNS["city"][rows_] == city.level).mean() for rows_ in (inside, ~inside))
        assert_allclose([city.value, city.rest], [p, q])
        assert_allclose(city.effect, 2 * math.asin(p**0.5) - 2 * math.asin(q**0.5))
        effects = [abs(trait.effect) for trait in segment.traits]
        assert effects == sorted(effects, reverse=True)


def test_one_segment_is_apart_from_nothing(found):
    table, features, rows, _ = found
    (one,) = profile(table, features, rows, np.zeros(N, np.int32), np.ones(N), 1)
    assert {trait.effect for trait in one.traits} == {0.0}
    assert named([one])[0].name == "average"


def test_words_say_what_the_numbers_say(found):
    segments = named(found[-1])
    assert segments[1].name == "very high spent, much younger"
    assert "city Rome" in segments[2].name
    text = sentence(segments[1], "customers")
    assert text.startswith("100 customers (33%): very high spent (+")
    assert f"younger (−{abs(segments[1].traits[1].effect):.1f} sd, median 2" in text


def test_columns_whose_medians_do_not_tell_are_told_by_means_or_shares():
    flag = np.arange(N) % np.array([10, 10, 3])[LABELS] == 0
    seldom = flag * RNG.integers(2, 9, size=N)
    table = open_table({"vip": flag.astype(int), "seldom": seldom, "age": COLUMNS["age"]})
    features = TableFeatures.of(table, roles_of(table, numeric=["vip"]))
    segments = profile(table, features, features.transform(table), LABELS, np.ones(N), 3)
    traits = {trait.column: trait for trait in segments[1].traits}
    assert {name: trait.measure for name, trait in traits.items()} == {
        "vip": "share of 1", "seldom": "mean", "age": "median",
    }  # fmt: skip
    inside = LABELS == 1
    for name, values in (("vip", flag), ("seldom", seldom)):
        told = (traits[name].value, traits[name].rest)
        assert_allclose(told, [values[inside].mean(), values[~inside].mean()])
    vip = next(trait for trait in segments[2].traits if trait.column == "vip")
    assert in_words(vip).endswith(" sd, 32% are 1, others 10%)")


def test_names_differ():
    low = Trait("a", -1.0, 1.0, 2.0)
    third = Trait("c", 0.9, 1.0, 2.0)
    same = [Segment(i, 5, 0.3, 1.0, (low, Trait("b", 1.1, 0, 0))) for i in (1, 2)]
    more = Segment(3, 5, 0.3, 1.0, (low, Trait("b", 1.1, 0, 0), third))
    names = [one.name for one in named([*same, more])]
    assert names == ["low a, high b (1)", "low a, high b (2)", "low a, high b, high c"]
    assert named([Segment(1, 5, 1.0, 1.0, ())])[0].name == "average"


def test_rules_tell_the_segments_and_their_counts_are_right(found):
    table, features, _, _ = found
    rules = rules_of(table, features, LABELS, 3)
    assert rules.fidelity >= 0.95
    assert sum(rule.size for rule in rules.rules) == N
    assert sum(rule.size * rule.agrees for rule in rules.rules) == pytest.approx(rules.fidelity * N)
    assert {rule.segment for rule in rules.rules} == {0, 1, 2}
    assert all(rule.conditions for rule in rules.rules)
    (all_rows,) = rules_of(table, features, np.zeros(N, np.int32), 1).rules
    assert all_rows.size == N


def test_rules_speak_of_categories_by_name():
    city = np.repeat(["Rome", "Oslo", "Bonn"], 40)
    table = open_table({"city": city, "x": RNG.normal(size=120)})
    features = TableFeatures.of(table, roles_of(table))
    rules = rules_of(table, features, np.repeat([0, 1, 2], 40).astype(np.int32), 3)
    said = {condition for rule in rules.rules for condition in rule.conditions}
    assert any(one.startswith("city is ") for one in said)
    assert rules.fidelity == 1
