"""HTML is read as people see it."""

from __future__ import annotations

import gzip
import random
import tarfile
from pathlib import Path

import pytest

from kmosaic._errors import InputError
from kmosaic.data.documents import open_documents
from kmosaic.data.documents.html_text import is_html, text_of

PAGE = """<!DOCTYPE html>
<html><head><title>Sp&auml;te Tore</title><style>p {color: red}</style></head>
<body><nav>Home</nav><script>if (a < b) x();</script>
<p>Ein <b>Tor</b> in der <i>n</i>eunten Minute.<br>Dann Ruhe.</p><!-- nothing --></body></html>"""


def test_tags_scripts_and_styles_are_left_out_and_blocks_end_lines() -> None:
    assert text_of(PAGE).split("\n") == [
        "Späte Tore", "Home", "Ein Tor in der neunten Minute.", "Dann Ruhe.",
    ]  # fmt: skip


def test_html_is_told_by_its_name_or_its_beginning_and_not_by_a_tag_within() -> None:
    assert is_html("page", PAGE)
    assert is_html("page", "<?xml version='1.0'?>\n<!-- x --><HTML lang='de'>")
    assert not is_html("notes.md", "# Title\n\n<html> is how pages begin")
    assert not is_html("many.txt", "<!-- -->" * 250 + "text")  # and that without hesitation


def test_files_of_html_are_texts_in_the_encoding_that_they_name(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(
        '<html><meta charset="iso-8859-7"><p>Καλημέρα'.encode("iso-8859-7")
    )
    (tmp_path / "b.txt").write_text("plain <b>text</b>")
    (tmp_path / "c.htm").write_bytes(b'<meta charset="utf-8"><p>caf\xe9 and more words, all ASCII')
    (tmp_path / "d.html").write_text("<script>only()</script>")
    items = open_documents(tmp_path)
    assert [items.text(at) for at in range(3)] == [
        "Καλημέρα", "plain <b>text</b>", "café and more words, all ASCII",
    ]  # fmt: skip
    assert [(one.id, one.reason) for one in items.refused] == [("d.html", "it is empty")]
    assert "2 documents are HTML: read without their tags." in items.notes


def test_damaged_html_is_read_as_far_as_it_goes() -> None:
    draw = random.Random(0)
    pieces = ["<", ">", "<!", "<![", "]]>", "<!--", "-->", "&", "&#", "x", " ", "'", '"', "</", "p"]
    for _ in range(2000):
        text_of("".join(draw.choices([*pieces, "<script>", "</script>", "<svg>", "<?"], k=20)))


@pytest.mark.parametrize("ending", ["tar", "tar.gz"])
def test_a_tar_gives_what_its_folder_gives(topic_folder: Path, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"texts.{ending}"
    with tarfile.open(path, "w:gz" if ending.endswith("gz") else "w") as archive:
        archive.add(topic_folder, ".")
        link = tarfile.TarInfo("link.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
        archive.addfile(tarfile.TarInfo("../out.txt"))
        archive.addfile(tarfile.TarInfo(".hidden"))
    items, folder = open_documents(path), open_documents(topic_folder)
    assert items.ids == folder.ids
    assert items.labels is not None
    assert items.labels.tolist() == folder.labels.tolist()  # type: ignore[union-attr]
    assert [items.text(at) for at in range(3)] == [folder.text(at) for at in range(3)]
    assert {one.id for one in items.refused} == {"link.txt", "../out.txt"}
    assert items.path(0) is None


def test_a_tar_that_is_cut_off_is_told(topic_folder: Path, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "t.tar.gz", "w:gz") as archive:
        archive.add(topic_folder, ".")
    data = (tmp_path / "t.tar.gz").read_bytes()
    assert gzip.decompress(data)
    (tmp_path / "t.tar.gz").write_bytes(data[: len(data) // 2])
    with pytest.raises(InputError, match="is no tar archive, or damaged"):
        open_documents(tmp_path / "t.tar.gz")
