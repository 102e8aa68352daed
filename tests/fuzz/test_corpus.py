"""All bytes that fuzzing found worth keeping: only documented errors come of them.

What fuzzing looks for, and how, stands in targets.py; `make fuzz` looks for more.
"""

from __future__ import annotations

import random
import tracemalloc
from pathlib import Path

import pytest
from tests.fuzz.model_of_bytes import changed
from tests.fuzz.targets import TARGETS

CORPUS = Path(__file__).parent / "corpus"
INPUTS = sorted(CORPUS.glob("*/*"))


def name_of(file: Path) -> str:
    return file.relative_to(CORPUS).as_posix()


def kept(target):
    return [file.read_bytes() for file in INPUTS if file.parent.name == target]


@pytest.fixture
def little_memory():
    """No more than so many bytes at any time, whatever a header claims."""
    tracemalloc.start()
    yield
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 64 * 2**20


@pytest.mark.usefixtures("little_memory")
@pytest.mark.parametrize("file", INPUTS, ids=name_of)
def test_kept_bytes_do_no_harm(file):
    TARGETS[file.parent.name](file.read_bytes())


@pytest.mark.parametrize("target", TARGETS)
def test_bytes_changed_at_random_do_no_harm(target):
    chance = random.Random(0)
    for whole in kept(target):
        for _ in range(3):
            data = bytearray(whole)
            for _ in range(chance.choice([1, 2, 8])):
                if data:
                    data[chance.randrange(len(data))] = chance.choice([0, 1, 127, 128, 255])
            TARGETS[target](
                bytes(data[: chance.choice([len(data), chance.randrange(len(data) + 1)])])
            )


def test_models_with_another_value_in_them_do_no_harm():
    for whole in kept("model"):
        for seed in range(8):
            data = changed(whole, seed)
            if data is not None:
                TARGETS["model"](data)


def test_the_corpus_is_small_and_every_target_has_one():
    assert {file.parent.name for file in INPUTS} == set(TARGETS)
    assert sum(file.stat().st_size for file in INPUTS) < 200_000
