"""A state that is not good never becomes the document; the present one stays, and somebody is told why."""

import sys
from dataclasses import replace

import numpy as np
import pytest

from convgui.engine.kernels.catalogue import make
from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.conv import Conv
from convgui.engine.looking.limits import Limits
from convgui.engine.reading import Reading
from convgui.engine.source import Source
from convgui.model.session import Session
from convgui.model.state import Display, State

LAYER = Conv(make("sobel-x"))


@pytest.fixture
def session():
    return Session(State(Source(np.zeros((6, 8, 3), np.float32)), Reading("each channel"), (LAYER,)))


@pytest.fixture
def said(session):
    said = []
    session.refused(said.append)
    return said


BAD = [
    {"layers": ()},
    {"layers": (LAYER, None)},
    {"layers": (LAYER,) * 1001},
    {"layers": (LAYER, replace(LAYER, stride=(0, 1)))},
    {"layers": (replace(LAYER, on=None),)},
    {"layers": (replace(LAYER, name=5),)},
    {"layers": (replace(LAYER, name="x" * 2000),)},
    *({"looked": looked} for looked in (1, 5, True, 0.0, "0", None)),
    *({"reading": reading} for reading in (None, "sum", replace(Reading(), size=(1.5, 3)))),
    *({"reading": Reading("custom", matrix=matrix)} for matrix in (((1.0,), (1.0, 2.0)), (("1",),), ((float("nan"),),))),
    *({"reading": Reading(offset=offset)} for offset in ((float("inf"),), ("0",), (1e300,), [0.0])),
    {"layers": [LAYER]},
    {"layers": None},
    {"layers": (None,)},
    {"layers": (Conv(Kernel(np.ones((64, 1)))),)},
    {"layers": (Conv(Kernel([[1e300]])),)},
    *(
        {"layers": (replace(LAYER, **settings),)}
        for settings in (
            {"stride": (0, 1)},
            {"stride": (1.0, 1)},
            {"stride": 1},
            {"dilation": (1, -1)},
            {"dilation": (10**30, 1)},
            {"dilation": (True, 1)},
            {"padding": ((1, -1), (0, 0))},
            {"padding": (1, 1)},
            {"padding": None},
            {"bias": ()},
            {"bias": (float("nan"),)},
            {"bias": (float("inf"),)},
            {"bias": (10**400,)},
            {"bias": 0.0},
            {"bias": ("0",)},
            {"constant": float("nan")},
            {"constant": None},
            {"groups": 0},
            {"flip": None},
        )
    ),
    {"source": None},
    {"source": Source(np.zeros((0, 5), np.float32))},
    {"display": None},
    *(
        {"display": Display(**settings)}
        for settings in (
            {"colours": "jet"},
            {"colours": None},
            {"map": -5},
            {"map": 3},
            {"map": 1.5},
            {"map": True},
            {"below": -1},
            {"below": "1"},
            {"photo": None},
            {"limits": None},
            {"limits": Limits(percent=0)},
            {"limits": Limits(low="1")},
            {"limits": Limits("fixed", low=2, high=1)},
            {"limits": Limits("fixed", low=0, high=float("inf"))},
        )
    ),
]


@pytest.mark.parametrize("parts", BAD, ids=lambda parts: str(parts)[:70])
def test_what_is_not_good_is_refused(session, said, parts):
    before, heard = session.state, []
    session.changed(lambda old, new: heard.append(new))
    assert session.update("oops", **parts) is False
    assert session.state is before
    assert heard == [] and session.undo_label == ""
    assert len(said) == 1 and said[0].endswith(".") and len(said[0]) < 400


def test_a_kernel_that_does_not_fit_is_a_good_state(session, said):
    assert session.replace("large", session.state.with_conv(kernel=Kernel(np.ones((9, 9))), padding="valid"))
    assert said == [] and session.state.fault.layer == 1 and session.state.why == session.state.fault.sentence


def test_a_bank_is_a_good_state_whether_or_not_it_fits(session, said):
    bank = Conv(Kernel(np.ones((3, 3, 3, 2))))
    assert session.update("bank", layers=(bank,)) and session.state.fault is None
    assert session.update("luminance", reading=Reading())
    assert said == [] and "expect 3 channels" in session.state.why


def test_a_reading_that_does_not_fit_is_a_good_state(session, said):
    assert session.update("mix", reading=Reading("custom", matrix=((1.0, 0.0),)))
    assert said == [] and session.state.fault.layer == 0 and "2 channels" in session.state.why
    assert session.state.output_shape is None and session.state.input.direct


def test_a_source_with_fewer_maps_is_taken_while_the_third_map_is_shown(session, said):
    assert session.update("blue", display=Display(map=2))
    assert session.update("grey", source=Source(np.zeros((6, 8), np.float32)))
    assert session.update("colour", reading=Reading())
    assert said == []


def test_a_bad_first_state_is_refused_too():
    with pytest.raises(ValueError, match="at least one layer"):
        Session(State(Source(np.zeros((4, 4), np.float32)), Reading(), ()))


def test_every_listener_is_told_even_if_one_raises(session, monkeypatch):
    reported, heard = [], []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: reported.append(error))

    def broken(old, new):
        raise ZeroDivisionError("a view failed")

    for listener in (lambda old, new: heard.append(1), broken, lambda old, new: heard.append(2)):
        session.changed(listener)
    assert session.update("map", display=Display(map=1))
    session.undo()
    assert heard == [1, 2, 1, 2]
    assert [str(error) for error in reported] == ["a view failed"] * 2
