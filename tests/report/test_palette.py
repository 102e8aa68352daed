"""A name has one color everywhere, and colors are told apart by everyone."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from importlib.resources import files

import numpy as np
import numpy.typing as npt
import pytest
from skimage.color import deltaE_ciede2000, rgb2lab

from kmosaic.pipeline import Run
from kmosaic.report import gather
from kmosaic.report.palette import HUES, Palette

# Machado, Oliveira & Fernandes 2009: how each kind of color blindness sees linear RGB.
EYES = {
    "usual": np.eye(3),
    "protanopia": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "deuteranopia": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    "tritanopia": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
}


def hues(theme: int) -> npt.NDArray[np.float64]:
    """The ten colors of the stylesheet, light (0) or dark (1), as sRGB from 0 to 1."""
    style = (files("kmosaic.report") / "templates/style/base.css").read_text("utf-8")
    pairs = re.findall(r"--hue-\d: light-dark\(#(\w{6}), #(\w{6})\)", style)
    return np.array([list(bytes.fromhex(pair[theme])) for pair in pairs]) / 255


def linear(color: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.where(color <= 0.04045, color / 12.92, ((color + 0.055) / 1.055) ** 2.4)


def display(light: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    light = np.clip(light, 0, 1)
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("eyes", EYES)
def test_any_two_hues_differ_to_all_eyes(theme: int, eyes: str) -> None:
    seen = rgb2lab(display(linear(hues(theme)) @ np.asarray(EYES[eyes]).T)[None])[0]
    assert len(seen) == HUES
    gaps = [deltaE_ciede2000(a, b) for a, b in itertools.combinations(seen, 2)]
    assert min(gaps) > 8  # a difference of 2 is just seen side by side


@pytest.mark.parametrize(("theme", "paper"), [(0, 1.0), (1, 0.0128)], ids=["light", "dark"])
def test_hues_stand_out_from_the_paper(theme: int, paper: float) -> None:
    light = linear(hues(theme)) @ [0.2126, 0.7152, 0.0722]
    contrast = (np.maximum(light, paper) + 0.05) / (np.minimum(light, paper) + 0.05)
    assert contrast.min() > 3  # WCAG 1.4.11, for what is not text


def test_clusters_of_one_name_share_a_mark_with_their_label(
    run_digits: Callable[..., Run],
) -> None:
    facts = gather(run_digits(30))
    palette = Palette.of(facts)
    for cluster in facts.clusters:
        assert palette.of_cluster[cluster.number] == palette.of_label[cluster.name]


def test_numbered_clusters_each_have_their_own_mark(run_digits: Callable[..., Run]) -> None:
    palette = Palette.of(gather(run_digits(30, named=False)))
    assert len({palette.css(number) for number in range(30)}) == 30
