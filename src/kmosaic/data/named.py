"""Items that lie in a store under names: files of a folder or an archive, texts in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np
import numpy.typing as npt

from kmosaic.data.items import Items, Skipped
from kmosaic.data.known_labels import checked_labels
from kmosaic.data.picking import positions


class Places(Protocol):
    """A store that tells where its things are."""

    def path(self, name: str) -> Path | None:
        """The file on disk that is this and nothing else, or None."""


@dataclass(frozen=True, eq=False)
class NamedItems(Items):
    """Things of a store, each with the name that it has there."""

    source: str
    store: Any
    names: Sequence[str]  # in the store, one for each id
    ids: Sequence[str]
    labels: npt.NDArray[np.object_] | None = None

    def take(self, index: npt.ArrayLike) -> Self:
        """The items at these positions, in this order."""
        picked = positions(index, len(self))
        changes: dict[str, Any] = {
            "names": [self.names[one] for one in picked],
            "ids": [self.ids[one] for one in picked],
            "labels": None if self.labels is None else self.labels[picked],
            "refused": (),
        }
        return replace(self, **changes)

    def with_labels(self, labels: npt.NDArray[np.object_] | None) -> Self:
        """The same items with other known labels."""
        return replace(self, labels=checked_labels(labels, len(self)))

    def path(self, position: int) -> Path | None:
        """The file on disk, or None in an archive, a table or memory."""
        places: Places = self.store
        return places.path(self.names[position])


def nobody(_: Skipped) -> None:
    """Hear nothing of what is skipped."""
