"""What all pages are painted with: templates, styles and scripts within, and what they may load."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined

from kmosaic._percent import chance, percent, share
from kmosaic.report import charts, words


def environment() -> Environment:
    """Templates, with the words that they use."""
    painter = Environment(
        loader=PackageLoader("kmosaic.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    painter.filters |= {
        "chance": chance,
        "count": words.count,
        "share": share,
        "seconds": words.seconds,
        "number": words.number,
        "signed": words.signed,
        "quantity": words.quantity,
        "percent": charts.percent,
        "whole_percent": percent,
    }
    painter.globals |= {
        "plural": words.plural,
        "convergence": charts.convergence,
        "shaded": charts.shaded,
    }
    return painter


def inline(folder: str, names: Sequence[str], suffix: str) -> str:
    """Our own styles or scripts, one after the other."""
    root = files("kmosaic.report") / "templates" / folder
    return "".join((root / f"{name}.{suffix}").read_text("utf-8") for name in names)


def policy(style: str, scripts: Sequence[str]) -> str:
    """A Content-Security-Policy that allows what the page holds and nothing from elsewhere."""
    allowed = " ".join(_digest(script) for script in scripts)
    return (
        f"default-src 'none'; img-src data:; style-src {_digest(style)}; script-src {allowed}; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
