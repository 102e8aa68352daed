"""The processor and the versions that figures belong to."""

from __future__ import annotations

import platform
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.libraries import LIBRARIES

PACKAGES = ("kmosaic", "numpy", "scipy")


def machine(threads: int) -> dict[str, str | int]:
    """The processor, without what tells one machine from another of its kind."""
    from kmosaic import _engine

    return {
        "processor": _processor(),
        "cores": _engine.n_threads(),
        "threads": threads,
        "instructions": _engine.instruction_sets()[0],
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def versions() -> dict[str, str]:
    """The version of each package; "not installed" where it is not."""
    names = dict.fromkeys([*PACKAGES, *(library.package for library in LIBRARIES)])
    return {name: _version(name) for name in names}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text()
    except OSError:
        return platform.processor() or platform.machine()
    fields = dict(re.findall(r"^(model name|cpu family|model)\s*:\s*(.*)$", text, re.MULTILINE))
    if "model name" not in fields:
        return platform.machine()
    family = f"family {fields.get('cpu family', '?')}, model {fields.get('model', '?')}"
    return f"{fields['model name']} ({family})"
