"""What is printed about anomalies: how many, the least ordinary and why, where to look."""

from __future__ import annotations

import shlex

from rich.console import Console

from kmosaic.tasks import Anomalies
from kmosaic.ui.show import time_line, to_json

_MOST_LINES = 10  # anomalies printed; the table and the report have more

_ABOUT = {
    "report.html": "open it in a browser",
    "anomalies.csv": "the score of every row, and the reasons of the anomalies",
    "contributions.csv": "what each column adds to the scores of the anomalies",
    "answer.json": "this answer and the settings, for programs",
    "model/": "for new rows: kmosaic anomalies NEW-ROWS --model {model}",
}


def show_anomalies(found: Anomalies, as_json: bool) -> None:
    """Print which rows do not belong, and why."""
    console = Console(highlight=False, markup=False, emoji=False)
    text = to_json(found) if as_json else anomalies_text(found)
    console.print(text, soft_wrap=as_json or not console.is_terminal)


def anomalies_text(found: Anomalies) -> str:
    """The answer for a person."""
    judged, many = found.judged, int(found.judged.flagged.sum())
    parts = [
        [f"{many:,} of {len(judged.scores):,} rows do not belong (score above "
         f"{judged.threshold:.3f})."],
        _lines(found, min(many, _MOST_LINES)),
        [*found.why, time_line(found.seconds)],
    ]  # fmt: skip
    if many > _MOST_LINES:
        parts[1].append(f"... and {many - _MOST_LINES:,} more, see anomalies.csv")
    if found.out is not None:
        model = shlex.quote(f"{found.out}/model")
        width = max(map(len, found.files))
        lines = [f"  {name:{width}}  {_ABOUT[name].format(model=model)}" for name in found.files]
        parts.append([f"Wrote {found.out}/", *lines])
    return "\n\n".join("\n".join(part) for part in parts if part)


def _lines(found: Anomalies, many: int) -> list[str]:
    judged = found.judged
    positions = judged.order[:many]
    return [
        f"{judged.name(at)}, score {judged.scores[at]:.3f}: {'; '.join(map(str, reasons))}"
        for at, reasons in zip(positions.tolist(), judged.reasons(positions), strict=True)
    ]
