"""Known sets of images: the digits that scikit-learn ships, and MNIST."""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from kmosaic._errors import InputError
from kmosaic._events import Listener, Progress, silent
from kmosaic._optional import has
from kmosaic.data.items import Items
from kmosaic.data.plain import as_items

_HIGHEST_OF_DIGITS = 16  # scikit-learn counts the inked pixels of 4 x 4 blocks


def bundled_digits() -> Items:
    """The 1,797 images of handwritten digits, 8 x 8, that scikit-learn ships, with their labels.

    Alpaydin & Kaynak 1998, UCI 80. The values 0..16 are scaled to 0..255; no network is used.

    >>> digits = bundled_digits()
    >>> len(digits), digits.labels[0], digits.read([0])[0].shape
    (1797, '0', (8, 8))
    """
    from sklearn.datasets import load_digits

    digits = load_digits()
    images = np.rint(digits.images * (255 / _HIGHEST_OF_DIGITS)).astype(np.uint8)
    return as_items(images, digits.target, source="scikit-learn's digits")


def fetch_mnist(
    on_progress: Listener = silent, *, data_home: str | os.PathLike[str] | None = None
) -> Items:
    """The 70,000 MNIST images with labels, fetched from openml.org once and then kept.

    scikit-learn's `fetch_openml` fetches (about 15 MB, "mnist_784" version 1) and keeps it in its
    own folder (data_home, else ~/scikit_learn_data). LeCun, Cortes & Burges; CC BY-SA 3.0. Raises
    InputError with another way where openml.org cannot be reached.

    >>> fetch_mnist()  # doctest: +SKIP
    """
    from sklearn.datasets import fetch_openml

    on_progress(Progress("images", 0, None, note="MNIST from openml.org, unless kept from before"))
    # scikit-learn's own choice is pandas, and fails without it; its other parser needs a minute.
    parser = "pandas" if has("pandas") else "liac-arff"
    try:
        mnist: Any = fetch_openml(
            "mnist_784", version=1, as_frame=False, data_home=data_home, parser=parser
        )
    # No network, a proxy, a bad answer, a broken cache: scikit-learn raises many types for these.
    except Exception as error:
        raise InputError(
            f"MNIST could not be fetched from openml.org ({type(error).__name__}: {error}). Put "
            "its four IDX files into a folder and give that folder instead."
        ) from error
    images = np.asarray(mnist.data).astype(np.uint8).reshape(-1, 28, 28)
    on_progress(Progress("images", len(images), len(images)))
    return as_items(images, mnist.target, source="MNIST (openml.org)")
