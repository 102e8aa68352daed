"""Numbers as people write them; every one with its unit or a word beside it."""

from __future__ import annotations

import math


def count(number: float) -> str:
    """Write a whole number with commas.

    >>> count(70000)
    '70,000'
    """
    return f"{int(number):,}"


def seconds(time: float) -> str:
    """Write a time in the unit that suits it.

    >>> seconds(0.0312), seconds(4.26), seconds(95.3), seconds(7260)
    ('31 ms', '4.3 s', '1 min 35 s', '2 h 1 min')
    """
    if time < 1:
        return f"{1000 * time:.0f} ms" if time >= 0.0005 else "<1 ms"
    if time < 59.95:
        return f"{time:.1f} s"
    whole = round(time)
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def number(value: float) -> str:
    """Write a measured value with three significant digits.

    >>> number(3.14159), number(0.012345), number(1234.5), number(0), number(float("nan"))
    ('3.14', '0.0123', '1,234', '0', 'unknown')
    """
    if not math.isfinite(value):
        return "unknown"
    if value == 0:
        return "0"
    digits = 2 - math.floor(math.log10(abs(value)))
    return f"{value:,.{max(0, min(digits, 9))}f}"


def signed(value: float) -> str:
    """Write a difference with its sign.

    >>> signed(0.84), signed(-1.25)
    ('+0.8', '−1.2')
    """
    return f"{value:+.1f}".replace("-", "−")


_LARGE = [(1e12, "trillion"), (1e9, "billion"), (1e6, "million")]


def quantity(value: float) -> str:
    """Write a value that can be very large, with four significant digits.

    >>> quantity(2.7438e12), quantity(39_212_345), quantity(1165.23), quantity(0.4567)
    ('2.744 trillion', '39.21 million', '1,165', '0.4567')
    """
    if not math.isfinite(value):
        return "unknown"
    if abs(value) >= 1e16:
        mantissa, exponent = f"{value:.3e}".split("e")
        return f"{mantissa} × 10^{int(exponent)}"
    for size, word in _LARGE:
        if abs(value) >= size:
            return f"{value / size:.4g} {word}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def plural(many: int, noun: str) -> str:
    """Write a number with its noun.

    >>> plural(1, "image"), plural(1200, "image")
    ('1 image', '1,200 images')
    """
    return f"{count(many)} {noun}" if many == 1 else f"{count(many)} {noun}s"
