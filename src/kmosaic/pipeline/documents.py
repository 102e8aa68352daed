"""The whole flow for documents."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Literal

import numpy as np
from scipy.sparse import issparse

from kmosaic._errors import InputError
from kmosaic._events import Listener, Progress, silent
from kmosaic._plan import check_enough, count_distinct
from kmosaic._timing import Stopwatch
from kmosaic.data.documents import TextItems
from kmosaic.features.text import (
    Documents,
    Duplicates,
    Terms,
    make_text_extractor,
    near_duplicates,
    read_documents,
)
from kmosaic.features.text.cached import rows_of_documents, with_terms
from kmosaic.kmeans import SphericalKMeans
from kmosaic.labels import Names
from kmosaic.labels.directions import assign_directions
from kmosaic.labels.telling import Term, names_of_terms, telling_terms
from kmosaic.n_clusters import choose, sentences
from kmosaic.output.text_model import TextModel
from kmosaic.pipeline.document_words import about_duplicates, about_languages
from kmosaic.pipeline.run import Run
from kmosaic.pipeline.steps import OnIteration, Starts, name_and_score

AUTO_CLUSTERS = 20  # the most that "auto" tries
_NO_DUPLICATES = Duplicates((), 1.0)
_MOST_STARTS = 20
_BUDGET = 100_000_000  # multiplications of one round that all starts together may cost


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
        return super().summary() | {
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


def run_documents(
    items: TextItems,
    *,
    n_clusters: int | Literal["auto"],
    features: str = "auto",
    language: str = "auto",
    names: Names | None = None,
    seed: int = 0,
    n_init: int | Literal["auto"] = "auto",
    cache: bool = True,
    on_progress: Listener = silent,
    on_iteration: OnIteration | None = None,
) -> DocumentsRun:
    """Group documents: terms, features, spherical k-means, assignment, names, near-duplicates.

    items: from `open_documents`. n_clusters: how many groups; "auto" tries 1 to 20 and says in
    `why` what it chose, and why. features: "lsa" (with "?components=50"), "tfidf",
    "embedding:FILE.npy", "model:PATH", or "auto": lsa up to 10,000 documents, tfidf for more.
    language: whose stop words are left out: "auto" finds the languages, "none" leaves none out,
    else codes parted by commas. The rest: see `run_images`. Raises InputError where something
    given cannot be used.

    >>> from kmosaic.data.documents import open_documents
    >>> texts = ["a goal in the match", "the match was won by a goal"] * 2
    >>> texts += ["they vote for a party", "a party asks for the vote"] * 2
    >>> run = run_documents(open_documents(texts), n_clusters=2, cache=False)
    >>> run.assignment.sizes.tolist(), sorted(run.names.names)[1]
    ([4, 4], 'party, vote, asks')
    """
    fewest = 1 if n_clusters == "auto" else n_clusters
    check_enough(fewest, len(items), f"in {items.source}", "documents")
    chosen = make_text_extractor(features, len(items), seed)
    chosen.extractor.check(len(items))
    watch = Stopwatch()
    with watch.stage("features"):
        documents, skipped, was_cached = read_documents(
            items, Terms(language), use_cache=cache, on_progress=on_progress
        )
        if chosen.extractor.needs_terms:
            documents, without = with_terms(documents)
            skipped = (*skipped, *without)
        check_enough(fewest, len(documents.items), "that can be read", "documents")
        X, extractor = rows_of_documents(
            chosen.extractor, documents, use_cache=cache, on_progress=on_progress
        )
    _check_different(fewest, X)
    with watch.stage("k-means"):
        kmeans, starts, about = _grouped(X, n_clusters, n_init, seed, on_progress, on_iteration)
    with watch.stage("names"):
        assignment = assign_directions(documents.items.ids, X, kmeans.cluster_centers_)
        terms = telling_terms(
            documents.counts, assignment.labels, len(kmeans.cluster_centers_),
            documents.terms.vocabulary_,
        )  # fmt: skip
        given = names or names_of_terms(terms)
        _, scores = name_and_score(assignment, documents.items.labels, names, None, seed)
    with watch.stage("duplicates"):
        duplicates = _duplicates(documents, on_progress)
    settings = {
        "n_clusters": n_clusters,
        "features": features,
        "language": language,
        "seed": seed,
        "n_init": starts,
        "kmosaic": version("kmosaic"),
    }
    kept = ("The words were kept from an earlier run.",) if was_cached else ()
    return DocumentsRun(
        items=documents.items,
        skipped=skipped,
        extractor=extractor,
        features=X,
        embedding=None,
        kmeans=kmeans,
        model=TextModel(extractor, kmeans.cluster_centers_, given, settings),
        assignment=assignment,
        names=given,
        scores=scores,
        why=(
            *items.notes,
            about_languages(documents.terms, len(documents.items)),
            chosen.why,
            *kept,
            *about,
            *about_duplicates(duplicates),
        ),
        seconds=watch.seconds,
        settings=settings,
        terms=terms,
        duplicates=duplicates,
        languages=documents.terms.languages_,
    )


def _check_different(n_clusters: int, X: Any) -> None:
    if n_clusters > 1:
        check_enough(n_clusters, _count_distinct(X, n_clusters), "that differ", "documents")


def _count_distinct(X: Any, enough: int) -> int:
    if not issparse(X):
        return count_distinct(X, enough)
    seen: set[bytes] = set()
    for begin, end in zip(X.indptr[:-1], X.indptr[1:], strict=True):
        seen.add(X.indices[begin:end].tobytes() + X.data[begin:end].tobytes())
        if len(seen) == enough:
            break
    return len(seen)


def _grouped(
    X: Any,
    n_clusters: int | Literal["auto"],
    n_init: int | Literal["auto"],
    seed: int,
    tell: Listener,
    on_iteration: OnIteration | None,
) -> tuple[SphericalKMeans, int | None, tuple[str, ...]]:
    """Fitted k-means of directions, how many starts it had, and what is to be said of it."""
    if n_clusters == "auto":
        most = _count_distinct(X, AUTO_CLUSTERS)
        if most < 2:
            raise InputError("All documents are the same in these features: there are no groups.")
        choice = choose(X, range(1, most + 1), random_state=seed, on_progress=tell)
        watch = Starts(1, tell, on_iteration)
        start = np.asarray(choice.model.cluster_centers_)
        kmeans = SphericalKMeans(choice.k, init=start, n_init=1, on_iteration=watch).fit(X)
        watch.end(kmeans.inertia_)
        return kmeans, None, sentences(choice)
    size = X.nnz if issparse(X) else X.size
    cheap = max(1, min(_MOST_STARTS, _BUDGET // max(1, size * n_clusters)))
    starts = cheap if n_init == "auto" else n_init
    if starts < 1:
        raise InputError(f"n_init must be 'auto' or 1 or more, not {n_init}.")
    watch = Starts(starts, tell, on_iteration)
    kmeans = SphericalKMeans(n_clusters, n_init=starts, random_state=seed, on_iteration=watch)
    kmeans.fit(X)
    watch.end(kmeans.inertia_)
    about = (f"The result is the best of {starts} starts of k-means.",) if starts > 1 else ()
    return kmeans, starts, about


def _duplicates(documents: Documents, tell: Listener) -> Duplicates:
    n = len(documents.items)
    tell(Progress("duplicates", 0, n, "documents"))
    found = near_duplicates(documents.terms.weigh(documents.counts))
    tell(Progress("duplicates", n, n, "documents"))
    return found
