"""The page that answers which K, in a real browser."""

from __future__ import annotations

import gc
import shutil

import pytest
from tests.n_clusters.groups import blobs
from tests.report.conftest import NO_BROWSER
from tests.report.test_browser import ARGUMENTS, BROWSERS

from kmosaic import choose_k

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.skip(NO_BROWSER)
    api = pytest.importorskip("playwright.sync_api")
    path = tmp_path_factory.mktemp("page") / "k.html"
    choose_k(blobs(3), range(1, 7), random_state=0).to_html(path)
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1000, "height": 800})
        page.faults = []
        page.on("console", lambda message: page.faults.append(message.text))
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.goto(path.as_uri())
        yield page
        browser.close()
    gc.collect()


def test_the_slider_changes_the_map_by_keyboard_and_goes_back(shown):
    before = shown.evaluate("document.getElementById('k-map').toDataURL()")
    shown.focus("#k-slider")
    shown.keyboard.press("ArrowRight")
    assert shown.inner_text("#k-now") == "4"
    assert shown.evaluate("document.getElementById('k-map').toDataURL()") != before
    shown.click("#k-back")
    assert shown.inner_text("#k-now") == "3"
    assert shown.evaluate("document.getElementById('k-map').toDataURL()") == before
    assert shown.faults == []


def test_nothing_is_wider_than_a_phone(shown):
    shown.set_viewport_size({"width": 360, "height": 740})
    assert shown.evaluate("document.documentElement.scrollWidth") <= 360
