"""Conformance: the cases that the ONNX project defines for convolution, pooling and activation functions."""

from functools import partial

import numpy as np
import pytest

from convgui import average_pool1d, average_pool2d, conv1d, conv2d, max_pool1d, max_pool2d
from convgui.engine.layers.activations import activate

ACTIVATIONS = {
    "Relu": "relu",
    "Sigmoid": "sigmoid",
    "Tanh": "tanh",
    "Softplus": "softplus",
    "Softsign": "softsign",
    "Abs": "abs",
    "Elu": "elu",
    "Selu": "selu",
    "Gelu": "gelu",
}
PARAMETERS = {"Gelu": {"approximate": b"tanh"}}
"""Of functions with parameters only the cases with Keras's count; of LeakyRelu and HardSigmoid there is none."""


def our_convolution(kind, options, given, expected):
    """Leave out three axes."""
    return given[0].ndim <= 4


def our_pooling(kind, options, given, expected):
    """Leave out three axes, indices, dilation and padding that is counted: Keras has none of them."""
    others = [name for name in ("storage_order", "count_include_pad") if options.get(name)]
    return given[0].ndim <= 4 and not others and len(expected) == 1 and max(options.get("dilations", [1])) == 1


def our_function(kind, options, given, expected):
    """Leave out other parameters than Keras's."""
    return options == PARAMETERS.get(kind, {})


def channels_last(array):
    return np.moveaxis(array, 1, -1)


def pairs(options, x, size, axes, dilation):
    """Return padding as pairs, SAME_LOWER included, which puts the odd cell before."""
    strides = options.get("strides", [1] * axes)
    kind = options.get("auto_pad", b"NOTSET").decode()
    if kind.startswith("SAME"):
        found = []
        for n, k, s, d in zip(x.shape[2:], size, strides, dilation, strict=True):
            total = max((-(-n // s) - 1) * s + (k - 1) * d + 1 - n, 0)
            less, more = total // 2, total - total // 2
            found.append((more, less) if kind == "SAME_LOWER" else (less, more))
        return found
    pads = options.get("pads", [0] * (2 * axes))
    return list(zip(pads[:axes], pads[axes:], strict=True))


def check(cases, kind, ours, least, compute, atol=1e-5):
    """Compare what `compute(options, given)` gives for each case of an operator; there must be so many of them."""
    found = list(cases(kind, ours))
    assert len(found) >= least
    for name, options, given, expected in found:
        np.testing.assert_allclose(compute(options, given), expected[0], rtol=1e-5, atol=atol, err_msg=name)


def test_convolution(cases):
    check(cases, "Conv", our_convolution, 6, convolution)


def convolution(options, given):
    x, w, *rest = given
    axes = x.ndim - 2
    dilation = options.get("dilations", [1] * axes)
    conv = conv1d if axes == 1 else conv2d
    found = conv(
        channels_last(x),
        np.moveaxis(w, (0, 1), (-1, -2)),
        rest[0] if rest else None,
        strides=options.get("strides", [1] * axes),
        padding=pairs(options, x, w.shape[2:], axes, dilation),
        dilation_rate=dilation,
        groups=options.get("group", 1),
    )
    return np.moveaxis(found, -1, 1)


@pytest.mark.parametrize("kind", ["MaxPool", "AveragePool"])
def test_pooling(cases, kind):
    check(cases, kind, our_pooling, 10, partial(pooling, kind))


def pooling(kind, options, given):
    x = given[0]
    axes = x.ndim - 2
    names = {("MaxPool", 1): max_pool1d, ("MaxPool", 2): max_pool2d}
    names |= {("AveragePool", 1): average_pool1d, ("AveragePool", 2): average_pool2d}
    size = options["kernel_shape"]
    found = names[kind, axes](
        channels_last(x),
        size,
        strides=options.get("strides", [1] * axes),
        padding=pairs(options, x, size, axes, [1] * axes),
        ceil_mode=bool(options.get("ceil_mode")),
    )
    return np.moveaxis(found, -1, 1)


@pytest.mark.parametrize("kind", ACTIVATIONS)
def test_activation_function(cases, kind):
    check(cases, kind, our_function, 1, lambda options, given: activate(given[0], ACTIVATIONS[kind]), atol=1e-6)
