"""Ctrl+C may come at any step: what is computed after it is right, and nothing waits for ever. A fork has helpers, too."""

import multiprocessing
import subprocess
import sys
import threading

import numpy as np
import pytest
from waiting import HANGS

import convgui
from convgui.engine.strategies import helpers, tiles
from convgui.engine.strategies.helpers import Helpers

pytestmark = pytest.mark.usefixtures("compiled")


@pytest.fixture
def four_cores(monkeypatch):
    """Compute as on a machine with four cores."""
    monkeypatch.setattr(tiles, "cores", lambda: 4)
    tiles._pool.cache_clear()
    yield
    tiles._pool.cache_clear()


def pictures():
    random = np.random.default_rng(0)
    weights = random.standard_normal((9, 9))
    return weights, [random.standard_normal((1500, 1500)).astype(np.float32) for _ in range(2)]


def test_a_call_after_one_that_ctrl_c_ended_is_right(four_cores, monkeypatch):
    """Helpers may outlast the call; what they write to is nobody else's."""
    weights, (first, second) = pictures()
    expected, end, pending = convgui.conv2d(second, weights), helpers.Task.end, []

    def interrupted(task):
        if pending:
            pending.clear()
            raise KeyboardInterrupt
        end(task)

    monkeypatch.setattr(helpers.Task, "end", interrupted)
    for _ in range(60):
        pending.append(True)
        with pytest.raises(KeyboardInterrupt):
            convgui.conv2d(first, weights)
        assert np.array_equal(convgui.conv2d(second, weights), expected)


INTERRUPTED = """
import signal, sys, numpy as np, convgui
from convgui.engine.strategies import jit, tiles
jit.load()
tiles.cores = lambda: int(sys.argv[1])
x, weights = np.random.default_rng(0).standard_normal((700, 700)).astype(np.float32), np.ones((9, 9))
activation = sys.argv[2] or None
expected = convgui.conv2d(x, weights, activation=activation)

armed = []

def handler(*_):
    if armed:
        raise KeyboardInterrupt

signal.signal(signal.SIGALRM, handler)
random = np.random.default_rng(1)
for _ in range(150):
    try:
        armed.append(True)
        signal.setitimer(signal.ITIMER_REAL, random.uniform(1e-5, 6e-3), 1.0)  # again, as one in `__del__` is lost
        while True:
            convgui.conv2d(x, weights, activation=activation)
    except KeyboardInterrupt:
        armed.clear()
    signal.setitimer(signal.ITIMER_REAL, 0)
    assert np.array_equal(convgui.conv2d(x, weights, activation=activation), expected)
print("right")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no timer that sends a signal")
@pytest.mark.parametrize(("cores", "activation"), [(2, ""), (2, "relu"), (4, "")])
def test_interrupts_at_any_moment_leave_no_lock_and_no_wrong_number(cores, activation):
    command = [sys.executable, "-c", INTERRUPTED, str(cores), activation]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=HANGS, check=False)
    assert ended.stdout == "right\n", ended.stderr


def _in_a_child(queue, x, weights):
    queue.put([convgui.conv2d(x, weights, activation=activation).sum() for activation in (None, "relu")])
    queue.put(sum(thread.name.startswith("convgui-tile") for thread in threading.enumerate()))


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_child_computes_the_same_with_helpers_of_its_own(four_cores):
    weights, (x, _) = pictures()
    expected = [convgui.conv2d(x, weights, activation=activation).sum() for activation in (None, "relu")]
    fork = multiprocessing.get_context("fork")
    queue = fork.SimpleQueue()
    child = fork.Process(target=_in_a_child, args=(queue, x, weights))
    child.start()
    assert queue.get() == expected
    assert queue.get() >= 3
    child.join(HANGS)
    assert child.exitcode == 0


def test_where_no_thread_can_be_started_the_caller_does_it_alone(four_cores, monkeypatch):
    def start(thread):
        raise RuntimeError("can't start new thread")

    weights, (x, _) = pictures()
    expected = convgui.conv2d(x, weights, activation="relu")
    tiles._pool.cache_clear()
    monkeypatch.setattr(threading.Thread, "start", start)
    assert np.array_equal(convgui.conv2d(x, weights, activation="relu"), expected)


def test_a_task_that_nobody_waits_for_any_more_never_begins():
    held, begun = threading.Event(), []
    one = Helpers(1, "convgui-tile-test", lambda: None)
    first = one.begin(held.wait)
    second = one.begin(lambda: begun.append(True))
    second.end()
    held.set()
    first.end()
    one.begin(lambda: None).end()
    assert not begun and first.error is None


def test_what_fails_in_a_helper_is_told():
    begun = threading.Event()

    def fail():
        begun.set()
        raise ValueError("why")

    task = Helpers(1, "convgui-tile-test", lambda: None).begin(fail)
    begun.wait()
    task.end()
    assert str(task.error) == "why"
