"""What all features of documents keep, and what some of them refuse."""

from __future__ import annotations

import json
import shutil
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
    onnx.save(token_model(onnx), folder / "model.onnx")
    return folder


def token_model(onnx: Any, *, is_whole: bool = False) -> Any:
    """Tokens to rows of the unit matrix; is_whole: and the largest of these in each column."""
    make, number, whole = onnx.helper, onnx.TensorProto.FLOAT, ["sentence_embedding"]
    nodes = [make.make_node("Gather", ["table", "input_ids"], ["rows"])]
    outputs = [make.make_tensor_value_info("rows", number, [None, None, 5])]
    if is_whole:
        nodes.append(make.make_node("ReduceMax", ["rows"], whole, axes=[1], keepdims=0))
        outputs.append(make.make_tensor_value_info(whole[0], number, [None, 5]))
    ids = make.make_tensor_value_info("input_ids", onnx.TensorProto.INT64, [None, None])
    table = onnx.numpy_helper.from_array(np.eye(5, dtype=np.float32), "table")
    graph = make.make_graph(nodes, "sentences", [ids], outputs, [table])
    model = make.make_model(graph, opset_imports=[make.make_opsetid("", 17)])
    model.ir_version = 8
    return model


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


def saved_by_sentence_transformers(folder: Path, pooling: dict[str, Any], *more: str) -> Path:
    """The files of such a folder beside its tokenizer and its model, as these are on disk."""
    kinds = ["Transformer", "Pooling", *more]
    steps = [
        {
            "idx": at,
            "name": str(at),
            "path": f"{at}_{kind}" if at else "",
            "type": f"sentence_transformers.models.{kind}",
        }
        for at, kind in enumerate(kinds)
    ]
    contents = {
        "modules.json": steps,
        "1_Pooling/config.json": {"word_embedding_dimension": 5} | pooling,
        "sentence_bert_config.json": {"max_seq_length": 4, "do_lower_case": True},
        "config_sentence_transformers.json": {
            "__version__": {"sentence_transformers": "5.0.0"},
            "prompts": {"query": "", "document": "oven "},
            "default_prompt_name": "document" if pooling.get("pooling_mode") == "max" else None,
            "similarity_fn_name": "cosine",
        },
    }
    for name, content in contents.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(json.dumps(content))
    (folder / "onnx").mkdir(exist_ok=True)
    return folder


@pytest.mark.parametrize(
    ("pooling", "row"),
    [
        ({"pooling_mode_mean_tokens": True}, [2, 1, 1, 0]),
        ({"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}, [1, 0, 0, 0]),
        ({"pooling_mode_lasttoken": True}, [0, 0, 1, 0]),
        ({"pooling_mode": "max"}, [1, 1, 1, 0]),
    ],
)
def test_a_folder_of_sentence_transformers_is_used_as_it_says(
    sentence_model: Path, tmp_path: Path, pooling: dict[str, Any], row: list[int]
) -> None:
    folder = saved_by_sentence_transformers(tmp_path, pooling, "Normalize")
    shutil.copy(sentence_model / "tokenizer.json", folder)
    shutil.copy(sentence_model / "model.onnx", folder / "onnx")
    text = "GOAL match goal oven rocket rocket" if "pooling_mode" not in pooling else "goal match"
    documents = Documents(open_documents([text]), np.arange(1), None, Terms())
    for path in (folder, folder / "onnx" / "model.onnx"):
        extractor = make_text_extractor(f"model:{path}", 1).extractor
        found = extractor.fit_rows(documents)[0, 1:5]
        np.testing.assert_allclose(found, np.array(row) / np.linalg.norm(row), atol=1e-6)
    digest = extractor.outside()
    (folder / "1_Pooling/config.json").write_text("{}")
    assert extractor.outside() != digest


def test_steps_that_onnx_does_not_hold_are_refused(sentence_model: Path, tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx")
    folder = saved_by_sentence_transformers(tmp_path, {}, "Dense", "Normalize")
    shutil.copy(sentence_model / "tokenizer.json", folder)
    shutil.copy(sentence_model / "model.onnx", folder / "onnx")
    extractor = make_text_extractor(f"model:{folder}", 1).extractor
    with pytest.raises(InputError, match="steps Dense of its folder cannot be made"):
        extractor.check(1)
    onnx.save(token_model(onnx, is_whole=True), folder / "onnx" / "model.onnx")
    documents = Documents(open_documents(["goal oven"]), np.arange(1), None, Terms())
    found = extractor.fit_rows(documents)[0, 1:5]
    np.testing.assert_allclose(found, np.array([1, 0, 1, 0]) / 2**0.5, atol=1e-6)
    (folder / "modules.json").write_text('[{"idx": 0}]')
    with pytest.raises(InputError, match="is of no sentence model"):
        extractor.check(1)
