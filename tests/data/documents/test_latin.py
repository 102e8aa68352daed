"""Short texts in old encodings are told by the letters of their language."""

from __future__ import annotations

import pytest

from kmosaic.data.documents.encoding import decode
from kmosaic.data.documents.latin import latin_encoding

TEXTS = {
    "cp1252": [
        "Café crème",
        "Fête à l'école : entrée 5 €",
        "Müller, Köln: „Grüße aus München!“",
        "El señor Núñez preguntó: ¿dónde está la montaña?",
        "São João, amanhã haverá reunião às três",
        "Perché la città è così bella? Può darsi.",
        "Älgen gick över vägen på hösten",
        "Rødgrød med fløde på Tromsø",
        "Hää ja jäätelö pöydällä",
        "Það er gott veður í dag",
        "The café’s “naïve” owner – 20 m² for £20",
        "Müller mange une crêpe à São Paulo, señor",
    ],
    "cp1250": [
        "Łódź, Kraków i Wrocław",
        "Powiedział, że chrząszcz brzmi w trzcinie",
        "Plzeň, Olomouc, Jičín. Těším se na vás!",
        "Ősszel gyűlnek a felhők, esős az idő",
        "Mulţumesc frumos, viaţă bună",
        "Čovjek je došao kući, đak uči školu",
    ],
    "cp1254": ["Çiğdem, Beşiktaş", "Günaydın, nasılsınız? İstanbul'da görüşürüz"],
    "cp1257": ["Ačiū, labas rytas, gražūs žodžiai ąžuolas ėjo"],
    "iso8859-2": ["Zażółć gęślą jaźń"],
    "mac_roman": ["Le café était fermé, la crêperie près de l'église aussi."],
}
PAIRS = [(name, text) for name, texts in TEXTS.items() for text in texts]


@pytest.mark.parametrize(("encoding", "text"), PAIRS)
def test_a_few_words_are_enough(encoding: str, text: str) -> None:
    found = decode(text.encode(encoding))
    assert (found.text, found.is_sure) == (text, False)


def test_where_nothing_tells_the_more_common_encoding_is_taken() -> None:
    found = decode("Pécs és Győr".encode("cp1250"))
    assert (found.text, found.encoding) == ("Pécs és Gyõr", "cp1252")


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1251", "Москва, Россия"),
        ("cp1253", "Καλημέρα, τι κάνετε;"),
        ("shift_jis", "今日はとても良い天気です。"),
        ("gb18030", "今天天气很好，我们去公园散步吧。"),
    ],
)
def test_other_writing_is_taken_for_no_latin_letters(encoding: str, text: str) -> None:
    assert latin_encoding(text.encode(encoding)) is None
