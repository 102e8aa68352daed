"""Images in: ordered items with lazy batches, from folders, archives, IDX files and arrays.

>>> from kmosaic.data import bundled_digits
>>> items = bundled_digits()
>>> items.ids[:2], items.labels[:2].tolist()
(['0', '1'], ['0', '1'])
"""

from kmosaic.data.bundled import bundled_digits, fetch_mnist
from kmosaic.data.items import Batch, Image, Items, OnSkip, Skipped, ensure_readable
from kmosaic.data.opening import READERS, open_images
from kmosaic.data.plain import as_items
from kmosaic.data.vectors import VectorItems, open_vectors

__all__ = [
    "READERS",
    "Batch",
    "Image",
    "Items",
    "OnSkip",
    "Skipped",
    "VectorItems",
    "as_items",
    "bundled_digits",
    "ensure_readable",
    "fetch_mnist",
    "open_images",
    "open_vectors",
]
