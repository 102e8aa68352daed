"""The whole flow for documents."""

from __future__ import annotations

from importlib.metadata import version
from typing import Literal

from kmosaic._events import Listener, Progress, silent
from kmosaic._plan import check_enough
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
from kmosaic.labels import Names
from kmosaic.labels.directions import assign_directions
from kmosaic.labels.telling import names_of_terms, telling_terms
from kmosaic.output.text_model import TextModel
from kmosaic.pipeline.directions import check_different_rows, group_directions
from kmosaic.pipeline.document_words import about_duplicates, about_languages, about_left_out
from kmosaic.pipeline.documents_run import DocumentsRun
from kmosaic.pipeline.steps import OnIteration, name_and_score


def run_documents(
    items: TextItems,
    *,
    n_clusters: int | Literal["auto"],
    features: str = "auto",
    language: str = "auto",
    names: Names | None = None,
    seed: int = 0,
    n_init: int | Literal["auto"] = "auto",
    max_k: int = 20,
    cache: bool = True,
    on_progress: Listener = silent,
    on_iteration: OnIteration | None = None,
) -> DocumentsRun:
    """Group documents: terms, features, spherical k-means, assignment, names, near-duplicates.

    items: from `open_documents`. n_clusters: how many groups; "auto" tries 1 to max_k and says in
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
    chosen = make_text_extractor(features, len(items), seed)
    if fewest < 1 or not chosen.extractor.needs_terms:  # else fewer than all may be grouped
        check_enough(fewest, len(items), f"in {items.source}", "documents")
    chosen.extractor.check(len(items))
    watch = Stopwatch()
    with watch.stage("features"):
        documents, skipped, was_cached = read_documents(
            items, Terms(language), use_cache=cache, on_progress=on_progress
        )
        if chosen.extractor.needs_terms:
            documents, without = with_terms(documents)
            skipped = (*skipped, *without)
        which = f"in {items.source} that can be grouped and differ"
        if chosen.extractor.needs_terms:
            check_different_rows(fewest, documents.counts, which)
        else:
            check_enough(fewest, len(documents.items), "that can be read", "documents")
        X, extractor = rows_of_documents(
            chosen.extractor, documents, use_cache=cache, on_progress=on_progress
        )
    check_different_rows(fewest, X, which)
    with watch.stage("k-means"):
        kmeans, starts, about, how_many = group_directions(
            X, n_clusters, n_init, seed, on_progress, on_iteration, max_k
        )
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
        "max_k": max_k if n_clusters == "auto" else None,
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
            *about_left_out(len(documents.items), skipped),
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
        how_many=how_many,
        duplicates=duplicates,
        languages=documents.terms.languages_,
    )


def _duplicates(documents: Documents, tell: Listener) -> Duplicates:
    n = len(documents.items)
    tell(Progress("duplicates", 0, n, "documents"))
    found = near_duplicates(documents.terms.weigh(documents.counts))
    tell(Progress("duplicates", n, n, "documents"))
    return found
