"""Features from words."""

from __future__ import annotations

import pytest

from kmosaic._errors import InputError
from kmosaic.data import as_items
from kmosaic.features import (
    HOG,
    ONNX,
    Color,
    Columns,
    Embedding,
    Patches,
    Pixels,
    Reduced,
    Straightened,
    make_extractor,
)
from kmosaic.features.make import parse

GOOD = {
    "pixels": Pixels(),
    "pixels?size=20,10&color=gray": Pixels((20, 10), "gray"),
    "hog?cell=4&mirror=yes&soft=no": HOG(cell=4, mirror=True, soft=False),
    "hog?components=8&whiten=1": Reduced(HOG(), 8, whiten=1, random_state=3),
    "hog?straighten=yes&components=48": Reduced(Straightened(HOG()), 48, random_state=3),
    "hog?straighten=no": HOG(),
    "color?bins=4,4,4": Color(bins=(4, 4, 4)),
    "patches?n_patterns=10": Patches(10, random_state=3),
    "patches?random_state=5": Patches(random_state=5),
    "embedding:a/b.npy": Embedding("a/b.npy"),
    "onnx:m.onnx?size=224&mean=0.1,0.2,0.3&std=0.5&output=495&keep_file=no": ONNX(
        "m.onnx", 224, mean=(0.1, 0.2, 0.3), std=0.5, output="495", keep_file=False
    ),
    "onnx:C:/models/m.onnx": ONNX("C:/models/m.onnx"),
    "columns": Columns(),
}


@pytest.mark.parametrize("text", GOOD)
def test_words_become_the_extractor(text):
    assert repr(parse(text, seed=3)) == repr(GOOD[text])


BAD = {
    "sift": "no features 'sift'. Known are: auto, pixels",
    "": "no features ''",
    "embedding": "'embedding:FILE.npy'",
    "onnx?size=3": "'onnx:MODEL.onnx'",
    "hog:file": "Write the features as 'hog'",
    "hog?sell=4": "no setting 'sell'. It has: size, cell",
    "hog?path=4": "no setting 'path'",
    "hog?cell": "name=value",
    "hog?=4": "name=value",
    "hog?cell=four": "cell must be a number",
    "hog?soft=5": "soft must be yes or no",
    "hog?whiten=1": "components",
    "hog?components=x": "components must be a number",
}


@pytest.mark.parametrize("text", BAD)
def test_words_that_are_not_known_are_refused_with_what_is(text):
    with pytest.raises(InputError) as error:
        parse(text)
    assert BAD[text] in str(error.value)


def test_an_extractor_is_copied(photos):
    given = HOG(cell=4).fit(photos)
    chosen = make_extractor(given, as_items(photos))
    assert chosen.extractor is not given
    assert repr(chosen.extractor) == "HOG(cell=4)"
    assert "as asked for" in chosen.why


def test_auto_looks_at_the_images(signs, photos):
    assert make_extractor("auto", as_items(signs)).why.startswith("The images look like written")
    assert make_extractor("auto", as_items(photos)).why.startswith("The images look like pictures")
