"""Names that every file system takes, and that stay apart."""

from __future__ import annotations

from pathlib import PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kmosaic.output.file_names import FreeNames, folder_names, safe_name

ANY_TEXT = st.text(st.characters(), max_size=300)


@pytest.mark.parametrize(
    "name", ["cats", "Größe 3", "日本語", "a.b", "-1", "3", "It's (fine) & so"]
)
def test_a_harmless_name_stays(name):
    assert safe_name(name) == name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("cats/dogs", "cats_dogs"),
        ("..\\..\\etc", "_._.._etc"),
        ("../../etc/passwd", "_._.._etc_passwd"),
        ("..", "_"),
        (".", "_"),
        ("", "_"),
        (".hidden", "_hidden"),
        ("end. . ", "end"),
        ("a:b*c?", "a_b_c_"),
        ("C:\\x", "C__x"),
        ("nul", "nul_"),
        ("NUL.txt", "NUL_.txt"),
        ("com1", "com1_"),
        ("LPT²", "LPT²_"),
        ("conin$", "conin$_"),
        ("console", "console"),
        ("line\nend\x00", "line_end_"),
        ("\udce9", "_"),
    ],
)
def test_what_some_system_does_not_take_is_replaced(name, expected):
    assert safe_name(name) == expected


@given(ANY_TEXT)
def test_every_text_becomes_one_short_part_of_a_path(name):
    safe = safe_name(name)
    assert safe
    assert safe not in (".", "..")
    assert len(safe.encode()) <= 121
    assert len(PureWindowsPath(safe).parts) == 1
    assert not PureWindowsPath(safe).is_reserved()
    assert safe[-1] not in ". "
    assert safe_name(safe) == safe


@given(st.lists(st.tuples(ANY_TEXT, st.sampled_from(["", ".png", "-2.png", "-2"])), max_size=20))
def test_names_that_were_handed_out_differ_on_every_system(wanted):
    free = FreeNames()
    names = [free.take(safe_name(stem), suffix) for stem, suffix in wanted]
    assert len({name.casefold() for name in names}) == len(names)


def test_a_number_that_is_taken_is_left_out():
    free = FreeNames()
    assert [free.take("a-2"), free.take("a"), free.take("a"), free.take("a")] == [
        "a-2",
        "a",
        "a-3",
        "a-4",
    ]


def test_a_thousand_equal_names_are_numbered_in_order():
    free = FreeNames()
    names = [free.take("img", ".png") for _ in range(1000)]
    assert names[:2] == ["img.png", "img-2.png"]
    assert names[-1] == "img-1000.png"


@given(st.lists(ANY_TEXT, max_size=20))
def test_different_clusters_have_different_folders(names):
    folders = folder_names(names)
    assert set(folders) == set(names)
    assert len({folder.casefold() for folder in folders.values()}) == len(folders)


def test_names_that_differ_in_case_have_two_folders():
    assert folder_names(["Cat", "cat"]) == {"Cat": "Cat", "cat": "cat-2"}
