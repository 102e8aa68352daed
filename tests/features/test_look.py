"""A look at some of the images."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from kmosaic._errors import InputError
from kmosaic.data import open_images
from kmosaic.features.look import draw, look


def test_the_same_seed_draws_the_same():
    assert_array_equal(draw(1000, 10, seed=3), draw(1000, 10, seed=3))
    assert draw(1000, 10, seed=3).tolist() != draw(1000, 10, seed=4).tolist()


def test_positions_are_different_and_in_order():
    drawn = draw(50, 20, seed=0)
    assert (np.diff(drawn) > 0).all()
    assert drawn.min() >= 0
    assert drawn.max() < 50


def test_what_cannot_be_read_is_passed_over(make_images):
    folder = make_images([f"{n}.png" for n in range(6)])
    for n in range(5):
        Path(folder, f"{n}.png").write_bytes(b"broken")
    assert len(look(open_images(folder), count=1)) == 1


def test_nothing_readable_is_an_error_that_names_the_first(make_images):
    folder = make_images(["a.png", "b.png"])
    for name in ("a.png", "b.png"):
        Path(folder, name).write_bytes(b"broken")
    with pytest.raises(InputError, match=r"None of the 2 images .* 'a\.png'"):
        look(open_images(folder))
