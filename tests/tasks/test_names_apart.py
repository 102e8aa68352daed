"""No two results of compress have the same name, whatever they end in."""

import pytest

from kmosaic.tasks.names_apart import names_apart


@pytest.mark.parametrize(
    ("files", "also", "names"),
    [
        (["a.png", "a.bmp", "a.png.tiff"], None, ["a.png", "a.bmp", "a.png.tiff"]),
        (["a.png", "A.bmp"], None, ["a.png", "A.bmp"]),
        (["a.png", "A.png"], None, ["a.png", "A.png-2"]),
        (["answer.png"], None, ["answer"]),
        (["answer", "deep/answer.png"], ".json", ["answer-2", "deep/answer"]),
        (["answer.json", "report.html"], None, ["answer.json", "report.html"]),
        (["a.png/b.png", "a.bmp"], None, ["a.png/b", "a.bmp"]),
    ],
)
def test_names_are_short_where_they_can_be(files, also, names):
    assert names_apart(files, also) == names
