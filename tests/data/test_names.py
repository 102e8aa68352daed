from __future__ import annotations

import random

import pytest

from kmosaic.data.names import (
    clean_id,
    ignored_note,
    is_hidden,
    is_image_name,
    natural_key,
    why_unsafe,
)


@pytest.mark.parametrize(
    "suffix", ["png", "jpg", "jpeg", "webp", "gif", "bmp", "tif", "tiff", "PNG", "Jpeg"]
)
def test_the_suffix_tells_an_image_in_any_case(suffix: str) -> None:
    assert is_image_name(f"a/b.{suffix}")


@pytest.mark.parametrize("name", ["a.txt", "png", "a.png.part", "a.heic", "a.svg"])
def test_other_files_are_no_images(name: str) -> None:
    assert not is_image_name(name)


@pytest.mark.parametrize("name", [".a.png", ".thumbs/a.png", "a/.b/c.png", "__MACOSX/a/b.png"])
def test_hidden_parts_hide_all_below_them(name: str) -> None:
    assert is_hidden(name)


def test_numbers_in_names_count_as_people_count() -> None:
    right = ["1.png", "2.png", "10.png", "A/9.png", "a/10.png", "b/img1.png", "b/img02.png"]
    shuffled = right.copy()
    random.Random(0).shuffle(shuffled)
    assert sorted(shuffled, key=natural_key) == right


def test_names_that_differ_only_in_case_have_one_order() -> None:
    assert sorted(["b.png", "B.png"], key=natural_key) == sorted(
        ["B.png", "b.png"], key=natural_key
    )


@pytest.mark.parametrize(
    "name",
    ["/etc/a.png", "C:\\a.png", "\\\\host\\a.png", "../a.png", "a/../../b.png", "a\\..\\b.png"],
)
def test_names_that_lead_out_of_an_archive_are_unsafe(name: str) -> None:
    assert why_unsafe(name)


@pytest.mark.parametrize("name", ["a.png", "./a.png", "a/b..png", "..a/b.png", "a b/ü.png"])
def test_plain_names_are_safe(name: str) -> None:
    assert why_unsafe(name) is None


def test_every_id_can_be_written_as_utf8() -> None:
    latin = b"caf\xe9.png".decode("utf-8", "surrogateescape")
    assert clean_id(latin).encode() == rb"caf\xe9.png"
    assert clean_id("café.png") == "café.png"


def test_ignored_files_are_counted_by_kind() -> None:
    assert ignored_note([]) == ()
    assert ignored_note(["a.txt"]) == ("1 other file was ignored (1 .txt).",)
    assert ignored_note([f"a.{i}" for i in range(7)])[0].endswith(", …).")
