"""History: what undo and redo bring back, what they are called, and which edits are one step."""

from dataclasses import replace

import numpy as np
import pytest
from documents import document
from hypothesis import given
from hypothesis import strategies as st

from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.activation import Activation
from convgui.engine.layers.conv import Conv
from convgui.engine.source import Source
from convgui.model import history
from convgui.model.history import History


def a_state(source=None):
    return document(source or Source(np.zeros((2, 2), np.float32)), [[1]])


@pytest.fixture
def states():
    return [a_state() for _ in range(5)]


def test_a_new_history_has_nothing_to_undo_or_redo(states):
    steps = History(states[0])
    assert steps.state is states[0]
    assert (steps.undo_label, steps.redo_label) == ("", "")
    assert not steps.undo()
    assert not steps.redo()
    assert steps.state is states[0]


def test_undo_and_redo_go_back_and_forth_by_name(states):
    steps = History(states[0])
    steps.push(states[1], "paint")
    steps.push(states[2], "rotate right")
    assert steps.undo_label == "rotate right"
    assert steps.undo()
    assert steps.state is states[1]
    assert (steps.undo_label, steps.redo_label) == ("paint", "rotate right")
    assert steps.undo()
    assert steps.state is states[0]
    assert (steps.undo_label, steps.redo_label) == ("", "paint")
    assert steps.redo()
    assert steps.redo()
    assert steps.state is states[2]
    assert (steps.undo_label, steps.redo_label) == ("rotate right", "")


def test_redo_is_lost_after_a_new_edit(states):
    steps = History(states[0])
    steps.push(states[1], "paint")
    steps.undo()
    steps.push(states[2], "negate")
    assert steps.redo_label == ""
    assert not steps.redo()
    assert steps.state is states[2]
    steps.undo()
    assert steps.state is states[0]


def test_a_drag_is_one_step(states):
    steps = History(states[0])
    for state in states[1:4]:
        steps.push(state, "paint", ("paint", 7))
    assert steps.state is states[3]
    steps.undo()
    assert steps.state is states[0]
    steps.redo()
    assert steps.state is states[3]


@pytest.mark.parametrize("keys", [(("paint", 1), ("paint", 2)), (None, None), (("paint", 1), None), (None, ("paint", 1))])
def test_edits_of_different_gestures_are_steps_of_their_own(states, keys):
    steps = History(states[0])
    for state, key in zip(states[1:], keys, strict=False):
        steps.push(state, "paint", key)
    steps.undo()
    assert steps.state is states[1]


def test_the_same_key_after_another_edit_is_a_step_of_its_own(states):
    steps = History(states[0])
    steps.push(states[1], "sigma", "drag")
    steps.push(states[2], "paint")
    steps.push(states[3], "sigma", "drag")
    steps.undo()
    assert steps.state is states[2]


def test_a_gesture_goes_on_after_undo_as_a_new_step(states):
    """What was undone in the middle of a drag does not come back through the rest of the drag."""
    steps = History(states[0])
    steps.push(states[1], "paint", "drag")
    steps.push(states[2], "negate")
    steps.undo()
    steps.push(states[3], "paint", "drag")
    assert steps.state is states[3]
    assert steps.redo_label == ""
    steps.undo()
    assert steps.state is states[1]


def test_the_oldest_steps_go_first(monkeypatch):
    monkeypatch.setattr(history, "LONGEST", 4)
    states = [a_state() for _ in range(10)]
    steps = History(states[0])
    for state in states[1:]:
        steps.push(state, "edit")
    assert steps.state is states[-1]
    count = 0
    while steps.undo():
        count += 1
    assert count == 3
    assert steps.state is states[6]


def test_old_pictures_are_let_go_but_the_last_step_can_always_be_undone(monkeypatch):
    monkeypatch.setattr(history, "LARGEST", 1000)
    states = [a_state(Source(np.zeros((30, 30), np.uint8))) for _ in range(4)]
    steps = History(states[0])
    for state in states[1:]:
        steps.push(state, "open")
    assert steps.undo()
    assert steps.state is states[2]
    assert not steps.undo()


def test_edits_of_one_picture_share_it_and_all_are_kept(monkeypatch):
    monkeypatch.setattr(history, "LARGEST", 2000)
    first = a_state(Source(np.zeros((30, 30), np.uint8)))
    steps = History(first)
    for number in range(20):
        steps.push(replace(first, layers=(Conv(Kernel([[number]])),)), "paint")
    while steps.undo():
        pass
    assert steps.state is first


def test_large_kernels_count_too_and_so_does_what_follows_from_them(monkeypatch):
    monkeypatch.setattr(history, "LARGEST", 500_000)
    first = a_state(Source(np.zeros((80, 80), np.uint8)))
    steps = History(first)
    for number in range(200):
        steps.push(state := replace(first, layers=(Conv(Kernel(np.full((63, 63), number))),)), "paint")
        assert state.fault is None
    count = 0
    while steps.undo():
        count += 1
    assert 2 <= count <= 500_000 // steps.state.kernel.weights.nbytes


def test_banks_and_slopes_of_all_layers_count(monkeypatch):
    monkeypatch.setattr(history, "LARGEST", 500_000)
    first = a_state(Source(np.zeros((8, 8), np.uint8)))
    steps = History(first)
    for number in range(100):
        bank = Conv(Kernel(np.full((3, 3, 1, 600), number)))
        prelu = Activation("prelu", slopes=np.full((1, 1, 600), number, np.float32))
        steps.push(replace(first, layers=(first.conv, bank, prelu), looked=0), "paint")
    count = 0
    while steps.undo():
        count += 1
    assert 2 <= count <= 500_000 // (9 * 600 * 8)


@given(st.lists(st.one_of(st.just("undo"), st.just("redo"), st.sampled_from([None, "a", "b"])), max_size=30))
def test_it_behaves_as_two_stacks(gestures):
    """Against the plainest model: what can be undone, and what can be redone."""
    steps = History(first := a_state())
    done, undone, last_key = [first], [], None
    for gesture in gestures:
        if gesture == "undo":
            assert steps.undo() == (len(done) > 1)
            if len(done) > 1:
                undone.append(done.pop())
                last_key = "none can go on"
        elif gesture == "redo":
            assert steps.redo() == bool(undone)
            if undone:
                done.append(undone.pop())
                last_key = "none can go on"
        elif last_key != "none can go on":
            steps.push(new := a_state(), "edit", gesture)
            if gesture is not None and gesture == last_key and not undone:
                done[-1] = new
            else:
                done.append(new)
            undone.clear()
            last_key = gesture
        else:
            steps.push(new := a_state(), "edit")
            done.append(new)
            undone.clear()
            last_key = None
        assert steps.state is done[-1]
        assert bool(steps.undo_label) == (len(done) > 1)
        assert bool(steps.redo_label) == bool(undone)


def test_a_state_of_which_more_is_known_takes_the_place_of_the_present_one(states):
    steps, more = History(states[0]), states[2]
    steps.push(states[1], "look")
    steps.amend(more)
    assert steps.state is more and steps.undo_label == "look"
    assert steps.undo() and steps.state is states[0]
    steps.push(states[3], "look again")  # which lets the amended step go
    assert (steps.state, steps.undo_label) == (states[3], "look again")
