from __future__ import annotations

import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kmosaic.data.ahead import Allow, ReadAhead

LIMIT = 100  # bytes that may be begun and not handed out
BATCH = 40


class Meter:
    """Counts the bytes that are allowed and not handed out yet, as a reader would see them."""

    def __init__(self, sizes: list[int]) -> None:
        self.sizes, self.lock = sizes, threading.Lock()
        self.used = self.most = 0

    def work(self, piece: int, allow: Allow) -> tuple[int, int]:
        allow(self.sizes[piece])
        with self.lock:
            self.used += self.sizes[piece]
            self.most = max(self.most, self.used)
        time.sleep(0)
        return piece, self.sizes[piece]

    def handed_out(self, batch: list[int]) -> None:
        with self.lock:
            self.used -= sum(self.sizes[piece] for piece in batch)


@settings(deadline=None, max_examples=60)
@given(
    sizes=st.lists(st.integers(0, 150), max_size=60),
    most=st.integers(1, 9),
    threads=st.integers(1, 4),
)
def test_every_piece_comes_once_and_in_order(sizes: list[int], most: int, threads: int) -> None:
    meter = Meter(sizes)
    ahead = ReadAhead(
        meter.work, len(sizes), most=most, batch_bytes=BATCH, ahead_bytes=LIMIT, threads=threads
    )
    seen = []
    for batch in ahead:
        assert 1 <= len(batch) <= most
        meter.handed_out(batch)
        seen += batch
    assert seen == list(range(len(sizes)))


@settings(deadline=None, max_examples=60)
@given(sizes=st.lists(st.integers(1, 150), max_size=60), threads=st.integers(1, 4))
def test_bytes_ahead_stay_within_the_bound_or_one_batch_more(
    sizes: list[int], threads: int
) -> None:
    meter = Meter(sizes)
    for batch in ReadAhead(
        meter.work, len(sizes), batch_bytes=BATCH, ahead_bytes=LIMIT, threads=threads
    ):
        time.sleep(0.0005)  # a slow reader: workers run ahead as far as they may
        meter.handed_out(batch)
    one_batch = BATCH + max(sizes, default=0)
    assert meter.most <= LIMIT + one_batch + one_batch  # the second: the batch that we hold


@settings(deadline=None, max_examples=30)
@given(sizes=st.lists(st.integers(0, 90), min_size=1, max_size=40))
def test_where_batches_end_depends_on_the_pieces_alone(sizes: list[int]) -> None:
    def ends(threads: int) -> list[list[int]]:
        meter = Meter(sizes)
        return list(ReadAhead(meter.work, len(sizes), most=7, batch_bytes=BATCH, threads=threads))

    assert ends(1) == ends(4)


def test_pieces_larger_than_the_bound_still_come() -> None:
    meter = Meter([1000] * 5)
    batches = ReadAhead(meter.work, 5, batch_bytes=BATCH, ahead_bytes=LIMIT, threads=3)
    assert list(batches) == [[0], [1], [2], [3], [4]]


def test_an_error_in_a_worker_reaches_the_reader() -> None:
    def work(piece: int, allow: Allow) -> tuple[int, int]:
        if piece == 30:
            raise ZeroDivisionError("piece 30")
        return piece, 1

    with pytest.raises(ZeroDivisionError, match="piece 30"):
        list(ReadAhead(work, 100, most=4, threads=3))


def test_a_reader_that_stops_early_leaves_no_thread_behind() -> None:
    before = threading.active_count()
    batches = iter(ReadAhead(Meter([60] * 50).work, 50, most=2, ahead_bytes=LIMIT, threads=3))
    next(batches)
    batches.close()  # type: ignore[attr-defined]
    assert threading.active_count() == before


def test_nothing_to_read_is_no_batch() -> None:
    assert list(ReadAhead(Meter([]).work, 0)) == []
