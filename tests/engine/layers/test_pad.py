"""Padding layers: what each border puts around a map, and what is cut off."""

import numpy as np
import pytest
from bound_layers import check_explained, check_reading, check_windows, filled, planes, puller, same_bits, shapes
from hypothesis import given
from hypothesis import strategies as st

from convgui.engine.layers.base import Place, Shape
from convgui.engine.layers.border import BORDERS
from convgui.engine.layers.pad import Pad

sides = st.tuples(st.integers(-3, 9), st.integers(-3, 9))
pads = st.builds(Pad, sides, sides, st.sampled_from(BORDERS), st.sampled_from([0.0, -2.5]))
NUMPY = {"zeros": "constant", "replicate": "edge", "reflect": "reflect", "symmetric": "symmetric", "wrap": "wrap"}


def bound_or_none(layer, shape):
    try:
        return layer.bind(shape)
    except ValueError:
        return None


@given(pads, shapes, st.integers(0, 99), st.data())
def test_any_window_has_the_bits_of_the_whole(layer, shape, seed, data):
    if bound := bound_or_none(layer, shape):
        check_windows(bound, planes(shape, seed, special=0.2), data)


@given(pads, shapes, st.integers(0, 99))
def test_values_are_those_of_numpy(layer, shape, seed):
    if bound := bound_or_none(layer, shape):
        x = planes(shape, seed, special=0.2)
        constant = {"constant_values": layer.constant} if layer.border == "zeros" else {}
        added = [(0, 0), *(tuple(max(side, 0) for side in axis) for axis in (layer.rows, layer.cols))]
        (top, bottom), (left, right) = (tuple(max(-side, 0) for side in axis) for axis in (layer.rows, layer.cols))
        wanted = np.pad(x, added, mode=NUMPY[layer.border], **constant)
        wanted = wanted[:, top : wanted.shape[1] - bottom, left : wanted.shape[2] - right]
        assert same_bits(filled(bound, x), np.ascontiguousarray(wanted))
        np.testing.assert_array_equal(bound.reference(x.astype(np.float64)), wanted)


@pytest.mark.parametrize("border", BORDERS)
def test_readers_and_explanations_name_every_cell_that_is_repeated(border):
    bound = Pad((2, 3), (5, -1), border, 1.5).bind(Shape(2, 3, 4))
    check_reading(bound, planes((2, 3, 4)))
    check_explained(bound, planes((2, 3, 4), special=0.2))
    assert (bound.rows, bound.cols) == (Place(-2, 1), Place(-5, 1))


@pytest.mark.parametrize("border", BORDERS)
def test_a_corner_does_not_pull_the_whole_map(border):
    x = planes((1, 400, 300))
    bound = Pad((3, 3), (3, 3), border).bind(Shape(*x.shape))
    pull, asked = puller(x), []
    out = np.empty((1, 5, 5), np.float32)
    rows, cols = range(0, 5), range(301, 306)
    bound.fill(lambda needs: asked.append(len(needs.rows) * len(needs.cols)) or pull(needs), np.arange(1), rows, cols, out)
    assert sum(asked) <= 64
    assert same_bits(out, np.ascontiguousarray(filled(bound, x)[:, :5, 301:306]))


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({"rows": (-2, -1)}, "leaves nothing"),
        ({"rows": 1}, "two whole numbers"),
        ({"cols": (0.5, 0)}, "two whole numbers"),
        ({"border": "constant"}, "border of zeros"),
        ({"constant": float("nan")}, "finite number"),
        ({"rows": (900_000, 0), "cols": (900_000, 0)}, "at most 500,000,000"),
    ],
)
def test_what_has_no_meaning_is_refused_with_what_was_expected(settings, word):
    with pytest.raises(ValueError, match=word):
        Pad(**settings).bind(Shape(1, 3, 3))
