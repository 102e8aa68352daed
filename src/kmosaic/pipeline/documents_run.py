"""What one run on documents found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kmosaic.data.items import Skipped
from kmosaic.features.text import Duplicates
from kmosaic.labels.telling import Term
from kmosaic.pipeline.run import Run

_NO_DUPLICATES = Duplicates((), 1.0)


def counts_of(grouped: int, skipped: Sequence[Skipped]) -> dict[str, int]:
    """How many documents were read, and how many were not; of those read some are not grouped.

    >>> counts_of(57, [Skipped("a", "it is empty"), Skipped("b", "it shares no word", True)])
    {'read': 58, 'unreadable': 1, 'without_shared_words': 1}
    """
    without = sum(one.was_read for one in skipped)
    return {
        "read": grouped + without,
        "unreadable": len(skipped) - without,
        "without_shared_words": without,
    }


@dataclass(frozen=True, repr=False)
class DocumentsRun(Run):
    """Everything one run on documents found; features may be sparse."""

    terms: tuple[tuple[Term, ...], ...] = ()  # that tell each cluster from the others
    duplicates: Duplicates = _NO_DUPLICATES
    languages: tuple[tuple[str, int], ...] = ()  # code and documents; "" where not known

    @property
    def columns(self) -> dict[str, list[str | None]]:
        """Columns of the table of documents beside those that all runs have."""
        firsts = self.duplicates.first_of(len(self.items))
        ids = self.items.ids
        return {"duplicate_of": [None if first is None else ids[first] for first in firsts]}

    def summary(self) -> dict[str, Any]:
        """The run in numbers and text, ready for JSON."""
        ids = self.items.ids
        return (
            super().summary()
            | counts_of(len(ids), self.skipped)
            | {
                "terms": [[term.word for term in own] for own in self.terms],
                "typical": [
                    [ids[at] for at in self.assignment.typical(cluster, 3).tolist()]
                    for cluster in range(self.assignment.n_clusters)
                ],
                "languages": {code or "unknown": count for code, count in self.languages},
                "duplicates": {
                    "threshold": self.duplicates.threshold,
                    "groups": len(self.duplicates.groups),
                    "documents": self.duplicates.count,
                },
            }
        )
