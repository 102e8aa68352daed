"""The page of compressed images in a real browser."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.report.conftest import listened_to
from tests.report.test_compressed import shown as image

from kmosaic.report.compressed import write_page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def shown(browser, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "report.html"
    first = image("a-very-long-name-without-a-single-space-in-it-" * 4)
    images = [replace(first, pictures=2 * first.pictures[1:]), image("b")]
    images[1] = replace(images[0], name="b", kept="kept as it was")
    write_page(path, images, {"n_colors": 4}, ["a.png"])
    page = listened_to(browser, path, 360, 740)
    yield page
    page.close()


def test_the_line_moves_by_keyboard_and_what_is_kept_has_none(shown):
    at = "document.querySelector('.c-pair').style.getPropertyValue('--at')"
    assert shown.evaluate(at) == "50%"
    shown.focus(".c-slider")
    shown.keyboard.press("Home")
    assert shown.evaluate(at) == "0%"
    assert shown.locator(".c-slider").count() == 1
    assert shown.locator(".c-pair").count() == 2
    clip = "getComputedStyle(document.querySelectorAll('.c-pair')[1].querySelector('img')).clipPath"
    assert shown.evaluate(clip) == "none"
    assert shown.faults == []


def test_nothing_is_wider_than_a_phone(shown):
    assert shown.evaluate("document.documentElement.scrollWidth") <= 360
