"""The page of segments."""

from __future__ import annotations

import html
import re

import numpy as np
import pytest

from kmosaic.tasks import segment

RNG = np.random.default_rng(0)
GROUP = np.repeat([0, 1, 2], 40)


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    rows = {
        "<b>x": RNG.normal(GROUP * 5.0, 1),
        "y&z": RNG.normal(GROUP % 2 * 5.0, 1),
        "kind": np.array(["<i>a", "b", "c"])[GROUP],
        "code": 1 + GROUP,
    }
    path = tmp_path_factory.mktemp("page") / "page.html"
    segment(rows, 3).to_html(path)
    return path.read_text("utf-8")


def test_it_holds_the_answer_and_loads_nothing(page):
    assert "<h1>3 segments of 120 rows</h1>" in page
    assert not re.search(r"""(src|href)\s*=\s*["']?(https?:)?//""", page)
    assert "default-src 'none'" in html.unescape(page)
    assert "kmosaic segment &#39;the table&#39; -k 3" in page
    assert page.count('class="seg-card"') == 3


def test_words_of_the_user_are_escaped(page):
    assert "<b>x" not in page
    assert "<i>a" not in page
    assert "&lt;b&gt;x" in page


def test_a_row_of_the_table_is_one_category_of_all_segments(tmp_path):
    rows = {
        "x": RNG.normal(GROUP % 2 * 9.0, 1),
        "sex": np.where(np.arange(120) % 3, "man", "woman"),
    }
    found = segment(rows | {"z": RNG.normal(GROUP // 2 * 9.0, 1)}, 3)
    found.to_html(tmp_path / "page.html")
    text = (tmp_path / "page.html").read_text("utf-8")
    told = re.findall(r'<tr><th scope="row">sex: (\w+) <small>share</small></th>(.*?)</tr>', text)
    assert 1 <= len(told) <= 2
    for level, cells in told:
        shares = [np.mean(rows["sex"][found.labels == label] == level) for label in range(3)]
        assert re.findall(r">([^<]*)</td>", cells) == [f"{100 * part:.1f}%" for part in shares]


def test_words_are_those_of_the_documentation(page):
    assert "From 0.5 on a column is worth a word, from 1.5 on “very” or “much”." in page


def test_what_only_a_person_can_tell_is_asked(page):
    assert "code holds 3 whole numbers, 1 to 3" in page


def test_two_columns_are_shown_as_they_are(tmp_path):
    rows = {"a": RNG.normal(GROUP * 5.0, 1), "b": RNG.normal(size=120)}
    segment(rows, 2).to_html(tmp_path / "page.html")
    assert "a to the right, b upwards." in (tmp_path / "page.html").read_text("utf-8")


def test_one_segment_has_a_page(tmp_path):
    rows = {"a": RNG.normal(size=50), "b": RNG.normal(size=50)}
    segment(rows, 1).to_html(tmp_path / "page.html")
    assert "50 rows, one segment" in (tmp_path / "page.html").read_text("utf-8")
