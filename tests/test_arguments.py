"""Errors call what is wrong by the name under which it was given."""

from __future__ import annotations

import numpy as np
import pytest

from kmosaic import quantize
from kmosaic._arguments import argument, given_as
from kmosaic._errors import InputError

GRAY = np.zeros((2, 2), np.uint8)


def test_an_error_names_the_argument_in_python_and_the_option_of_a_command() -> None:
    with pytest.raises(InputError, match=r"^n_colors is 0:"):
        quantize(GRAY, 0)
    with given_as({"n_colors": "--colors"}), pytest.raises(InputError, match=r"^--colors is 0:"):
        quantize(GRAY, 0)
    with pytest.raises(InputError, match=r"^n_colors is 0:"):
        quantize(GRAY, 0)


def test_options_of_a_command_end_with_it_also_by_an_error() -> None:
    def fails() -> None:
        with given_as({"k": "--clusters"}):
            raise ValueError(argument("k", 3))

    with pytest.raises(ValueError, match=r"^--clusters 3$"):
        fails()
    assert argument("k", 3) == "k=3"
