from __future__ import annotations

from typing import Any
from urllib.error import URLError

import numpy as np
import pytest
import sklearn.datasets
from sklearn.utils import Bunch

from kmosaic._errors import InputError
from kmosaic._events import Progress
from kmosaic.data import bundled, bundled_digits, fetch_mnist


def test_the_digits_are_all_there_in_full_contrast() -> None:
    digits = bundled_digits()
    images = np.stack(digits.read(range(len(digits))))
    assert (images.shape, images.dtype) == ((1797, 8, 8), np.uint8)
    assert (images.min(), images.max()) == (0, 255)
    assert digits.labels is not None
    assert sorted(set(digits.labels)) == list("0123456789")


def test_mnist_is_asked_for_by_name_and_version(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}

    def fetch_openml(name: str, **options: Any) -> Bunch:
        asked.update(name=name, **options)
        return Bunch(data=np.full((3, 784), 200.0), target=np.array(["5", "0", "4"], object))

    monkeypatch.setattr(sklearn.datasets, "fetch_openml", fetch_openml)
    told: list[Progress] = []
    items = fetch_mnist(told.append, data_home="there")
    assert asked == {
        "name": "mnist_784",
        "version": 1,
        "as_frame": False,
        "data_home": "there",
        "parser": "pandas",
    }
    assert items.read([0])[0].shape == (28, 28)
    assert items.read([0])[0].max() == 200
    assert items.labels is not None
    assert items.labels.tolist() == ["5", "0", "4"]
    assert [event.done for event in told] == [0, 3]
    assert "openml.org" in told[0].note


def test_mnist_needs_no_pandas(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def fetch_openml(name: str, *, parser: str, **_: Any) -> Bunch:
        asked.append(parser)
        return Bunch(data=np.zeros((2, 784)), target=np.array(["1", "2"], object))

    monkeypatch.setattr(bundled, "has", lambda module: module != "pandas")
    monkeypatch.setattr(sklearn.datasets, "fetch_openml", fetch_openml)
    fetch_mnist()
    assert asked == ["liac-arff"]


def test_no_network_names_another_way(monkeypatch: pytest.MonkeyPatch) -> None:
    def fetch_openml(*_: Any, **__: Any) -> None:
        raise URLError("no route to host")

    monkeypatch.setattr(sklearn.datasets, "fetch_openml", fetch_openml)
    with pytest.raises(InputError, match=r"no route to host.*four IDX files"):
        fetch_mnist()
