"""Features of straightened signs."""

from __future__ import annotations

import numpy as np
from numpy.testing import assert_array_equal

from kmosaic.features import HOG, Pixels, Straightened


def test_slanted_signs_come_closer_together(signs):
    def spread(extractor):
        return float(extractor.fit_transform(signs).var(axis=0).sum())

    assert spread(Straightened(Pixels())) < 0.6 * spread(Pixels())
    assert spread(Straightened(HOG())) < 0.85 * spread(HOG())


def test_signs_of_the_usual_size_keep_it(signs):
    assert Straightened(Pixels()).fit(signs).size_ == (28, 28)


def test_tiny_signs_are_enlarged():
    assert Straightened(Pixels()).fit(np.zeros((2, 8, 8), np.uint8)).size_ == (28, 28)


def test_a_stated_size_is_taken(signs):
    assert Straightened(Pixels(), size=36).fit_transform(signs).shape == (30, 36 * 36)


def test_inverted_signs_are_the_same(signs):
    extractor = Straightened(HOG()).fit(signs)
    assert_array_equal(extractor.transform(signs), extractor.transform([255 - s for s in signs]))
