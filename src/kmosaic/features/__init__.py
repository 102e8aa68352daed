"""Images as rows of numbers: one extractor a file, all in one table.

>>> from kmosaic.data import bundled_digits
>>> items = bundled_digits()
>>> chosen = make_extractor("auto", items)
>>> extract(chosen.extractor.fit(items), items).X.shape
(1797, 48)
"""

from kmosaic.features.auto import Chosen
from kmosaic.features.base import Extracted, ImageFeatures, Matrix
from kmosaic.features.cache import Cache
from kmosaic.features.cached import cached_extract
from kmosaic.features.color import Color
from kmosaic.features.columns import Columns
from kmosaic.features.combined import Combined
from kmosaic.features.embedding import Embedding
from kmosaic.features.extract import extract
from kmosaic.features.hog import HOG
from kmosaic.features.make import make_extractor
from kmosaic.features.onnx import ONNX
from kmosaic.features.patches import Patches
from kmosaic.features.pixels import Pixels
from kmosaic.features.reduced import Reduced
from kmosaic.features.straightened import Straightened
from kmosaic.features.table import EXTRACTORS, from_spec

__all__ = [
    "EXTRACTORS",
    "HOG",
    "ONNX",
    "Cache",
    "Chosen",
    "Color",
    "Columns",
    "Combined",
    "Embedding",
    "Extracted",
    "ImageFeatures",
    "Matrix",
    "Patches",
    "Pixels",
    "Reduced",
    "Straightened",
    "cached_extract",
    "extract",
    "from_spec",
    "make_extractor",
]
