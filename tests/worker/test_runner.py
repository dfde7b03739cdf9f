"""The runner: the newest request of a lane wins, and whatever happens is told on the thread that asked."""

import threading
import time

import pytest
from PySide6.QtWidgets import QApplication
from waiting import HANGS

from convgui.engine.strategies.tiles import Cancelled
from convgui.worker.runner import Runner


class Asker:
    """Notes what the runner tells, and on which thread."""

    def __init__(self, runner):
        self.runner = runner
        self.done, self.failed, self.parts, self.threads = [], [], [], set()

    def ask(self, request, lane="map", **options):
        self.runner.submit(lane, request, self._note(self.done), self._note(self.failed), self._note(self.parts), **options)

    def _note(self, notes):
        def note(what):
            notes.append(what)
            self.threads.add(threading.current_thread())

        return note


class Slow:
    """A request that runs until it may end, or until it is cancelled."""

    def __init__(self, result):
        self.result, self.begun, self.may_end, self.stopped = result, threading.Event(), threading.Event(), False

    def __call__(self, token):
        self.begun.set()
        while not self.may_end.wait(0.002):
            if token.cancelled():
                self.stopped = True
                raise Cancelled
        return self.result


@pytest.fixture
def runner(qapp):
    runner = Runner()
    yield runner
    runner.close()


@pytest.fixture
def asker(runner):
    return Asker(runner)


def rest(runner, qtbot):
    """Wait until nothing is under way and everything has been told."""
    qtbot.waitUntil(lambda: not runner.busy())
    QApplication.processEvents()


def test_a_result_arrives_on_the_thread_that_asked(runner, asker, qtbot):
    where = []
    asker.ask(lambda token: where.append(threading.current_thread()) or 42)
    assert runner.busy("map")
    rest(runner, qtbot)
    assert asker.done == [42]
    assert asker.failed == []
    assert asker.threads == {threading.current_thread()}
    assert where[0] is not threading.current_thread()
    assert not runner.busy("map")


def test_nothing_arrives_before_the_event_loop_runs(runner, asker, qtbot):
    done = threading.Event()
    asker.ask(lambda token: done.set())
    assert done.wait(HANGS)
    time.sleep(0.02)
    assert asker.done == []
    rest(runner, qtbot)
    assert asker.done == [None]


def test_the_newest_request_wins_and_the_running_one_is_stopped(runner, asker, qtbot):
    old = Slow("old")
    asker.ask(old)
    assert old.begun.wait(HANGS)
    asker.ask(lambda token: "new")
    rest(runner, qtbot)
    assert asker.done == ["new"]
    assert asker.failed == []
    assert old.stopped


def test_requests_that_wait_are_skipped(runner, asker, qtbot):
    begun, go, ran = threading.Event(), threading.Event(), []
    asker.ask(lambda token: begun.set() or go.wait(HANGS))
    assert begun.wait(HANGS)
    for number in range(50):
        asker.ask(lambda token, number=number: ran.append(number) or number)
    go.set()
    rest(runner, qtbot)
    assert asker.done == ran == [49]


def test_a_result_that_comes_too_late_is_dropped(runner, asker, qtbot):
    """A request that does not look whether it is wanted ends, but nobody hears of it."""
    begun, go = threading.Event(), threading.Event()
    asker.ask(lambda token: begun.set() or (go.wait(HANGS) and "late"))
    assert begun.wait(HANGS)
    asker.ask(lambda token: "new")
    go.set()
    rest(runner, qtbot)
    assert asker.done == ["new"]


def test_a_failure_that_comes_too_late_is_dropped(runner, asker, qtbot):
    begun, go = threading.Event(), threading.Event()

    def fail(token):
        begun.set()
        go.wait(HANGS)
        raise ValueError("late")

    asker.ask(fail)
    assert begun.wait(HANGS)
    asker.ask(lambda token: "new")
    go.set()
    rest(runner, qtbot)
    assert (asker.done, asker.failed) == (["new"], [])


def test_lanes_do_not_disturb_each_other(runner, asker, qtbot):
    slow = Slow("map")
    asker.ask(slow)
    assert slow.begun.wait(HANGS)
    asker.ask(lambda token: "picture", lane="input")
    qtbot.waitUntil(lambda: asker.done == ["picture"])
    assert runner.busy("map")
    assert not runner.busy("input")
    assert runner.busy()
    slow.may_end.set()
    rest(runner, qtbot)
    assert asker.done == ["picture", "map"]


@pytest.mark.parametrize("error", [ValueError("does not fit"), MemoryError(), KeyError("x")])
def test_a_failure_is_reported_and_the_lane_goes_on(runner, asker, qtbot, error):
    def fail(token):
        raise error

    asker.ask(fail)
    rest(runner, qtbot)
    assert asker.failed == [error]
    assert asker.done == []
    asker.ask(lambda token: "next")
    rest(runner, qtbot)
    assert asker.done == ["next"]


# cancel


def test_cancel_stops_what_runs_and_delivers_nothing(runner, asker, qtbot):
    slow = Slow("never")
    asker.ask(slow)
    assert slow.begun.wait(HANGS)
    runner.cancel("map")
    assert not runner.busy()
    qtbot.waitUntil(lambda: slow.stopped)
    qtbot.wait(20)
    assert (asker.done, asker.failed) == ([], [])


def test_cancel_forgets_what_waits(runner, asker, qtbot):
    slow, ran = Slow("never"), []
    asker.ask(slow)
    assert slow.begun.wait(HANGS)
    asker.ask(lambda token: ran.append(1), patience=60)
    runner.cancel("map")
    qtbot.waitUntil(lambda: slow.stopped)
    qtbot.wait(20)
    assert ran == []
    assert asker.done == []


def test_cancel_drops_a_result_that_is_on_its_way(runner, asker, qtbot):
    ended = threading.Event()
    asker.ask(lambda token: ended.set() or "result")
    assert ended.wait(HANGS)
    time.sleep(0.02)
    runner.cancel("map")
    qtbot.wait(20)
    assert asker.done == []


def test_after_cancel_the_lane_serves_again(runner, asker, qtbot):
    slow = Slow("never")
    asker.ask(slow)
    assert slow.begun.wait(HANGS)
    runner.cancel("map")
    asker.ask(lambda token: "next")
    rest(runner, qtbot)
    assert asker.done == ["next"]


def test_to_cancel_a_lane_that_never_ran_is_nothing(runner, asker, qtbot):
    runner.cancel("map")
    asker.ask(lambda token: 1)
    rest(runner, qtbot)
    assert asker.done == [1]


# progress


def test_progress_is_monotone_and_comes_before_the_result(runner, qtbot):
    told = []

    def request(token):
        for part in range(1, 21):
            token.progress(part / 20)
            time.sleep(0.002)
        return "done"

    runner.submit("map", request, told.append, told.append, told.append)
    rest(runner, qtbot)
    assert told[-1] == "done"
    parts = told[:-1]
    assert parts
    assert parts == sorted(parts)
    assert all(0 < part <= 1 for part in parts)


def test_progress_of_a_request_that_was_replaced_is_not_told(runner, asker, qtbot):
    begun, go = threading.Event(), threading.Event()

    def old(token):
        begun.set()
        go.wait(HANGS)
        token.progress(0.9)
        time.sleep(0.02)
        return "old"

    asker.ask(old)
    assert begun.wait(HANGS)
    asker.ask(lambda token: "new")
    go.set()
    rest(runner, qtbot)
    assert 0.9 not in asker.parts
    assert asker.done == ["new"]


# patience


def test_with_patience_an_older_request_may_finish_and_is_shown(runner, asker, qtbot):
    old = Slow("old")
    asker.ask(old)
    assert old.begun.wait(HANGS)
    asker.ask(lambda token: "new", patience=60)
    old.may_end.set()
    rest(runner, qtbot)
    assert not old.stopped
    assert asker.done[-1] == "new"
    assert asker.done in (["old", "new"], ["new"])


def test_patience_has_an_end(runner, asker, qtbot):
    old = Slow("old")
    asker.ask(old)
    assert old.begun.wait(HANGS)
    time.sleep(0.03)
    asker.ask(lambda token: "new", patience=0.02)
    rest(runner, qtbot)
    assert old.stopped
    assert asker.done == ["new"]


def test_a_drag_with_patience_shows_something_on_its_way(runner, asker, qtbot):
    """Requests that come quicker than they can be served are served now and then, and the last one always."""
    requests = [Slow(number) for number in range(30)]
    for number, request in enumerate(requests):
        asker.ask(request, patience=HANGS)
        if number % 6 == 5:  # the one that runs ends after six more have come
            qtbot.waitUntil(lambda: any(r.begun.is_set() and not r.may_end.is_set() for r in requests))
            running = next(r for r in requests if r.begun.is_set() and not r.may_end.is_set())
            running.may_end.set()
            qtbot.waitUntil(lambda running=running: running.result in asker.done)
    for request in requests:
        request.may_end.set()
    rest(runner, qtbot)
    assert asker.done[-1] == 29
    assert len(asker.done) > 3
    assert asker.done == sorted(asker.done)
    assert not any(request.stopped for request in requests)


# the end


def lane_threads():
    return [thread for thread in threading.enumerate() if thread.name in ("convgui-map", "convgui-input")]


def test_close_while_something_runs_ends_the_threads(runner, asker, qtbot):
    requests = Slow("a"), Slow("b")
    asker.ask(requests[0])
    asker.ask(requests[1], lane="input")
    for request in requests:
        assert request.begun.wait(HANGS)
    assert len(lane_threads()) == 2
    runner.close()
    assert lane_threads() == []
    qtbot.wait(20)
    assert (asker.done, asker.failed) == ([], [])
    assert all(request.stopped for request in requests)


def test_after_close_nothing_is_taken_on(runner, asker, qtbot):
    runner.close()
    asker.ask(lambda token: 1)
    qtbot.wait(20)
    assert asker.done == []
    assert lane_threads() == []
    runner.close()


def test_close_without_any_request(runner):
    runner.close()
    assert not runner.busy()
