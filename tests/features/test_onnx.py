"""Features of an ONNX model."""

from __future__ import annotations

import importlib
import os
import shutil

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from kmosaic._errors import InputError, MissingExtraError, ModelError
from kmosaic.features import ONNX, from_spec
from kmosaic.features import onnx as module


@pytest.fixture
def path(onnx_model) -> str:
    return str(onnx_model)


def by_hand(path: str, images: np.ndarray, output: str = "pooled") -> np.ndarray:
    import onnx
    from onnx.reference import ReferenceEvaluator

    inputs = ((images / 255 - 0.5) / 0.25).transpose(0, 3, 1, 2).astype(np.float32)
    return ReferenceEvaluator(onnx.load(path)).run([output], {"images": inputs})[0]


@pytest.fixture
def images() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (21, 8, 8, 3), dtype=np.uint8)


def test_rows_are_the_models_output(path, images):
    X = ONNX(path, mean=0.5, std=0.25).fit_transform(images)
    assert_allclose(X, by_hand(path, images), atol=1e-5)


@pytest.mark.parametrize("pool", ["flatten", "mean", "first"])
def test_an_output_with_places_is_pooled_as_stated(path, images, pool):
    maps = by_hand(path, images, "maps")
    expected = {
        "flatten": maps.reshape(21, -1),
        "mean": maps.mean(axis=(2, 3)),
        "first": maps[:, :, 0, 0],
    }
    X = ONNX(path, mean=0.5, std=0.25, output="maps", pool=pool).fit_transform(images)
    assert_allclose(X, expected[pool], atol=1e-5)


def test_channels_come_in_the_stated_order(path, images):
    one = ONNX(path, channels="bgr").fit_transform(images)
    other = ONNX(path).fit_transform(images[..., ::-1])
    assert_array_equal(one, other)


def test_a_model_with_channels_last_is_taken(tmp_path, images):
    import onnx
    from onnx import TensorProto, helper

    info = helper.make_tensor_value_info
    graph = helper.make_graph(
        [helper.make_node("Flatten", ["x"], ["y"])],
        "flat",
        [info("x", TensorProto.FLOAT, [4, 8, 8, 3])],  # four images at a time, no more, no less
        [info("y", TensorProto.FLOAT, [4, 192])],
    )
    opset = [helper.make_opsetid("", 17)]
    onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=8), tmp_path / "m.onnx")
    X = ONNX(str(tmp_path / "m.onnx"), layout="nhwc", scale=1).fit_transform(images)
    assert_array_equal(X, images.reshape(21, -1).astype(np.float32))


def test_the_saved_model_is_whole_in_itself(tmp_path, path, images):
    copy = shutil.copy(path, tmp_path / "copy.onnx")
    fitted = ONNX(str(copy)).fit(images)
    spec, arrays = fitted.to_spec()
    copy.unlink()
    assert_array_equal(from_spec(spec, arrays).transform(images), fitted.transform(images))


def test_bytes_that_were_changed_are_refused(path, images):
    spec, arrays = ONNX(path).fit(images).to_spec()
    arrays["model_"] = arrays["model_"].copy()
    arrays["model_"][-1] ^= 1
    with pytest.raises(ModelError, match="is damaged"):
        from_spec(spec, arrays).transform(images)


def test_another_file_at_the_path_is_refused_where_bytes_are_not_kept(tmp_path, path, images):
    copy = shutil.copy(path, tmp_path / "copy.onnx")
    spec, arrays = ONNX(str(copy), keep_file=False).fit(images).to_spec()
    assert arrays["model_"].size == 0
    assert len(from_spec(spec, arrays).transform(images)) == 21
    copy.write_bytes(b"another model")
    with pytest.raises(ModelError, match="not the file that these features were made with"):
        from_spec(spec, arrays).transform(images)


WRONG = {
    "no output 'logits'": {"output": "logits"},
    "does not run on images of shape": {"size": 4},
    "size must be": {"size": 0.5},
    "resize must be one of": {"resize": "pad"},
    "channels must be one of": {"channels": "xyz"},
    "layout must be one of": {"layout": "hwc"},
    "pool must be one of": {"pool": "max"},
    "mean must be one number, or 3": {"mean": (1.0, 2.0)},
    "std must be above 0": {"std": 0.0},
}


@pytest.mark.parametrize("message", WRONG)
def test_settings_that_do_not_fit_are_refused(path, images, message):
    with pytest.raises(InputError, match=message):
        ONNX(path, **WRONG[message]).fit(images)


def test_a_file_that_is_no_model_is_refused(tmp_path, images):
    (tmp_path / "no.onnx").write_bytes(b"no model")
    with pytest.raises(InputError, match="cannot be opened as an ONNX model"):
        ONNX(str(tmp_path / "no.onnx")).fit(images)
    with pytest.raises(InputError, match="cannot be read"):
        ONNX(str(tmp_path / "nowhere.onnx")).fit(images)


def test_a_file_without_end_is_refused(images):
    with pytest.raises(InputError, match="is not a file"):
        ONNX(os.devnull).fit(images)


def test_a_file_that_is_too_large_is_refused_unread(path, images, monkeypatch):
    monkeypatch.setattr(module, "_MOST_BYTES", 100)
    with pytest.raises(InputError, match="at most 100 can be used"):
        ONNX(path).fit(images)


@pytest.mark.parametrize("place", ["weights.bin", "../models/weights.bin"])
def test_a_model_cannot_make_us_open_files_for_its_weights(
    tmp_path, path, images, monkeypatch, place
):
    import onnx

    folder = tmp_path / "models"
    folder.mkdir()
    monkeypatch.chdir(folder)
    model = onnx.load(path)
    onnx.save(model, "m.onnx", save_as_external_data=True, location="weights.bin", size_threshold=0)
    model = onnx.load("m.onnx", load_external_data=False)
    for entry in model.graph.initializer[0].external_data:
        if entry.key == "location":
            entry.value = place
    (folder / "m.onnx").write_bytes(model.SerializeToString())
    with pytest.raises(InputError, match="must be joined to it"):
        ONNX("m.onnx").fit(images)


def test_an_output_that_is_not_finite_is_an_error(path, images):
    extractor = ONNX(path, scale=1e36).fit(images)
    with pytest.raises(InputError, match=r"gave .* in column"):
        extractor.rows(list(images))


def test_without_onnxruntime_the_error_names_the_extra(path, images, monkeypatch):
    def missing(name):
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(MissingExtraError, match=r"kmosaic\[onnx\]"):
        ONNX(path).fit(images)
