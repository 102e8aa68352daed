"""docs/guarantees.md: every promise has a number and a proof, and the proofs are there."""

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[1] / "docs" / "guarantees.md"
PROMISES = re.findall(r"^\| (\d+) \| (.*) \| (.*) \|$", PAGE.read_text(), flags=re.MULTILINE)


def links(text: str) -> list[str]:
    return re.findall(r"\]\(([^)#]+)", text)


def test_promises_are_numbered() -> None:
    assert [int(number) for number, *_ in PROMISES] == list(range(1, len(PROMISES) + 1))
    assert len(PROMISES) >= 12


@pytest.mark.parametrize(("number", "promise", "proof"), PROMISES, ids=lambda part: part[:40])
def test_a_promise_names_its_proof(number: str, promise: str, proof: str) -> None:
    assert promise.endswith(".")
    assert any("/tests/" in link for link in links(proof)), number


@pytest.mark.parametrize("link", sorted(set(links(PAGE.read_text()))))
def test_what_the_page_links_to_is_there(link: str) -> None:
    assert (PAGE.parent / link).exists()
