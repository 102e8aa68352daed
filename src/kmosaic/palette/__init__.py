"""Few colors for a picture: a palette by k-means over its different colors.

>>> import numpy as np
>>> from kmosaic.palette import quantize
>>> picture = np.zeros((4, 6, 3), np.uint8)
>>> picture[:, 3:] = 200
>>> quantize(picture, 2).hex
('#000000', '#c8c8c8')
"""

from kmosaic.palette.quantizing import Subject, quantize, quantize_together
from kmosaic.palette.result import Palette
from kmosaic.palette.wish import Wish, wish_of

__all__ = ["Palette", "Subject", "Wish", "quantize", "quantize_together", "wish_of"]
