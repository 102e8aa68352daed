"""The page of compressed images: facts in it, nothing from elsewhere, names escaped."""

from __future__ import annotations

import re

import pytest

from kmosaic import quantize
from kmosaic.report.compressed import Shown, page, size

GRAY = [[n] * 8 for n in range(0, 240, 30)]


def shown(name: str = "a", *, pictures: bool = True) -> Shown:
    import numpy as np

    found = quantize(np.array(GRAY, np.uint8), 4)
    both = (b"webp", found.to_bytes("png")) if pictures else None
    return Shown(
        name, 1000, 250, (8, 8), found.mse, found.psnr, found.delta_e, found.hex,
        tuple(found.counts.tolist()), ("A note.",), False, both,
    )  # fmt: skip


def test_the_numbers_and_colors_are_on_the_page() -> None:
    one = shown()
    text = page([one], {"n_colors": 4, "space": "rgb"}, ["a.png"])
    for words in ("75 % smaller", "250 bytes", "A note.", "--colors 4 --space rgb", *one.colors):
        assert words in text


def test_the_page_loads_nothing_and_escapes_names() -> None:
    text = page([shown("<script>x</script>")], {}, ["<script>x</script>"])
    assert "<script>x" not in text
    assert not re.search(r'(?:src|href)="(?!data:|#)', text)
    assert "style=" not in text


def test_an_image_without_pictures_is_numbers_only() -> None:
    assert "Not shown" in page([shown(pictures=False)], {}, [])


@pytest.mark.parametrize(
    ("count", "words"), [(1, "1 bytes"), (999_499, "999 kB"), (999_600, "1 MB")]
)
def test_sizes_are_short(count: int, words: str) -> None:
    assert size(count) == words
