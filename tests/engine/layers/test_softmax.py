"""Softmax: the values of all maps at a place become parts of 1."""

import numpy as np
from bound_layers import check_accuracy, check_explained, check_reading, check_windows, filled, planes, shapes
from hypothesis import given
from hypothesis import strategies as st

from convgui.engine.layers.base import Shape
from convgui.engine.layers.softmax import Softmax


@given(shapes, st.integers(0, 99), st.data())
def test_any_window_and_any_maps_have_the_bits_of_the_whole(shape, seed, data):
    check_windows(Softmax().bind(shape), planes(shape, seed, 3.0, special=0.05), data)


@given(shapes, st.integers(0, 99))
def test_values_are_those_of_the_definition_and_add_up_to_one(shape, seed):
    bound, x = Softmax().bind(shape), planes(shape, seed, 50.0)
    check_accuracy(bound, x, 1.0)
    np.testing.assert_allclose(filled(bound, x).sum(axis=0), 1, rtol=1e-5)


def test_large_values_do_not_overflow():
    x = np.array([3e38, 3e38, -3e38, -np.inf], np.float32).reshape(4, 1, 1)
    assert filled(Softmax().bind(Shape(4, 1, 1)), x).ravel().tolist() == [0.5, 0.5, 0.0, 0.0]


def test_readers_and_explanations_name_the_cells_of_all_maps():
    bound = Softmax().bind(Shape(3, 2, 3))
    check_reading(bound, planes((3, 2, 3)))
    check_explained(bound, planes((3, 2, 3)))
    found = bound.explain(lambda needs: np.array([1.0, 0.0, 1.0]).reshape(3, 1, 1), 2, 0, 0)
    assert [cell.map for cell in found.cells] == [0, 1, 2]
    assert found.sentence == "exp(1 − 1) / 2.37 = 0.422"
