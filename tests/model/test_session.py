"""Undo, redo and the news of a change: the document as its users know it."""

from dataclasses import replace

import numpy as np
import pytest

from convgui.engine import catalog
from convgui.engine.layers import Conv
from convgui.engine.source import Source
from convgui.model import history
from convgui.model.session import Session
from convgui.model.state import State, changed_fields


@pytest.fixture
def state():
    return State(Source(np.zeros((6, 6), np.float32)), (Conv(catalog.make("sobel-x")),))


@pytest.fixture
def session(state):
    return Session(state)


def stride(session, value, key=None):
    session.replace(f"stride {value}", session.state.with_layer(stride=(value, value)), key)


def test_undo_and_redo_by_name(session, state):
    assert (session.undo_label, session.redo_label) == ("", "")
    stride(session, 2)
    stride(session, 3)
    assert session.undo_label == "stride 3"
    session.undo()
    assert session.state.layer.stride == (2, 2)
    assert (session.undo_label, session.redo_label) == ("stride 2", "stride 3")
    session.undo()
    assert session.state is state
    session.undo()
    assert session.state is state
    session.redo()
    session.redo()
    session.redo()
    assert session.state.layer.stride == (3, 3)


def test_a_gesture_is_one_step(session, state):
    for value in (2, 3, 4):
        stride(session, value, key=("drag", 1))
    session.undo()
    assert session.state is state
    for value in (2, 3):
        stride(session, value, key=("drag", value))
    session.undo()
    assert session.state.layer.stride == (2, 2)


def test_a_gesture_that_was_undone_does_not_go_on(session):
    stride(session, 2, key="drag")
    session.undo()
    stride(session, 3, key="drag")
    session.undo()
    session.redo()
    assert session.state.layer.stride == (3, 3)
    assert session.redo_label == ""


def test_a_new_edit_drops_what_was_undone(session):
    stride(session, 2)
    session.undo()
    stride(session, 3)
    assert session.redo_label == ""


def test_listeners_hear_old_and_new_once_for_each_change(session, state):
    heard = []
    session.changed(lambda old, new: heard.append((old, new)))
    stride(session, 2)
    session.undo()
    session.undo()
    assert [(old.layer.stride, new.layer.stride) for old, new in heard] == [((1, 1), (2, 2)), ((2, 2), (1, 1))]
    assert session.state is state


def test_what_changed_is_named(state):
    assert changed_fields(state, state) == set()
    assert changed_fields(state, state.with_layer(stride=(2, 2))) == {"layers"}
    assert changed_fields(state, state.with_layer(kernel=catalog.make("box"))) == {"layers", "kernel"}
    assert changed_fields(state, state.with_display(map=1)) == {"display"}
    assert changed_fields(state, state.with_display(map=0)) == set()
    assert changed_fields(state, replace(state, source=Source(np.zeros((2, 2))))) == {"source"}


def test_many_large_pictures_let_the_oldest_go(session, monkeypatch):
    monkeypatch.setattr(history, "LARGEST", 3 * 400)
    for k in range(6):
        session.update(f"open {k}", source=Source(np.full((10, 10), k, np.float32)))
    steps = 0
    while session.undo_label:
        session.undo()
        steps += 1
    assert 1 <= steps <= 3
    assert session.state.source.array[0, 0] >= 2


def test_the_history_is_not_endless(session, monkeypatch):
    monkeypatch.setattr(history, "LONGEST", 5)
    for value in range(2, 20):
        stride(session, value)
    for _ in range(30):
        session.undo()
    assert session.state.layer.stride == (15, 15)
