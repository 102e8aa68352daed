"""Folders of models from bytes: model.json, then the files of arrays, with a mark between.

The first byte says whether checksums are made right, as somebody would who knows how: otherwise
hardly anything would come past them.
"""

from __future__ import annotations

import hashlib
import json
import random
import shutil
from pathlib import Path
from typing import Any

_MARK = b"--next file--"
_FILES = {
    "kmosaic anomaly detector": ("arrays.safetensors",),
    "kmosaic estimator": ("arrays.safetensors",),
    "kmosaic features": ("features.safetensors",),
    "kmosaic model": ("centers.safetensors", "features.safetensors"),
    "kmosaic segments": ("segments.safetensors",),
}
_INSTEAD = (
    *(None, True, 0, 1, -1, 2, 625, 2**31, 2**63, 10**30, 0.5, -1e308, "", "x", "auto", [], {}),
    *({"number": "nan"}, {"number": "inf"}, {"texts": ["a"]}, {"texts": [[1]]}, {"start": "x"}),
    *(
        "I32",
        "F64",
        "BOOL",
        "BF16",
        "F8_E4M3",
        "lloyd",
        "KMeans",
        "BisectingKMeans",
        "kmosaic model",
    ),
)


def packed(folder: Path) -> bytes:
    """The bytes that write_model() makes this folder of."""
    card = json.loads((folder / "model.json").read_bytes())
    parts = [json.dumps(card).encode()]
    parts += [(folder / name).read_bytes() for name in _FILES[card["format"]]]
    return b"s" + _MARK.join(parts)


def write_model(data: bytes, folder: Path) -> None:
    """Make the folder anew."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    text, *contents = data[1:].split(_MARK)
    card = _read(text)
    kind = card.get("format") if isinstance(card, dict) else None
    names = _FILES.get(kind if isinstance(kind, str) else "", ())
    for name, content in zip(names, contents, strict=False):
        (folder / name).write_bytes(content)
    if data[:1] == b"s" and isinstance(card, dict):
        text = _sealed(card, dict(zip(names, contents, strict=False)))
    (folder / "model.json").write_bytes(text)


def _sealed(card: dict[str, Any], contents: dict[str, bytes]) -> bytes:
    card["files"] = {
        name: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in contents.items()
    }
    card.pop("checksum", None)
    card["checksum"] = hashlib.sha256(json.dumps(card, sort_keys=True).encode()).hexdigest()
    return json.dumps(card).encode()


def _read(text: bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def changed(data: bytes, seed: int) -> bytes | None:
    """The same model with one value in its JSON or a header of arrays replaced, if it has one."""
    chance = random.Random(seed)
    parts = data[1:].split(_MARK)
    at = chance.randrange(len(parts))
    start = 8 if at else 0  # a safetensors file begins with the length of its JSON
    end = start + int.from_bytes(parts[at][:8], "little") if at else None
    tree = _read(parts[at][start:end])
    if not isinstance(tree, dict) or not (places := list(_places(tree))):
        return None
    inside, key = chance.choice(places)
    others = [*_INSTEAD, *(holder[name] for holder, name in places)]
    inside[key] = chance.choice(others)
    try:
        text = json.dumps(tree).encode()
    except (ValueError, RecursionError):  # it has come to hold itself
        return None
    rest = parts[at][end:] if at else b""
    parts[at] = (len(text).to_bytes(8, "little") if at else b"") + text + rest
    return data[:1] + _MARK.join(parts)


def _places(tree: Any) -> Any:
    """Every value in it, as the list or dict that holds it and its key."""
    keys = list(tree) if isinstance(tree, dict) else range(len(tree))
    for key in keys:
        yield tree, key
        if isinstance(tree[key], dict | list):
            yield from _places(tree[key])
