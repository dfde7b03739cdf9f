"""Whatever a picture holds, both panes show it: limits are finite and in order, and nothing divides by zero."""

from __future__ import annotations

import numpy as np
import pytest
from documents import document

from convgui.engine.looking.limits import Limits
from convgui.engine.source import Source
from convgui.engine.strategies import jit
from convgui.engine.strategies.tiles import Window
from convgui.model import colouring
from convgui.model.levels import Level
from convgui.model.requests import MapRequest, PictureRequest
from convgui.model.state import Display

VALUES = (3.4e38, -3.4e38, 1e20, 1e16, 1e-38, 1e-45, 0.0, float("inf"), -float("inf"), float("nan"))


class Token:
    def cancelled(self):
        return False

    def progress(self, part):
        pass


def arrays(value, shape):
    constant = np.full(shape, value, np.float32)
    yield constant
    for other in (-value, 0.0, float("nan")):
        mixed = constant.copy()
        mixed[0, 0] = other
        yield mixed


@pytest.fixture(params=["compiled", "reference"])
def engine(request, compiled, monkeypatch):
    if request.param == "reference":
        monkeypatch.setattr(jit, "ready", lambda: None)


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("shape", [(1, 1), (1, 50), (6, 6), (40, 60), (40, 60, 3)], ids=str)
@pytest.mark.parametrize("value", VALUES)
def test_both_panes_show_it(value, shape):
    for array in arrays(value, shape):
        for weights in ([[1.0]], [[0.25, 0.25], [0.25, 0.25]], [[-1.0, 1.0]]):
            for mode in ("auto", "min-max", "symmetric", "percentile"):
                look(document(Source(array), weights, display=Display(limits=Limits(mode))))


def look(state):
    source = state.source
    shown = PictureRequest(Level(source), Window(0, 0, source.rows, source.cols), 1, state.input.mix)(Token())
    in_order(*shown.range)
    if state.axes is None:
        return
    for refine in (False, True):
        window = Window(0, 0, *state.output_shape[1:])
        image = MapRequest(state.chain, 0, window, 1, colouring.look(state, False), state.axes, None, refine)(Token())
        in_order(*image.limits)
        assert image.colours.dtype == np.uint8


def in_order(low, high):
    assert np.isfinite([low, high]).all() and low < high
