"""What is not the picture follows it: all that changed meanwhile is told at once, whatever a listener does."""

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from waiting import wait_for

from convgui.controllers.afterwards import Afterwards
from convgui.first import first_state
from convgui.model.session import Session
from convgui.worker.activity import Activity


@pytest.fixture
def parent(qapp):
    parent = QObject()
    yield parent
    parent.deleteLater()


@pytest.fixture
def session():
    return Session(first_state())


@pytest.fixture
def told(session, parent):
    afterwards = Afterwards(session, Activity(parent), parent)
    told = []
    afterwards.changed(lambda old, new: told.append((old, new)))
    return afterwards, told


def paint(session, value):
    weights = session.state.kernel.weights.copy()
    weights[0, 0] = value
    session.replace("paint", session.state.with_conv(kernel=session.state.kernel.with_weights(weights)))


def test_changes_in_quick_succession_are_told_once(session, told):
    afterwards, seen = told
    first = session.state
    for value in (1.5, 2.5, 3.5):
        paint(session, value)
    assert seen == [] and afterwards.waiting()
    wait_for(lambda: seen, QApplication.processEvents)
    assert seen == [(first, session.state)] and not afterwards.waiting()


def test_a_listener_that_raises_is_reported_and_the_others_are_told(session, told, monkeypatch):
    afterwards, _ = told
    reported, later = [], []
    monkeypatch.setattr("sys.excepthook", lambda kind, error, trace: reported.append(str(error)))

    def fail(old, new):
        raise ValueError("a fault")

    afterwards.changed(fail)
    afterwards.changed(lambda old, new: later.append(new))
    paint(session, 4.5)
    wait_for(lambda: later, QApplication.processEvents)
    assert reported == ["a fault"] and later == [session.state]


def test_a_change_that_a_listener_makes_is_told_too(session, told):
    afterwards, seen = told
    afterwards.changed(lambda old, new: paint(session, 9.5) if len(seen) == 1 else None)
    paint(session, 5.5)
    wait_for(lambda: len(seen) == 2, QApplication.processEvents)
    assert seen[1][0] is seen[0][1] and seen[1][1] is session.state


def test_what_is_still_to_be_told_counts_as_under_way(session, parent):
    activity = Activity(parent)
    Afterwards(session, activity, parent)
    paint(session, 6.5)
    assert activity.busy()
    wait_for(lambda: not activity.busy(), QApplication.processEvents)
