"""Arrays kept between runs."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from kmosaic.features.cache import Cache, cache_folder

ARRAYS = {"X": np.arange(12.0, dtype=np.float32).reshape(3, 4), "none": np.zeros((0, 2))}


@pytest.fixture
def cache(tmp_path) -> Cache:
    return Cache(tmp_path / "cache")


def entries(cache: Cache) -> list[str]:
    return sorted(path.name for path in cache.folder.iterdir())


def test_what_was_put_comes_back(cache):
    cache.put("a", {"n": [1, "two"]}, ARRAYS)
    facts, arrays = cache.get("a")
    assert facts == {"n": [1, "two"]}
    for name, array in ARRAYS.items():
        assert_array_equal(arrays[name], array)
        assert arrays[name].dtype == array.dtype


def test_what_was_not_put_is_none(cache):
    assert cache.get("a") is None


def test_nothing_but_the_entry_stays(cache):
    cache.put("a", {}, ARRAYS)
    assert entries(cache) == ["a.safetensors"]


DAMAGES = {
    "cut off": lambda data: data[: len(data) // 2],
    "empty": lambda data: b"",
    "a bit flipped": lambda data: data[:-1] + bytes([data[-1] ^ 1]),
    "another file": lambda data: b"hello" * 99,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_entry_is_as_good_as_none(cache, damage):
    cache.put("a", {}, {"X": np.ones(100)})
    path = cache.folder / "a.safetensors"
    path.write_bytes(DAMAGES[damage](path.read_bytes()))
    assert cache.get("a") is None
    cache.put("a", {}, {"X": np.ones(100)})
    assert cache.get("a") is not None


def test_the_least_recently_used_entries_are_removed(tmp_path):
    cache = Cache(tmp_path, most_bytes=10_000)
    for age, key in ((30, "a"), (20, "b"), (10, "c")):
        cache.put(key, {}, {"X": np.zeros(350)})  # 2,800 bytes, and a header
        path = tmp_path / f"{key}.safetensors"
        past = path.stat().st_mtime - age
        os.utime(path, (past, past))
    assert cache.get("a") is not None  # now it is the one used last
    cache.put("d", {}, {"X": np.zeros(350)})
    assert entries(cache) == ["a.safetensors", "c.safetensors", "d.safetensors"]


def test_an_entry_larger_than_all_the_room_is_not_kept(tmp_path):
    cache = Cache(tmp_path / "cache", most_bytes=100)
    cache.put("a", {}, {"X": np.zeros(350)})
    assert cache.get("a") is None
    assert not cache.folder.exists()


def test_a_folder_that_cannot_be_made_keeps_nothing(tmp_path):
    (tmp_path / "file").write_text("in the way")
    cache = Cache(tmp_path / "file" / "cache")
    cache.put("a", {}, ARRAYS)
    assert cache.get("a") is None


def test_a_full_disk_keeps_nothing(cache, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kmosaic.features.cache.save_file", full)
    cache.put("a", {}, ARRAYS)
    assert cache.get("a") is None
    assert entries(cache) == []


def test_half_written_files_are_cleared_when_they_are_old(cache):
    cache.put("a", {}, ARRAYS)
    for name, age in ((".old.part", 200_000), (".new.part", 0)):
        path = cache.folder / name
        path.write_bytes(b"half")
        past = path.stat().st_mtime - age
        os.utime(path, (past, past))
    cache.put("b", {}, ARRAYS)
    assert entries(cache) == [".new.part", "a.safetensors", "b.safetensors"]


def test_keys_tell_their_parts_apart():
    assert Cache.key("a", 1) == Cache.key("a", 1)
    assert len({Cache.key("a", 1), Cache.key("a", 2), Cache.key("a1"), Cache.key(["a", 1])}) == 4


def test_the_folder_is_taken_from_the_environment(monkeypatch):
    monkeypatch.setenv("KMOSAIC_CACHE", "~/somewhere")
    assert cache_folder() == Path.home() / "somewhere"
    monkeypatch.delenv("KMOSAIC_CACHE")
    assert cache_folder().name == "kmosaic"
