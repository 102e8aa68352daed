"""The order of the modules is the order of the flow, and importing kmosaic costs little."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest

import kmosaic

REPOSITORY = Path(__file__).resolve().parents[1]
EXPENSIVE = {"numpy", "scipy", "sklearn", "skimage", "PIL", "rich", "typer", "jinja2"}


def test_every_module_imports_only_what_stands_before_it() -> None:
    # In a process of its own: it switches off the loggers that are there, also for later tests.
    lint = "import sys; from importlinter import cli; sys.exit(cli.lint_imports(no_cache=True))"
    run = subprocess.run(
        [sys.executable, "-c", lint], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout


def test_the_layers_stand_in_alphabetical_order() -> None:
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    layers = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    assert layers == sorted(layers, reverse=True)
    found = {p.stem for p in (REPOSITORY / "src" / "kmosaic").iterdir() if p.name[0] not in "_."}
    assert {layer.removeprefix("kmosaic.") for layer in layers} == found - {"py"}


def test_only_the_engine_module_knows_the_compiled_core() -> None:
    sources = (REPOSITORY / "src" / "kmosaic").rglob("*.py")
    imports = re.compile(r"^\s*(from|import)\b.*\b_core\b", re.MULTILINE)
    assert [p.name for p in sources if imports.search(p.read_text())] == ["_engine.py"]


def test_importing_kmosaic_imports_nothing_expensive() -> None:
    code = f"import sys, kmosaic; print(*{EXPENSIVE!r} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


@pytest.mark.parametrize("name", kmosaic.__all__)
def test_every_public_name_is_there_and_explained(name: str) -> None:
    assert name in dir(kmosaic)
    assert name == "__version__" or getattr(kmosaic, name).__doc__


def test_the_version_is_that_of_the_installed_package() -> None:
    assert kmosaic.__version__ == version("kmosaic")


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = kmosaic.nothing
