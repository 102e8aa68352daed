"""Values as JSON and arrays, and back."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays, floating_dtypes, integer_dtypes
from numpy.testing import assert_array_equal

from kmosaic._errors import InputError
from kmosaic._store.plain import packed, unpacked

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4),
    max_leaves=8,
)


def there_and_back(value):
    held = {}
    return unpacked(json.loads(json.dumps(packed(value, "x", held), allow_nan=False)), held)


def same(a, b):
    if isinstance(a, list):
        return len(a) == len(b) and all(map(same, a, b))
    return type(a) is type(b) and a == b and repr(a) == repr(b)  # -0.0 is not 0.0


@given(plain)
@settings(max_examples=60, deadline=None)
def test_plain_values_come_back_as_they_were(value):
    assert same(there_and_back(value), value)


@given(arrays(integer_dtypes() | floating_dtypes(sizes=(16, 32, 64)), array_shapes(min_dims=0)))
@settings(max_examples=60, deadline=None)
def test_arrays_come_back_with_the_same_bits(array):
    held = {}
    assert packed(array, "x", held) == {"array": "x"}
    found = unpacked({"array": "x"}, held)
    assert (found.tobytes(), found.shape) == (array.tobytes(), array.shape)


def test_an_array_in_a_list_has_the_name_of_its_place():
    held = {}
    packed([np.zeros(1), [np.ones(2)]], "deep", held)
    assert sorted(held) == ["deep.0", "deep.1.0"]


def test_numbers_that_json_does_not_know_come_back():
    assert there_and_back([math.inf, -math.inf]) == [math.inf, -math.inf]
    assert math.isnan(there_and_back(math.nan))


def test_numbers_of_numpy_become_those_of_python():
    found = there_and_back((np.int64(3), np.float32(0.1), np.bool_(True), np.str_("a")))
    assert found == [3, float(np.float32(0.1)), True, "a"]
    assert [type(part) for part in found] == [int, float, bool, str]


def test_texts_come_back_as_an_array_of_objects():
    for dtype in (object, str):
        found = there_and_back(np.array(["a", "ß\udce9"], dtype))
        assert found.dtype == object
        assert found.tolist() == ["a", "ß\udce9"]


@pytest.mark.parametrize("draws", [0, 1, 7, 1000])
def test_random_numbers_go_on_where_they_were(draws):
    random = np.random.RandomState(5)
    random.standard_normal(draws)
    found = there_and_back(random)
    assert_array_equal(found.standard_normal(5), random.standard_normal(5))
    assert_array_equal(found.random_sample(1000), random.random_sample(1000))


@pytest.mark.parametrize(
    "value",
    [
        object(),
        print,
        {"a": 1},
        {1, 2},
        b"bytes",
        1j,
        np.array([1j]),
        np.array([1, "a"], object),
        np.array([1.0], np.longdouble),
        np.longdouble(1),
        np.datetime64("2020-01-01"),
        np.random.RandomState(np.random.PCG64(0)),
        np.random.default_rng(0),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_no_data_is_refused_by_its_name(value):
    with pytest.raises(InputError, match=r"^a\.1 "):
        packed([0, value], "a", {})


KEY = {"key": {"array": "key"}, "position": 0, "has_gauss": 0, "gauss": 0.0}
HELD = {
    "key": np.ones(624, np.uint32),
    "short": np.ones(623, np.uint32),
    "signed": np.ones(624, np.int32),
    "zeros": np.zeros(624, np.uint32),
}


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"array": "key", "number": "inf"},
        {"array": "none"},
        {"array": ["key"]},
        {"number": "12"},
        {"call": "os.system"},
        {"texts": [1]},
        {"texts": {"a": 1}},
        {"random state": {}},
        {"random state": None},
        {"random state": {**KEY, "key": {"array": "short"}}},
        {"random state": {**KEY, "key": {"array": "signed"}}},
        {"random state": {**KEY, "key": {"array": "zeros"}}},
        {"random state": {**KEY, "key": "key"}},
        {"random state": {**KEY, "position": 625}},
        {"random state": {**KEY, "position": -1}},
        {"random state": {**KEY, "position": 1.0}},
        {"random state": {**KEY, "has_gauss": 2}},
        {"random state": {**KEY, "gauss": "x"}},
    ],
    ids=repr,
)
def test_what_was_not_packed_here_is_an_error(value):
    with pytest.raises((ValueError, LookupError, TypeError, AttributeError)):
        unpacked([value], HELD)
