"""Activity: all is quiet when no request runs, none is waited for, and nothing has followed from the last one."""

import threading

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from waiting import HANGS, wait_for

from convgui.worker.activity import Activity, Delay
from convgui.worker.runner import Runner


@pytest.fixture
def runner(qapp):
    runner = Runner()
    yield runner
    runner.close()


@pytest.fixture
def activity(runner):
    return runner.activity


@pytest.fixture
def told(activity):
    """How often idle was told."""
    told = []
    activity.idle.connect(lambda: told.append(activity.busy()))
    return told


def rest(activity):
    wait_for(lambda: not activity.busy(), QApplication.processEvents)


def submit(runner, request, done=lambda result: None, lane="map"):
    runner.submit(lane, request, done, done)


def test_at_first_all_is_quiet(activity, told):
    assert not activity.busy()
    QApplication.processEvents()
    assert told == []


def test_idle_is_told_once_after_the_last_of_several_requests(runner, activity, told):
    for lane in ("map", "picture", "thumbnails"):
        submit(runner, lambda token: None, lane=lane)
    assert activity.busy()
    rest(activity)
    assert told == [False]


def test_a_request_that_follows_from_a_result_comes_before_idle(runner, activity, told):
    order = []
    activity.idle.connect(lambda: order.append("idle"))

    def then(result):
        order.append("first")
        submit(runner, lambda token: None, lambda result: order.append("second"))

    submit(runner, lambda token: None, then)
    rest(activity)
    assert order == ["first", "second", "idle"]


@pytest.mark.parametrize("what", ["request", "result"])
def test_a_failure_ends_it_as_well(runner, activity, what, qtbot):
    def fail(anything):
        raise ValueError("no")

    with qtbot.capture_exceptions() as raised:
        submit(runner, fail if what == "request" else lambda token: None, fail if what == "result" else lambda result: None)
        rest(activity)
    assert len(raised) == (what == "result")


def test_a_request_that_was_cancelled_is_under_way_until_its_thread_has_left_it(runner, activity):
    begun, go = threading.Event(), threading.Event()
    submit(runner, lambda token: begun.set() or go.wait(HANGS))
    assert begun.wait(HANGS)
    runner.cancel("map")
    QApplication.processEvents()
    assert activity.busy()
    go.set()
    rest(activity)


def test_to_cancel_what_has_not_begun_or_has_ended_leaves_nothing(runner, activity):
    runner.cancel("map")
    assert not activity.busy()
    submit(runner, lambda token: None)
    rest(activity)
    runner.cancel("map")
    rest(activity)


def test_nothing_is_under_way_when_the_runner_was_closed(runner, activity):
    submit(runner, lambda token: None)
    runner.close()
    assert not activity.busy()


def test_what_is_waited_for_is_under_way(activity, told):
    parent, called = QObject(), []
    delay = Delay(activity, 1, lambda: called.append(activity.busy()), parent)
    assert not activity.busy()
    delay.start()
    delay.start()
    assert activity.busy()
    rest(activity)
    assert called == [True]
    assert told == [False]


def test_what_is_not_waited_for_any_more_is_not(activity, told):
    parent, called = QObject(), []
    delay = Delay(activity, 1, lambda: called.append(1), parent)
    delay.start()
    delay.stop()
    rest(activity)
    assert (called, told) == ([], [False])


def test_a_delay_that_starts_itself_again_goes_on(activity):
    parent, called = QObject(), []

    def again():
        called.append(1)
        if len(called) < 3:
            delay.start()

    delay = Delay(activity, 0, again, parent)
    delay.start()
    rest(activity)
    assert len(called) == 3


def test_two_activities_know_nothing_of_each_other(activity):
    other = Activity()
    other.begin("export")
    assert other.busy() and not activity.busy()
    other.end("export")
    rest(other)
