"""Colours of values: the compiled loop gives what the reference does, for any number of values and any value."""

import numpy as np
import pytest

from convgui.engine.looking.colours import NAN_COLOUR, colour_table, colourise
from convgui.engine.strategies import jit

TABLE = colour_table(np.random.default_rng(0).integers(0, 256, (256, 3)))


@pytest.mark.parametrize("shape", [(1, 1), (1, 2), (1, 3), (1, 4), (3, 7), (1, 1023), (1, 1025), (37, 61), (2, 0)])
def test_compiled_colours_are_those_of_the_reference(compiled, monkeypatch, shape):
    values = np.random.default_rng(1).normal(size=shape).astype(np.float32)
    if values.size > 20:
        values.flat[3:9] = [np.nan, np.inf, -np.inf, 0.0, -2.0, 2.0]
    found = colourise(values, -2.0, 2.0, TABLE)
    monkeypatch.setattr(jit, "ready", lambda: None)
    assert np.array_equal(found, colourise(values, -2.0, 2.0, TABLE))
    assert found.shape == (*shape, 3)


def test_each_value_has_the_colour_of_its_place(compiled):
    values = np.array([[-5, -2, 1.999, 2, 5, np.inf, -np.inf, np.nan]], np.float32)
    (found,) = colourise(values, -2.0, 2.0, TABLE).tolist()
    first, last = TABLE[0].tolist(), TABLE[255].tolist()
    assert found == [first, first, last, last, last, last, first, list(NAN_COLOUR)]
