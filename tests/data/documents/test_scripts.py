"""Short texts of Cyrillic, Greek and Hebrew letters are told by their words."""

from __future__ import annotations

import pytest

from kmosaic.data.documents.encoding import decode
from kmosaic.data.documents.scripts import script_encoding

TEXTS = {
    "cp1251": [
        "Я не от вас",
        "кот",
        "МОСКВА",
        "Привет, «мир»! Room 12",
        "Мы с ним и не так",
        "Київ є столицею України",
        "столица на България",
        "највећи град Србије",
    ],
    "koi8-r": ["Привет, как дела", "Я и он"],
    "koi8-u": ["Його населення перевищує три мільйони"],
    "mac_cyrillic": ["Москва является столицей"],
    "cp1253": ["Καλημέρα κόσμε", "Το και τη με", "Η Αθήνα"],
    "cp1255": ["שלום עולם", "הוא לא בא"],
}
PAIRS = [(name, text) for name, texts in TEXTS.items() for text in texts]


@pytest.mark.parametrize(("encoding", "text"), PAIRS)
def test_a_few_words_are_enough(encoding: str, text: str) -> None:
    found = decode(text.encode(encoding))
    assert (found.text, found.is_sure) == (text, False)


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "Où là, à Été"),
        ("cp1252", "à é ô ñ"),
        ("cp1252", "ÄÖÜ äöü ß"),
        ("cp1250", "ŻÓŁĆ"),
        ("cp1256", "هذا هو كل ما في الأمر من قبل"),
        ("gb18030", "今天天气很好，我们去公园散步吧。"),
        ("shift_jis", "今日はとても良い天気です。"),
        ("euc_kr", "서울특별시는 대한민국의 수도이자"),
    ],
)
def test_other_writing_is_none_of_these(encoding: str, text: str) -> None:
    assert script_encoding(text.encode(encoding)) is None
