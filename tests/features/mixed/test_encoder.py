"""Tables as rows of numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from kmosaic._errors import InputError
from kmosaic.data.mixed import open_table
from kmosaic.features.mixed import CATEGORY_WEIGHT, TableFeatures, roles_of

N = 500
RNG = np.random.default_rng(1)
COLUMNS = {
    "age": RNG.normal(40, 9, N),
    "spent": np.exp(RNG.normal(5, 1.5, N)),
    "balance": RNG.standard_t(2, N) ** 3,
    "city": RNG.choice(["Rome", "Oslo", "Bonn"], N),
}


def fitted(columns=COLUMNS, **settings):
    table = open_table(columns)
    return table, TableFeatures.of(table, roles_of(table), **settings)


def test_skewed_columns_are_bent_and_it_is_said_how():
    _, features = fitted()
    assert [one.tail for one in features.numbers] == ["none", "log", "none"] or [
        one.tail for one in features.numbers
    ][:2] == ["none", "log"]
    told = features.told()
    assert told[0] == "age: a number, as it is"
    assert told[1] == "spent: a number, its logarithm"
    assert told[3] == "city: 3 categories"
    _, ranks = fitted(tails="quantile")
    assert {one.tail for one in ranks.numbers} == {"quantile"}
    _, plain = fitted(tails="none")
    assert {one.tail for one in plain.numbers} == {"none"}


def test_numbers_have_a_spread_of_about_one_and_are_never_far():
    table, features = fitted()
    rows = features.transform(table)
    assert rows.dtype == np.float32
    assert rows.shape == (N, 6)
    numbers = rows[:, :3]
    assert (numbers.std(axis=0) > 0.7).all()
    assert (numbers.std(axis=0) < 1.4).all()
    assert np.abs(numbers).max() <= 4
    assert_allclose(np.median(numbers, axis=0), 0, atol=1e-6)


def test_the_unit_of_a_column_changes_nothing():
    table, features = fitted()
    cents = COLUMNS | {"spent": COLUMNS["spent"] * 100, "age": COLUMNS["age"] * 12}
    other, in_cents = fitted(cents)
    assert_allclose(in_cents.transform(other), features.transform(table), atol=2e-6)


def test_categories_are_as_far_apart_as_is_said():
    table, features = fitted()
    city = features.transform(table)[:, 3:]
    assert set(np.unique(city)) == {0, np.float32(CATEGORY_WEIGHT)}
    assert_array_equal((city > 0).sum(axis=1), 1)


def test_missing_numbers_are_the_median_and_missing_words_a_category():
    age = COLUMNS["age"].copy()
    age[:7] = np.nan
    city = COLUMNS["city"].astype(object)
    city[3] = None
    table, features = fitted(COLUMNS | {"age": age, "city": city})
    rows = features.transform(table)
    assert_allclose(rows[:7, 0], 0, atol=1e-6)
    assert features.categories[0].levels == ("Bonn", "Oslo", "Rome", "(missing)")
    assert "7 missing filled with the median" in features.told()[0]
    assert "1 missing as one of their own" in features.told()[3]


def test_rare_categories_share_one():
    words = [f"w{min(i % 50, 45)}" for i in range(N)]
    table = open_table(COLUMNS | {"city": words})
    features = TableFeatures.of(table, roles_of(table))
    assert len(features.categories[0].levels) == 31
    assert "30 categories, the others together" in features.told()[3]
    assert (features.transform(table)[:, 3:].sum(axis=1) > 0).all()


def test_what_was_saved_comes_back():
    table, features = fitted(tails="quantile")
    spec, arrays = features.to_spec()
    again = TableFeatures.from_spec(spec, arrays)
    assert_array_equal(again.transform(table), features.transform(table))


@pytest.mark.parametrize(
    ("column", "change"),
    [
        (0, {"scale": 0.0}),
        (0, {"scale": "wide"}),
        (0, {"tail": "other"}),
        (0, {"kind": "other"}),
        (0, {"name": 3}),
        (3, {"levels": ["a", "a"]}),
        (3, {"weight": -1.0}),
        (3, {"unknown": 1}),
    ],
)
def test_what_was_changed_is_refused(column, change):
    spec, arrays = fitted()[1].to_spec()
    spec[column] |= change
    with pytest.raises((ValueError, TypeError)):
        TableFeatures.from_spec(spec, arrays)


def test_a_table_of_another_schema_is_refused_with_all_that_differs():
    _, features = fitted()
    other = {"age": COLUMNS["city"], "SPENT": COLUMNS["spent"], "city": COLUMNS["city"]}
    with pytest.raises(InputError) as found:
        features.check_schema(open_table(other))
    message = str(found.value)
    assert "no numbers in 1 column: 'age' (all " in message
    assert "it lacks 'spent', 'balance'" in message
    assert "It has 'SPENT' beside." in message


def test_new_categories_are_told_and_count_as_none():
    _, features = fitted()
    new = open_table(COLUMNS | {"city": ["Lima", *COLUMNS["city"][1:]]})
    assert features.unknown_categories(new) == {"city": ["Lima"]}
    assert_array_equal(features.transform(new)[0, 3:], 0)


def test_logarithms_of_less_than_nothing_are_refused():
    with pytest.raises(InputError, match=r"Column 'balance' holds numbers below 0"):
        fitted(tails="log")
    with pytest.raises(InputError, match="tails must be one of auto, none, log, quantile"):
        fitted(tails="sqrt")


def test_an_empty_column_is_of_the_kind_that_is_known():
    table, features = fitted()
    gone = replace(table, columns=table.columns | {"age": open_table({"a": [None] * N})["a"]})
    assert_allclose(features.transform(features.known_as(gone))[:, 0], 0, atol=1e-6)
