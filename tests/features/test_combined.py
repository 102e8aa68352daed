"""Several features side by side."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from kmosaic._errors import InputError
from kmosaic.features import HOG, Color, Combined, Pixels


def test_each_part_weighs_what_was_said(photos):
    extractor = Combined((HOG(), Color()), weights=(1.0, 0.5)).fit(photos)
    X = extractor.transform(photos)
    width = extractor.extractors_[0].transform(photos).shape[1]
    spreads = [np.sqrt(part.var(axis=0).sum()) for part in (X[:, :width], X[:, width:])]
    assert_allclose(spreads, [1.0, 0.5], rtol=1e-4)


def test_without_weights_all_parts_weigh_the_same(photos):
    one = Combined((HOG(), Pixels())).fit_transform(photos)
    two = Combined((HOG(), Pixels()), weights=(1.0, 1.0)).fit_transform(photos)
    assert_allclose(one, two, rtol=0)


@pytest.mark.parametrize("weights", [(1.0,), (1.0, 0.0), (1.0, 2.0, 3.0)])
def test_weights_that_do_not_fit_are_refused(weights, photos):
    with pytest.raises(InputError, match="weights must be one positive number"):
        Combined((HOG(), Color()), weights=weights).fit(photos)


def test_no_part_at_all_is_refused(photos):
    with pytest.raises(InputError, match="weights"):
        Combined(()).fit(photos)
