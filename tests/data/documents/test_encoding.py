"""Encodings are told by the bytes, or by looks and then said."""

from __future__ import annotations

import pytest

from kmosaic._errors import InputError
from kmosaic.data.documents.encoding import NotTextError, check_encoding, decode

TEXT = "Grüße aus Köln: fünf Äpfel kosten 3 €.\nЕщё одна строка."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_is_read_for_sure(encoding: str) -> None:
    found = decode(TEXT.encode(encoding))
    assert (found.text, found.is_sure) == (TEXT, True)
    assert found.encoding == encoding.removesuffix("-sig")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_found_by_its_zeros(encoding: str) -> None:
    found = decode("Nothing but Latin letters here.".encode(encoding))
    assert (found.text, found.encoding) == ("Nothing but Latin letters here.", encoding)
    assert not found.is_sure


def test_one_sign_among_ascii_is_taken_as_browsers_take_it() -> None:
    text = "The club paid £15.8m for him, which nobody at home had expected at all."
    found = decode(text.encode("cp1252"))
    assert (found.text, found.encoding, found.is_sure) == (text, "cp1252", False)


def test_text_in_an_old_encoding_is_found_by_its_looks() -> None:
    text = "Это обычный русский текст, в котором достаточно много слов и букв. " * 20
    found = decode(text.encode("cp1251"))
    assert found.text == text
    assert not found.is_sure


def test_an_encoding_that_is_given_counts_where_bytes_do_not_tell() -> None:
    assert decode("naïve".encode("iso-8859-1"), "iso-8859-1").text == "naïve"
    assert decode("naïve".encode(), "iso-8859-1").text == "naïve"  # these do
    with pytest.raises(NotTextError, match="not ascii throughout"):
        decode(b"\xe4\xf6", "ascii")


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", bytes(range(1, 32)) * 9])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(NotTextError, match="not text"):
        decode(data)


def test_an_unknown_encoding_is_refused() -> None:
    with pytest.raises(InputError, match="There is no encoding 'klingon'"):
        check_encoding("klingon")
    check_encoding("cp1252")
