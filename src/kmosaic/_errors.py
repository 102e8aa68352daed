"""The errors kmosaic raises on purpose: each says what was found, where, and what to do."""

from __future__ import annotations


class KMosaicError(Exception):
    """Everything kmosaic raises on purpose."""


class InputError(KMosaicError, ValueError):
    """Something given by the user cannot be used; the message names it and the cure."""


class TooLargeError(InputError):
    """Numbers are so large that their squares overflow; their directions may be known still."""


class ModelError(InputError):
    """A saved model is damaged, was tampered with, or is of a version this kmosaic cannot read."""


class OutputError(KMosaicError, OSError):
    """The result could not be written; what stood there before is untouched."""


class MissingExtraError(KMosaicError, ImportError):
    """An optional package is needed and not installed; the message says how to install it."""
