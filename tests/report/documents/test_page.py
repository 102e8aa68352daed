"""The page of documents."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kmosaic.data.documents import open_documents
from kmosaic.pipeline import DocumentsRun, run_documents
from kmosaic.report.documents import documents_page
from kmosaic.report.documents.excerpts import excerpt_of
from kmosaic.report.documents.scatter import HEIGHT, WIDTH, scatter


@pytest.fixture(scope="module")
def run(topic_folder: Path) -> DocumentsRun:
    return run_documents(open_documents(topic_folder), n_clusters=3)


@pytest.fixture(scope="module")
def page(run: DocumentsRun) -> str:
    return documents_page(run)


def test_it_answers_in_a_line_and_names_every_group(page: str, run: DocumentsRun) -> None:
    assert "<h1>60 documents in 3 groups</h1>" in page
    for name in run.names.names:
        assert page.count(name) >= 3
    assert "Against the known labels" in page
    assert "All documents are in English" in page


def test_it_loads_nothing_and_allows_only_its_own_scripts(page: str) -> None:
    assert not re.findall(r'(?:src|href)="(?!#|data:)[^"]', page)
    assert "default-src &#39;none&#39;" in page


def test_what_stands_in_documents_is_text_and_not_markup() -> None:
    evil = "<script>alert(1)</script> goal match"
    texts = [f"{evil} {word}" for word in ("cup", "team")] * 3 + ["vote <b>party</b>"] * 3
    page = documents_page(run_documents(open_documents(texts), n_clusters=2, cache=False))
    assert "<script>alert" not in page
    assert "&lt;" in page


def test_one_group_and_no_labels_are_a_page_as_well() -> None:
    texts = ["goal match cup", "match cup team", "goal team cup"]
    page = documents_page(run_documents(open_documents(texts), n_clusters=1, cache=False))
    assert "3 documents in one group" in page
    assert "Against the known labels" not in page


def test_points_lie_in_the_box(run: DocumentsRun) -> None:
    found = scatter(run)
    assert found is not None
    assert all(0 <= point.x <= WIDTH and 0 <= point.y <= HEIGHT for point in found.points)
    assert len(found.points) == 60


def test_long_excerpts_are_cut_at_a_word() -> None:
    found = excerpt_of("word " * 200, {"word"})
    text = "".join(piece.text for piece in found.pieces)
    assert text.endswith("word …")
    assert len(text) < 270
    assert found.title is None
    assert excerpt_of("", set()).pieces == ()
