"""The page that answers which K, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.n_clusters.groups import blobs
from tests.report.conftest import listened_to

from kmosaic import choose_k

CONTRAST = Path(__file__).parents[1] / "contrast.js"

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def shown(browser, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "k.html"
    choose_k(blobs(3), range(1, 8), random_state=0).to_html(path)
    page = listened_to(browser, path, 1000, 800)
    yield page
    page.close()


def test_the_slider_changes_the_map_by_keyboard_and_goes_back(shown):
    before = shown.evaluate("document.getElementById('k-map').toDataURL()")
    shown.focus("#k-slider")
    shown.keyboard.press("ArrowRight")
    assert shown.inner_text("#k-now") == "4 clusters"
    assert shown.get_attribute("#k-slider", "aria-valuetext") == "4 clusters"
    assert shown.evaluate("document.getElementById('k-map').toDataURL()") != before
    shown.click("#k-back")
    assert shown.inner_text("#k-now") == "3 clusters"
    assert shown.evaluate("document.getElementById('k-map').toDataURL()") == before
    assert shown.faults == []


def test_nothing_is_wider_than_a_phone(shown):
    shown.set_viewport_size({"width": 360, "height": 740})
    assert shown.evaluate("document.documentElement.scrollWidth") <= 360


def test_one_cluster_is_one_and_has_no_silhouette(shown):
    shown.focus("#k-slider")
    shown.keyboard.press("Home")
    assert shown.inner_text("#k-now") == "1 cluster"
    assert "no silhouette" in shown.get_attribute("#k-silhouettes", "aria-label")
    shown.click("#k-back")


def test_the_tree_is_switched_to_the_whole_range_and_back(shown):
    seen = "[...document.querySelectorAll('.k-tree-of')].map((one) => one.checkVisibility())"
    assert shown.evaluate(seen) == [True, False]
    shown.focus("#k-whole")
    shown.keyboard.press("Enter")
    assert shown.evaluate(seen) == [False, True]
    assert shown.get_attribute("#k-whole", "aria-pressed") == "true"
    shown.keyboard.press("Enter")
    assert shown.evaluate(seen) == [True, False]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_can_be_read(shown, scheme):
    shown.emulate_media(color_scheme=scheme)
    assert shown.evaluate(CONTRAST.read_text("utf-8")) == []


def test_a_printed_page_is_light(shown):
    shown.emulate_media(media="print", color_scheme="dark")
    assert shown.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"
    shown.emulate_media(media="screen", color_scheme="light")


def test_the_charts_of_a_row_stand_on_one_line(shown):
    boxes = """[...document.querySelectorAll('.k-panel svg')].map((one) => {
        const box = one.getBoundingClientRect();
        return [Math.round(box.left), Math.round(box.bottom)];
    })"""
    found = shown.evaluate(boxes)
    lefts = {left for left, _ in found}
    assert len({bottom for _, bottom in found}) == -(-len(found) // len(lefts))
