"""Sentences that explain a value: the arithmetic of what is shown gives what is shown, to its last digit."""

import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convgui.engine.layers.affine import Affine
from convgui.engine.layers.base import Shape
from convgui.engine.layers.pool import Pool
from convgui.engine.layers.resize import Resize
from convgui.engine.layers.softmax import Softmax

numbers = st.one_of(
    st.integers(-300, 300).map(float),
    st.floats(-1e6, 1e6, width=32),
    st.floats(-1, 1).map(lambda value: round(value, 2)),
    st.floats(-(2.0**-16), 2.0**-16, width=32),
    st.integers(0, 255).map(lambda value: float(np.float32(value / 255))),
)
SHAPE = Shape(1, 2, 2)


def sentence(bound, x, at):
    def values(needs):
        return x[needs.maps][:, needs.rows.start : needs.rows.stop, needs.cols.start : needs.cols.stop]

    return bound.explain(values, *at).sentence


def check(text):
    """Assert that the left side of a sentence, as it stands there, rounds to its right side."""
    left, right = text.replace("−", "-").replace("×", "*").replace(",", "").split(" = ")
    unit = Decimal(10) ** Decimal(right).as_tuple().exponent
    found = Decimal(eval(left, {"exp": math.exp}))
    assert abs(found - Decimal(right)) <= unit * Decimal("0.5000001"), text


@given(st.lists(numbers, min_size=4, max_size=4), numbers, numbers)
def test_affine_mean_and_mix(cells, scale, offset):
    x = np.array(cells).reshape(SHAPE)
    check(sentence(Affine((scale,), (offset,)).bind(SHAPE), x, (0, 1, 1)))
    check(sentence(Pool("mean").bind(SHAPE), x, (0, 0, 0)))
    check(sentence(Resize(size=(3, 5), method="bilinear").bind(SHAPE), x, (0, 1, 2)))


@given(st.lists(st.floats(-30, 30), min_size=2, max_size=5))
def test_softmax(cells):
    x = np.array(cells).reshape(-1, 1, 1)
    check(sentence(Softmax().bind(Shape(len(x), 1, 1)), x, (1, 0, 0)))


@pytest.mark.parametrize(("count", "words"), [(2, "max(1, 1.00001, "), (5, "max of 25 cells = ")])
def test_a_maximum_lists_its_cells_if_they_are_few(count, words):
    x = (1 + np.arange(count * count) / 1e5).reshape(1, count, count)
    assert sentence(Pool(size=None).bind(Shape(*x.shape)), x, (0, 0, 0)).startswith(words)
