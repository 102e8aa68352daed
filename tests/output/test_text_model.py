"""A saved model of documents."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import kmosaic
from kmosaic._errors import InputError, ModelError
from kmosaic.data.documents import open_documents
from kmosaic.output import TextModel, load_text_model
from kmosaic.pipeline import DocumentsRun, run_documents


@pytest.fixture(scope="module", params=["lsa?components=6", "tfidf"])
def run(request: pytest.FixtureRequest, topic_folder: Path) -> DocumentsRun:
    return run_documents(open_documents(topic_folder), n_clusters=3, features=request.param)


def test_it_comes_back_and_agrees_with_the_run(run: DocumentsRun, tmp_path: Path) -> None:
    again = kmosaic.load(run.model.save(tmp_path / "model"))
    assert isinstance(again, TextModel)
    assert again.names == run.names
    assert repr(again) == "<TextModel: 3 clusters of documents>"
    found, skipped = again.predict(run.items)  # type: ignore[arg-type]
    np.testing.assert_array_equal(found.labels, run.assignment.labels)
    np.testing.assert_allclose(found.distances, run.assignment.distances, atol=1e-5)
    assert skipped == ()


def test_documents_without_a_known_word_are_skipped(run: DocumentsRun) -> None:
    model = run.model
    assert isinstance(model, TextModel)
    found, skipped = model.predict(open_documents(["xyzzy plugh", "a goal in the match"]))
    assert list(found.ids) == ["1"]
    assert [one.id for one in skipped] == ["0"]
    with pytest.raises(InputError, match=r"None of the 1 .* the first is '1': it has no word"):
        model.predict(open_documents(["", "xyzzy plugh"]))
    with pytest.raises(InputError, match="reads documents itself"):
        model.with_vectors("v.npy")


def test_a_damaged_model_is_refused(run: DocumentsRun, tmp_path: Path) -> None:
    folder = run.model.save(tmp_path / "model")
    card = json.loads((folder / "model.json").read_text())
    card["extractor"]["kind"] = "os.system"
    (folder / "model.json").write_text(json.dumps(card))
    with pytest.raises(ModelError):
        load_text_model(folder)
