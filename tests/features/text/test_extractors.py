"""What all features of documents keep, and what some of them refuse."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.sparse import issparse

from kmosaic._errors import InputError, MissingExtraError, ModelError
from kmosaic.data.documents import TextItems, open_documents
from kmosaic.features.text import (
    TEXT_EXTRACTORS,
    Documents,
    Terms,
    make_text_extractor,
    read_documents,
    text_features_of_spec,
)
from kmosaic.features.text.cached import rows_of_documents
from kmosaic.features.text.vectors import TextEmbedding


@pytest.fixture(scope="module")
def documents(topics: tuple[list[str], list[str]]) -> Documents:
    return read_documents(open_documents(topics[0]), Terms(), use_cache=False)[0]


@pytest.fixture(scope="module")
def vectors(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("vectors") / "v.npy"
    np.save(file, np.random.default_rng(0).normal(size=(60, 4)).astype(np.float32))
    return file


def dense(rows: Any) -> Any:
    return rows.toarray() if issparse(rows) else rows


@pytest.mark.parametrize("name", ["lsa?components=8", "tfidf", "embedding"])
def test_features_come_back_with_the_same_rows(
    name: str, documents: Documents, vectors: Path, topics: tuple[list[str], list[str]]
) -> None:
    asked = f"embedding:{vectors}" if name == "embedding" else name
    extractor = make_text_extractor(asked, 60).extractor
    rows, fitted = rows_of_documents(extractor, documents, use_cache=False)
    again = text_features_of_spec(*fitted.to_spec())
    some = np.array([3, 5])
    found = again.rows_of([topics[0][at] for at in some], some)
    np.testing.assert_allclose(dense(found), dense(rows)[some], atol=1e-6)
    kept, _ = rows_of_documents(extractor, documents)
    np.testing.assert_array_equal(dense(rows_of_documents(extractor, documents)[0]), dense(kept))
    np.testing.assert_array_equal(dense(kept), dense(rows))


def test_words_are_kept_between_runs(topics: tuple[list[str], list[str]]) -> None:
    items = open_documents(topics[0])
    first, _, _ = read_documents(items, Terms())
    again, _, was_cached = read_documents(items, Terms())
    assert was_cached
    assert (first.counts != again.counts).nnz == 0
    assert first.terms.vocabulary_ == again.terms.vocabulary_
    assert not read_documents(items, Terms("none"))[2]


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ("word2vec", "There are no features 'word2vec'.*embedding:FILE.npy"),
        ("model", "Write the features as 'model:PATH'"),
        ("lsa?components=none", "lsa has one setting"),
        ("tfidf?a=1", "tfidf has no settings"),
    ],
)
def test_unknown_features_are_refused(wanted: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        make_text_extractor(wanted, 10)


def test_many_documents_are_looked_at_sparsely() -> None:
    assert type(make_text_extractor("auto", 10_000).extractor) is TEXT_EXTRACTORS["lsa"]
    assert type(make_text_extractor("auto", 10_001).extractor) is TEXT_EXTRACTORS["tfidf"]


def test_vectors_must_fit(documents: Documents, vectors: Path) -> None:
    with pytest.raises(InputError, match="has 60 rows, and there are 59 documents"):
        TextEmbedding(str(vectors)).check(59)
    fitted = TextEmbedding(str(vectors))
    fitted.fit_rows(documents)
    np.save(vectors.with_name("wide.npy"), np.ones((2, 5)))
    with pytest.raises(InputError, match="has 5 columns; the model needs 4"):
        fitted.with_vectors(str(vectors.with_name("wide.npy")))
    with pytest.raises(InputError, match="new documents need vectors of their own"):
        fitted.rows_of([""], np.array([60]))


def test_a_model_that_is_none_is_refused(tmp_path: Path) -> None:
    extractor = make_text_extractor(f"model:{tmp_path}", 1).extractor
    with pytest.raises(InputError, match="is no sentence model: give an"):
        extractor.check(1)


def test_a_missing_package_is_told_with_the_cure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "modules.json").write_text("[]")
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    monkeypatch.setattr("kmosaic.features.text.sentences.has", lambda _: False)
    with pytest.raises(MissingExtraError, match=r"pip install 'kmosaic\[sentences\]'"):
        make_text_extractor(f"model:{tmp_path}", 1).extractor.check(1)
    (tmp_path / "model.onnx").write_bytes(b"")
    (tmp_path / "tokenizer.json").write_text("{}")
    monkeypatch.setitem(sys.modules, "tokenizers", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'kmosaic\[text\]'"):
        make_text_extractor(f"model:{tmp_path}", 1).extractor.check(1)


@pytest.fixture(scope="module")
def sentence_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that gives each token a row of a table, as ONNX with its tokenizer."""
    onnx, tokenizers = pytest.importorskip("onnx"), pytest.importorskip("tokenizers")
    pytest.importorskip("onnxruntime")
    folder = tmp_path_factory.mktemp("model")
    words = {"[UNK]": 0, "goal": 1, "match": 2, "oven": 3, "rocket": 4}
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordLevel(words, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    table = np.eye(5, dtype=np.float32)
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node("Gather", ["table", "input_ids"], ["rows"])],
        "sentences",
        [onnx.helper.make_tensor_value_info("input_ids", onnx.TensorProto.INT64, [None, None])],
        [onnx.helper.make_tensor_value_info("rows", onnx.TensorProto.FLOAT, [None, None, 5])],
        [onnx.numpy_helper.from_array(table, "table")],
    )
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)])
    model.ir_version = 8
    onnx.save(model, folder / "model.onnx")
    return folder


def test_a_sentence_model_gives_the_mean_of_its_tokens(sentence_model: Path) -> None:
    items: TextItems = open_documents(["goal match", "oven", "goal goal goal match"])
    documents = Documents(items, np.arange(3), None, Terms())
    extractor = make_text_extractor(f"model:{sentence_model}", 3).extractor
    extractor.check(3)
    rows = extractor.fit_rows(documents)
    assert rows.dtype == np.float32
    expected = np.array([[1, 1, 0], [0, 0, 1], [3, 1, 0]], dtype=float)
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    np.testing.assert_allclose(rows[:, 1:4], expected, atol=1e-6)
    again = text_features_of_spec(*extractor.to_spec())
    np.testing.assert_array_equal(again.rows_of(["oven"], np.array([0]))[0], rows[1])
    again.sha256_ = "of another"
    with pytest.raises(ModelError, match="is not the model that these features were made with"):
        again.rows_of(["oven"], np.array([0]))
