"""Which encoding of Latin letters a text is in, told by the letters that languages have."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass

_WEST, _CENTRAL = ("cp1252", "iso8859-15", "mac_roman"), ("cp1250", "iso8859-2")
# Letters beyond ASCII, by language, and in which encodings it is written, the common ones first; of
# two languages that explain a text as well the earlier one is more common. Letters: Unicode CLDR.
_LANGUAGES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("àâæçéèêëîïôœùûüÿ", _WEST),  # French
    ("äöüßé", _WEST),  # German
    ("áéíóúñüç", _WEST),  # Spanish
    ("áâãàçéêíóôõúü", _WEST),  # Portuguese
    ("àèéìîòóù", _WEST),  # Italian
    ("åäöéüà", _WEST),  # Swedish, Finnish
    ("æøåéüäö", _WEST),  # Danish, Norwegian
    ("éëïóöüèêáäíç", _WEST),  # Dutch
    ("ąćęłńóśźż", _CENTRAL),  # Polish
    ("áčďéěíňóřšťúůýž", _CENTRAL),  # Czech
    ("áéíóöőúüű", _CENTRAL),  # Hungarian
    ("ăâîşţ", _CENTRAL),  # Romanian
    ("çğıöşüâîûİ", ("cp1254",)),  # Turkish
    ("àçéèíïóòúü", _WEST),  # Catalan
    ("áðéíóúýþæö", _WEST),  # Icelandic
    ("áäčďéíĺľňóôŕšťúýž", _CENTRAL),  # Slovak
    ("čćđšž", _CENTRAL),  # Croatian, Slovene
    ("ąčęėįšųūž", ("cp1257",)),  # Lithuanian
    ("āčēģīķļņšūž", ("cp1257",)),  # Latvian
    ("äõöüšž", ("cp1257",)),  # Estonian
)
_ALL_OF_THE_WEST = "".join(letters for letters, names in _LANGUAGES if names == _WEST)
_MOSTLY = 0.9  # of the signs beyond ASCII
_RUN = 5  # letters beyond ASCII in a row: no language of these writes so

_CONTROLS = re.compile("[\x80-\x9f]")
_BEYOND = re.compile(r"[^\x00-\x7f]+")
_SIGNS = frozenset("’‘“”„‚«»–—…•€£§°©®™×²³¹½¼¾±¿¡ªº·\xa0\xad")
_IN_WORDS = frozenset("’–—·…\xa0\xad")
_AFTER_NO_LETTER = frozenset("²³¹½¼¾±¿¡ªº£")


@dataclass(frozen=True)
class _Seen:
    """The signs beyond ASCII of a text, as one encoding has them."""

    letters: Counter[str]  # where letters may stand
    signs: int  # punctuation and symbols, where such may stand
    total: int

    def explained(self, alphabet: str) -> float:
        """The share that is ordinary in a language with these letters."""
        own = sum(n for one, n in self.letters.items() if one in alphabet)
        return (own + self.signs) / max(self.total, 1)


def latin_encoding(data: bytes) -> str | None:
    """The encoding in which most signs beyond ASCII are those of one language; None if in none.

    Statistics of letters tell little of short texts; which letters there are at all tells much.

    >>> latin_encoding("São João, amanhã".encode("cp1252"))
    'cp1252'
    >>> latin_encoding("Zażółć gęślą jaźń".encode("cp1250"))
    'cp1250'
    """
    seen = _seen(data)
    best, most = None, 0.0
    for rank in range(len(_WEST)):
        for letters, names in _LANGUAGES:
            name = names[rank] if rank < len(names) else ""
            share = seen[name].explained(letters) if name in seen else 0.0
            if share > most:
                best, most = name, share
    if most >= _MOSTLY:
        return best
    west = seen.get("cp1252")  # texts in several languages, and foreign names
    return "cp1252" if west and west.explained(_ALL_OF_THE_WEST) >= _MOSTLY else None


def _seen(data: bytes) -> dict[str, _Seen]:
    found = {}
    for name in dict.fromkeys(name for _, names in _LANGUAGES for name in names):
        with suppress(UnicodeDecodeError):  # a byte that it does not have
            text = data.decode(name)
            if not _CONTROLS.search(text):
                found[name] = _looked_at(text)
    return found


def _looked_at(text: str) -> _Seen:
    letters: Counter[str] = Counter()
    signs = total = 0
    for run in _BEYOND.finditer(text):
        total += len(run[0])
        if len(run[0]) >= _RUN and run[0].isalpha():
            continue
        for place in range(run.start(), run.end()):
            before, sign, after = (
                text[max(place - 1, 0) : place],
                text[place],
                text[place + 1 : place + 2],
            )
            if sign in _SIGNS:
                signs += _may_stand(before, sign, after, text)
            elif sign.isalpha() and not (sign.isupper() and before.islower()):
                letters[sign if sign == "İ" else sign.lower()] += 1
    return _Seen(letters, signs, total)


def _may_stand(before: str, sign: str, after: str, text: str) -> bool:
    if sign in "¿¡":
        return ("?" if sign == "¿" else "!") in text and not before.isalpha()
    if sign in _AFTER_NO_LETTER and before.isalpha() and before != "m":  # m², km³
        return False
    return sign in _IN_WORDS or not (before.isalpha() and after.isalpha())
