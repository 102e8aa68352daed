"""Features that suit the images."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import normalized_mutual_info_score

from kmosaic._engine import Data
from kmosaic.data import as_items, bundled_digits, open_images, open_vectors
from kmosaic.features import Columns, Combined, Pixels, Reduced, Straightened, extract
from kmosaic.features import auto as module
from kmosaic.features.auto import choose


def mean_agreement(extractor, items, k: int = 10, seeds: int = 5) -> float:
    """Normalized mutual information of k-means clusters and labels, averaged over seeds."""
    data = Data(extract(extractor.fit(items), items).X)
    rows = extract(extractor, items).X
    found = []
    for seed in range(seeds):
        random = np.random.RandomState(seed)
        fits = [data.fit(rows[data.plus_plus(k, random)]) for _ in range(5)]
        best = min(fits, key=lambda fit: fit.inertia)
        found.append(normalized_mutual_info_score(items.labels.astype(str), best.labels))
    return float(np.mean(found))


def test_signs_are_straightened_and_color_does_not_matter(signs):
    chosen = choose(as_items(signs))
    assert isinstance(chosen.extractor, Reduced)
    assert isinstance(chosen.extractor.extractor, Straightened)
    assert "written signs" in chosen.why


def test_pictures_are_described_by_shape_and_color(photos):
    chosen = choose(as_items(photos))
    assert isinstance(chosen.extractor, Combined)
    assert "pictures in color" in chosen.why
    assert chosen.embed == "none"


def test_pictures_in_gray_are_told_so(photos):
    chosen = choose(as_items([photo[..., 0] for photo in photos]))
    assert "pictures in gray" in chosen.why
    assert "brightness" in chosen.why


def test_vectors_are_used_as_they_are():
    chosen = choose(open_vectors(np.random.default_rng(0).normal(size=(5, 3))))
    assert isinstance(chosen.extractor, Columns)


def test_mixed_sizes_and_modes_are_handled(mixed):
    chosen = choose(as_items(mixed))
    assert len(chosen.extractor.fit_transform(mixed)) == len(mixed)


@pytest.mark.parametrize("installed", [True, False])
def test_many_signs_want_their_neighbor_graph_where_it_can_be_had(signs, monkeypatch, installed):
    monkeypatch.setattr(module, "has", lambda name: installed)
    monkeypatch.setattr(module, "FEWEST_FOR_A_GRAPH", len(signs))
    chosen = choose(as_items(signs))
    assert chosen.embed == ("umap" if installed else "none")
    assert ("kmosaic[manifold]" in chosen.why) is not installed


def test_few_signs_have_no_neighbor_graph(signs, monkeypatch):
    monkeypatch.setattr(module, "has", lambda name: True)
    assert choose(as_items(signs)).embed == "none"


def test_the_choice_beats_pixels_on_scanned_digits():
    items = bundled_digits()
    ours = mean_agreement(choose(items).extractor, items)
    assert ours > 0.88  # measured 0.92; pixels 0.74
    assert ours > mean_agreement(Pixels(), items) + 0.1


def test_the_choice_beats_pixels_on_photographs(shared_data):
    items = open_images(shared_data / "photos")
    ours = mean_agreement(choose(items).extractor, items)
    assert ours > 0.18  # measured 0.21; pixels 0.10
    assert ours > 1.6 * mean_agreement(Pixels(), items)
