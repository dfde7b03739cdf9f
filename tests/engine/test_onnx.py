"""Conformance: the cases that the ONNX project defines for convolution, pooling and activation functions."""

import warnings

import numpy as np
import pytest

from convgui import average_pool1d, average_pool2d, conv1d, conv2d, max_pool1d, max_pool2d
from convgui.engine.activations import activate

onnx = pytest.importorskip("onnx", reason="the onnx package makes the cases")

ACTIVATIONS = {
    "Relu": "relu",
    "Sigmoid": "sigmoid",
    "Tanh": "tanh",
    "Softplus": "softplus",
    "Softsign": "softsign",
    "Abs": "abs",
    "LeakyRelu": "leaky relu",
    "Elu": "elu",
    "Selu": "selu",
    "Gelu": "gelu",
    "HardSigmoid": "hard sigmoid",
}
PARAMETERS = {"LeakyRelu": {"alpha": 0.2}, "HardSigmoid": {"alpha": 1 / 6}, "Gelu": {"approximate": b"tanh"}}
"""Of functions with parameters only the cases with Keras's count."""


def cases(*kinds, ours=lambda kind, options, given, expected: given[0].ndim <= 4):
    """Return the cases of these operators that our functions offer."""
    from onnx.backend.test.case.node import collect_testcases

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = collect_testcases(None)
    for case in found:
        node = case.model.graph.node[0]
        if len(case.model.graph.node) == 1 and node.op_type in kinds and case.data_sets:
            options = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
            what = (node.op_type, options, *case.data_sets[0])
            if ours(*what):
                yield pytest.param(*what, id=case.name.removeprefix("test_"))


def our_pooling(kind, options, given, expected):
    """Leave out three axes, indices, dilation and padding that is counted: Keras has none of them."""
    others = [name for name in ("storage_order", "count_include_pad") if options.get(name)]
    return given[0].ndim <= 4 and not others and len(expected) == 1 and max(options.get("dilations", [1])) == 1


def our_function(kind, options, given, expected):
    """Leave out other parameters than Keras's."""
    usual = PARAMETERS.get(kind, {})
    return options.keys() == usual.keys() and all(
        options[k] == (v if isinstance(v, bytes) else pytest.approx(v)) for k, v in usual.items()
    )


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


@pytest.mark.parametrize(("kind", "options", "given", "expected"), list(cases("Conv")))
def test_convolution(kind, options, given, expected):
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
    np.testing.assert_allclose(found, channels_last(expected[0]), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(("kind", "options", "given", "expected"), list(cases("MaxPool", "AveragePool", ours=our_pooling)))
def test_pooling(kind, options, given, expected):
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
    np.testing.assert_allclose(found, channels_last(expected[0]), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(("kind", "options", "given", "expected"), list(cases(*ACTIVATIONS, ours=our_function)))
def test_activation_function(kind, options, given, expected):
    np.testing.assert_allclose(activate(given[0], ACTIVATIONS[kind]), expected[0], rtol=1e-5, atol=1e-6)
