"""The page is whole, holds everything, trusts no file name, and stays small."""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from kmosaic._errors import OutputError
from kmosaic.data.items import Skipped
from kmosaic.labels import Names
from kmosaic.pipeline import Run
from kmosaic.report import gather, render, write_report

from .runs import SomeItems, cluster

VOID = {"meta", "link", "img", "input", "br"}
EVIL = '<img src=x onerror="alert(1)">\'"&</script><script>alert(2)</script>.png'


class Page(HTMLParser):
    """What a browser finds: elements with their attributes, and text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.crossed: list[str] = []
        self.text: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.crossed.append(tag)

    def handle_data(self, data: str) -> None:
        self.text.append((self.open[-1] if self.open else "", data))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def read(self) -> str:
        return " ".join(data for tag, data in self.text if tag not in ("script", "style"))


@pytest.fixture(scope="module")
def html(digits_run: Run) -> str:
    return render(gather(digits_run))


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


@pytest.mark.parametrize("k", [1, 2, 30])
def test_the_page_is_well_formed(k: int, run_digits: Callable[..., Run]) -> None:
    found = Page(render(gather(run_digits(k))))
    assert found.crossed == []
    assert found.open == []


def test_the_answer_comes_first(page: Page, digits_run: Run) -> None:
    said = " ".join(page.read.split())
    majority = f"{digits_run.scores.accuracy_majority:.1%}"
    assert said.index("600 images, 10 clusters") < said.index(majority)
    assert said.index(majority) < said.index("The clusters")
    assert "2 files could not be read and were left out" in said
    assert "Small gray images of one size" in said


def test_nothing_points_outside_the_page(page: Page, html: str) -> None:
    for tag, attributes in page.elements:
        for key in ("src", "href", "action", "poster", "srcset", "data"):
            value = attributes.get(key) or "#"
            assert value.startswith(("data:", "#")), (tag, value)
    assert re.findall(r"url\(|@import|fetch\(|XMLHttpRequest|import\(", html) == []


def test_the_policy_allows_exactly_the_scripts_and_styles_of_the_page(page: Page) -> None:
    (policy,) = (
        meta["content"] or ""
        for meta in page.all("meta")
        if meta.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.startswith("default-src 'none'; img-src data:;")
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        for text in (data for name, data in page.text if name == tag and not data.startswith("{")):
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in policy
    assert not any("style" in one or "onclick" in one for _, one in page.elements)


def test_names_of_files_labels_and_clusters_are_text_and_nothing_else(
    digits: SomeItems, run_digits: Callable[..., Run]
) -> None:
    labels = np.array([EVIL if label == "3" else label for label in digits.labels], dtype=object)
    items = replace(digits, ids=[f"{i}{EVIL}" for i in range(600)], labels=labels, source=EVIL)
    plain = Page(render(gather(run_digits(4))))
    run = run_digits(
        4,
        items=items,
        skipped=(Skipped(EVIL, EVIL),),
        why=(EVIL,),
        settings={"n_clusters": 4, EVIL: EVIL},
        names=Names.given(dict.fromkeys(range(4), EVIL), 4, "file"),
    )
    html = render(gather(run))
    evil = Page(html)
    assert evil.crossed == []
    assert len(evil.all("script")) == len(plain.all("script"))
    assert not any("onerror" in attributes for _, attributes in evil.elements)
    assert all((one["src"] or "").startswith("data:") for one in evil.all("img"))
    assert EVIL in evil.read
    assert "<script>alert" not in html.replace("\\u003c", "<").split("map-data")[0]


def test_a_file_name_that_is_no_text_does_not_stop_the_report(
    digits: SomeItems, run_digits: Callable[..., Run], tmp_path: Path
) -> None:
    items = replace(digits, ids=[f"caf\udce9-{i}.png" for i in range(600)])
    path = write_report(run_digits(3, items=items), tmp_path / "report.html")
    assert re.search(r"caf\?-\d+\.png", path.read_text("utf-8"))


def test_every_picture_has_an_alternative_and_every_control_a_name(html: str, page: Page) -> None:
    assert all("alt" in one for one in page.all("img"))
    for button in re.findall(r"<button[^>]*>.*?</button>", html, flags=re.DOTALL):
        named = re.search(r'aria-label="[^"]+"|alt="[^"]+"', button)
        assert named or re.sub(r"<[^>]*>", "", button).strip(), button
    ids = [one["id"] for _, one in page.elements if one.get("id")]
    assert Counter(ids).most_common(1)[0][1] == 1
    for _, one in page.elements:
        for key in ("aria-labelledby", "aria-describedby", "for"):
            assert one.get(key, ids[0]) in ids
    links = {str(one["href"])[1:] for one in page.all("a")}
    assert links <= set(ids)


def test_headings_leave_no_level_out(page: Page) -> None:
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_tables_have_captions_and_headers_with_a_scope(page: Page) -> None:
    assert len(page.all("caption")) == len(page.all("table"))
    assert all(one.get("scope") in ("row", "col") for one in page.all("th"))


def test_no_labels_no_claims(run_digits: Callable[..., Run], digits: SomeItems) -> None:
    said = Page(render(gather(run_digits(5, items=digits.with_labels(None))))).read
    assert "ccuracy" not in said
    assert "Against the known labels" not in said
    assert "No labels are known here" in said


def test_vectors_get_a_page_without_pictures(vectors_run: Run) -> None:
    found = Page(render(gather(vectors_run)))
    assert "120 rows, 3 clusters" in found.read
    assert [one for one in found.all("img") if one.get("id") != "lightbox-image"] == []


def test_many_clusters_become_compact_cards(run_digits: Callable[..., Run]) -> None:
    found = Page(render(gather(run_digits(200))))
    classes = Counter(one.get("class") for one in found.all("article"))
    assert classes["card"] == 200
    assert any(one.get("id") == "find" for one in found.all("input"))


def test_a_report_that_cannot_be_written_is_one_clear_error(
    digits_run: Run, tmp_path: Path
) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        write_report(digits_run, tmp_path / "missing" / "report.html")


def test_an_old_report_stands_until_the_new_one_is_whole(
    digits_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.html"
    path.write_text("old")
    monkeypatch.setattr(Path, "replace", _disk_full)
    with pytest.raises(OutputError):
        write_report(digits_run, path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def _disk_full(*_: object) -> None:
    raise OSError(28, "No space left on device")


def test_noise_that_no_codec_packs_stays_under_15_megabytes(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    images = [random.integers(0, 256, (140, 140, 3), np.uint8) for _ in range(400)]
    rows = random.normal(size=(400, 4)).astype(np.float32)
    run = cluster(SomeItems(images, [f"{i}.png" for i in range(400)]), rows, 12)
    path = write_report(run, tmp_path / "report.html")
    assert path.stat().st_size < 15_000_000
