"""The page that answers which K."""

from __future__ import annotations

import html
import json
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_array
from tests.n_clusters.groups import blobs, noise

from kmosaic import choose_k
from kmosaic._errors import MissingExtraError


@pytest.fixture(scope="module")
def answer():
    return choose_k(blobs(3), range(1, 7), random_state=0, title="<b>How many & why?</b>")


@pytest.fixture(scope="module")
def page(answer, tmp_path_factory) -> str:
    path = tmp_path_factory.mktemp("page") / "k.html"
    answer.to_html(path)
    return path.read_text("utf-8")


def test_it_holds_the_answer_and_loads_nothing(page):
    assert "<h1>3 clusters</h1>" in page
    assert not re.search(r"""(src|href)\s*=\s*["']?(https?:)?//""", page)
    assert "default-src 'none'" in html.unescape(page)


def test_words_of_the_user_are_escaped(page):
    assert "<b>How many" not in page
    assert "&lt;b&gt;How many &amp; why?" in page


def test_the_sample_has_labels_and_silhouettes_for_every_k(page):
    text = re.search(r'id="k-data">(.*?)</script>', page, re.DOTALL)[1]
    data = json.loads(text)
    assert data["ks"] == [1, 2, 3, 4, 5, 6]
    assert data["chosen"] == 3
    assert data["labels"].keys() == {str(k) for k in range(1, 7)}
    assert data["silhouettes"].keys() == {str(k) for k in range(2, 7)}
    assert len(data["x"]) == len(data["y"]) == 120


@pytest.mark.parametrize(
    ("X", "ks"),
    [
        (noise(150), range(1, 5)),
        (blobs(4), [2, 4, 9]),
        (blobs(2, d=1), [2]),
        (csr_array(np.round(blobs(3, d=3))), range(1, 5)),
        (blobs(2, d=150, size=20), range(1, 4)),
    ],
)
def test_every_kind_of_answer_has_a_page(X, ks, tmp_path: Path):
    found = choose_k(X, ks, random_state=0)
    found.to_html(tmp_path / "k.html")
    assert "<h1>" in (tmp_path / "k.html").read_text("utf-8")
    assert "Calinski-Harabasz" in found._repr_html_()


def test_a_notebook_shows_the_answer_without_scripts_of_its_own(answer):
    shown = answer._repr_html_()
    assert "3 clusters" in shown
    assert "<script" not in shown
    assert "<b>How many" not in html.unescape(shown)
    assert shown.count("<svg") == len([values for values in answer.criteria.values() if values])


def test_its_frame_has_the_map_the_silhouettes_the_stability_and_the_tree(answer):
    frame = html.unescape(re.search(r'srcdoc="([^"]*)"', answer._repr_html_())[1])
    for part in ("k-slider", "k-map", "k-silhouettes", "k-stable", "k-tree", "k-data"):
        assert part in frame
    assert "default-src 'none'" in html.unescape(frame)
    assert "<h1>" not in frame


def test_the_figure_has_a_chart_for_each_criterion(answer):
    pytest.importorskip("matplotlib")
    figure = answer.plot()
    assert len({axis.get_xlim() for axis in figure.axes}) == 1
    drawn = [axis.get_title(loc="left") for axis in figure.axes if axis.axison]
    assert len(drawn) == len([values for values in answer.criteria.values() if values])
    assert "Silhouette" in drawn


def test_without_matplotlib_the_figure_names_what_to_install(answer, monkeypatch):
    for name in [name for name in sys.modules if name.split(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [_NoMatplotlib(), *sys.meta_path])
    with pytest.raises(MissingExtraError, match=r"kmosaic\[plot\]"):
        answer.plot()


class _NoMatplotlib:
    """An installation without it."""

    def find_spec(self, name, *_):
        if name.split(".")[0] == "matplotlib":
            raise ModuleNotFoundError(name, name="matplotlib")


def test_the_figure_leaves_pyplot_alone(answer, monkeypatch):
    pytest.importorskip("matplotlib")
    monkeypatch.delitem(sys.modules, "matplotlib.pyplot", raising=False)
    answer.plot()
    assert "matplotlib.pyplot" not in sys.modules


def test_one_cluster_is_one(tmp_path):
    choose_k(noise(150), range(1, 5), random_state=0).to_html(tmp_path / "k.html")
    page = (tmp_path / "k.html").read_text("utf-8")
    assert "<h1>No cluster structure</h1>" in page
    assert "1 clusters" not in page
