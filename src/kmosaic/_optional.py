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


def need(module: str, *, extra: str | None) -> ModuleType:
    """Import an optional module, or say what brings it: an extra, or for None its own name.

    >>> need("no_such_module", extra="manifold")
    Traceback (most recent call last):
    kmosaic._errors.MissingExtraError: This needs no_such_module: pip install 'kmosaic[manifold]'
    >>> need("no_such_module.inside", extra="parquet")
    Traceback (most recent call last):
    kmosaic._errors.MissingExtraError: This needs no_such_module: pip install 'kmosaic[parquet]'
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        package = module.partition(".")[0]
        if error.name not in (package, module):
            raise
        package = _DISTRIBUTION.get(package, package)
        wanted = f"'kmosaic[{extra}]'" if extra else package
        message = f"This needs {package}: pip install {wanted}"
        raise MissingExtraError(message) from None
