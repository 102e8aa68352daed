"""Patterns that k-means finds in patches."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from kmosaic._errors import InputError
from kmosaic.features import Patches


@pytest.fixture(scope="module")
def fitted(photos):
    return Patches(n_patterns=6, patch=4, n_patches=500).fit(photos)


def slow_truth(extractor: Patches, image: np.ndarray) -> np.ndarray:
    """The formula of the paper, patch by patch, in float64."""
    side = extractor.patch
    height, width = extractor.size_
    quarters = np.zeros((2, 2, len(extractor.patterns_)))
    counts = np.zeros((2, 2, 1))
    down, across = height - side + 1, width - side + 1
    for y in range(down):
        for x in range(across):
            patch = image[y : y + side, x : x + side].transpose(2, 0, 1).ravel().astype(float)
            patch = (patch - patch.mean()) / np.sqrt(patch.var() + 10)
            white = (patch - extractor.mean_) @ extractor.whitening_.astype(float)
            distance = np.linalg.norm(white - extractor.patterns_, axis=1)
            where = int(y >= down // 2), int(x >= across // 2)
            quarters[where] += np.maximum(0, distance.mean() - distance)
            counts[where] += 1
    return (quarters / counts).ravel()


def test_answers_are_those_of_the_paper(fitted, photos):
    assert_allclose(
        fitted.transform(photos[:3]), [slow_truth(fitted, p) for p in photos[:3]], atol=1e-4
    )


def test_whitened_patches_vary_alike_in_all_strong_directions(photos):
    extractor = Patches(n_patterns=6, patch=3, n_patches=4000).fit(photos)
    drawn = extractor._drawn(photos) - extractor.mean_
    variances = np.linalg.eigvalsh(np.cov(((drawn) @ extractor.whitening_).T))
    assert variances.max() < 1.01
    assert np.median(variances) > 0.5


def test_another_seed_learns_other_patterns(photos):
    one, two = (Patches(5, n_patches=100, random_state=seed).fit(photos) for seed in (0, 1))
    assert np.abs(one.patterns_ - two.patterns_).max() > 0


def test_images_smaller_than_a_patch_are_enlarged():
    assert Patches(n_patterns=1, n_patches=9).fit(np.zeros((2, 2, 2), np.uint8)).size_ == (7, 7)


@pytest.mark.parametrize("wrong", [{"n_patterns": 0}, {"patch": 0}, {"n_patches": 3}])
def test_settings_that_cannot_be_are_refused(wrong, photos):
    with pytest.raises(InputError, match="n_patches"):
        Patches(**wrong).fit(photos)
