"""Histograms of colors."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from kmosaic._errors import InputError
from kmosaic.features import Color


def test_the_shares_of_all_colors_add_up_to_one(photos):
    assert_allclose(np.square(Color().fit_transform(photos)).sum(axis=1), 1, rtol=1e-5)


def test_where_a_color_is_does_not_matter(photos):
    extractor = Color().fit(photos)
    turned = [image[::-1, ::-1] for image in photos]
    assert_allclose(extractor.transform(turned), extractor.transform(photos), atol=1e-5)


def test_alike_colors_are_nearer_than_others():
    def solid(*rgb):
        return np.full((8, 8, 3), rgb, np.uint8)

    red, dark_red, blue = Color().fit_transform(
        [solid(200, 30, 30), solid(180, 30, 30), solid(30, 30, 200)]
    )
    assert np.linalg.norm(red - dark_red) < np.linalg.norm(red - blue) / 2


def test_bins_are_as_asked_for(photos):
    assert Color(bins=(2, 3, 4)).fit_transform(photos).shape[1] == 24


@pytest.mark.parametrize("bins", [(1, 5, 5), (4, 4)])
def test_bins_that_are_too_few_are_refused(bins, photos):
    with pytest.raises(InputError, match="bins must be"):
        Color(bins=bins).fit(photos)
