"""Features from the words that a user gives."""

from __future__ import annotations

import inspect
from typing import Any

from sklearn.base import clone

from kmosaic._errors import InputError
from kmosaic.data.items import Items
from kmosaic.features.auto import Chosen, choose
from kmosaic.features.base import ImageFeatures
from kmosaic.features.columns import Columns
from kmosaic.features.reduced import Reduced
from kmosaic.features.straightened import Straightened
from kmosaic.features.table import EXTRACTORS

_WITH_FILE = {"embedding": "FILE.npy", "onnx": "MODEL.onnx"}
_WORDS = {"yes": True, "true": True, "no": False, "false": False, "none": None}


def make_extractor(wanted: str | ImageFeatures, items: Items, seed: int = 0) -> Chosen:
    """The features that were asked for, not fitted yet.

    wanted: "auto", a name of `EXTRACTORS` ("embedding:FILE.npy" and "onnx:PATH" with their file),
    or an extractor, which is copied. Settings follow a question mark: "hog?cell=4&mirror=yes",
    "onnx:model.onnx?size=224&mean=0.5,0.5,0.5". For all of them, components=48 (and whiten=0.5)
    adds principal components, and straighten=yes straightens written signs first. Raises InputError
    naming what is not known.

    >>> from kmosaic.data import bundled_digits
    >>> make_extractor("hog?cell=4&components=8", bundled_digits()).extractor
    Reduced(extractor=HOG(cell=4), n_components=8)
    """
    if isinstance(wanted, ImageFeatures):
        return Chosen(clone(wanted), f"{type(wanted).__name__} features, as asked for.", "none")
    if wanted == "auto":
        return choose(items, seed)
    return Chosen(parse(wanted, seed), f"Features {wanted}, as asked for.", "none")


def parse(wanted: str, seed: int = 0) -> ImageFeatures:
    """The extractor of a text such as "hog?cell=4".

    >>> parse("color?bins=4,4,4")
    Color(bins=(4, 4, 4))
    """
    head, _, tail = wanted.partition("?")
    name, _, file = head.partition(":")
    settings = _settings(tail, wanted)
    if name not in EXTRACTORS and name != "columns":
        known = ", ".join(
            f"{one}:{_WITH_FILE[one]}" if one in _WITH_FILE else one for one in EXTRACTORS
        )
        raise InputError(f"There are no features {name!r}. Known are: auto, {known}.")
    if bool(file) != (name in _WITH_FILE):
        wants = f"{name}:{_WITH_FILE[name]}" if name in _WITH_FILE else name
        raise InputError(f"Write the features as {wants!r}, not {head!r}.")
    components, whiten, straighten = (
        settings.pop(word, None) for word in ("components", "whiten", "straighten")
    )
    kind = EXTRACTORS.get(name, Columns)
    extractor = kind(**_for(kind, name, settings, file, seed))
    if _value(straighten, "bool", "straighten"):
        extractor = Straightened(extractor)
    if components is not None:
        count = _value(components, "int", "components")
        white = _value(whiten, "float", "whiten") or 0.0
        return Reduced(extractor, count, whiten=white, random_state=seed)
    if whiten is not None:
        raise InputError("whiten=... needs components=... (how many principal components).")
    return extractor


def _settings(tail: str, wanted: str) -> dict[str, str]:
    pairs = [pair.partition("=") for pair in tail.split("&")] if tail else []
    for name, equals, value in pairs:
        if not name or not equals or not value:
            raise InputError(f"Settings are name=value with & between; {wanted!r} is not so.")
    return {name: value for name, _, value in pairs}


def _for(
    kind: type[ImageFeatures], name: str, settings: dict[str, str], file: str, seed: int
) -> dict[str, Any]:
    """The arguments of the extractor, each of its type."""
    known = {
        one.name: one for one in inspect.signature(kind).parameters.values() if one.name != "path"
    }
    given: dict[str, Any] = {"path": file} if file else {}
    if "random_state" in known:
        given["random_state"] = seed
    for setting, text in settings.items():
        if setting not in known:
            also = ", ".join([*known, "components", "whiten", "straighten"])
            raise InputError(f"{name} has no setting {setting!r}. It has: {also}.")
        given[setting] = _value(text, str(known[setting].annotation), setting)
    return given


def _value(text: str | None, annotation: str, setting: str) -> Any:
    """A text as the type that the setting has."""
    if text is None or text in _WORDS:
        return _WORDS[text] if text else None
    if "bool" in annotation:
        raise InputError(f"{setting} must be yes or no, not {text!r}.")
    if not any(kind in annotation for kind in ("int", "float", "Size", "Values")):
        return text
    try:
        numbers = tuple(_number(part) for part in text.split(","))
    except ValueError:
        raise InputError(
            f"{setting} must be a number (or several with commas): {text!r}."
        ) from None
    return numbers if len(numbers) > 1 else numbers[0]


def _number(text: str) -> int | float:
    number = float(text)
    return int(number) if number.is_integer() and "." not in text else number
