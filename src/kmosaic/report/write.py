"""Paint the facts: one self-contained page, written beside its place and then renamed."""

from __future__ import annotations

from pathlib import Path

from markupsafe import Markup

from kmosaic._events import Listener, silent
from kmosaic._store.files import write_page
from kmosaic.pipeline import Run
from kmosaic.report import answer, charts
from kmosaic.report.choose import FEW_CLUSTERS
from kmosaic.report.facts import Facts
from kmosaic.report.gathering import gather
from kmosaic.report.mapdata import map_data
from kmosaic.report.painting import environment, inline, policy
from kmosaic.report.palette import Palette
from kmosaic.report.titles import Titles

_STYLES = ("base", "answer", "clusters", "map", "tables", "lightbox")
_SCRIPTS = ("tip", "lightbox", "find", "copy", "view", "draw", "legend", "map")


def write_report(run: Run, path: str | Path, *, on_progress: Listener = silent) -> Path:
    """Write the report of a run as one HTML file that opens offline, and return its path.

    A file that stands at `path` is replaced only when the new one is whole. Raises OutputError if
    it cannot be written.
    """
    return write_page(render(gather(run, on_progress=on_progress)), path)


def render(facts: Facts) -> str:
    """Paint the facts as an HTML page."""
    painter = environment()
    palette, titles = Palette.of(facts), Titles.of(facts)
    sizes = [cluster.size for cluster in facts.clusters]
    style = inline("style", _STYLES, "css") + _measures(facts, titles)
    early, script = inline("script", ("theme",), "js"), inline("script", _SCRIPTS, "js")
    return painter.get_template("page.html.j2").render(
        facts=facts,
        palette=palette,
        titles=titles,
        noun=answer.noun(facts),
        headline=answer.headline(facts),
        standfirst=answer.standfirst(facts),
        answer_convergence=answer.convergence(facts),
        one_to_one_tells=answer.one_to_one_tells(facts),
        is_compact=facts.n_clusters > FEW_CLUSTERS,
        largest=max(sizes),
        smallest=min(sizes),
        length_of=charts.length_of,
        map_data=map_data(facts, palette, titles),
        chart_sizes=((640, 320, "wide"), (340, 280, "narrow")),
        style=Markup(style),
        early=Markup(early),
        script=Markup(script),
        policy=policy(style, (early, script)),
    )


def _measures(facts: Facts, titles: Titles) -> str:
    """Lengths that the style needs: the longest row of tiles, and the longest title."""
    most = max((len(cluster.tiles) for cluster in facts.clusters), default=0)
    names = min(max(titles.longest, 3), 20)
    return f".mosaic {{ --most: {max(most, 8)}; --names: calc({names}ch + 1.5rem); }}\n"
