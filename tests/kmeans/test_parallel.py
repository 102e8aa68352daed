"""The threads of the core: every block once, whoever does it."""

import multiprocessing
import threading

import numpy as np
import pytest

from kmosaic import _core


@pytest.mark.parametrize("threads", [1, 2, 3, 8, 64])
@pytest.mark.parametrize("blocks", [0, 1, 2, 7, 64, 1000])
def test_every_block_is_worked_on_once(threads, blocks):
    for _ in range(20):
        assert (_core.parallel_counts(threads, blocks, -1) == 1).all()


@pytest.mark.parametrize("threads", [1, 2, 8])
@pytest.mark.parametrize("bad", [0, 50, 99])
def test_a_failing_block_stops_the_work_and_is_heard_of(threads, bad):
    for _ in range(10):
        with pytest.raises(RuntimeError, match="a bad block"):
            _core.parallel_counts(threads, 100, bad)
    assert (_core.parallel_counts(threads, 100, -1) == 1).all()


def test_calls_from_several_threads_do_not_get_into_each_others_way():
    good = []

    def call():
        good.append(all((_core.parallel_counts(4, 200, -1) == 1).all() for _ in range(50)))

    callers = [threading.Thread(target=call) for _ in range(4)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert good == [True] * 4


def _all_once(queue):
    queue.put(bool((_core.parallel_counts(4, 100, -1) == 1).all()))


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork.*:DeprecationWarning")
def test_a_forked_child_starts_threads_of_its_own():
    if "fork" not in multiprocessing.get_all_start_methods():
        pytest.skip("this system does not fork")
    assert (_core.parallel_counts(4, 100, -1) == np.int32(1)).all()
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    child = context.Process(target=_all_once, args=(queue,))
    child.start()
    assert queue.get(timeout=30)
    child.join(timeout=30)
    assert child.exitcode == 0
