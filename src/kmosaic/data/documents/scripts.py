"""Which encoding of Cyrillic, Greek or Hebrew letters a text is in, told by its words."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass


@dataclass(frozen=True)
class _Writing:
    encoding: str
    letters: str  # the most common first
    no_word: re.Pattern[str]  # what no word of the language looks like, in lower case


_NO_CYRILLIC = re.compile("^[ьы]")
_RUSSIAN = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё"
_UKRAINIAN = "оанивітреслкдумпязьбгйчхцжїюєшфщґ"
_WRITINGS = (
    *(_Writing(name, _RUSSIAN, _NO_CYRILLIC) for name in ("cp1251", "koi8-r", "mac_cyrillic")),
    *(_Writing(name, _UKRAINIAN, _NO_CYRILLIC) for name in ("cp1251", "koi8-u")),
    _Writing("cp1251", "аеиотнрсвлкдпмзъгубчцщяжхйфшюь", _NO_CYRILLIC),  # Bulgarian
    _Writing("cp1251", "аиоенрсјтувкдлпмзгбчцшжљњхђћџф", _NO_CYRILLIC),  # Serbian
    _Writing("cp1253", "ατοεινσηςρκπυμλίάόέγδήωθχύφβώξζψϊϋΐΰ", re.compile("ς.|σ$")),
    _Writing("cp1255", "יוהלארתבמשעםנכדחקפןסזצטגךףץ", re.compile("[ךםןףץ].|.[כמנפצ]$")),
)
_LETTERS = re.compile(rb"[A-Za-z\xc0-\xff]+")
_BEYOND = re.compile(r"[^\x00-\x7f]")
_WORD = re.compile(r"[^\W\d_]+")
_BOX = re.compile("[\u2500-\u259f]")  # where KOI8-U has Ukrainian letters, KOI8-R has these
_MOSTLY = 0.9  # of the letters beyond ASCII
_FEWEST = 3  # letters, one word of more than one among them
_MOST_SIGNS = 0.25  # that are no letters, to one that is
# Shares of letters fall by about a tenth from one rank to the next, so that the mean rank is what
# the likelihood of a text is. It is 7 to 9 in a text, and 15 where letters come by chance.
_MOST_RANK = 12.0
_CAPITAL = 3.0  # ranks, for a capital after the first letter of a word
_SIGN = 10.0  # ranks, for a sign beyond ASCII that is no letter
_FOREIGN = 40.0  # the rank of other letters of the same writing


def script_encoding(data: bytes) -> str | None:
    """The encoding in which letters beyond ASCII make words of another writing than Latin, or None.

    Words of Latin letters mix those beyond ASCII with others; words of these writings have none.

    >>> script_encoding("Я не от вас".encode("cp1251")), script_encoding("Größe".encode("cp1252"))
    ('cp1251', None)
    """
    if not _is_of_whole_words(data):
        return None
    best, least = None, _MOST_RANK
    for writing in _WRITINGS:
        with suppress(UnicodeDecodeError):  # a byte that it does not have
            rank = _mean_rank(data.decode(writing.encoding), writing)
            if rank < least:
                best, least = writing.encoding, rank
    return best


def _is_of_whole_words(data: bytes) -> bool:
    """Tell whether words with letters beyond ASCII have few others; all these writings agree."""
    beyond = whole = 0
    for word in _LETTERS.findall(data):
        n = sum(byte > 127 for byte in word)
        beyond += n
        whole += n if n == len(word) else 0
    return whole >= _FEWEST and whole >= _MOSTLY * beyond


def _mean_rank(text: str, writing: _Writing) -> float:
    """How common the letters are in the language, 0 the most; infinite where these are no words."""
    ranks = {letter: float(rank) for rank, letter in enumerate(writing.letters)}
    words = Counter(word for word in _WORD.findall(text) if _BEYOND.search(word))
    letters = sound = long = 0
    total = 0.0
    for word, count in words.items():
        letters += count * len(word)
        if not _may_be_word(word, writing):
            continue
        sound += count * len(word)
        long += count * len(word) if len(word) > 1 else 0
        capitals = sum(one != one.lower() for one in word[1:])
        rank = sum(ranks.get(one, _FOREIGN) for one in word.lower())
        total += count * (rank + _CAPITAL * capitals)
    signs = len(_BEYOND.findall(text)) - letters
    if not long or sound < max(_FEWEST, _MOSTLY * letters):
        return float("inf")
    if signs > _MOST_SIGNS * letters or _BOX.search(text):
        return float("inf")
    return (total + _SIGN * signs) / sound


def _may_be_word(word: str, writing: _Writing) -> bool:
    is_cased = word[1:] == word[1:].lower() or word == word.upper()
    is_whole = all(_BEYOND.match(one) for one in word)
    return is_cased and is_whole and not writing.no_word.search(word.lower())
