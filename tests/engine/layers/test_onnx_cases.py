"""Conformance: the cases that the ONNX project defines for the operators that our layers offer."""

import numpy as np
import pytest
from bound_layers import check_against

from convgui.engine.layers.activation import Activation
from convgui.engine.layers.affine import Affine
from convgui.engine.layers.base import Shape
from convgui.engine.layers.pad import Pad
from convgui.engine.layers.pool import Pool
from convgui.engine.layers.resize import Resize
from convgui.engine.layers.softmax import Softmax


def pool(reduce):
    def layer(options, x, *rest):
        axes = x.ndim - 2
        size, stride, dilation = (
            (1,) * (2 - axes) + tuple(options.get(name, [1] * axes)) for name in ("kernel_shape", "strides", "dilations")
        )
        kind, pads = options.get("auto_pad", b"NOTSET").decode(), options.get("pads", [0] * (2 * axes))
        padding = ((0, 0),) * (2 - axes) + tuple(zip(pads[:axes], pads[axes:], strict=True))
        if kind == "SAME_LOWER":
            before = [max((-(-n // s) - 1) * s + k - n, 0) for n, s, k in zip(x.shape[2:], stride, size, strict=True)]
            padding = tuple((total - total // 2, total // 2) for total in before)
        return Pool(
            *(reduce, size, stride, "same" if kind == "SAME_UPPER" else padding, dilation),
            ceil=bool(options.get("ceil_mode")),
            count_padding=bool(options.get("count_include_pad")),
        )

    return layer


def function(name, **attributes):
    """Return what makes the layer of a function; attributes: of each parameter ONNX's name and usual value."""

    def layer(options, *given):
        return Activation(name, {key: options.get(*one) for key, one in attributes.items()})

    return layer


def prelu(options, x, slope):
    slope = np.broadcast_to(slope, x.shape)
    return Activation("prelu", slopes=slope.transpose(1, 2, 0))


def norm(options, x, scale, bias, mean, variance):
    factor = scale.astype(np.float64) / np.sqrt(variance + options.get("epsilon", 1e-5))
    return Affine(scale=tuple(factor), offset=tuple(bias - mean * factor))


def pad(options, x, pads, *rest):
    names = {"constant": "zeros", "edge": "replicate"}
    axes = rest[1] % 4 if len(rest) > 1 else np.arange(4)
    before, after = np.zeros(4, int), np.zeros(4, int)
    before[axes], after[axes] = pads[: len(axes)], pads[len(axes) :]
    mode = options["mode"].decode()
    sides = list(zip(before.tolist(), after.tolist(), strict=True))
    return Pad(sides[2], sides[3], names.get(mode, mode), float(rest[0]) if rest else 0.0)


def resize(options, x, how):
    how = [how[list(options["axes"]).index(axis)] for axis in (2, 3)] if "axes" in options else how[2:]
    whole = how[0].dtype.kind == "i"
    return Resize(
        **{"size" if whole else "scale": tuple(one.item() for one in how)},
        method={"nearest": "nearest", "linear": "bilinear"}[options["mode"].decode()],
        coordinates=options.get("coordinate_transformation_mode", b"half_pixel").decode(),
        rounding=options.get("nearest_mode", b"round_prefer_floor").decode(),
    )


LAYERS = {
    "MaxPool": (pool("max"), 14),
    "AveragePool": (pool("mean"), 14),
    "GlobalMaxPool": (lambda *given: Pool("max", size=None), 2),
    "GlobalAveragePool": (lambda *given: Pool("mean", size=None), 2),
    "BatchNormalization": (norm, 2),
    "Softmax": (lambda *given: Softmax(), 2),
    "Pad": (pad, 6),
    "Resize": (resize, 16),
    "PRelu": (prelu, 2),
    "Relu": (function("relu"), 1),
    "Clip": (lambda options, x, low, high: Activation("clip", {"min_value": low.item(), "max_value": high.item()}), 6),
    "LeakyRelu": (function("leaky relu", negative_slope=("alpha", 0.01)), 3),
    "ThresholdedRelu": (function("threshold", threshold=("alpha", 1.0)), 3),
    "HardSigmoid": (function("hard sigmoid", alpha=("alpha", 0.2), beta=("beta", 0.5)), 3),
    "HardSwish": (function("hard silu"), 1),
    "Elu": (function("elu", alpha=("alpha", 1.0)), 3),
    "Celu": (function("celu", alpha=("alpha", 1.0)), 1),
    "Selu": (function("selu", alpha=("alpha", None), scale=("gamma", None)), 3),
    "Shrink": (function("shrink", threshold=("lambd", 0.5), bias=("bias", 0.0)), 2),
    "Swish": (function("silu", alpha=("alpha", 1.0)), 1),
    "Mish": (function("mish"), 1),
    "Exp": (function("exponential"), 2),
    "Softplus": (function("softplus"), 2),
    "Gelu": (lambda options, x: Activation("gelu", {"approximate": options.get("approximate", b"none") == b"tanh"}), 4),
}
FEW_DIGITS = {"averagepool_2d_ceil_last_window_starts_on_pad"}
"""Whose values are written with four digits."""

DISPUTED = {"resize_downsample_scales_linear_align_corners"}
"""Which counts 2.4 cells where the output has 2; ONNX Runtime and PyTorch count 2, as we do."""

OTHERS = {"cubic", "antialias", "keep_aspect_ratio_policy", "tf_crop_and_resize"}


def is_ours(kind, options, given, expected):
    """Leave out three axes, other types, training, one limit (which may be either), cubic and what else no layer offers."""
    if kind == "Clip" and len(given) != 3:
        return False
    if given[0].ndim > 4 or given[0].dtype not in (np.float32, np.uint8, np.int32) or options.get("training_mode"):
        return False
    named = {value.decode() for value in options.values() if isinstance(value, bytes)} | options.keys()
    return not named & OTHERS and not (kind == "Softmax" and options.get("axis", -1) not in (1, given[0].ndim - 1, -1))


@pytest.mark.parametrize("kind", LAYERS)
def test_layers(cases, kind):
    make, least = LAYERS[kind]
    found = [case for case in cases(kind, is_ours) if case[0] not in DISPUTED]
    assert len(found) >= least
    for name, options, given, expected in found:
        layer = make(options, *given)
        x, y = (planar(kind, options, array).astype(np.float32) for array in (given[0], expected[0]))
        for one, wanted in zip(x, y, strict=True):
            try:
                check_against(layer.bind(Shape(*one.shape)), one, wanted, atol=1e-4 if name in FEW_DIGITS else 1e-6)
            except (AssertionError, ValueError) as error:
                raise AssertionError(name) from error


def planar(kind, options, array):
    """Return an array as (batch, maps, rows, cols); one of fewer axes as one map, the axis of a softmax as the maps."""
    if kind == "Softmax":
        array = np.moveaxis(array, options.get("axis", -1), 0)
        return array.reshape(1, len(array), 1, -1)
    if array.ndim == 3 and kind in ("MaxPool", "AveragePool"):
        return array[:, :, None]
    return array if array.ndim == 4 else array.reshape((1,) * (4 - array.ndim) + array.shape)
