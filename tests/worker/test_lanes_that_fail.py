"""A request may raise whatever it likes, or never end: its lane goes on, and somebody hears of it."""

from __future__ import annotations

import sys
import threading
from types import SimpleNamespace

import pytest
from PySide6.QtWidgets import QApplication
from waiting import HANGS

from convgui.engine.strategies.tiles import Cancelled
from convgui.worker.runner import Runner

SOON = 0.3


@pytest.fixture
def runner(qapp):
    runner = Runner(answer_seconds=SOON)
    runner.said = []
    runner.stalled.connect(lambda lane: runner.said.append(("stalled", lane)))
    runner.silent.connect(lambda lane: runner.said.append(("silent", lane)))
    yield runner
    runner.close()


@pytest.fixture
def told():
    return []


@pytest.fixture
def hang():
    """A request that hears nothing, until the test is over."""
    free, begun = threading.Event(), threading.Event()

    def request(token):
        begun.set()
        free.wait(HANGS)
        return "late"

    request.begun = begun
    yield request
    free.set()


def submit(runner, told, request, lane="open", **options):
    runner.submit(
        lane,
        request,
        done=lambda result: told.append(("done", result)),
        failed=lambda error: told.append(("failed", error)),
        part=lambda part: told.append(("part", part)),
        **options,
    )


def raiser(error):
    def request(token):
        raise error

    return request


def rest(runner, qtbot):
    qtbot.waitUntil(lambda: not runner.busy() and not runner.activity.busy())
    QApplication.processEvents()


@pytest.mark.parametrize(
    "error",
    [SystemExit(3), KeyboardInterrupt(), GeneratorExit(), BaseException("odd"), MemoryError(), RecursionError(), OSError()],
    ids=lambda error: type(error).__name__,
)
def test_whatever_a_request_raises_ends_it_and_not_its_lane(runner, told, qtbot, error):
    submit(runner, told, raiser(error))
    rest(runner, qtbot)
    submit(runner, told, lambda token: 42)
    rest(runner, qtbot)
    assert [kind for kind, _ in told] == ["failed", "done"]
    assert isinstance(told[0][1], Exception)
    assert isinstance(error, Exception) or type(error).__name__ in str(told[0][1])


def test_a_request_that_does_not_end_is_left_behind_for_the_next_one(runner, told, hang, qtbot):
    submit(runner, told, hang)
    assert hang.begun.wait(HANGS)
    submit(runner, told, lambda token: "next")
    rest(runner, qtbot)
    assert told == [("done", "next")]
    assert runner.said == [("stalled", "open")]


def test_what_it_returns_after_all_is_not_delivered(runner, told, qtbot):
    free, begun, ended = threading.Event(), threading.Event(), threading.Event()

    def request(token):
        begun.set()
        free.wait(HANGS)
        token.deliver("late part")
        ended.set()
        return "late"

    submit(runner, told, request)
    assert begun.wait(HANGS)
    runner.cancel("open")
    qtbot.waitUntil(lambda: runner.said == [("stalled", "open")])
    assert not runner.activity.busy() or not runner.busy()
    free.set()
    assert ended.wait(HANGS)
    rest(runner, qtbot)
    assert told == []


def test_one_that_gives_no_sign_of_life_is_told_of_and_goes_on(runner, told, qtbot):
    free = threading.Event()
    submit(runner, told, lambda token: free.wait(HANGS))
    qtbot.waitUntil(lambda: runner.said == [("silent", "open")])
    free.set()
    rest(runner, qtbot)
    assert told == [("done", True)]
    assert runner.said == [("silent", "open")]


def test_one_that_gives_signs_of_life_may_take_as_long_as_it_likes(runner, told, qtbot, monkeypatch):
    clock = [0.0]
    monkeypatch.setattr("convgui.worker.lane.time", SimpleNamespace(monotonic=lambda: clock[0]))
    pause = threading.Event()

    def request(token):
        for _ in range(40):
            clock[0] += SOON / 2
            pause.wait(SOON / 20)  # while the runner looks whether it is alive
            token.progress(0.5)
        return "done"

    submit(runner, told, request)
    rest(runner, qtbot)
    assert told == [("done", "done")] and runner.said == []


def test_requests_that_must_all_run_run_one_after_the_other(runner, told, qtbot):
    running = []

    def request(number):
        def run(token):
            running.append(number)
            assert len(running) == 1
            running.pop()
            return number

        return run

    for number in range(50):
        submit(runner, told, request(number), every=True)
    rest(runner, qtbot)
    assert told == [("done", number) for number in range(50)]


def test_all_is_not_quiet_while_an_end_is_on_its_way(runner, told, qtbot, monkeypatch):
    """The thread of a request may have to wait for its turn between the end of the request and the telling of it."""
    quiet, report = [], runner._report
    runner.activity.idle.connect(lambda: quiet.append(list(told)))

    def late(lane, job, kind, payload):
        if payload == "second":
            threading.Event().wait(0.1)
        report(lane, job, kind, payload)

    monkeypatch.setattr(runner, "_report", late)
    runner.submit("open", lambda token: "first", lambda _: submit(runner, told, lambda token: "second"), told.append)
    rest(runner, qtbot)
    assert quiet == [[("done", "second")]]


def test_parts_arrive_in_their_order_before_the_end(runner, told, qtbot):
    def request(token):
        for number in range(100):
            token.deliver(number)
        return "end"

    submit(runner, told, request)
    rest(runner, qtbot)
    assert told == [("part", number) for number in range(100)] + [("done", "end")]


def test_parts_of_a_cancelled_request_are_not_delivered(runner, told, qtbot):
    delivered = threading.Event()

    def request(token):
        token.deliver(1)
        delivered.set()
        while not token.cancelled():
            pass
        raise Cancelled

    submit(runner, told, request)
    assert delivered.wait(HANGS)
    runner.cancel("open")
    rest(runner, qtbot)
    assert told == []


def test_a_listener_that_raises_keeps_nothing_from_the_others(runner, told, qtbot, monkeypatch):
    reported = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: reported.append(error))

    def broken(part):
        raise ZeroDivisionError("a view failed")

    runner.submit("open", lambda token: token.deliver(1) or 7, lambda r: told.append(r), told.append, part=broken)
    rest(runner, qtbot)
    assert told == [7]
    assert [str(error) for error in reported] == ["a view failed"]


def test_closing_does_not_wait_for_what_does_not_end(qapp, hang):
    runner = Runner()
    runner.submit("open", hang, print, print)
    assert hang.begun.wait(HANGS)
    runner.close()
    assert not runner.busy()


def test_closing_still_writes_what_must_be_written(qapp):
    runner, written = Runner(), []
    begun = threading.Event()

    def slow(token):
        begun.set()
        for _ in range(50):
            if token.cancelled():
                raise Cancelled
            threading.Event().wait(0.002)
        written.append("first")

    runner.submit("files", slow, print, print, every=True)
    assert begun.wait(HANGS)
    for name in ("second", "third"):
        runner.submit("files", lambda token, name=name: written.append(name), print, print, every=True)
    runner.close()
    assert written == ["first", "second", "third"]
