"""The files of a saved model: each checked before it is believed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from kmosaic._errors import InputError, ModelError
from kmosaic._store import model_folder
from kmosaic._store.layout import Layout, Parts
from kmosaic._store.model_folder import holding_together, read_parts, write_parts
from kmosaic._store.whole_folder import whole_folder

LAYOUT = Layout(
    format="kmosaic model",
    version=1,
    facts={"n_clusters": int, "names": dict, "extractor": dict, "settings": dict},
    files=("centers.safetensors", "features.safetensors"),
)
OTHER = Layout("kmosaic other", 1, {"kind": str}, ("arrays.safetensors",))
CENTERS = {
    "centers": np.array([[0.5, 1.0], [2.0, 3.0], [4.0, 5.0]], np.float32),
    "owners": np.array([0, 1, 1], np.int32),
}
LEARNED = {
    "mean": np.arange(6.0).reshape(2, 3).T,  # lies in memory in another order
    "flag": np.array(True),
    "empty": np.empty((0, 3), np.float32),
    "bytes": np.arange(5, dtype=np.uint8),
}
FACTS = {
    "n_clusters": 2,
    "names": {"names": ["Größe", "dogs"], "source": "labels", "named": [True, True]},
    "extractor": {"kind": "Pixels", "params": {"size": 8}, "learned": {}},
    "settings": {"seed": 0, "tol": 1e-4, "source": "caf\udce9", "nothing": None},
}


def write(folder, facts=FACTS, centers=CENTERS, features=LEARNED):
    arrays = {"centers.safetensors": centers, "features.safetensors": features}
    write_parts(Parts(LAYOUT, facts, arrays), folder)


def read(folder):
    return read_parts(folder, LAYOUT)


@pytest.fixture
def folder(tmp_path):
    write(tmp_path / "model")
    return tmp_path / "model"


def change_card(folder, change, *, reseal=True):
    """Change model.json as somebody would who knows how the checksum is made."""
    path = folder / "model.json"
    card = json.loads(path.read_text())
    change(card)
    if reseal:
        rest = {key: value for key, value in card.items() if key != "checksum"}
        text = json.dumps(rest, sort_keys=True).encode()
        card["checksum"] = hashlib.sha256(text).hexdigest()
    path.write_text(json.dumps(card))


def test_what_is_written_reads_back(folder):
    parts = read(folder)
    assert parts.facts == FACTS
    for name, given in (("centers", CENTERS), ("features", LEARNED)):
        found = parts.arrays[f"{name}.safetensors"]
        assert set(found) == set(given)
        for name, array in given.items():
            np.testing.assert_array_equal(found[name], array)
            assert (found[name].dtype, found[name].shape) == (array.dtype, array.shape)
            assert found[name].flags.writeable


def test_a_model_is_three_files_of_data_and_the_mark(folder):
    assert sorted(path.name for path in folder.iterdir()) == [
        ".kmosaic",
        "centers.safetensors",
        "features.safetensors",
        "model.json",
    ]
    card = json.loads((folder / "model.json").read_text())
    assert card["version"] == 1
    for name, seal in card["files"].items():
        content = (folder / name).read_bytes()
        assert seal == {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def test_an_extractor_that_learned_nothing_can_be_saved(tmp_path):
    write(tmp_path / "m", features={})
    assert read(tmp_path / "m").arrays["features.safetensors"] == {}


def test_the_layout_of_the_json_does_not_matter_to_its_checksum(folder):
    path = folder / "model.json"
    path.write_text(json.dumps(dict(reversed(json.loads(path.read_text()).items())), indent=3))
    assert read(folder).facts == FACTS


def test_plain_values_of_numpy_and_paths_are_taken(tmp_path):
    facts = FACTS | {"settings": {"k": np.int64(3), "tol": np.float32(0.5), "at": Path("a/b")}}
    write(tmp_path / "m", facts)
    assert read(tmp_path / "m").facts["settings"] == {"k": 3, "tol": 0.5, "at": "a/b"}


@pytest.mark.parametrize("value", [object(), float("nan"), {1, 2}, print])
def test_what_is_no_plain_value_is_refused_when_saving(tmp_path, value):
    with pytest.raises(InputError, match="plain values only"):
        write(tmp_path / "m", FACTS | {"settings": {"x": value}})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["centers.safetensors", "features.safetensors", "model.json"])
def test_every_changed_byte_is_noticed(folder, name):
    path = folder / name
    content = path.read_bytes()
    for place in range(0, len(content), max(1, len(content) // 40)):
        changed = bytes([content[place] ^ 1])
        path.write_bytes(content[:place] + changed + content[place + 1 :])
        if name == "model.json" and not (content[place : place + 1] + changed).strip():
            continue  # one kind of blank for another
        with pytest.raises(ModelError):
            read(folder)


@pytest.mark.parametrize("name", ["centers.safetensors", "features.safetensors", "model.json"])
@pytest.mark.parametrize("damage", ["cut", "empty", "longer", "gone", "folder"])
def test_damage_is_told_with_the_file_and_the_cure(folder, name, damage):
    path = folder / name
    content = path.read_bytes()
    path.unlink()
    if damage == "folder":
        path.mkdir()
    elif damage != "gone":
        path.write_bytes({"cut": content[:-9], "empty": b"", "longer": content + b"0"}[damage])
    with pytest.raises(ModelError, match=f"{name}.*Get the model again"):
        read(folder)


def test_files_of_two_models_do_not_mix(folder, tmp_path):
    others = {**CENTERS, "centers": CENTERS["centers"] + 1}
    write(tmp_path / "other", centers=others)
    shutil.copy(tmp_path / "other" / "centers.safetensors", folder)
    with pytest.raises(ModelError, match=r"centers\.safetensors is damaged or was changed"):
        read(folder)


def test_a_changed_name_is_noticed(folder):
    change_card(folder, lambda card: card["names"]["names"].reverse(), reseal=False)
    with pytest.raises(ModelError, match="was changed after it was written"):
        read(folder)


@pytest.mark.parametrize(
    ("version", "cure"),
    [(2, "pip install --upgrade kmosaic"), (0, "make it again"), ("1", "again"), (True, "again")],
)
def test_another_version_is_an_error_that_says_what_to_do(folder, version, cure):
    change_card(folder, lambda card: card.update(version=version, news="from later"))
    with pytest.raises(ModelError, match=f"of version {version!r}.*{cure}"):
        read(folder)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda card: card.update(run="rm -rf /"), "'run' is unknown"),
        (lambda card: card.pop("settings"), "'settings' is missing"),
        (lambda card: card.update(format="pickle"), "does not describe a kmosaic model"),
        (lambda card: card.update(n_clusters="2"), "'n_clusters' is not of the kind int"),
        (lambda card: card.update(n_clusters=True), "'n_clusters' is not of the kind int"),
        (lambda card: card.update(names=["a", "b"]), "'names' is not of the kind dict"),
        (lambda card: card.update(files=[]), "'files' must list"),
        (lambda card: card["files"].pop("centers.safetensors"), "'files' must list"),
        (
            lambda card: card["files"].update({"../../secret": {"bytes": 1, "sha256": ""}}),
            "'files' must list",
        ),
        (lambda card: card["files"].update({"centers.safetensors": None}), "checksum differs"),
    ],
)
def test_a_card_that_says_other_things_is_refused(folder, change, message):
    change_card(folder, change)
    with pytest.raises(ModelError, match=message):
        read(folder)


@pytest.mark.parametrize(
    "text",
    [
        b"not json",
        b"[]",
        b"null",
        b"\xff\xfe\x00",
        b"[" * 200_000,
        b'{"a":' * 200_000,
        b'{"format": "kmosaic model", "format": "kmosaic model"}',
        b'{"format": "kmosaic model", "version": NaN}',
        b'{"format": "kmosaic model", "version": ' + b"9" * 10_000 + b"}",
    ],
)
def test_a_card_that_is_no_sound_json_is_refused(folder, text):
    (folder / "model.json").write_bytes(text)
    with pytest.raises(ModelError, match=r"model\.json"):
        read(folder)


def test_a_file_that_is_no_safetensors_is_refused_even_with_the_right_checksum(folder):
    for content in (b"", b"\x80\x04K\x01.", b"\xff" * 64, b"\x00" * 8):
        (folder / "features.safetensors").write_bytes(content)
        seal = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        change_card(folder, lambda card, s=seal: card["files"].update({"features.safetensors": s}))
        with pytest.raises(ModelError, match="is no safetensors file"):
            read(folder)


def test_a_file_too_large_to_be_true_is_not_read(folder, monkeypatch):
    monkeypatch.setattr(model_folder, "_LARGEST_FILE", 10)
    with pytest.raises(ModelError, match="over the limit of 10"):
        read(folder)
    monkeypatch.setattr(model_folder, "_LONGEST_JSON", 10)
    with pytest.raises(ModelError, match=r"model\.json has .* over the limit of 10"):
        read(folder)


@pytest.mark.parametrize("limit", ["_LONGEST_JSON", "_LARGEST_FILE"])
def test_what_could_not_be_read_again_is_not_written(tmp_path, monkeypatch, limit):
    monkeypatch.setattr(model_folder, limit, 10)
    with pytest.raises(InputError, match=r"too large to save: .* would be over 10 bytes"):
        write(tmp_path / "m")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_in_the_place_of_a_file_does_not_hang(folder):
    (folder / "model.json").unlink()
    os.mkfifo(folder / "model.json")
    with pytest.raises(ModelError, match="missing"):
        read(folder)


def test_a_file_that_may_not_be_read_is_told(folder, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(ModelError, match="cannot be read: Permission denied"):
        read(folder)


def test_the_folder_of_results_leads_to_the_model_in_it(folder):
    with pytest.raises(ModelError, match=r"holds one: use .*model"):
        read(folder.parent)


def test_a_missing_folder_or_a_file_is_told(tmp_path):
    with pytest.raises(ModelError, match="no model folder"):
        read(tmp_path / "none")
    with pytest.raises(ModelError, match=r"model\.json is missing"):
        read(tmp_path)


def test_a_model_of_another_kind_is_told_by_its_name(folder):
    with pytest.raises(ModelError, match=r"holds a 'kmosaic model', not a 'kmosaic other'.*load"):
        read_parts(folder, OTHER)
    assert read_parts(folder, OTHER, LAYOUT).layout is LAYOUT


def test_a_kind_of_a_later_kmosaic_asks_for_an_update(folder):
    with pytest.raises(ModelError, match="Update kmosaic"):
        read_parts(folder, OTHER, OTHER)


def test_saving_again_replaces_and_another_folder_is_refused(folder, tmp_path):
    write(folder, FACTS | {"settings": {}})
    assert read(folder).facts["settings"] == {}
    (tmp_path / "mine").mkdir()
    with pytest.raises(InputError, match="was not made by kmosaic"):
        write(tmp_path / "mine")


def test_a_folder_of_results_is_not_replaced_by_a_model(tmp_path):
    with whole_folder(tmp_path / "groups") as groups:
        (groups / "report.html").write_text("mine")
    with pytest.raises(InputError, match="holds no model to replace"):
        write(tmp_path / "groups")
    assert (tmp_path / "groups" / "report.html").read_text() == "mine"


def test_the_home_folder_is_known_by_its_short_name(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    write("~/m")
    assert read("~/m").facts == FACTS
    write("~/m")


def test_what_goes_wrong_when_parts_are_put_together_is_a_model_error(tmp_path):
    with (
        pytest.raises(ModelError, match="does not hold together: 'centers'"),
        holding_together(tmp_path),
    ):
        raise KeyError("centers")
