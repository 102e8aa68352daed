"""The text of HTML, without tags, scripts and styles."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import PurePosixPath

_ENDINGS = frozenset([".html", ".htm", ".xhtml"])
_START = re.compile(
    r"\s*(<\?xml[^>]*>\s*)?(<!--(?:(?!-->).)*-->\s*)*<(!doctype\s+html|html)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
_CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_LOOKED_AT = 2048  # characters; browsers look for the encoding in the first 1024 bytes
_UNSEEN = frozenset(["script", "style", "template", "noscript", "svg", "math"])
_OF_A_LINE = """a abbr b bdi bdo big cite code data del dfn em font i ins kbd label mark q s samp
small span strike strong sub sup time tt u var wbr"""
_WITHIN = frozenset(_OF_A_LINE.split())
_MARKED = re.compile(r"<!\[[^>]*>?")  # of word processors; the parser does not know them all


def is_html(name: str, text: str) -> bool:
    """Whether a file is HTML, by its name or by how it begins.

    >>> is_html("a.htm", ""), is_html("a", "<!DOCTYPE html><p>x"), is_html("a.txt", "<html> tags")
    (True, True, True)
    >>> is_html("a.md", "a <b>bold</b> word")
    False
    """
    named = PurePosixPath(name).suffix.lower() in _ENDINGS
    return named or _START.match(text[:_LOOKED_AT]) is not None


def charset_of(data: bytes) -> str | None:
    """The encoding that HTML says it has.

    >>> charset_of(b'<html><meta http-equiv="x" content="text/html; charset=iso-8859-1">')
    'iso-8859-1'
    """
    found = _CHARSET.search(data[:_LOOKED_AT])
    return found[1].decode("ascii") if found else None


def text_of(html: str) -> str:
    r"""What a reader of the page sees, its title first; blocks on lines of their own.

    >>> text_of("<title>News</title><p>Caf&eacute; <b>op</b>en<script>x()</script><p>Now")
    'News\nCafé open\nNow'
    """
    reader = _Reader()
    reader.feed(_MARKED.sub("", html))
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.found).split("\n"))
    return "\n".join(line for line in lines if line)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._unseen: list[str] = []  # elements that are open and are not text

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in _UNSEEN:
            self._unseen.append(tag)
        elif tag not in _WITHIN:
            self.found.append("\n")

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        if tag not in _WITHIN:
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._unseen:
            while self._unseen.pop() != tag:
                pass
        elif tag not in _WITHIN:
            self.found.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.found.append(re.sub(r"\s+", " ", data))
