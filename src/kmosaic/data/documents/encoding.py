"""The bytes of a file as text, and in which encoding they were."""

from __future__ import annotations

import codecs
from contextlib import suppress
from dataclasses import dataclass

from charset_normalizer import from_bytes

from kmosaic._arguments import argument
from kmosaic._errors import InputError
from kmosaic.data.documents.latin import latin_encoding
from kmosaic.data.documents.scripts import script_encoding

# Each mark before the one that it begins with.
_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_LOOKED_AT = 1 << 16  # bytes that tell whether a file is text
_FEW = 0.02  # of the bytes: less is one sign here and there, from which no encoding can be told
_MOST_CONTROLS = 0.01
_CONTROLS = bytes(set(range(32)) - {8, 9, 10, 12, 13, 26, 27})


class NotTextError(Exception):
    """Bytes are no text; the message is the reason, ready to stand after a colon."""


@dataclass(frozen=True)
class Decoded:
    """A text, and how its bytes were read."""

    text: str
    encoding: str  # "utf-8" also where there was a mark before it
    is_sure: bool  # False: found by what the text looks like


def check_encoding(name: str | None) -> None:
    """Raise InputError for an encoding that Python does not know.

    >>> check_encoding("latin-9000")
    Traceback (most recent call last):
    kmosaic._errors.InputError: There is no encoding 'latin-9000': give one such as cp1252 or ...
    """
    if name is None:
        return
    try:
        codecs.lookup(name).incrementaldecoder and "".encode(name)
    except (LookupError, ValueError):
        raise InputError(
            f"There is no encoding {name!r}: give one such as cp1252 or iso-8859-15."
        ) from None


def decode(data: bytes, encoding: str | None = None) -> Decoded:
    r"""The text of some bytes: by their mark, else UTF-8, else `encoding`, else by their looks.

    encoding: of what is no UTF-8 and has no mark. Without it, bytes that are nearly all ASCII are
    taken for cp1252 (as browsers do), others for the encoding in which they are words of Cyrillic,
    Greek or Hebrew letters, or the letters of a European language, else for what charset-normalizer
    finds. Raises NotTextError for what is no text.

    >>> decode("naïve".encode()).encoding, decode("5 £".encode("utf-16")).encoding
    ('utf-8', 'utf-16')
    >>> decode(b"a \xa315.8m signing from the club of his youth and home")
    Decoded(text='a £15.8m signing from the club of his youth and home', encoding='cp1252', ...)
    """
    for mark, name in _MARKS.items():
        if data.startswith(mark):
            return Decoded(_by_name(data, name), name.removesuffix("-sig"), True)
    start = data[:_LOOKED_AT]
    if b"\0" in start:
        return _with_zeros(data, start)
    _check_controls(start)
    try:
        return Decoded(data.decode("utf-8"), "utf-8", True)
    except UnicodeDecodeError:
        pass
    if encoding is not None:
        return Decoded(_by_name(data, encoding), encoding, True)
    return _by_its_looks(data)


def _by_name(data: bytes, name: str) -> str:
    try:
        return data.decode(name)
    except (UnicodeError, ValueError) as error:
        raise NotTextError(f"not {name} throughout ({error})") from None


def _with_zeros(data: bytes, start: bytes) -> Decoded:
    """UTF-16 without a mark has a zero in every other byte where letters are Latin."""
    pairs = len(start) // 2 or 1
    for name, zeros, others in (("utf-16-le", start[1::2], start[::2]),
                                ("utf-16-be", start[::2], start[1::2])):  # fmt: skip
        if zeros.count(0) > 0.6 * pairs and others.count(0) == 0 and len(data) % 2 == 0:
            return Decoded(_by_name(data, name), name, False)
    raise NotTextError("not text (it holds zero bytes)")


def _check_controls(start: bytes) -> None:
    controls = len(start) - len(start.translate(None, _CONTROLS))
    if controls > _MOST_CONTROLS * len(start):
        raise NotTextError("not text (it holds control characters)")


def _by_its_looks(data: bytes) -> Decoded:
    high = sum(byte > 127 for byte in data[:_LOOKED_AT])
    if high <= _FEW * min(len(data), _LOOKED_AT):
        try:
            return Decoded(data.decode("cp1252"), "cp1252", False)
        except UnicodeDecodeError:
            pass
    found = script_encoding(data[:_LOOKED_AT]) or latin_encoding(data[:_LOOKED_AT])
    if found is not None:
        with suppress(NotTextError):  # a byte farther on may be none of it
            return Decoded(_by_name(data, found), found, False)
    best = from_bytes(data[:_LOOKED_AT]).best()
    if best is None:
        raise NotTextError(f"not text in any known encoding (name it with {argument('encoding')})")
    return Decoded(_by_name(data, best.encoding), best.encoding, False)
