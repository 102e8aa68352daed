"""The words of a text."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

# Vowel signs and points that belong to a word and that Python does not count as letters.
_SIGNS = "\u0300-\u036f\u0591-\u05c7\u064b-\u0652\u0670\u0900-\u0e4e\u0eb1-\u0ecd"
_WORD = re.compile(rf"[^\W\d_](?:[^\W\d_]|[{_SIGNS}])+")
# Written without spaces: Thai, Lao, Burmese, Khmer, kana, Chinese.
_UNPARTED = re.compile(
    "[\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+"
)


def words_of(text: str) -> list[str]:
    """All words of two letters or more, in lower case.

    Writing without spaces (Chinese, Japanese, Thai) gives pairs of neighboring signs, as full-text
    search has it.

    >>> words_of("It's 3 Naïve cafés"), words_of("東京都")
    (['it', 'naïve', 'cafés'], ['東京', '京都'])
    """
    lowered = text.lower()
    if lowered.isascii():
        return _WORD.findall(lowered)
    found: list[str] = []
    for word in _WORD.findall(unicodedata.normalize("NFC", lowered)):
        if _UNPARTED.search(word):
            found.extend(_pairs(word))
        else:
            found.append(word)
    return found


def _pairs(word: str) -> list[str]:
    parts = [word[m.start() : m.end()] for m in _UNPARTED.finditer(word)]
    rest = [part for part in _UNPARTED.split(word) if len(part) > 1]
    return rest + [a + b for part in parts for a, b in pairwise(part)]
