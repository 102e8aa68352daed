"""Names of clusters from a file that a person wrote."""

from __future__ import annotations

import pytest

from kmosaic._errors import InputError
from kmosaic.labels import names_from_csv


@pytest.fixture
def written(tmp_path):
    def write(content):
        path = tmp_path / "names.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def test_names_are_read_and_the_rest_keep_their_numbers(written):
    names = names_from_csv(written("cluster,name\n2,cats\n0,dogs\n"), 4)
    assert names.names == ("dogs", "1", "cats", "3")
    assert names.named == (True, False, True, False)
    assert names.source == "file"


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfcluster,name\r\n0,caf\xc3\xa9\r\n",  # as a spreadsheet saves it
        'Cluster, Name\n\n 0 ,"café"\n',
        "cluster,name\n0,café",
        "cluster;name\n0;café\n",
        "cluster\tname\n0\tcafé\n",
        "cluster,name\n,\n0,café\n",
    ],
)
def test_the_usual_spellings_of_a_csv_file_are_taken(written, content):
    assert names_from_csv(written(content), 1).names == ("café",)


def test_commas_and_quotes_belong_into_quotes(written):
    path = written('cluster,name\n0,"cats, ""big"" ones"\n')
    assert names_from_csv(path, 1).names == ('cats, "big" ones',)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("cluster,name\n0,a\n5,b\n", "line 3: there is no cluster '5'; the 3 clusters"),
        ("cluster,name\n-1,b\n", "line 2: there is no cluster '-1'"),
        ("cluster,name\none,b\n", "line 2: there is no cluster 'one'"),
        ("cluster,name\n1_0,b\n", "line 2: there is no cluster '1_0'"),
        ("cluster,name\n1e0,b\n", "line 2: there is no cluster '1e0'"),
        ("cluster,name\n" + "9" * 5000 + ",b\n", "line 2: there is no cluster"),
        ("cluster,name\n0,a\n\n0,b\n", "line 4: cluster 0 was named before, in line 2"),
        ("cluster,name\n0,a,b\n", r"line 2: found 3 cell\(s\) instead of 2"),
        ("cluster,name\n0\n", r"line 2: found 1 cell\(s\) instead of 2"),
        ("cluster,name\n0, \n", "line 2: the name of cluster 0 is empty"),
        ("0,a\n1,b\n", "first line is not `cluster,name`"),
        ("", "first line is not `cluster,name`"),
        ('cluster,name\n0,"a\n', "line 2: unexpected end of data"),
        (b"cluster,name\n0,caf\xe9\n", "not UTF-8"),
    ],
)
def test_a_mistake_is_named_with_its_line(written, content, message):
    with pytest.raises(InputError, match=message):
        names_from_csv(written(content), 3)


def test_a_missing_file_or_a_folder_is_an_error(tmp_path):
    with pytest.raises(InputError, match="There is no file"):
        names_from_csv(tmp_path / "none.csv", 3)
    with pytest.raises(InputError, match="cannot be read"):
        names_from_csv(tmp_path, 3)
