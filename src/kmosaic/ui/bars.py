"""Progress bars: one for each stage, on a terminal only."""

from __future__ import annotations

from collections.abc import Iterable
from time import monotonic
from types import TracebackType

from rich.console import Console, RenderableType
from rich.constrain import Constrain
from rich.progress import BarColumn, ProgressColumn, Task, TaskID
from rich.progress import Progress as Display
from rich.table import Column
from rich.text import Text

from kmosaic._events import Progress

WIDE = 100  # columns from which there is room for remarks
NARROW = 70  # columns below which the names of stages are cut
SHORT = 0.05  # seconds: a rate counted on less says nothing
REDRAW = 0.05  # seconds: events that come faster are not drawn one by one


class Bars:
    """Listens to progress events and draws a bar for each stage.

    >>> with Bars(Console(quiet=True)) as bars:
    ...     bars(Progress("features", 3, 10))
    """

    def __init__(self, console: Console) -> None:
        self._stages: dict[str, TaskID] = {}
        self._drawn: dict[str, float] = {}
        self._display = _Display(console)

    def __enter__(self) -> Bars:
        # Importing scientific packages takes a second or two: show a sign of life meanwhile.
        self._starting = self._display.add_task("starting", total=None, unit="", note="")
        self._display.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._display.stop()

    def __call__(self, event: Progress) -> None:
        """Show how far a stage is."""
        if self._display.disable or not self._is_due(event):
            return
        self._display.update(self._starting, visible=False)
        if event.stage not in self._stages:
            self._stages[event.stage] = self._display.add_task(
                event.stage, total=event.total, unit="", note=""
            )
        stage = self._stages[event.stage]
        for task in self._display.tasks:
            if task.id == stage:
                # A stage may have parts; rich's own update cannot begin another one.
                task.total, task.finished_time = event.total, None
        self._display.update(
            stage,
            completed=event.done,
            unit=event.unit,
            note=event.note,
        )

    def _is_due(self, event: Progress) -> bool:
        now = monotonic()
        ends = event.done in (0, event.total)
        if not ends and now - self._drawn.get(event.stage, 0.0) < REDRAW:
            return False
        self._drawn[event.stage] = now
        return True


class _Display(Display):
    def __init__(self, console: Console) -> None:
        self._room = console.width - 3  # the "^C" that a terminal echoes must not wrap
        super().__init__(*_columns(console.width), console=console, disable=not console.is_terminal)

    def get_renderables(self) -> Iterable[RenderableType]:
        yield Constrain(self.make_tasks_table(self.tasks), self._room)


def _columns(width: int) -> list[ProgressColumn]:
    name = 17 if width >= NARROW else 9
    columns: list[ProgressColumn] = [
        _Name(name),
        BarColumn(bar_width=min(40, max(6, width - name - 39))),
        _Share(),
        _Rate(),
        _TimeLeft(),
    ]
    return [*columns, _Note()] if width >= WIDE else columns


class _Name(ProgressColumn):
    def __init__(self, width: int) -> None:
        super().__init__(Column(width=width, no_wrap=True, overflow="ellipsis"))

    def render(self, task: Task) -> Text:
        return Text(task.description)


class _Share(ProgressColumn):
    def __init__(self) -> None:
        super().__init__(Column(width=4, no_wrap=True, justify="right"))

    def render(self, task: Task) -> Text:
        return Text(f"{task.percentage:.0f}%" if task.total else "")


class _Rate(ProgressColumn):
    def __init__(self) -> None:
        super().__init__(Column(width=17, no_wrap=True, justify="right"))

    def render(self, task: Task) -> Text:
        speed = _speed(task)
        if not speed:
            return Text("")
        amount = f"{speed:,.0f}" if speed >= 10 else f"{speed:.1f}"
        return Text(f"{amount} {task.fields['unit']}/s", style="dim")


class _TimeLeft(ProgressColumn):
    def __init__(self) -> None:
        super().__init__(Column(width=11, no_wrap=True, justify="right"))

    def render(self, task: Task) -> Text:
        if task.finished:
            return Text(f"{task.finished_time or 0:.1f} s", style="green")
        speed = _speed(task)
        if not speed or task.remaining is None:
            return Text(f"{task.elapsed or 0:.0f} s", style="dim")
        return Text(f"{_clock(task.remaining / speed)} left")


class _Note(ProgressColumn):
    def __init__(self) -> None:
        super().__init__(Column(no_wrap=True, overflow="ellipsis"))

    def render(self, task: Task) -> Text:
        note = task.fields["note"]
        return Text(f"· {note}" if note else "", style="dim")


def _speed(task: Task) -> float:
    # Rich's own forgets all that came before whenever the total changes, as that of k-means does.
    seconds = (task.elapsed if task.finished_time is None else task.finished_time) or 0.0
    return task.completed / seconds if seconds > SHORT else 0.0


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02d}"
