"""Mean images are shown where they look like something, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import PIL.Image

from kmosaic.pipeline import Run
from kmosaic.report import gather

from .runs import SomeItems, cluster
from .test_thumbnails import pixels


def test_digits_have_mean_images(digits_run: Run) -> None:
    for one in gather(digits_run).clusters:
        assert one.mean is not None
        assert one.face == one.mean
        assert 0 < one.mean_of <= 200


def test_a_mean_image_is_the_mean_of_the_members(run_digits: Callable[..., Run]) -> None:
    run = run_digits(10)
    found = min(gather(run).clusters, key=lambda one: one.size)
    assert found.mean is not None
    assert found.mean_of == found.size
    members = run.assignment.members(found.number)
    expected = run.features[members].mean(axis=0).reshape(8, 8)
    assert np.abs(pixels(found.mean)[:, :, 0] - expected).max() <= 0.5


def test_photographs_have_none(shared_data: Path) -> None:
    paths = sorted((shared_data / "photos").rglob("*.jpg"))[::5]
    images = [np.asarray(PIL.Image.open(path).convert("RGB")) for path in paths]
    colors = np.stack([image.reshape(4, 8, 4, 8, 3).mean((1, 3)).ravel() for image in images])
    run = cluster(SomeItems(images, [p.name for p in paths]), colors.astype(np.float32), 6)
    found = gather(run)
    assert all(one.mean is None for one in found.clusters)
    assert all(one.face == one.typical[0].picture for one in found.clusters)


def test_images_of_several_shapes_have_none(digits: SomeItems) -> None:
    mixed = [image if i % 2 else image[:, 1:7] for i, image in enumerate(digits.images)]
    rows = np.stack([image.mean(axis=1) for image in mixed]).astype(np.float32)
    run = cluster(SomeItems(mixed, digits.ids), rows, 3)
    assert all(one.mean is None for one in gather(run).clusters)
