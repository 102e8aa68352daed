"""Of a palette that is given those go first that are missed least; fewer are some of more."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from kmosaic import quantize
from kmosaic._errors import InputError
from kmosaic.palette.spaces import SPACES, coordinates

GIVEN = np.random.default_rng(1).integers(0, 256, (12, 3)).astype(np.uint8)


def cost(photo, colors, space):
    """The plain truth: the mean over all pixels of what is to be small."""
    places = coordinates(SPACES[space], photo.reshape(-1, 3))
    entries = coordinates(SPACES[space], colors)
    squared = ((places[:, None] - entries) ** 2).sum(axis=2).min(axis=1)
    return (squared if SPACES[space].squares else np.sqrt(squared)).mean()


@pytest.mark.parametrize("space", SPACES)
def test_one_after_the_other_goes_that_costs_least(photo, space):
    left = GIVEN
    for n_colors in range(len(GIVEN) - 1, 0, -1):
        without = [np.delete(left, one, axis=0) for one in range(len(left))]
        left = min(reversed(without), key=lambda colors: cost(photo, colors, space))
        found = quantize(photo, n_colors, space=space, palette=GIVEN)
        assert_array_equal(found.colors, left)


def test_without_a_number_or_with_a_large_one_all_are_taken(photo):
    for n_colors in (None, 12, 200):
        assert_array_equal(quantize(photo, n_colors, palette=GIVEN).colors, GIVEN)


def test_colors_to_keep_are_added_and_stay(photo):
    found = quantize(photo, palette=GIVEN, keep_colors=["#010203", GIVEN[5]])
    assert_array_equal(found.colors, [*GIVEN.tolist(), [1, 2, 3]])
    found = quantize(photo, 2, palette=GIVEN, keep_colors=["#010203", GIVEN[5]])
    assert_array_equal(found.colors, [GIVEN[5].tolist(), [1, 2, 3]])
    with pytest.raises(InputError, match="2 colors to keep already"):
        quantize(photo, 1, palette=GIVEN, keep_colors=["#010203", GIVEN[5]])
    with pytest.raises(InputError, match="256 are the most together"):
        quantize(photo, palette=[(0, 0, n) for n in range(256)], keep_colors=["red"])


def test_what_is_invisible_is_one_of_them(clear):
    found = quantize(clear, 3, palette=["#000", "#fff", "red", "blue"])
    assert found.colors.shape == (3, 4)
    assert found.colors[0].tolist() == [0, 0, 0, 0]
    assert (found.image.convert("RGBA").getpixel((0, 0))[3]) == 0
    with pytest.raises(InputError, match="ask for more colors"):
        quantize(clear, 1, palette=["#000", "#fff"])


def test_an_invisible_color_that_is_not_needed_goes_first(photo):
    found = quantize(photo, 1, palette=["#0000", "gray"])
    assert found.hex == ("#808080",)
