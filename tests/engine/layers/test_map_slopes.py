"""Slopes below zero: one for a map is applied as many are, values that are no usual numbers included."""

from __future__ import annotations

import numpy as np
import pytest

from convgui.engine.layers.activation import Activation
from convgui.engine.network import Chain, evaluate
from convgui.engine.reading import Reading
from convgui.engine.source import Source
from convgui.engine.strategies.tiles import Window

X = np.random.default_rng(0).normal(size=(40, 37, 2)).astype(np.float32)
X[0, :5, 0] = [np.nan, np.inf, -np.inf, 0.0, -0.0]
X[20, 30] = 0.0


@pytest.mark.parametrize("slope", [0.25, -0.6, 1.0, 1.7, -1.3, 0.0])
def test_one_slope_for_a_map_is_what_the_definition_says(slope):
    slopes = np.array([[[slope, 0.5]]], np.float32)
    chain = Chain(Source(X), Reading("each channel"), (Activation("prelu", slopes=slopes),))
    with np.errstate(all="ignore"):
        expected = np.where(X < 0, X * slopes, X)
    found = np.moveaxis(evaluate(chain), 0, -1)
    assert np.array_equal(found, expected, equal_nan=True)
    part = evaluate(chain, Window(20, 30, 1, 1))
    assert (part[:, 0, 0].view(np.int32) == found[20, 30].view(np.int32)).all()
