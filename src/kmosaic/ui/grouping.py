"""What the commands that group images and documents do alike: run, then show the answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, NamedTuple

from kmosaic.ui.bars import Bars
from kmosaic.ui.door import front_door
from kmosaic.ui.options import Sort
from kmosaic.ui.places import default_out


class Written(NamedTuple):
    """What is written, and where."""

    out: Path | None
    sort: Sort
    dry_run: bool
    parquet: bool
    no_report: bool

    def arguments(self, source: Path, command: str) -> dict[str, Any]:
        """The same as arguments of a task."""
        return {
            "out": self.out or default_out(source, "groups", command),
            "sort": self.sort.value,
            "dry_run": self.dry_run,
            "parquet": self.parquet,
            "report": not self.no_report,
        }


def group(
    command: Literal["images", "documents"],
    source: Path,
    written: Written,
    *,
    as_json: bool,
    **how: Any,
) -> None:
    """Group what SOURCE holds and print the answer; how: the settings of the task."""
    with front_door() as console, Bars(console) as bars:
        from kmosaic import tasks
        from kmosaic.ui.show import answer

        classify = getattr(tasks, f"classify_{command}")
        run = classify(source, **how, **written.arguments(source, command), on_progress=bars)
    answer(run, as_json)
