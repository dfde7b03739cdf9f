"""Pools and the exact GELU by the compiled loops: the values that NumPy gives, for any patch, window and step."""

import numpy as np
import pytest
from bound_layers import check_windows, filled, planes, same_bits, shapes
from hypothesis import given
from hypothesis import strategies as st

from convgui.engine.layers.activation import Activation
from convgui.engine.layers.base import Block, Shape
from convgui.engine.layers.pool import Pool
from convgui.engine.strategies import jit
from convgui.engine.strategies.faster import faster

pytestmark = pytest.mark.usefixtures("compiled")
pairs = st.tuples(st.integers(1, 4), st.integers(1, 4))
sides = st.tuples(st.integers(0, 3), st.integers(0, 3))
pools = st.builds(
    Pool,
    st.sampled_from(["max", "mean"]),
    size=pairs,
    stride=pairs,
    padding=st.sampled_from(["valid", "same"]) | st.tuples(sides, sides),
    dilation=pairs,
    ceil=st.booleans(),
    count_padding=st.booleans(),
)


def both(layer, shape):
    """Return the layer bound without and with the loops; None if it does not fit."""
    try:
        bound = layer.bind(shape)
    except ValueError:
        return None
    return bound, faster(bound, jit.ready())


@given(pools, shapes, st.integers(0, 99), st.sampled_from([0.0, 0.1, 0.5]))
def test_the_loops_give_numpy_s_bits(layer, shape, seed, special):
    if found := both(layer, shape):
        x = planes(shape, seed, special=special)
        assert same_bits(filled(found[1], x), filled(found[0], x))


@given(pools, shapes, st.integers(0, 99), st.data())
def test_any_window_has_the_bits_of_the_whole(layer, shape, seed, data):
    if found := both(layer, shape):
        check_windows(found[1], planes(shape, seed, special=0.2), data)


@pytest.mark.parametrize("reduce", ["max", "mean"])
@pytest.mark.parametrize(("size", "stride"), [((2, 2), (2, 2)), ((3, 3), (1, 1)), ((3, 3), (2, 2)), ((7, 5), (3, 4))])
def test_wide_maps_have_numpy_s_bits_as_well(reduce, size, stride):
    x = planes((3, 40, 301), 1, special=0.01)
    plain, loops = both(Pool(reduce, size, stride, "same"), Shape(*x.shape))
    assert loops is not plain and same_bits(filled(loops, x), filled(plain, x))


@given(shapes, st.integers(0, 99), st.data())
def test_any_window_of_a_gelu_has_the_bits_of_the_whole(shape, seed, data):
    _, loops = both(Activation("gelu", {"approximate": 0}), shape)
    check_windows(loops, planes(shape, seed, 3.0, special=0.1), data)


def test_a_gelu_is_as_exact_as_numpy_s_also_in_place():
    x = planes((2, 50, 301), 1, 4.0, special=0.02)
    plain, loops = both(Activation("gelu", {"approximate": 0}), Shape(*x.shape))
    wanted, maps = filled(plain, x), np.arange(2)
    np.testing.assert_array_max_ulp(filled(loops, x), wanted, 1)
    loops.compute(Block(x, maps, 0, 0), maps, range(50), range(301), x)
    np.testing.assert_array_max_ulp(x, wanted, 1)


def test_other_functions_are_left_alone():
    shape = Shape(1, 2, 3)
    for layer in (Activation("gelu"), Activation("relu"), Activation("prelu", slopes=np.ones((1, 1, 1)))):
        plain, loops = both(layer, shape)
        assert loops is plain


def test_digits_that_float32_has_not_are_kept_for_those_who_give_them():
    import convgui

    assert convgui.average_pool2d(np.array([[2.0**24 + 1, 1.0]]), (1, 2)).item() == 2.0**23 + 1
