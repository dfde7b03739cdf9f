"""What an operation does to the tensor that a chain follows: the layers that it becomes, and the form of what it makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from convgui.io.weights.onnx.axes import RESHAPES
from convgui.io.weights.onnx.context import Context, Step
from convgui.io.weights.onnx.form import Form, Stop
from convgui.io.weights.onnx.pointwise import (
    arithmetic,
    clip,
    dense,
    function,
    gelu,
    negative,
    normalisation,
    power,
    sloped,
    softmax,
)
from convgui.io.weights.onnx.spatial import convolution, cut, pad, pool, reduction, resize, whole_pool

if TYPE_CHECKING:
    from collections.abc import Callable

    from convgui.io.weights.onnx.model import Node


def step(context: Context, node: Node, form: Form) -> Step:
    """Return what a node does to the followed tensor.

    Raises
    ------
    Stop
        If no layer does the same.
    """
    if node.domain not in ("", "ai.onnx"):
        raise Stop(f"our layers have none of the kind {node.domain}.{node.kind}")
    if node.kind in RESHAPES:
        return Step((), RESHAPES[node.kind](node, form, lambda: context.rest(node)))
    make = STEPS.get(node.kind)
    if make is None:
        raise Stop("our layers have none of this kind")
    if node.kind not in _COMMUTE and node.input(0) != context.followed:
        raise Stop("the picture is not its first input")
    try:
        with np.errstate(all="ignore"):  # what becomes NaN or infinite, the layers refuse
            return make(context, node, form)
    except (ValueError, TypeError, OverflowError, IndexError) as error:
        raise Stop(str(error).rstrip(".")) from error


_COMMUTE = ("Add", "Mul", "Sub", "Div", "MatMul")
"""Operations of which the followed tensor may be either input."""


STEPS: dict[str, Callable[[Context, Node, Form], Step]] = {
    "Conv": convolution,
    "MaxPool": pool,
    "AveragePool": pool,
    "GlobalAveragePool": whole_pool,
    "GlobalMaxPool": whole_pool,
    "ReduceMean": reduction,
    "ReduceMax": reduction,
    "BatchNormalization": normalisation,
    "Pow": power,
    "Clip": clip,
    "PRelu": sloped,
    "Gelu": gelu,
    "Neg": negative,
    "Softmax": softmax,
    "Pad": pad,
    "Slice": cut,
    "Resize": resize,
    "Upsample": resize,
    "Gemm": dense,
    "MatMul": dense,
    **dict.fromkeys(("Add", "Sub", "Mul", "Div"), arithmetic),
    "Relu": function("relu"),
    "LeakyRelu": function("leaky relu", negative_slope=("alpha", 0.01)),
    "Elu": function("elu", alpha=("alpha", 1.0)),
    "Celu": function("celu", alpha=("alpha", 1.0)),
    "Selu": function("selu", alpha=("alpha", 1.67326319217681884765625), scale=("gamma", 1.05070102214813232421875)),
    "ThresholdedRelu": function("threshold", threshold=("alpha", 1.0)),
    "HardSigmoid": function("hard sigmoid", alpha=("alpha", 0.2), beta=("beta", 0.5)),
    "HardSwish": function("hard silu"),
    "Swish": function("silu", alpha=("alpha", 1.0)),
    "Sigmoid": function("sigmoid"),
    "Tanh": function("tanh"),
    "Softplus": function("softplus"),
    "Softsign": function("softsign"),
    "Mish": function("mish"),
    "Abs": function("abs"),
    "Exp": function("exponential"),
    "Shrink": function("shrink", threshold=("lambd", 0.5), bias=("bias", 0.0)),
}
"""What our layers can do, by the names of ONNX."""
