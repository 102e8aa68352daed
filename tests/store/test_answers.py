"""Answers as JSON."""

from __future__ import annotations

import json

import numpy as np
import pytest

from kmosaic._store.answers import write_answer


def test_an_answer_is_json_that_everybody_reads(tmp_path):
    answer = {"k": 3, "scores": [0.5, float("inf"), np.nan], "name": "Łódź", "all": {"a": (1, 2)}}
    path = write_answer(answer, tmp_path / "answer.json")
    text = path.read_text("utf-8")
    assert "Łódź" in text
    assert json.loads(text, parse_constant=pytest.fail) == {
        "k": 3, "scores": [0.5, None, None], "name": "Łódź", "all": {"a": [1, 2]},
    }  # fmt: skip
