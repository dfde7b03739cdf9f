"""Resizing layers: ONNX's conventions, the same for any window, and where each value comes from."""

from fractions import Fraction

import numpy as np
import pytest
from bound_layers import (
    check_accuracy,
    check_explained,
    check_reading,
    check_windows,
    filled,
    planes,
    puller,
    same_bits,
    shapes,
)
from hypothesis import given
from hypothesis import strategies as st

from convgui.engine.layers import parts
from convgui.engine.layers.base import Place, Shape
from convgui.engine.layers.resize import METHODS, Resize
from convgui.engine.layers.sampling import COORDINATES, ROUNDINGS

factors = st.sampled_from([0.3, 0.5, 2 / 3, 1.0, 1.25, 2.0, 2.5, 3.0])


@st.composite
def resizes(draw):
    settings = {
        "method": draw(st.sampled_from(METHODS)),
        "coordinates": draw(st.sampled_from(COORDINATES)),
        "rounding": draw(st.sampled_from(ROUNDINGS)),
    }
    if draw(st.booleans()):
        return Resize(size=draw(st.tuples(st.integers(1, 20), st.integers(1, 20))), **settings)
    return Resize(scale=draw(st.tuples(factors, factors)), **settings)


def bound_or_none(layer, shape):
    try:
        return layer.bind(shape)
    except ValueError:
        return None


@given(resizes(), shapes, st.integers(0, 99), st.data())
def test_any_window_has_the_bits_of_the_whole(layer, shape, seed, data):
    if bound := bound_or_none(layer, shape):
        check_windows(bound, planes(shape, seed, special=0.2), data)


@pytest.mark.parametrize("limit", [1, 30])
@given(resizes(), shapes, st.integers(0, 99))
def test_what_is_pulled_in_parts_has_the_same_bits(limit, layer, shape, seed):
    if bound := bound_or_none(layer, shape):
        x = planes(shape, seed, special=0.2)
        whole = filled(bound, x)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(parts, "MOST_PULLED", limit)
            assert same_bits(filled(bound, x), whole)


@given(resizes(), shapes, st.integers(0, 99))
def test_values_are_those_of_the_definition(layer, shape, seed):
    if bound := bound_or_none(layer, shape):
        x = planes(shape, seed, special=0.1)
        check_accuracy(bound, x, sum_of_magnitudes(bound, np.abs(x.astype(np.float64))))


def sum_of_magnitudes(bound, x):
    """Return what comes out if no weight is negative."""
    _, rows, cols = bound.output
    down, across = np.zeros((rows, x.shape[1])), np.zeros((cols, x.shape[2]))
    for matrix, along in ((down, bound.down), (across, bound.across)):
        for cell, row in enumerate(matrix):
            row[along.reads(cell)] = np.abs(along.weights(cell))
    with np.errstate(all="ignore"):
        return down @ np.where(np.isfinite(x), x, 0) @ across.T


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("coordinates", COORDINATES)
@pytest.mark.parametrize("size", [(6, 8), (5, 7), (2, 3), (1, 1)])
def test_readers_and_explanations_name_the_cells_that_count(method, coordinates, size):
    bound = Resize(size=size, method=method, coordinates=coordinates).bind(Shape(2, 3, 4))
    check_reading(bound, planes((2, 3, 4)))
    check_explained(bound, planes((2, 3, 4), 1))


def test_an_infinite_cell_that_does_not_count_takes_no_part():
    x = np.array([[[1.0, np.inf, 3.0]]], np.float32)
    bound = Resize(size=(1, 5), method="bilinear", coordinates="align_corners").bind(Shape(1, 1, 3))
    assert filled(bound, x).tolist() == [[[1.0, np.inf, np.inf, np.inf, 3.0]]]


def test_a_small_view_of_a_large_map_pulls_only_the_rows_that_it_reads():
    x = planes((2, 1000, 40))
    bound = Resize(size=(10, 40), method="bilinear").bind(Shape(*x.shape))
    pull, asked = puller(x), []
    out = np.empty((2, 10, 40), np.float32)
    bound.fill(lambda needs: asked.append(len(needs.rows)) or pull(needs), np.arange(2), range(10), range(40), out)
    assert sum(asked) == 20


@pytest.mark.parametrize(
    ("layer", "place"),
    [
        (Resize(scale=(2, 2)), Place(Fraction(0), Fraction(1, 2))),
        (Resize(scale=(2, 2), coordinates="asymmetric", rounding="floor"), Place(Fraction(0), Fraction(1, 2))),
        (Resize(scale=(2, 2), coordinates="asymmetric", method="bilinear"), Place(Fraction(1, 4), Fraction(1, 2))),
        (Resize(scale=(0.5, 0.5), coordinates="asymmetric", rounding="floor"), Place(Fraction(-1, 2), Fraction(2))),
        (Resize(size=(3, 3), method="bilinear"), Place(Fraction(0), Fraction(2))),
        (Resize(size=(11, 11), method="bilinear", coordinates="align_corners"), Place(Fraction(1, 4), Fraction(1, 2))),
    ],
)
def test_cells_lie_over_the_middle_of_what_they_read(layer, place):
    assert layer.bind(Shape(1, 6, 6)).rows == place


def test_weights_that_are_shown_multiply_out():
    bound = Resize(scale=(1, 2), method="bilinear").bind(Shape(1, 1, 2))
    found = bound.explain(lambda needs: np.array([[[0.2, 0.6]]]), 0, 0, 1)
    assert found.sentence == "0.2 × 0.75 + 0.6 × 0.25 = 0.3"


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({}, "received neither"),
        ({"size": (2, 2), "scale": (1, 1)}, "received both"),
        ({"size": (0, 2)}, "size of two whole numbers"),
        ({"scale": (0, 1)}, "above 0"),
        ({"scale": (0.1, 1)}, "leaves nothing"),
        ({"scale": (1e5, 1e5)}, "at most 500,000,000"),
        ({"size": (2, 2), "method": "cubic"}, "nearest, bilinear"),
        ({"size": (2, 2), "coordinates": "tf_crop_and_resize"}, "half_pixel"),
        ({"size": (2, 2), "rounding": "up"}, "round_prefer_floor"),
    ],
)
def test_what_has_no_meaning_is_refused_with_what_was_expected(settings, word):
    with pytest.raises(ValueError, match=word):
        Resize(**settings).bind(Shape(1, 3, 3))


def test_a_cell_that_float32_cannot_tell_from_the_position_counts_alone():
    """A scale of 2/3 is no number of float64: the second cell lies 1e-16 beside a cell, whose neighbour is infinite."""
    bound = Resize(scale=(1.0, 2 / 3), method="bilinear", coordinates="half_pixel_symmetric").bind(Shape(1, 1, 8))
    x = np.arange(8, dtype=np.float32)[None, None]
    x[0, 0, 1] = np.inf
    assert filled(bound, x)[0, 0, 1] == 2.0
    assert bound.reference(x.astype(np.float64))[0, 0, 1] == 2.0
    assert [cells.tolist() for cells in bound.reads(0, 1)] == [[0], [2]]
