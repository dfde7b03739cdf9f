"""Affine layers: a scale and an offset for each map."""

import numpy as np
import pytest
from bound_layers import check_accuracy, check_explained, check_reading, check_windows, filled, planes, same_bits, shapes
from hypothesis import given
from hypothesis import strategies as st

from convgui.engine.layers.affine import Affine
from convgui.engine.layers.base import Block, Shape

numbers = st.floats(-1e3, 1e3, width=32)


@st.composite
def affines(draw, maps):
    several = st.lists(numbers, min_size=maps, max_size=maps).map(tuple)
    one = st.tuples(numbers)
    return Affine(scale=draw(several | one), offset=draw(several | one))


@given(shapes, st.integers(0, 99), st.data())
def test_any_window_has_the_bits_of_the_whole(shape, seed, data):
    bound = data.draw(affines(shape.maps)).bind(shape)
    check_windows(bound, planes(shape, seed, special=0.1), data)


@given(shapes, st.integers(0, 99), st.data())
def test_values_are_those_of_the_definition_also_in_place(shape, seed, data):
    bound = data.draw(affines(shape.maps)).bind(shape)
    x = planes(shape, seed)
    scale, offset = (np.resize(v, shape.maps)[:, None, None] for v in (bound.layer.scale, bound.layer.offset))
    check_accuracy(bound, x, np.abs(x * scale) + np.abs(offset))
    whole, maps = filled(bound, x), np.arange(shape.maps)
    bound.compute(Block(x, maps, 0, 0), maps, range(shape.rows), range(shape.cols), x)
    assert same_bits(x, whole)


def test_readers_and_explanations_name_the_cell():
    bound = Affine(scale=(2.0, -0.5), offset=(0.25,)).bind(Shape(2, 3, 4))
    check_reading(bound, planes((2, 3, 4)))
    check_explained(bound, planes((2, 3, 4), special=0.3))
    assert bound.pointwise


def test_the_numbers_that_are_shown_multiply_out():
    bound = Affine(scale=(1.5,), offset=(-0.1,)).bind(Shape(1, 1, 1))
    assert bound.explain(lambda needs: np.array([[[0.2]]]), 0, 0, 0).sentence == "0.2 × 1.5 − 0.1 = 0.2"


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({"scale": ()}, "received \\(\\)"),
        ({"scale": 2.0}, "received 2.0"),
        ({"scale": (1.0, 2.0)}, "one for each of 3 maps, received 2"),
        ({"offset": (float("inf"),)}, "finite number as offset"),
        ({"offset": (1e39,)}, "at most 3.4e\\+38"),
    ],
)
def test_what_has_no_meaning_is_refused_with_what_was_expected(settings, word):
    with pytest.raises(ValueError, match=word):
        Affine(**settings).bind(Shape(3, 2, 2))
