"""model.json: facts, the layout's version, and size and SHA-256 of each file, its own too."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from kmosaic._errors import InputError, ModelError
from kmosaic._store.layout import CURE, Layout

UPDATE = "Update kmosaic: pip install --upgrade kmosaic"


def card_text(layout: Layout, facts: dict[str, Any], seals: dict[str, Any]) -> bytes:
    """What stands in model.json; raises InputError for a fact that JSON cannot hold."""
    card = {"format": layout.format, "version": layout.version, **_plain(facts), "files": seals}
    card["checksum"] = _checksum(card)
    # Readable letters, but an escape for what UTF-8 cannot hold (file names in other encodings).
    text = json.dumps(card, indent=1, ensure_ascii=False) + "\n"
    return text.encode("utf-8", "backslashreplace")


def read_card(text: bytes, path: Path, layouts: tuple[Layout, ...]) -> tuple[Layout, Any]:
    """The layout and all that model.json says, or ModelError; path: for the message."""
    try:
        card = json.loads(text, object_pairs_hook=_no_key_twice, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{path} is not what kmosaic wrote: {error}. {CURE}") from None
    layout = _layout_of(card, path, layouts)
    _check_version(card, path, layout)
    _check_keys(card, path, layout)
    if card["checksum"] != _checksum(card):
        raise ModelError(f"{path} was changed after it was written. {CURE}")
    return layout, card


def _layout_of(card: Any, path: Path, layouts: tuple[Layout, ...]) -> Layout:
    found = card.get("format") if isinstance(card, dict) else None
    for layout in layouts:
        if found == layout.format:
            return layout
    if isinstance(found, str) and found.startswith("kmosaic "):
        wanted = " or ".join(layout.format for layout in layouts)
        cure = "kmosaic.load opens it." if len(layouts) == 1 else UPDATE
        raise ModelError(f"{path.parent} holds a {found[:40]!r}, not a {wanted!r}. {cure}")
    raise ModelError(f"{path} does not describe a kmosaic model. {CURE}")


def _check_version(card: dict[str, Any], path: Path, layout: Layout) -> None:
    version = card.get("version")
    if type(version) is int and version == layout.version:
        return
    cure = UPDATE if type(version) is int and version > layout.version else CURE
    raise ModelError(
        f"{path} is of version {version!r}, and this kmosaic reads version {layout.version}. {cure}"
    )


def _check_keys(card: dict[str, Any], path: Path, layout: Layout) -> None:
    unlike = sorted(set(card) ^ {"format", "version", "files", "checksum", *layout.facts})
    if unlike:
        which = "unknown" if unlike[0] in card else "missing"
        raise ModelError(f"{path}: {unlike[0]!r} is {which}. {CURE}")
    for key, kind in layout.facts.items():
        if type(card[key]) is not kind:
            raise ModelError(f"{path}: {key!r} is not of the kind {kind.__name__}. {CURE}")
    # The names of the files are ours alone, so a model cannot make us read anything else.
    files = card["files"]
    if not isinstance(files, dict) or set(files) != set(layout.files):
        raise ModelError(f"{path}: 'files' must list {' and '.join(layout.files)}. {CURE}")


def _checksum(card: dict[str, Any]) -> str:
    """Of everything in the card but the checksum itself, however the JSON is laid out."""
    rest = {key: value for key, value in card.items() if key != "checksum"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts as JSON holds them; InputError if it cannot."""
    try:
        plain: dict[str, Any] = json.loads(json.dumps(facts, default=_as_plain, allow_nan=False))
    except (TypeError, ValueError) as error:
        raise InputError(f"A model holds plain values only: {error}.") from None
    return plain


def _as_plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{value!r} is not plain")


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)


def _no_constant(text: str) -> Any:
    raise ValueError(f"{text} is no number")
