"""What verbose=1 shows of a fit, as scikit-learn does."""

from __future__ import annotations

import sys


def say(text: str) -> None:
    """Write a line to standard output.

    >>> say("Initialization complete")
    Initialization complete
    """
    sys.stdout.write(text + "\n")
