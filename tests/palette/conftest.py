"""Pictures to quantize."""

import numpy as np
import PIL.Image
import pytest


@pytest.fixture
def photo():
    """Smooth and noisy parts in many colors, 60 x 40."""
    random = np.random.default_rng(0)
    y, x = np.mgrid[:40, :60]
    smooth = np.stack([4 * x, 6 * y, 255 - 4 * x], axis=-1)
    return np.clip(smooth + random.integers(-9, 10, smooth.shape), 0, 255).astype(np.uint8)


@pytest.fixture
def clear(photo):
    """The same with opacity: nothing at the left, half in the middle, all at the right."""
    alpha = np.zeros(photo.shape[:2], np.uint8)
    alpha[:, 20:40] = 128
    alpha[:, 40:] = 255
    return np.dstack([photo, alpha])


@pytest.fixture
def picture(photo):
    return PIL.Image.fromarray(photo)
