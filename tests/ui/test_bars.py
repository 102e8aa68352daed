from __future__ import annotations

import io

import pytest
from rich.console import Console

from kmosaic._events import Progress
from kmosaic.ui.bars import Bars


def shown(width: int, *events: Progress, terminal: bool = True) -> str:
    screen = io.StringIO()
    console = Console(file=screen, width=width, force_terminal=terminal, color_system=None)
    with Bars(console) as bars:
        for event in events:
            bars(event)
    return screen.getvalue()


def last_lines(text: str) -> list[str]:
    return text.replace("\r", "\n").splitlines()


def test_nothing_is_drawn_where_there_is_no_terminal() -> None:
    assert shown(80, Progress("features", 3, 10), terminal=False) == ""


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_no_line_is_wider_than_the_screen(width: int) -> None:
    event = Progress("learning features", 70_000, 70_000, "iterations", "inertia 12345.6")
    text = shown(width, event)
    assert "learn" in text
    lines = [line for line in last_lines(text) if "\x1b" not in line]
    assert all(len(line) <= width for line in lines)


def test_each_stage_has_a_bar_of_its_own() -> None:
    text = shown(80, Progress("features", 10, 10), Progress("k-means", 0, None))
    final = last_lines(text)[-3:]
    assert any("features" in line and "100%" in line for line in final)
    assert any("k-means" in line and "%" not in line for line in final)


def test_a_wide_screen_shows_remarks() -> None:
    event = Progress("k-means", 5, 10, "iterations", note="inertia 12.5")
    assert "inertia 12.5" in shown(120, event)


def test_brackets_in_a_remark_are_not_taken_for_markup() -> None:
    assert "[bold]" in shown(120, Progress("images", 1, 2, note="[bold] folder"))


def test_a_stage_of_several_parts_starts_its_bar_anew() -> None:
    parts = [Progress("embedding", 5, 5), Progress("embedding", 0, None, note="layout")]
    final = last_lines(shown(80, *parts))[-2:]
    assert not any("100%" in line for line in final)
