"""What the report says, as plain frozen values: gathered once, painted by the templates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import numpy as np
import numpy.typing as npt

HOW_MANY = "how-many.html"  # why so many clusters, beside the report


@dataclass(frozen=True)
class Picture:
    """An image ready to be embedded in the page."""

    uri: str  # data URI, WebP (PNG where Pillow has no WebP)
    width: int  # pixels
    height: int  # pixels


@dataclass(frozen=True)
class Member:
    """One item that the page shows."""

    id: str
    cluster: int
    distance: float  # to the center of its cluster, in the unit of the features
    margin: float  # nearest / second nearest center, 0 (sure) to 1 (a tie)
    label: str | None  # its known label
    second: int | None  # the next nearest cluster
    picture: Picture | None  # None: not an image, or no longer readable


@dataclass(frozen=True)
class LabelCount:
    """How many members of a cluster carry a known label."""

    label: str
    count: int
    share: float  # of the members with a known label, 0 to 1


@dataclass(frozen=True)
class Trait:
    """One column in which a cluster of plain vectors differs from the rest."""

    column: int
    deviations: float  # (mean in the cluster - mean of all) / standard deviation of all


@dataclass(frozen=True)
class Cluster:
    """One cluster: how large, what it is called, and whom to look at."""

    number: int
    name: str
    is_named: bool  # False: its name is only its number
    size: int
    share: float  # of all items, 0 to 1
    distance: float  # median distance of its members to its center (NaN when empty)
    dominant: tuple[LabelCount, ...]
    mean: Picture | None  # the average picture, where that makes sense
    mean_of: int  # how many members were averaged
    tiles: tuple[Picture, ...]  # members from typical to odd, one for so many items
    everyone: bool  # all members are in `typical`
    typical: tuple[Member, ...]
    borderline: tuple[Member, ...]
    odd: tuple[Member, ...]
    traits: tuple[Trait, ...] = ()

    @property
    def face(self) -> Picture | None:
        """The picture that stands for the cluster: its mean, else its most typical member."""
        if self.mean is not None:
            return self.mean
        return self.typical[0].picture if self.typical else None

    @property
    def is_detailed(self) -> bool:
        """Whether the page shows its members (with very many clusters only the largest)."""
        return bool(self.typical)


@dataclass(frozen=True)
class Accuracy:
    """How well the clusters agree with the known labels; shares from 0 to 1."""

    accuracy_majority: float | None  # items whose cluster carries their label as its name
    accuracy_one_to_one: float | None  # the same, a label going to at most one cluster
    purity: float | None
    nmi: float | None  # normalized mutual information
    ari: float | None  # adjusted Rand index
    n_scored: int
    n_named_from: int
    n_labels: int  # distinct known labels


@dataclass(frozen=True)
class Confusion:
    """Counts of clusters (or names) against known labels."""

    rows_are: Literal["clusters", "names"]
    rows: tuple[str, ...]
    numbers: tuple[int | None, ...]  # cluster of each row; None where a row is a shared name
    labels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]  # (rows, labels)
    n_other: int  # labels beyond the most common ones, in no column
    n_other_rows: int  # rows beyond the largest ones, in no line


@dataclass(frozen=True)
class Mixup:
    """Items of one known label that ended in clusters of another name."""

    label: str
    name: str
    count: int
    share: float  # of all items with this label
    members: tuple[Member, ...]


@dataclass(frozen=True)
class Map:
    """A sample of the items in two dimensions: PCA of the rows where k-means ran."""

    points: npt.NDArray[np.float32]  # (m, 2), each axis within -1..1, same scale on both
    ids: tuple[str, ...]
    clusters: npt.NDArray[np.int32]  # (m,)
    labels: tuple[str | None, ...]
    distances: npt.NDArray[np.float64]
    margins: npt.NDArray[np.float64]
    n_total: int
    explained: float  # share of the variance that the two axes show, 0 to 1
    tile: int  # side of a thumbnail in the sheets, pixels; 0: no pictures
    columns: int  # thumbnails in a row of a sheet
    per_sheet: int
    sheets: tuple[Picture, ...]


@dataclass(frozen=True)
class Step:
    """One iteration of k-means."""

    number: int
    inertia: float  # sum of squared distances, in the square of the features' unit
    moved: int  # rows that changed cluster
    shift: float  # how far the centers moved
    seconds: float


@dataclass(frozen=True)
class Start:
    """One start of k-means, from its first to its last iteration."""

    number: int
    steps: tuple[Step, ...]
    is_best: bool

    @property
    def inertia(self) -> float:
        """Where it ended."""
        return self.steps[-1].inertia


@dataclass(frozen=True)
class Stage:
    """How long one part of the work took."""

    name: str
    seconds: float
    share: float  # of the whole, 0 to 1


@dataclass(frozen=True)
class SkippedFile:
    """A file that could not be read."""

    id: str
    reason: str


@dataclass(frozen=True)
class Facts:
    """Everything the report says."""

    source: str
    kind: Literal["images", "vectors", "documents"]
    made: datetime
    n_items: int
    n_clusters: int
    n_features: int
    n_dimensions: int  # of the rows where k-means ran
    is_embedded: bool
    named_by: Literal["labels", "file", "numbers", "terms"]
    accuracy: Accuracy | None
    why: tuple[str, ...]
    how_many: str | None  # the page beside this one on the number of clusters
    skipped: tuple[SkippedFile, ...]
    n_skipped: int
    clusters: tuple[Cluster, ...]  # in the order of the page
    items_per_tile: int  # 0: the sizes are not drawn with tiles
    confusion: Confusion | None
    mixups: tuple[Mixup, ...]
    map: Map | None
    starts: tuple[Start, ...]
    inertia: float
    n_iter: int
    stages: tuple[Stage, ...]
    seconds: float
    settings: tuple[tuple[str, str], ...]
    command: str | None  # None: the images came from memory
    python: str
    versions: tuple[tuple[str, str], ...]
