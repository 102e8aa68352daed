"""Choose features that suit the images, and say why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kmosaic._optional import has
from kmosaic.data.items import Items
from kmosaic.features.base import ImageFeatures
from kmosaic.features.color import Color
from kmosaic.features.columns import Columns
from kmosaic.features.combined import Combined
from kmosaic.features.hog import HOG
from kmosaic.features.kinds_of_images import Look, judge
from kmosaic.features.look import look
from kmosaic.features.reduced import Reduced
from kmosaic.features.straightened import Straightened

Embed = Literal["umap", "none"]

FEWEST_FOR_A_GRAPH = 500  # items: with fewer, neighborhoods are too thin to follow


@dataclass(frozen=True)
class Chosen:
    """Which features, and why."""

    extractor: ImageFeatures  # not fitted
    why: str  # plain sentences
    embed: Embed  # whether k-means should run in a neighbor-graph embedding of the features
    why_embed: str = ""  # a sentence for where it does


def choose(items: Items, seed: int = 0) -> Chosen:
    """Features for these items, from a look at a sample of them drawn with the seed.

    >>> import numpy as np
    >>> from kmosaic.data import as_items
    >>> noise = np.random.default_rng(0).integers(0, 255, (9, 32, 32, 3), dtype=np.uint8)
    >>> choose(as_items(noise)).extractor.__class__.__name__
    'Combined'
    """
    if items.kind == "vectors":
        return Chosen(Columns(), "These are vectors: their columns are used as they are.", "none")
    images = look(items, seed=seed)
    seen = judge(images)
    return for_signs(seen, len(items), seed) if seen.are_signs else for_pictures(seen, seed)


def for_signs(seen: Look, count: int, seed: int) -> Chosen:
    """Written signs: their shape once straightened; color and slant say nothing."""
    embed: Embed = "umap" if has("umap") and count >= FEWEST_FOR_A_GRAPH else "none"
    why = (
        f"The images look like written signs (gray, {seen.empty:.0%} empty ground, strokes), so "
        "each is made upright and described by the directions of its strokes "
        "(HOG, 48 principal components, half whitened)."
    )
    why_embed = "Such signs form groups that are not round, so their neighbor graph is used (UMAP)."
    if not has("umap"):
        why += " With umap-learn they would be grouped better: pip install 'kmosaic[manifold]'."
    strokes = Reduced(Straightened(HOG()), 48, whiten=0.5, random_state=seed)
    return Chosen(strokes, why, embed, why_embed)


def for_pictures(seen: Look, seed: int) -> Chosen:
    """Photographs, drawings and the rest: shape whichever way it faces, and color."""
    what = "in color" if seen.gray < 0.95 else "in gray"
    tones = "colors" if seen.gray < 0.95 else "brightness"
    why = (
        f"The images look like pictures {what}, so they are described by their shapes (HOG, the "
        f"same for mirror images, 32 principal components) and their {tones} (histogram in OKLab)."
    )
    shape = Reduced(HOG(mirror=True), 32, random_state=seed)
    parts = Combined((shape, Color()), weights=(1.0, 0.6), random_state=seed)
    return Chosen(parts, why, "none")
