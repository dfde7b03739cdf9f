"""The session: whoever shows the document hears of every change, with what was and what is."""

from dataclasses import replace

import numpy as np
import pytest
from documents import document

from convgui.engine.kernels.catalogue import make
from convgui.engine.layers.pool import Pool
from convgui.engine.reading import Reading
from convgui.engine.source import Source
from convgui.model.chains import add, select, set_function
from convgui.model.session import Session
from convgui.model.state import Display, changed_fields


@pytest.fixture
def session():
    source = Source(np.zeros((4, 4, 4), np.float32))
    return Session(document(source, colour="each channel"))


@pytest.fixture
def heard(session):
    heard = []
    session.changed(lambda old, new: heard.append((old, new)))
    return heard


def test_an_update_replaces_what_is_named_and_keeps_the_rest(session):
    before = session.state
    session.update("colours", display=Display(colours="vik"))
    assert session.state.display.colours == "vik"
    assert session.state.source is before.source
    assert session.state.layers is before.layers
    assert before.display.colours == "auto"
    assert session.undo_label == "colours"


def test_a_listener_hears_the_old_and_the_new_state(session, heard):
    before = session.state
    session.update("colours", display=Display(colours="vik"))
    assert heard == [(before, session.state)]


def test_undo_and_redo_are_changes_too(session, heard):
    first = session.state
    session.update("map", display=Display(map=1))
    second = session.state
    session.undo()
    assert session.state is first
    assert session.redo_label == "map"
    session.redo()
    assert session.state is second
    assert heard == [(first, second), (second, first), (first, second)]


def test_undo_of_nothing_is_no_change(session, heard):
    session.undo()
    session.redo()
    assert heard == []


def test_listeners_hear_in_the_order_in_which_they_came(session):
    order = []
    for name in "abc":
        session.changed(lambda old, new, name=name: order.append(name))
    session.update("map", display=Display(map=1))
    assert order == ["a", "b", "c"]


def test_a_listener_sees_the_step_as_taken(session):
    seen = []
    session.changed(lambda old, new: seen.append((session.state is new, session.undo_label)))
    session.update("map", display=Display(map=1))
    assert seen == [(True, "map")]


def test_a_gesture_is_heard_step_by_step_and_undone_at_once(session, heard):
    first = session.state
    for number in range(1, 4):
        session.update("map", "drag", display=Display(map=number))
    assert [new.display.map for _, new in heard] == [1, 2, 3]
    session.undo()
    assert session.state is first


def test_a_whole_state_is_one_step(session):
    before = session.state
    session.replace("recipe", before.with_conv(stride=(2, 2)).with_display(map=1))
    assert session.state.conv.stride == (2, 2)
    assert session.state.kernel is before.kernel
    assert session.undo_label == "recipe"
    session.undo()
    assert session.state is before


def test_an_unknown_part_is_refused_and_changes_nothing(session, heard):
    before = session.state
    with pytest.raises(TypeError):
        session.update("oops", nonsense=1)
    assert session.state is before
    assert heard == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda s: s.with_conv(kernel=make("laplacian-4")), {"layers", "kernel"}),
        (lambda s: s.with_conv(border="wrap"), {"layers"}),
        (lambda s: s.with_display(map=1), {"display"}),
        (lambda s: s.with_display(), set()),
        (lambda s: replace(s, source=Source(s.source.array)), {"source"}),
        (lambda s: replace(s, reading=Reading("sum")), {"reading"}),
        (lambda s: replace(s, reading=Reading("each channel")), set()),
        (lambda s: select(s.with_conv(), 0), {"layers"}),
        (lambda s: set_function(s, "relu"), {"layers", "looked"}),
        (lambda s: add(s, Pool()), {"layers", "looked", "kernel"}),
        (lambda s: s, set()),
    ],
)
def test_what_differs_between_two_states(session, change, expected):
    assert changed_fields(session.state, change(session.state)) == expected


def test_a_document_is_begun_with_nothing_to_undo(session, heard):
    before = session.state
    session.update("map", display=Display(map=1))
    session.undo()
    begun = before.with_display(map=2)
    session.begin(begun)
    assert session.state is begun and heard[-1] == (before, begun)
    assert session.undo_label == session.redo_label == ""
    session.undo()
    assert session.state is begun
