"""The page that answers "what are these documents about?"."""

from __future__ import annotations

from pathlib import Path, PurePath

from markupsafe import Markup

from kmosaic._store.files import write_page
from kmosaic.pipeline import DocumentsRun
from kmosaic.report import charts, reproduce
from kmosaic.report.documents import facts
from kmosaic.report.documents.scatter import scatter
from kmosaic.report.facts import HOW_MANY
from kmosaic.report.painting import environment, inline, policy
from kmosaic.report.palette import HUES, SHAPES
from kmosaic.report.words import plural

_STYLES = ("base", "answer", "tables", "documents")
_MOST_SKIPPED = 50


def write_documents_report(run: DocumentsRun, path: str | Path) -> Path:
    """Write the page of a run on documents as one HTML file. Raises OutputError."""
    return write_page(documents_page(run), path)


def documents_page(run: DocumentsRun) -> str:
    """The whole answer as one page that loads nothing."""
    style = inline("style", _STYLES, "css")
    early = inline("script", ("theme",), "js")
    script = inline("script", ("copy",), "js")
    painter = environment()
    painter.globals |= {"mark": _mark, "shaded": charts.shaded}
    groups = facts.groups_of(run)
    return painter.get_template("documents/page.html.j2").render(
        run=run,
        how_many=HOW_MANY if run.how_many else None,
        source=PurePath(run.items.source).name or run.items.source,
        headline=headline(run),
        standfirst=facts.standfirst(groups, run.duplicates.count),
        groups=groups,
        largest=max(group.size for group in groups),
        names=run.names.names,
        map=scatter(run),
        same=facts.same_documents(run),
        table=facts.labels_table(run),
        skipped=run.skipped[:_MOST_SKIPPED],
        command=reproduce.command(run.items.source, run.settings, "documents"),
        python=reproduce.python(run.items.source, run.settings, "documents"),
        style=Markup(style),
        early=Markup(early),
        script=Markup(script),
        policy=policy(style, (early, script)),
    )


def headline(run: DocumentsRun) -> str:
    """The answer in a line."""
    k = run.assignment.n_clusters
    groups = "in one group" if k == 1 else f"in {k:,} groups"
    return f"{plural(len(run.items), 'document')} {groups}"


def _mark(number: int) -> str:
    """The classes that color a cluster."""
    return f"hue-{number % HUES} shape-{number // HUES % SHAPES}"
