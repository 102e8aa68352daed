"""Histograms of oriented gradients as features."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from kmosaic._errors import InputError
from kmosaic.features import HOG


@pytest.mark.parametrize(("side", "cell"), [(28, 4), (32, 4), (64, 8), (8, 2)])
def test_a_cell_is_an_eighth_of_the_image(side, cell):
    assert HOG().fit(np.zeros((2, side, side), np.uint8)).cell_ == cell


def test_brightness_and_contrast_do_not_matter(photos):
    calm = [photo[..., 0] // 4 + 60 for photo in photos]
    loud = [photo[..., 0] // 4 * 3 for photo in photos]
    assert_allclose(HOG().fit_transform(calm), HOG().fit_transform(loud), atol=1e-3)


def test_mirror_images_are_the_same_where_asked(photos):
    turned = [image[:, ::-1] for image in photos]
    extractor = HOG(mirror=True).fit(photos)
    assert_allclose(extractor.transform(photos), extractor.transform(turned), atol=1e-6)
    plain = HOG().fit(photos)
    assert np.abs(plain.transform(photos) - plain.transform(turned)).max() > 0.1


@pytest.mark.parametrize("setting", ["cell", "block", "orientations"])
def test_settings_below_one_are_refused(setting, photos):
    with pytest.raises(InputError, match=f"{setting} must be 1 or more"):
        HOG(**{setting: 0}).fit(photos)


def test_blocks_larger_than_the_image_shrink_to_it():
    assert HOG(cell=8).fit_transform(np.zeros((1, 8, 8), np.uint8)).shape == (1, 9)
