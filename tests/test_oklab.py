"""sRGB colors in OKLab."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from kmosaic._oklab import oklab

# From the reference implementation at https://bottosson.github.io/posts/oklab/.
KNOWN = {
    (255, 255, 255): (1.0, 0.0, 0.0),
    (0, 0, 0): (0.0, 0.0, 0.0),
    (255, 0, 0): (0.627955, 0.224863, 0.125846),
    (0, 255, 0): (0.866440, -0.233888, 0.179498),
    (0, 0, 255): (0.452014, -0.032457, -0.311528),
}


@pytest.mark.parametrize("rgb", KNOWN)
def test_known_colors_have_their_known_place(rgb):
    assert_allclose(oklab(np.array(rgb, np.uint8)), KNOWN[rgb], atol=2e-5)


def test_gray_has_no_color():
    grays = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)
    found = oklab(grays)
    assert np.abs(found[:, 1:]).max() < 1e-6
    assert (np.diff(found[:, 0]) > 0).all()
