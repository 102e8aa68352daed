"""Documents from folders, zips, tables and memory."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from kmosaic._errors import InputError
from kmosaic.data.documents import open_documents

LONG = "this is one of the long texts"


def test_a_folder_is_read_with_its_encodings_told(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "a.txt").write_text("one text", encoding="utf-8")
    (tmp_path / "b" / "2.md").write_text("zwölf Wörter", encoding="utf-16")
    (tmp_path / "b" / "10").write_bytes(b"price: 5 \xa3, as it was said by all the others here")
    (tmp_path / "c.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    (tmp_path / "empty.txt").write_text(" \n")
    (tmp_path / ".hidden").write_text("not for us")
    items = open_documents(tmp_path)
    assert items.ids == ["a.txt", "b/2.md", "b/10"]
    assert [items.text(at) for at in range(2)] == ["one text", "zwölf Wörter"]
    assert {one.id: one.reason for one in items.refused} == {
        "c.png": "not text (it holds zero bytes)",
        "empty.txt": "it is empty",
    }
    assert "1 document is UTF-16." in items.notes
    assert any("1 was read as CP1252, by its looks (b/10)" in note for note in items.notes)


def test_folders_are_labels_unless_told_otherwise(topic_folder: Path) -> None:
    items = open_documents(topic_folder)
    assert items.labels is not None
    assert set(items.labels) == {"sport", "cooking", "space"}
    assert open_documents(topic_folder, labels="none").labels is None


def test_a_zip_gives_what_its_folder_gives(topic_folder: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
        for file in sorted(topic_folder.rglob("*.txt")):
            archive.write(file, file.relative_to(topic_folder))
    items, folder = open_documents(tmp_path / "t.zip"), open_documents(topic_folder)
    assert items.ids == folder.ids
    assert items.content_hash() == folder.content_hash()


@pytest.mark.parametrize("name", ["../../etc/evil.txt", "/etc/evil.txt", "a/../../evil.txt"])
def test_members_that_lead_out_of_a_zip_are_refused(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
        archive.writestr(name, "evil words")
        archive.writestr("good.txt", "good words")
    items = open_documents(tmp_path / "t.zip")
    assert items.ids == ["good.txt"]
    assert "its name" in items.refused[0].reason


def test_a_zip_made_to_fill_the_memory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kmosaic.data.growth.ALWAYS_ALLOWED", 1000)
    with zipfile.ZipFile(tmp_path / "t.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.txt", "a" * 1_000_000)
    with pytest.raises(InputError, match="would unpack to 1,000,000 bytes"):
        open_documents(tmp_path / "t.zip")


def test_the_only_column_of_long_text_is_found(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text(f'id,kind,body\n7,a,"{LONG}"\n8,b,\n9,c,"{LONG} too"\n')
    items = open_documents(file, id_column="id", labels="kind")
    assert items.ids == ["7", "9"]
    assert items.labels is not None
    assert items.labels.tolist() == ["a", "c"]
    assert items.text(1) == f"{LONG} too"
    assert [(one.id, one.reason) for one in items.refused] == [("8", "it is empty")]
    assert open_documents(file).ids == ["0", "2"]


def test_jsonl_and_parquet_are_tables_as_well(tmp_path: Path) -> None:
    rows = [{"text": LONG, "n": 1}, {"text": f"{LONG} again", "n": 2}]
    (tmp_path / "t.jsonl").write_text("\n".join(map(json.dumps, rows)))
    expected = open_documents(tmp_path / "t.jsonl")
    assert expected.text(0) == LONG
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    parquet.write_table(arrow.Table.from_pylist(rows), tmp_path / "t.parquet")
    assert open_documents(tmp_path / "t.parquet").content_hash() == expected.content_hash()


def test_cells_may_be_longer_than_python_allows(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(f'text,n\n"{LONG * 10_000}",1\n"{LONG}",2\n')
    assert len(open_documents(tmp_path / "t.csv").text(0)) == len(LONG) * 10_000


TABLES = {
    "two.csv": (f"title,body\n{LONG},{LONG}\n", "has 2 columns of text: title, body. Choose one"),
    "none.csv": ("a,b\nx,y\n", "has no column of text that stands out; it has a, b"),
    "ragged.csv": (f"id,body\n1,{LONG}\n2,{LONG},3\n", "line 3: 3 cells, where the first line has"),
    "short.csv": ("body\n", "has no rows"),
    "twice.csv": (f"body,body\n{LONG},{LONG}\n", "has two columns named 'body'"),
    "bad.jsonl": ('{"text": "a"}\n{"text":', "line 2 is no JSON"),
    "list.jsonl": ("[1]\n", "line 1 is no object"),
    "numbers.jsonl": ('{"text": 5}\n', "has no column of text"),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_that_cannot_be_used_says_why(tmp_path: Path, name: str) -> None:
    content, message = TABLES[name]
    (tmp_path / name).write_text(content)
    with pytest.raises(InputError, match=message):
        open_documents(tmp_path / name)


def test_columns_that_are_not_there_are_refused(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(f"id,body\n1,{LONG}\n1,{LONG}\n")
    with pytest.raises(InputError, match="has no column 'text'; it has id, body"):
        open_documents(tmp_path / "t.csv", column="text")
    with pytest.raises(InputError, match="names two rows '1'"):
        open_documents(tmp_path / "t.csv", id_column="id")
    with pytest.raises(InputError, match="Columns are of tables"):
        open_documents(tmp_path, column="text")


def test_sources_that_hold_no_text_say_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no file or folder"):
        open_documents(tmp_path / "nowhere")
    with pytest.raises(InputError, match="There is no file in"):
        open_documents(tmp_path)
    (tmp_path / "a.bin").write_bytes(b"\0\1\2")
    with pytest.raises(InputError, match=r"of 1 file none can be read, the first is 'a\.bin'"):
        open_documents(tmp_path)
    with pytest.raises(InputError, match="is none of what can be read"):
        open_documents(tmp_path / "a.bin")
    with pytest.raises(InputError, match="Document 1 is int, not a text"):
        open_documents(["a", 5])
    with pytest.raises(InputError, match="not int"):
        open_documents(5)


def test_texts_in_memory_keep_their_places() -> None:
    items = open_documents(["a text", "", None, "b text"], labels=["x", "y", "z", "w"])
    assert items.ids == ["0", "3"]
    assert items.labels is not None
    assert items.labels.tolist() == ["x", "w"]


def test_columns_of_a_frame_are_as_those_of_a_table() -> None:
    texts = ["it is a long text of words", None, "another long text of words"]
    frame = pd.DataFrame({"who": ["a", "b", "c"], "body": texts, "kind": ["x", "y", "x"]})
    for source in (frame, dict(frame), frame.astype({"body": "string"})):
        items = open_documents(source, id_column="who", labels="kind")
        assert [items.ids, items.text(1)] == [["a", "c"], texts[2]]
        assert items.labels is not None
        assert items.labels.tolist() == ["x", "x"]
        assert [one.id for one in items.refused] == ["b"]
    with pytest.raises(InputError, match="the table has no column 'text'"):
        open_documents(frame, column="text")
    with pytest.raises(InputError, match="must be of one length"):
        open_documents({"text": []})


def test_a_table_in_memory_that_is_none_is_refused() -> None:
    for cells in ("a text alone", 5):
        with pytest.raises(InputError, match="Column 't' of the table must be a list of cells"):
            open_documents({"t": cells}, column="t")
    for name in ("column", "id_column"):
        with pytest.raises(InputError, match=rf"{name} must be the name of one column, not \['t'"):
            open_documents({"t": ["a text"]}, **{name: ["t"]})


def test_only_the_name_of_an_encoding_is_in_capitals(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"text,n\nprice: 5 \xa3 as it was said by all the others here,1\n")
    (note,) = [note for note in open_documents(path).notes if "read as" in note]
    assert note == "t.csv was read as CP1252, by its looks: encoding says it for sure."


def test_a_table_of_no_bytes_is_told_to_be_empty(tmp_path: Path) -> None:
    (tmp_path / "t.csv").touch()
    with pytest.raises(InputError, match=r"t\.csv is empty"):
        open_documents(tmp_path / "t.csv")
