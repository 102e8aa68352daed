"""The page in a real browser: quiet, self-contained, usable by mouse, touch, keyboard and ear."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from kmosaic.pipeline import Run
from kmosaic.report import write_report

from .runs import SomeItems

pytestmark = pytest.mark.browser

DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}


@dataclass
class Visit:
    """A page that is open in the browser, and what was heard from it."""

    page: Any
    console: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.page, name)


@pytest.fixture(scope="module")
def paths(
    run_digits: Callable[..., Run],
    digits: SomeItems,
    vectors_run: Run,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Path]:
    """Reports of several kinds of runs."""
    folder = tmp_path_factory.mktemp("reports")
    name = "a-very-long-name-without-a-single-space-in-it-" * 4
    longest = replace(digits, ids=[f"{name}/{name}{i}.png" for i in range(600)], source=name * 3)
    longest = longest.with_labels(digits.labels + f"-{name}")
    runs = {
        "digits": run_digits(10),
        "one": run_digits(1),
        "many": run_digits(60),
        "unlabeled": run_digits(12, items=digits.with_labels(None)),
        "long": run_digits(4, items=longest),
        "vectors": vectors_run,
    }
    return {kind: write_report(run, folder / f"{kind}.html") for kind, run in runs.items()}


KINDS = ("digits", "one", "many", "unlabeled", "long", "vectors")


@pytest.fixture
def visit(browser: Any, paths: dict[str, Path]) -> Iterator[Callable[..., Visit]]:
    """Open a report: visit("digits", viewport=PHONE, color_scheme="dark")."""
    contexts = []

    def open_page(kind: str, **settings: Any) -> Visit:
        settings = {"viewport": DESKTOP, "reduced_motion": "reduce"} | settings
        context = browser.new_context(**settings)
        contexts.append(context)
        found = Visit(context.new_page())
        found.page.on("console", lambda message: found.console.append(message.text))
        found.page.on("pageerror", lambda error: found.console.append(str(error)))
        found.page.on("request", lambda request: found.requests.append(request.url))
        found.page.goto(paths[kind].as_uri())
        return found

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_complained_of_and_nothing_is_requested(
    kind: str, visit: Callable[..., Visit], paths: dict[str, Path]
) -> None:
    page = visit(kind)
    page.mouse.wheel(0, 3_000)
    page.wait_for_timeout(50)
    assert page.console == []
    asked = [url for url in page.requests if not url.startswith("data:")]
    assert asked == [paths[kind].as_uri()]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("width", [360, 2560])
def test_nothing_is_wider_than_the_screen(
    kind: str, width: int, visit: Callable[..., Visit]
) -> None:
    page = visit(kind, viewport={"width": width, "height": 800})
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("kind", ["digits", "long"])
def test_nothing_is_cut_on_a_small_phone(kind: str, visit: Callable[..., Visit]) -> None:
    page = visit(kind, viewport={"width": 320, "height": 640})
    cut = """[...document.querySelectorAll(".bar nav, main *")].filter((one) => {
        const style = getComputedStyle(one);
        const hides = style.textOverflow === "ellipsis" || one.matches(".bar nav");
        return hides && one.scrollWidth > one.clientWidth + 1;
    }).map((one) => one.outerHTML.slice(0, 100))"""
    assert page.evaluate(cut) == []
    links = page.locator(".bar nav a")
    for number in range(links.count()):
        box = links.nth(number).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320


FIGURES = (
    "h1",
    ".mosaic .tiles img",
    ".spread .mean img",
    ".thumb img",
    "#map-canvas",
    "#legend button",
    ".mixups .thumb img",
    ".confusion td",
    "svg.lines",
    ".stages svg rect",
    "#code-python",
)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_figures_are_where_they_should_be(
    viewport: dict[str, int], visit: Callable[..., Visit]
) -> None:
    page = visit("digits", viewport=viewport)
    for selector in FIGURES:
        shown = page.locator(f"{selector} >> visible=true")
        assert shown.count() > 0, selector
        box = shown.first.bounding_box()
        assert min(box["width"], box["height"]) >= 1, selector


def test_every_picture_is_decoded(visit: Callable[..., Visit]) -> None:
    broken = "[...document.images].filter(one => !one.naturalWidth && one.id !== 'lightbox-image')"
    assert visit("digits").evaluate(f"{broken}.length") == 0


def canvas_of(page: Visit) -> str:
    """What the map shows, as a PNG, once it is still."""
    page.wait_for_timeout(150)
    return str(page.evaluate("document.getElementById('map-canvas').toDataURL()"))


def test_the_map_is_painted_and_pictures_appear_when_zoomed_in(
    visit: Callable[..., Visit],
) -> None:
    page = visit("digits")
    before = canvas_of(page)
    assert len(before) > 10_000
    page.click("#zoom-in")
    page.click("#zoom-in")
    assert canvas_of(page) != before
    page.click("#zoom-all")
    assert canvas_of(page) == before


def test_the_legend_shows_some_clusters_and_then_all_again(visit: Callable[..., Visit]) -> None:
    page = visit("digits")
    before = canvas_of(page)
    first = page.locator("#legend button").first
    first.click()
    assert first.get_attribute("aria-pressed") == "true"
    assert canvas_of(page) != before
    first.click()
    assert canvas_of(page) == before


def test_the_map_can_be_colored_by_the_known_labels(visit: Callable[..., Visit]) -> None:
    page = visit("digits")
    page.select_option("#map-colors", "label")
    told = page.locator("#legend button > span:nth-child(2)").all_inner_texts()
    assert told == [str(digit) for digit in range(10)]


def test_the_wheel_scrolls_the_page_until_the_map_is_in_use(visit: Callable[..., Visit]) -> None:
    page = visit("digits")
    canvas = page.locator("#map-canvas")
    canvas.scroll_into_view_if_needed()
    canvas.hover()
    before = page.evaluate("scrollY")
    page.mouse.wheel(0, 40)
    page.locator("#map-hint").wait_for(state="visible")
    page.wait_for_timeout(100)
    assert page.evaluate("scrollY") > before


def test_the_map_is_moved_read_and_opened_by_keyboard(visit: Callable[..., Visit]) -> None:
    page = visit("digits")
    page.locator("#legend select").focus()
    for _ in range(4):  # back over the three zoom buttons
        page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.id") == "map-canvas"
    page.keyboard.press("+")
    page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(500)  # it speaks once the keys have been still for a moment
    assert "distance" in page.locator("#map-status").inner_text()
    page.keyboard.press("Enter")
    assert page.locator("#lightbox").is_visible()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "map-canvas"


def test_tab_reaches_the_skip_link_first_and_everything_after(
    visit: Callable[..., Visit],
) -> None:
    page = visit("one")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    reached = set()
    for _ in range(100):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id || document.activeElement.className"))
        if "copy" in str(page.evaluate("document.activeElement.className")):
            break
    assert {"theme", "thumb", "map-canvas", "zoom-in"} <= reached


def test_the_larger_view_opens_walks_and_closes_by_keyboard(visit: Callable[..., Visit]) -> None:
    page = visit("digits")
    thumb = page.locator(".thumb").first
    thumb.focus()
    page.keyboard.press("Enter")
    assert page.locator("#lightbox").is_visible()
    first = page.locator("#lightbox-title").inner_text()
    assert first == thumb.get_attribute("data-id")
    assert page.locator("#lightbox-image").bounding_box()["width"] > 100
    page.keyboard.press("ArrowRight")
    assert page.locator("#lightbox-title").inner_text() != first
    page.keyboard.press("ArrowLeft")
    assert page.locator("#lightbox-title").inner_text() == first
    page.keyboard.press("Escape")
    assert page.locator("#lightbox").is_hidden()
    assert thumb.evaluate("one => one === document.activeElement")


def test_numbers_show_on_hover_and_on_focus_within_the_screen(
    visit: Callable[..., Visit],
) -> None:
    page = visit("digits", viewport=PHONE)
    thumb = page.locator(".thumb").nth(7)
    thumb.hover()
    tip = page.locator("#tip")
    assert thumb.get_attribute("data-id") in tip.inner_text()
    assert "margin" in tip.inner_text()
    box = tip.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]


def test_a_tap_on_the_phone_opens_the_larger_view(visit: Callable[..., Visit]) -> None:
    page = visit("digits", viewport=PHONE, has_touch=True)
    page.locator(".thumb").first.tap()
    box = page.locator("#lightbox").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
    page.locator("#lightbox-close").tap()
    assert page.locator("#lightbox").is_hidden()


def test_a_cluster_is_found_by_its_name(visit: Callable[..., Visit]) -> None:
    page = visit("many")
    everything = page.locator(".card:visible").count()
    page.fill("#find", "7")
    some = page.locator(".card:visible")
    assert 0 < some.count() < everything
    assert page.locator("#found").inner_text() == f"{some.count()} of {everything}"
    page.fill("#find", "")
    page.select_option("#sort", "large")
    sizes = page.eval_on_selector_all(".card", "cards => cards.map(one => +one.dataset.size)")
    assert sizes == sorted(sizes, reverse=True)


def test_the_theme_follows_the_system_and_the_button(visit: Callable[..., Visit]) -> None:
    page = visit("digits", color_scheme="dark")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert page.locator("#theme").get_attribute("aria-pressed") == "true"
    page.click("#theme")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert light != dark
    assert page.locator("#theme").get_attribute("aria-pressed") == "false"


CONTRAST = Path(__file__).with_name("contrast.js").read_text("utf-8")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", ["digits", "many", "vectors"])
def test_all_text_has_enough_contrast(kind: str, scheme: str, visit: Callable[..., Visit]) -> None:
    page = visit(kind, color_scheme=scheme)
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert page.evaluate(CONTRAST) == []  # WCAG 1.4.3: 4.5 to 1


def test_a_screen_reader_finds_landmarks_and_names(visit: Callable[..., Visit]) -> None:
    page = visit("digits")
    for role, name in [
        ("banner", None),
        ("main", None),
        ("contentinfo", None),
        ("navigation", "Parts of this report"),
        ("region", "The clusters"),
        ("region", "The map"),
        ("application", "Map of the images"),
        ("button", "Dark appearance"),
        ("button", "Zoom in"),
        ("table", "Seconds per stage"),
    ]:
        found = page.get_by_role(role, name=name) if name else page.get_by_role(role)
        assert found.count() >= 1, (role, name)
    thumb = page.locator(".thumb").first
    named = page.get_by_role("button", name=thumb.get_attribute("data-id"))
    assert named.count() >= 1


def test_without_scripts_the_page_still_tells_everything(visit: Callable[..., Visit]) -> None:
    page = visit("digits", java_script_enabled=False)
    assert page.locator("h1").inner_text() == "600 images, 10 clusters"
    assert page.locator(".thumb img").first.bounding_box()["width"] > 20


def test_motion_is_only_for_those_who_want_it(visit: Callable[..., Visit]) -> None:
    moving = "getComputedStyle(document.querySelector('.thumb img')).transitionDuration"
    assert visit("digits", reduced_motion="reduce").evaluate(moving) == "0s"
    assert visit("digits", reduced_motion="no-preference").evaluate(moving) != "0s"
