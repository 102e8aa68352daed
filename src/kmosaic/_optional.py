"""Optional packages, asked for where they are used."""

from __future__ import annotations

import importlib
import importlib.util
from types import ModuleType

from kmosaic._errors import MissingExtraError

_DISTRIBUTION = {"umap": "umap-learn"}


def has(module: str) -> bool:
    """Tell whether an optional module is installed, without importing it.

    >>> has("no_such_module")
    False
    """
    return importlib.util.find_spec(module) is not None


def need(module: str, *, extra: str) -> ModuleType:
    """Import an optional module, or say which extra brings it.

    >>> need("no_such_module", extra="manifold")
    Traceback (most recent call last):
    kmosaic._errors.MissingExtraError: This needs no_such_module: pip install 'kmosaic[manifold]'
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        package = _DISTRIBUTION.get(module, module)
        message = f"This needs {package}: pip install 'kmosaic[{extra}]'"
        raise MissingExtraError(message) from None
