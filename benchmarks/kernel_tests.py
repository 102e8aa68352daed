"""Which tests hold a kernel against its slow truth: those that call it, by a helper or not."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "kernels"
# Kernels that the tests know by another name, or together with others.
CALLED = {
    "range": "value_range",
    "pack": "screen_tile",
    "pack_centers": "screen_tile",
    "nearest": "screen_tile",
    "scores": "screen_tile",
    "pack_int16": "int16_tile",
    "pack_centers_int16": "int16_tile",
    "nearest_int16": "int16_tile",
}


def find_tests(kernels: Iterable[str]) -> list[str]:
    """The tests of these kernels, as pytest wants them named."""
    wanted = {CALLED.get(kernel, kernel) for kernel in kernels}
    return [
        f"{file}::{name}"
        for file in sorted(FOLDER.glob("test_*.py"))
        for name, called in _calls(file).items()
        if name.startswith("test_") and called & wanted
    ]


def _calls(file: Path) -> dict[str, set[str]]:
    """What each function and constant of a file has of _core, whatever it goes through."""
    named: dict[str, ast.stmt] = {}
    for part in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(part, ast.FunctionDef):
            named[part.name] = part
        elif isinstance(part, ast.Assign) and isinstance(part.targets[0], ast.Name):
            named[part.targets[0].id] = part
    direct = {name: _of_core(part) for name, part in named.items()}
    others = {name: _names(part) & named.keys() - {name} for name, part in named.items()}
    return {name: set().union(*(direct[each] for each in _reach(name, others))) for name in named}


def _of_core(part: ast.stmt) -> set[str]:
    return {
        node.attr
        for node in ast.walk(part)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "_core"
    }


def _names(part: ast.stmt) -> set[str]:
    return {node.id for node in ast.walk(part) if isinstance(node, ast.Name)}


def _reach(name: str, others: dict[str, set[str]]) -> set[str]:
    seen, ahead = set(), [name]
    while ahead:
        here = ahead.pop()
        if here not in seen:
            seen.add(here)
            ahead.extend(others[here])
    return seen
