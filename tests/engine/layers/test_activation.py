"""Activation layers: every function with its parameters, the same for any window, in place, NaN kept."""

import math
import pickle

import numpy as np
import pytest
from bound_layers import (
    check_accuracy,
    check_explained,
    check_reading,
    check_windows,
    filled,
    planes,
    same_bits,
    shapes,
)
from hypothesis import given
from hypothesis import strategies as st

from convgui.engine.layers.activation import Activation
from convgui.engine.layers.activations import ACTIVATIONS, PARAMETERS
from convgui.engine.layers.base import Block, Place, Shape
from convgui.engine.layers.error_function import normal_share

OTHERS = [
    ("relu", {"negative_slope": 0.25, "max_value": 2.0, "threshold": 0.5}),
    ("relu", {"threshold": -1.0}),
    ("leaky relu", {"negative_slope": 3.0}),
    ("leaky relu", {"negative_slope": -0.5}),
    ("elu", {"alpha": 0.3}),
    ("selu", {"alpha": 2.0, "scale": 0.5}),
    ("celu", {"alpha": 2.0}),
    ("gelu", {"approximate": False}),
    ("silu", {"alpha": 1.7}),
    ("hard sigmoid", {"alpha": 0.2}),
    ("hard shrink", {"threshold": 1.5}),
    ("soft shrink", {"threshold": 0.1}),
    ("shrink", {"threshold": 0.7, "bias": 0.2}),
    ("threshold", {"threshold": -0.5, "default_value": 9.0}),
    ("clip", {"min_value": -0.3, "max_value": 0.4}),
    ("clip", {"max_value": 0.4}),
    ("squareplus", {"b": 0.5}),
]
EVERY = [(name, {}) for name in ACTIVATIONS] + OTHERS
slopes = st.sampled_from([(1, 1, 1), (1, 1, 0), (0, 1, 1), (0, 0, 0), (1, 0, 0)])


@st.composite
def activations(draw, shape):
    if draw(st.integers(0, 4)) == 0:
        full = (shape.rows, shape.cols, shape.maps)
        size = tuple(one or n for one, n in zip(draw(slopes), full, strict=True))
        return Activation("prelu", slopes=planes(size, 7))
    return Activation(*draw(st.sampled_from(EVERY)))


def test_zero_with_a_slope_below_zero_has_one_sign():
    """One cell, whose slope serves for all of what is made, and the same one among others."""
    bound = Activation("prelu", slopes=np.array([[[-0.5], [0.5]]], np.float32)).bind(Shape(1, 1, 2))
    x = np.array([[[-0.0, -0.0]]], np.float32)
    assert same_bits(filled(bound, x, cols=range(1)), np.ascontiguousarray(filled(bound, x)[:, :, :1]))


@given(shapes, st.integers(0, 99), st.data())
def test_any_window_has_the_bits_of_the_whole(shape, seed, data):
    bound = data.draw(activations(shape)).bind(shape)
    check_windows(bound, planes(shape, seed, 3.0, special=0.1), data)


@pytest.mark.parametrize(("name", "parameters"), EVERY)
def test_values_do_not_depend_on_where_they_lie_in_memory(name, parameters):
    shape = Shape(1, 3, 30011)
    x = planes(shape, 0, 3.0, special=0.05)
    bound = Activation(name, parameters).bind(shape)
    whole = filled(bound, x)
    for cols in (range(1, 30011), range(5, 23, 3), range(7, 8), range(16380, 16390)):
        assert same_bits(filled(bound, x, cols=cols), np.ascontiguousarray(whole[:, :, list(cols)]))


@given(shapes, st.integers(0, 99), st.data())
def test_it_can_be_computed_in_place(shape, seed, data):
    bound = data.draw(activations(shape)).bind(shape)
    x = planes(shape, seed, 3.0, special=0.1)
    whole, maps = filled(bound, x), np.arange(shape.maps)
    bound.compute(Block(x, maps, 0, 0), maps, range(shape.rows), range(shape.cols), x)
    assert same_bits(x, whole)


@pytest.mark.parametrize(("name", "parameters"), EVERY)
def test_values_are_those_of_the_definition(name, parameters):
    x = planes((2, 40, 50), 1, 4.0, special=0.02)
    bound = Activation(name, parameters).bind(Shape(*x.shape))
    wanted = bound.reference(x.astype(np.float64))
    with np.errstate(all="ignore"):
        large = np.abs(wanted) > np.finfo(np.float32).max
    x[large] = 0
    check_accuracy(bound, x, np.abs(bound.reference(x.astype(np.float64))) + np.minimum(np.abs(x), 10.0))


@pytest.mark.parametrize(("name", "parameters"), EVERY)
def test_nan_stays_nan(name, parameters):
    x = np.full((1, 1, 3), np.nan, np.float32)
    assert np.isnan(filled(Activation(name, parameters).bind(Shape(1, 1, 3)), x)).all()


@pytest.mark.parametrize(("name", "parameters"), EVERY)
def test_what_is_said_to_be_never_negative_is_that(name, parameters):
    x = planes((1, 50, 50), 2, 3.0, special=0.05)
    layer = Activation(name, parameters)
    if layer.non_negative:
        assert not (filled(layer.bind(Shape(*x.shape)), x) < 0).any()
    elif name not in ("linear", "clip"):
        assert (filled(layer.bind(Shape(*x.shape)), x) < 0).any()


@pytest.mark.parametrize(("name", "parameters"), EVERY)
def test_explanations_evaluate_to_the_value(name, parameters):
    x = np.array([[[-2.25, -0.3, 0.0, 0.4, 7.5, np.nan, np.inf]]], np.float32)
    check_explained(Activation(name, parameters).bind(Shape(*x.shape)), x)


def test_slopes_are_those_of_the_cell():
    shape = Shape(2, 3, 4)
    bound = Activation("prelu", slopes=planes((3, 1, 2), 3)).bind(shape)
    check_reading(bound, planes(shape, 4))
    check_explained(bound, planes(shape, 5))
    assert (bound.rows, bound.cols) == (Place(), Place())


@pytest.mark.parametrize(
    ("layer", "x", "sentence"),
    [
        (Activation("relu"), -0.3, "relu(−0.3) = 0"),
        (Activation("leaky relu"), -0.25, "leaky relu(−0.25) = −0.05"),
        (Activation("square"), 0.12345, "square(0.12345) = 0.0152"),
        (Activation("tanh"), 1e9, "tanh(1e9) = 1"),
        (Activation("relu"), np.inf, "relu(∞) = ∞"),
    ],
)
def test_the_value_that_is_shown_is_the_function_of_what_is_shown(layer, x, sentence):
    x = np.array([[[x]]], np.float64)
    assert layer.bind(Shape(1, 1, 1)).explain(lambda needs: x, 0, 0, 0).sentence == sentence


def test_the_normal_share_is_exact_to_float32():
    x = np.linspace(-13.5, 13.5, 20011, dtype=np.float32)
    exact = np.array([math.erfc(-v / math.sqrt(2)) / 2 for v in x.tolist()])
    np.testing.assert_allclose(normal_share(x), exact, rtol=1e-9)
    assert normal_share(np.array([-np.inf, np.inf], np.float32)).tolist() == [0.0, 1.0]


@pytest.mark.parametrize(
    ("function", "settings", "word"),
    [
        ("relu", {"parameters": {"alpha": 1.0}}, "negative_slope, max_value, threshold for relu, received 'alpha'"),
        ("tanh", {"parameters": {"alpha": 1.0}}, "no parameters for tanh"),
        ("elu", {"parameters": {"alpha": math.nan}}, "finite number as alpha"),
        ("elu", {"parameters": {"alpha": "1"}}, "number as alpha"),
        ("celu", {"parameters": {"alpha": 0}}, "other than 0"),
        ("squareplus", {"parameters": {"b": -1}}, "at least 0"),
        ("softmax", {}, "Expected an activation of"),
        ("prelu", {}, "received none"),
        ("prelu", {"slopes": np.ones((2, 2))}, r"shape \(2, 2\)"),
        ("prelu", {"slopes": np.ones((1, 1, 3))}, "1 or 2 maps, received 3"),
        ("prelu", {"slopes": np.ones((4, 1, 2))}, "1 or 3 rows, received 4"),
        ("relu", {"slopes": np.ones((1, 1, 1))}, "belong to prelu"),
    ],
)
def test_what_has_no_meaning_is_refused_with_what_was_expected(function, settings, word):
    with pytest.raises(ValueError, match=word):
        Activation(function, **settings).bind(Shape(2, 3, 4))


def test_usual_parameters_need_not_be_written_down():
    usual = Activation("relu", {"max_value": None, "threshold": 0})
    assert usual.parameters == {} and Activation("relu", {"max_value": math.inf}).parameters == {}
    assert all(Activation(name, dict(values)).parameters == {} for name, values in PARAMETERS.items())


def test_a_layer_travels_to_another_process():
    layer = pickle.loads(pickle.dumps(Activation("prelu", slopes=np.full((1, 1, 2), 0.5), name="a", on=False)))
    assert (layer.function, layer.name, layer.on, layer.slopes.tolist()) == ("prelu", "a", False, [[[0.5, 0.5]]])
