"""The runner: newest wins, failures are told, what is cancelled stays silent, closing ends all threads."""

import threading
import time

import pytest

from convgui.engine.tiles import Cancelled
from convgui.worker.runner import Runner


@pytest.fixture
def runner(qapp):
    found = Runner()
    yield found
    found.close()


class Inbox:
    def __init__(self):
        self.results, self.faults, self.parts, self.threads = [], [], [], []

    def done(self, result):
        self.results.append(result)
        self.threads.append(threading.current_thread())

    def failed(self, error):
        self.faults.append(error)

    def submit(self, runner, request, lane="screen", **more):
        runner.submit(lane, request, self.done, self.failed, self.parts.append, **more)


def waiting(until):
    """Return a request that runs until an event is set or nobody wants it."""

    def request(token):
        while not until.wait(0.002):
            if token.cancelled():
                raise Cancelled
        return "slow"

    return request


def test_a_result_arrives_on_the_thread_that_asked(runner, qtbot):
    inbox = Inbox()
    inbox.submit(runner, lambda token: threading.current_thread().name)
    assert runner.busy("screen")
    qtbot.waitUntil(lambda: bool(inbox.results))
    assert inbox.results == ["convgui-screen"]
    assert inbox.threads == [threading.main_thread()]
    assert not runner.busy()


def test_the_newest_wins(runner, qtbot):
    inbox, never = Inbox(), threading.Event()
    for _ in range(5):
        inbox.submit(runner, waiting(never))
    inbox.submit(runner, lambda token: "new")
    qtbot.waitUntil(lambda: bool(inbox.results))
    qtbot.wait(30)
    assert inbox.results == ["new"] and not inbox.faults


def test_with_patience_an_older_one_may_finish(runner, qtbot):
    inbox, first, second = Inbox(), threading.Event(), threading.Event()
    inbox.submit(runner, waiting(first), patience=5.0)
    qtbot.wait(20)
    inbox.submit(runner, waiting(second), patience=5.0)
    first.set()
    qtbot.waitUntil(lambda: inbox.results == ["slow"])
    second.set()
    qtbot.waitUntil(lambda: inbox.results == ["slow", "slow"])


def test_lanes_do_not_disturb_each_other(runner, qtbot):
    inbox, let_go = Inbox(), threading.Event()
    inbox.submit(runner, waiting(let_go), lane="rest")
    inbox.submit(runner, lambda token: "screen")
    qtbot.waitUntil(lambda: inbox.results == ["screen"])
    assert runner.busy("rest") and not runner.busy("screen")
    let_go.set()
    qtbot.waitUntil(lambda: inbox.results == ["screen", "slow"])


def test_a_fault_is_told_and_the_lane_goes_on(runner, qtbot):
    inbox = Inbox()

    def fail(token):
        raise ValueError("no such thing")

    inbox.submit(runner, fail)
    qtbot.waitUntil(lambda: bool(inbox.faults))
    assert str(inbox.faults[0]) == "no such thing"
    inbox.submit(runner, lambda token: 7)
    qtbot.waitUntil(lambda: inbox.results == [7])


def test_cancel_is_silent_and_quick(runner, qtbot):
    inbox, never = Inbox(), threading.Event()
    inbox.submit(runner, waiting(never))
    qtbot.wait(10)
    runner.cancel("screen")
    assert not runner.busy()
    qtbot.wait(50)
    assert not inbox.results and not inbox.faults


def test_progress_rises(runner, qtbot):
    inbox = Inbox()

    def request(token):
        for k in range(20):
            token.progress(k / 20)
            time.sleep(0.002)
        return "done"

    inbox.submit(runner, request)
    qtbot.waitUntil(lambda: bool(inbox.results))
    assert inbox.parts == sorted(inbox.parts) and inbox.parts


def test_unread_results_do_not_pile_up(runner, qtbot):
    inbox = Inbox()
    for k in range(50):
        inbox.submit(runner, lambda token, k=k: k)
        time.sleep(0.002)
    qtbot.waitUntil(lambda: bool(inbox.results) and inbox.results[-1] == 49)
    assert len(inbox.results) <= 2


def test_closing_ends_what_runs(qtbot):
    runner, inbox, never = Runner(), Inbox(), threading.Event()
    for lane in ("screen", "rest", "open"):
        inbox.submit(runner, waiting(never), lane=lane)
    begun = time.monotonic()
    runner.close()
    assert time.monotonic() - begun < 1
    assert not [t for t in threading.enumerate() if t.name.startswith(("convgui-screen", "convgui-rest", "convgui-open"))]
    inbox.submit(runner, lambda token: 1)
    qtbot.wait(20)
    assert not inbox.results
