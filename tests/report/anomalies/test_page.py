"""The page of anomalies."""

from __future__ import annotations

import html
import re

import numpy as np
import pytest

from kmosaic import AnomalyDetector
from kmosaic.outliers import Judged
from kmosaic.report import anomalies_page
from kmosaic.report.anomalies.histogram import histogram
from kmosaic.report.anomalies.scatter import scatter


def judged(n=200, d=3, strays=3, names=None, **settings) -> Judged:
    X = np.random.default_rng(0).normal(size=(n, d))
    X[:strays, 0] = 50
    detector = AnomalyDetector(random_state=0, **settings).fit(X)
    columns = tuple(names or (f"c{j}" for j in range(d)))
    return Judged.of(detector, X, columns, tuple(f"<b>{i}</b>" for i in range(n)))


def page_of(found: Judged, **settings: object) -> str:
    return anomalies_page(found, source="a/t.csv", why=["Since."], settings={"seed": 0, **settings})


def test_it_holds_the_answer_and_loads_nothing():
    found = judged()
    page = page_of(found)
    assert f"<h1>{found.flagged.sum()} of 200 rows do not belong</h1>" in page
    assert not re.search(r"""(src|href)\s*=\s*["']?(https?:)?//""", page)
    assert "default-src 'none'" in html.unescape(page)
    assert "kmosaic anomalies a/t.csv --seed 0" in page


def test_words_of_the_user_are_escaped():
    page = page_of(judged(names=["<i>", "&b", "c"]))
    assert "<b>0</b>" not in page
    assert "&lt;b&gt;0&lt;/b&gt;" in page
    assert "&lt;i&gt; is 50 where" in page


@pytest.mark.parametrize(
    "settings",
    [
        {"strays": 0, "contamination": 0.005},
        {"contamination": 0.5},
        {"d": 1},
        {"d": 40, "strays": 60, "contamination": 0.3},
        {"n": 2, "strays": 0},
    ],
)
def test_every_kind_of_answer_has_a_page(settings):
    assert "do not belong</h1>" in (page := page_of(judged(**settings))) or "belong</h1>" in page


@pytest.mark.parametrize("threshold", [0.3, 1.0, 7.0])
def test_no_bar_holds_scores_of_both_sides(threshold):
    scores = np.concatenate([np.random.default_rng(0).gamma(2, 0.3, 500), [threshold]])
    found = histogram(scores, threshold)
    told = [int(re.match(r"[\d,]+", bar.text)[0].replace(",", "")) for bar in found.bars]
    beyond = [bar.is_beyond for bar in found.bars]
    assert sum(told) == len(scores)
    assert np.dot(told, beyond) == (scores > threshold).sum()
    for bar in found.bars:
        assert (bar.x >= found.threshold - 0.11) == bar.is_beyond


def test_the_map_holds_all_anomalies_within_its_frame():
    found = judged(n=4000)
    plane = scatter(found)
    assert plane.is_part
    assert len(plane.anomalies) == found.flagged.sum()
    for point in (*plane.others, *plane.anomalies):
        assert 0 <= point.x <= plane.size
        assert 0 <= point.y <= plane.size
