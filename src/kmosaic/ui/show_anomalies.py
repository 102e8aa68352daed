"""What is printed about anomalies: how many, the least ordinary and why, where to look."""

from __future__ import annotations

from kmosaic.tasks import Anomalies
from kmosaic.ui.show import print_answer, time_line, wrote

_MOST_LINES = 10  # anomalies printed; the table and the report have more

_ABOUT = {
    "anomalies.csv": "the score of every row, and the reasons of the anomalies",
    "anomalies.parquet": "the same, for data tools",
    "contributions.csv": "what each column adds to the scores of the anomalies",
    "model/": "for new rows: kmosaic predict {model} NEW-ROWS",
}


def show_anomalies(found: Anomalies, as_json: bool) -> None:
    """Print which rows do not belong, and why."""
    print_answer(found, anomalies_text, as_json)


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
    parts.append(wrote(found.out, found.files, _ABOUT))
    return "\n\n".join("\n".join(part) for part in parts if part)


def _lines(found: Anomalies, many: int) -> list[str]:
    judged = found.judged
    positions = judged.order[:many]
    return [
        f"{judged.name(at)}, score {judged.scores[at]:.3f}: {'; '.join(map(str, reasons))}"
        for at, reasons in zip(positions.tolist(), judged.reasons(positions), strict=True)
    ]
