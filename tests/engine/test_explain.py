"""The explanation of a cell: its parts add up to the engine's own value."""

from dataclasses import replace

import numpy as np
import pytest

from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.activation import Activation
from convgui.engine.layers.activations import ACTIVATIONS
from convgui.engine.layers.border import BORDERS
from convgui.engine.layers.conv import Conv
from convgui.engine.layers.pool import Pool
from convgui.engine.looking.explain import explain
from convgui.engine.network import Chain, evaluate
from convgui.engine.source import Source
from tests.single import Operation, chain_of, explain_layer


def test_the_article_s_cell():
    grid = Source(np.array([[0, 1, 0, 1, 1, 0]] * 6, np.float32))
    e = explain_layer(Operation(Kernel([[1, 0, 0], [1, 0, 0], [0, 0, 2]])), grid, 0, 2, 2)
    assert e.patch[0].tolist() == [[1, 0, 1]] * 3
    assert e.products[0].tolist() == [[1, 0, 0], [1, 0, 0], [0, 0, 2]]
    assert (e.total, e.value) == (4, 4)
    assert not e.outside.any()


def test_the_border_is_told_from_the_input():
    e = explain_layer(
        Operation(Kernel(np.ones((3, 3))), border="replicate"), Source(np.full((4, 4), 7, np.float32)), 0, 0, 0
    )
    assert e.outside.tolist() == [[True, True, True], [True, False, False], [True, False, False]]
    assert e.rows.tolist() == [-1, 0, 1]
    assert e.value == 63


def test_the_largest_terms_come_first():
    e = explain_layer(Operation(Kernel([[1, -5, 2]])), Source(np.ones((1, 3), np.float32)), 0, 0, 1)
    assert [(t.v, t.product) for t in e.largest(2)] == [(1, -5), (2, 2)]


def test_flip_turns_the_weights():
    e = explain_layer(Operation(Kernel([[1, 2, 3]]), flip=True), Source(np.ones((1, 3), np.float32)), 0, 0, 1)
    assert e.weights[0].tolist() == [[3, 2, 1]]


def test_bias_and_activation_come_last():
    e = explain_layer(Operation(Kernel([[2]]), bias=(-5,), activation="relu"), Source(np.ones((1, 1), np.float32)), 0, 0, 0)
    assert (e.total, e.bias, e.activation, e.value) == (2, -5, "relu", 0)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("bias", [-0.7, 0.4])
def test_the_numpy_expression_evaluates_to_the_value(activation, bias):
    random = np.random.default_rng(3)
    layer = Operation(Kernel(random.standard_normal((3, 4))), bias=(bias,), activation=activation, border="reflect")
    for channels in (1, 3):
        source = Source(random.random((6, 7, channels), np.float32))
        layer = replace(layer, colour="each channel")
        e = explain_layer(layer, source, channels - 1, 0, 6)
        assert float(eval(e.as_numpy(), {"np": np})) == pytest.approx(e.value, rel=1e-15)


PARAMETERS = {
    "leaky relu": {"negative_slope": 0.25},
    "elu": {"alpha": 3.0},
    "relu": {"negative_slope": 0.5, "max_value": 2.0, "threshold": 0.1},
}


@pytest.mark.parametrize("function", PARAMETERS)
@pytest.mark.parametrize("bias", [-9.0, -0.7, 9.0])
def test_the_numpy_expression_has_the_function_s_own_parameters(function, bias):
    random = np.random.default_rng(4)
    conv = Conv(Kernel(random.standard_normal((3, 3))), bias=(bias,))
    chain = Chain(Source(random.random((5, 6), np.float32)), layers=(conv, Activation(function, PARAMETERS[function])))
    e = explain(chain, 2, 0, 2, 3)
    assert e.value == pytest.approx(evaluate(chain)[0, 2, 3], rel=1e-5)
    assert eval(e.as_numpy(), {"np": np}) == pytest.approx(e.value, rel=1e-12)


def test_the_numpy_expression_has_the_slope_of_its_own_cell():
    random = np.random.default_rng(4)
    slopes = random.random((5, 6, 2))
    conv = Conv(Kernel(random.standard_normal((3, 3, 1, 2))), bias=(-9.0,))
    layers = (conv, Activation("prelu", slopes=slopes))
    chain = Chain(Source(random.random((5, 6), np.float32)), layers=layers)
    for map, row, col in ((0, 0, 0), (1, 2, 3), (1, 4, 5)):
        e = explain(chain, 2, map, row, col)
        assert e.value == pytest.approx(evaluate(chain)[map, row, col], rel=1e-5)
        assert eval(e.as_numpy(), {"np": np}) == pytest.approx(e.value, rel=1e-12)


def test_the_expression_of_a_filter_over_channels_has_them_all():
    random = np.random.default_rng(3)
    source = Source(random.random((5, 5, 3), np.float32))
    e = explain_layer(Operation(Kernel(random.standard_normal((3, 3, 3, 2))), bias=(1, 2)), source, 1, 0, 0)
    assert float(eval(e.as_numpy(), {"np": np})) == pytest.approx(e.value, rel=1e-15)
    assert e.as_text().count("channel 2, kernel") == 9


def test_values_that_are_not_finite_have_an_expression_too():
    source = Source(np.array([[np.nan, np.inf, 1]], np.float32))
    e = explain_layer(Operation(Kernel([[1, 1, 1]])), source, 0, 0, 1)
    assert np.isnan(eval(e.as_numpy(), {"np": np}))


def test_the_text_has_each_product_the_sum_and_the_value():
    sequence = Source(np.array([[0, 1, 0, 1, 1, 0]], np.float32))
    text = explain_layer(Operation(Kernel([[0, 2]]), bias=(1,), activation="relu"), sequence, 0, 0, 2).as_text()
    assert text.splitlines() == [
        "kernel 0, 0: 0.0 * 0.0 = 0.0",
        "kernel 0, 1: 1.0 * 2.0 = 2.0",
        "sum = 2.0",
        "+ bias 1.0 = 3.0",
        "relu = 3.0",
    ]


def test_no_such_cell():
    with pytest.raises(IndexError, match="received map 0, 9, 0"):
        explain_layer(Operation(Kernel([[1]])), Source(np.ones((2, 2), np.float32)), 0, 9, 0)


@pytest.mark.parametrize("colour", ["sum", "luminance", "each channel"])
@pytest.mark.parametrize(("border", "constant"), [("zeros", 0.0), ("zeros", 2.5), ("reflect", 0.0)])
def test_the_channels_of_a_sequence_are_explained_one_by_one(colour, border, constant):
    steps = np.random.default_rng(0).normal(size=(1, 9, 4)).astype(np.float32)
    layer = Operation(Kernel([[1, -2, 0.5]]), border=border, constant=constant, colour=colour, bias=(0.25,))
    source = Source(steps, scale=0.5)
    values = evaluate(chain_of([layer], source))
    for number, col in ((0, 0), (len(values) - 1, 4), (0, 8)):
        e = explain_layer(layer, source, number, 0, col)
        assert e.value == pytest.approx(values[number, 0, col], abs=1e-5)
        assert e.reads == ((number,) if colour == "each channel" else (0, 1, 2, 3))
        inside = ~e.outside[0]
        for tap, channel in enumerate(e.reads):
            assert np.array_equal(e.patch[tap, 0, inside], steps[0, e.cols[inside], channel] * 0.5)


def test_a_picture_is_explained_by_the_plane_that_is_mixed():
    photo = Source(np.full((4, 4, 3), 100, np.uint8), scale=1 / 255)
    assert explain_layer(Operation(Kernel(np.ones((3, 3)))), photo, 0, 1, 1).patch.shape == (1, 3, 3)


@pytest.mark.parametrize("border", BORDERS)
@pytest.mark.parametrize("padding", ["same", "full", "valid"])
def test_every_cell_of_a_convolution_behind_another_layer_is_explained_up_to_the_edges(border, padding):
    random = np.random.default_rng(5)
    source = Source(random.random((24, 31), np.float32))
    conv = Conv(Kernel(random.standard_normal((4, 5))), padding, border, 0.5 if border == "zeros" else 0.0)
    chain = Chain(source, layers=(Pool("max", (1, 2)), conv))
    values = evaluate(chain)[0]
    rows, cols = values.shape
    for row in (0, 1, rows // 2, rows - 2, rows - 1):
        for col in (0, 1, cols // 2, cols - 2, cols - 1):
            assert explain(chain, 2, 0, row, col).value == pytest.approx(values[row, col], rel=1e-5, abs=1e-5)
