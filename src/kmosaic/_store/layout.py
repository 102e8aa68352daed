"""What kinds of model there are on disk, each with its own version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy.typing as npt

Arrays = dict[str, npt.NDArray[Any]]

CARD = "model.json"
CURE = "Get the model again from where it came, or make it again."


@dataclass(frozen=True, eq=False)
class Layout:
    """What one kind of model consists of: facts in model.json, and files of arrays."""

    format: str  # how model.json calls it: "kmosaic ..."
    version: int  # rises when an older kmosaic can no longer read what is written
    facts: Mapping[str, type]  # name → what JSON gives for it
    files: tuple[str, ...]  # names that end in .safetensors


@dataclass(frozen=True, eq=False)
class Parts:
    """A model as plain values and arrays."""

    layout: Layout
    facts: dict[str, Any]  # the names of the layout
    arrays: dict[str, Arrays]  # by file
