"""The facts of each cluster: its size and names, its mean image, and whom to look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from natsort import natsorted

from kmosaic.report.choose import Shown
from kmosaic.report.confusion import dominant
from kmosaic.report.facts import Cluster, Mixup, Picture
from kmosaic.report.material import TILE_SIDE, Material, members_of
from kmosaic.report.means import mean_images
from kmosaic.report.members import Teller, second_nearest, traits
from kmosaic.report.thumbnails import BYTES_FOR_MEMBERS, BYTES_FOR_TILES


def clusters_of(material: Material, teller: Teller) -> tuple[Cluster, ...]:
    """All clusters in the order of the page: by name where they have names, else by size."""
    shown_as_tiles = np.concatenate([shown.tiles for shown in material.chosen])
    tiles = material.decoded.pictures(shown_as_tiles.tolist(), TILE_SIDE, BYTES_FOR_TILES)
    means = mean_images(material.chosen, material.decoded)
    made = [
        replace(_cluster(material, teller, number, shown, tiles), mean=mean, mean_of=mean_of)
        for number, (shown, (mean, mean_of)) in enumerate(zip(material.chosen, means, strict=True))
    ]
    if material.run.items.kind == "vectors" and material.run.embedding is None:
        told = traits(material.run.features, material.run.assignment)
        made = [replace(cluster, traits=told[cluster.number]) for cluster in made]
    if material.run.names.source == "numbers":
        return tuple(sorted(made, key=lambda cluster: (-cluster.size, cluster.number)))
    return tuple(natsorted(made, key=lambda one: (not one.is_named, one.name, -one.size)))


def mixups_of(material: Material, teller: Teller) -> tuple[Mixup, ...]:
    """The most common mistakes, with some of the items."""
    return tuple(
        Mixup(one.label, one.name, one.count, one.share, teller.members(one.shown))
        for one in material.mistakes
    )


def teller_of(material: Material) -> Teller:
    """Whoever tells about single items, with their pictures and their next nearest clusters."""
    run, chosen = material.run, material.chosen
    centers = np.asarray(run.kmeans.cluster_centers_)
    unsure = np.concatenate([np.concatenate([s.borderline, s.odd]) for s in chosen])
    seconds = {}
    if centers.shape == (run.assignment.n_clusters, material.rows.shape[1]):
        seconds = second_nearest(material.rows, centers, unsure.tolist(), run.assignment.labels)
    shown = members_of(chosen, material.mistakes)
    pictures = material.decoded.pictures(shown.tolist(), material.side, BYTES_FOR_MEMBERS)
    return Teller(run.assignment, material.labels, seconds, pictures)


def _cluster(
    material: Material, teller: Teller, number: int, shown: Shown, tiles: Mapping[int, Picture]
) -> Cluster:
    assignment, names = material.run.assignment, material.run.names
    size = int(assignment.sizes[number])
    distances = assignment.distances[assignment.members(number)]
    return Cluster(
        number=number,
        name=names[number],
        is_named=names.named[number],
        size=size,
        share=size / max(1, len(assignment)),
        distance=float(np.median(distances)) if size else float("nan"),
        dominant=() if material.counts is None else dominant(material.counts, number),
        mean=None,
        mean_of=0,
        tiles=tuple(tiles[p] for p in shown.tiles.tolist() if p in tiles),
        everyone=shown.everyone,
        typical=teller.members(shown.typical),
        borderline=teller.members(shown.borderline),
        odd=teller.members(shown.odd),
    )
