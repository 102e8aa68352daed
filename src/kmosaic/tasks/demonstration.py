"""The demonstration: handwritten digits, grouped without a label."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from kmosaic._events import Listener, silent
from kmosaic._paths import expanded
from kmosaic._timing import Stopwatch
from kmosaic.data import Items, bundled_digits, fetch_mnist, open_images
from kmosaic.output import check_out
from kmosaic.pipeline import Embed, Run, run_images
from kmosaic.save import save_run

DIGITS = 10


def demo(
    out: str | Path = "demo",
    *,
    mnist: bool = False,
    folder: str | Path | None = None,
    embed: Embed = "auto",
    seed: int = 0,
    on_progress: Listener = silent,
) -> Run:
    """Group digit images into 10 clusters, and write report, table, model and sorted images.

    By default the 1,797 images that scikit-learn ships. mnist: the 70,000 of MNIST, fetched once
    from OpenML. folder: read MNIST from this folder of IDX files instead. embed: see `run_images`.
    Labels name the clusters and score them; they are not used to find them.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     run = demo(f"{folder}/demo", embed="none")
    >>> len(run.items), run.scores.accuracy_majority > 0.9
    (1797, True)
    """
    out, folder = expanded(out), expanded(folder)
    check_out(out, folder)
    watch = Stopwatch()
    with watch.stage("images"):
        items = _digits(mnist, folder, on_progress)
    run = run_images(items, n_clusters=DIGITS, embed=embed, seed=seed, on_progress=on_progress)
    run = replace(run, seconds=watch.seconds | run.seconds)
    saved = save_run(run, out, sort="copy", on_progress=on_progress)
    return replace(run, saved=saved, seconds=run.seconds | saved.seconds)


def _digits(mnist: bool, folder: str | Path | None, on_progress: Listener) -> Items:
    if folder is not None:
        return open_images(folder, on_progress=on_progress)
    return fetch_mnist(on_progress) if mnist else bundled_digits()
