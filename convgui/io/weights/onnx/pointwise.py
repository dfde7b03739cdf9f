"""Operations on each value, or on the values of one place: functions, norms, arithmetic with constants, dense layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine.layers.activation import Activation
from convgui.engine.layers.activations import PRELU
from convgui.engine.layers.affine import Affine
from convgui.engine.layers.conv import Conv
from convgui.engine.layers.softmax import Softmax
from convgui.io.weights.network import kernel_of
from convgui.io.weights.onnx.context import Context, Step, called, of_maps, one_layer, per_map
from convgui.io.weights.onnx.form import Form, Stop

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convgui.io.weights.onnx.model import Node

    Array = NDArray[Any]
    Pair = tuple[int, int]


def normalisation(context: Context, node: Node, form: Form) -> Step:
    """Return batch normalisation with fixed statistics: a scale and an offset for each map."""
    if node.whole("training_mode", 0) or not node.whole("spatial", 1) or (len(node.outputs) > 1 and any(node.outputs[1:])):
        raise Stop("it normalises by the statistics of its input")
    if form.letter(1) != "C":
        raise Stop("its second axis is not that of the maps")
    scale, offset, mean, variance = (context.given(node, place).astype(np.float64).ravel() for place in range(1, 5))
    factor = scale / np.sqrt(variance + node.number("epsilon", 1e-5))
    layer = Affine(tuple(factor.tolist()), tuple((offset - mean * factor).tolist()), name=called(node))
    return Step((layer,), of_maps(form, len(scale)), node.inputs[1:5])


def arithmetic(context: Context, node: Node, form: Form) -> Step:
    """Return a constant that is added, subtracted, multiplied or divided by."""
    if len(node.inputs) != 2 or node.inputs[0] == node.inputs[1]:
        raise Stop("it brings two tensors together: layers follow one another here")
    first = node.inputs[0] == context.followed
    other = context.constants.get(node.inputs[1 if first else 0])
    if other is None:
        raise Stop("it brings two tensors together: layers follow one another here")
    numbers = per_map(other, form)
    scale, offset = np.ones(1), np.zeros(1)
    if node.kind == "Add":
        offset = numbers
    elif node.kind == "Sub":
        scale, offset = (scale, -numbers) if first else (-scale, numbers)
    elif node.kind == "Mul" or (node.kind == "Div" and first):
        scale = numbers if node.kind == "Mul" else 1 / numbers
    else:
        raise Stop("it divides by the tensor")
    layer = Affine(tuple(scale.tolist()), tuple(offset.tolist()), name=called(node))
    return Step((layer,), of_maps(form, len(numbers)), (node.inputs[1 if first else 0],))


def power(context: Context, node: Node, form: Form) -> Step:
    """Return the square."""
    exponent = context.given(node, 1)
    if exponent.size != 1 or exponent.item() != 2:
        raise Stop("its exponent is none of our functions")
    return one_layer(Activation("square", name=called(node)), form)


def function(name: str, **parameters: tuple[str, float]) -> Callable[[Context, Node, Form], Step]:
    """Return what makes an activation function, each of its parameters from an attribute with a usual value."""

    def make(context: Context, node: Node, form: Form) -> Step:
        found = {ours: node.number(theirs, usual) for ours, (theirs, usual) in parameters.items()}
        return one_layer(Activation(name, found, name=called(node)), form)

    return make


def gelu(context: Context, node: Node, form: Form) -> Step:
    """Return the function by the normal distribution, or by tanh."""
    approximate = float(node.text("approximate", "none") == "tanh")
    return one_layer(Activation("gelu", {"approximate": approximate}, name=called(node)), form)


def clip(context: Context, node: Node, form: Form) -> Step:
    """Return the function that cuts values off at limits: attributes, or from version 11 on inputs."""
    given = [node.attributes.get("min"), node.attributes.get("max")]
    given = [context.optional(node, k + 1) if context.opset >= 11 else one for k, one in enumerate(given)]
    limits = [
        usual if one is None else float(np.asarray(one).item()) for one, usual in zip(given, (-np.inf, np.inf), strict=True)
    ]
    limits = [float(np.sign(n) * np.inf) if abs(n) > 3.4e38 else n for n in limits]
    if limits == [0.0, np.inf]:
        return one_layer(Activation("relu", name=called(node)), form)
    if limits == [0.0, 6.0]:
        return one_layer(Activation("relu6", name=called(node)), form)
    return one_layer(Activation("clip", {"min_value": limits[0], "max_value": limits[1]}, name=called(node)), form)


def sloped(context: Context, node: Node, form: Form) -> Step:
    """Return the function with a slope below zero of its own for each map, or each place."""
    slopes = context.given(node, 1)
    if slopes.ndim > len(form.axes):
        raise Stop("it adds axes")
    sizes = dict(zip(reversed(form.axes), reversed(slopes.shape), strict=False))
    if not set(sizes) <= set("NCHW") or sizes.get("N", 1) != 1:
        raise Stop("its slopes have other axes than rows, columns and maps")
    order = list(form.axes[len(form.axes) - slopes.ndim :])
    shaped = slopes.astype(np.float32)
    for letter in "HWC":
        if letter not in order:
            shaped, order = shaped[np.newaxis], [letter, *order]
    if "N" in order:
        shaped, order = shaped.squeeze(order.index("N")), [letter for letter in order if letter != "N"]
    shaped = shaped.transpose([order.index(letter) for letter in "HWC"])
    layer = Activation(PRELU, slopes=np.ascontiguousarray(shaped), name=called(node))
    return Step((layer,), of_maps(form, shaped.shape[2]), (node.input(1),), any_size=shaped.shape[:2] == (1, 1))


def negative(context: Context, node: Node, form: Form) -> Step:
    """Return the negative of each value."""
    return one_layer(Affine((-1.0,), name=called(node)), form)


def softmax(context: Context, node: Node, form: Form) -> Step:
    """Return softmax over the maps; before version 13 it goes over all axes from one on."""
    place = node.whole("axis", -1 if context.opset >= 13 else 1)
    over = (
        form.letter(place)
        if context.opset >= 13
        else form.axes[place:]
        if place >= 0
        else form.axes[place + len(form.axes) :]
    )
    many = [letter for letter in over if letter == "F" or form.size(letter) != 1]
    if many != ["C"]:
        raise Stop("it goes over other axes than the maps")
    return one_layer(Softmax(name=called(node)), form)


def dense(context: Context, node: Node, form: Form) -> Step:
    """Return a matrix product with constant weights: a convolution of one cell, or of as many as were flattened."""
    first = node.input(0) == context.followed
    weights = context.given(node, 1 if first else 0)
    if weights.ndim != 2:
        raise Stop("its weights are no matrix")
    bias, alpha, beta = None, 1.0, 1.0
    if node.kind == "Gemm":
        if node.whole("transA", 0) or not first:
            raise Stop("it multiplies the other way round")
        weights, bias = (weights.T if node.whole("transB", 0) else weights), context.optional(node, 2)
        alpha, beta = node.number("alpha", 1.0), node.number("beta", 1.0)
    elif not first:
        weights = weights.T
    bank, made = _dense_bank(weights * alpha, form, -1 if first else -2)
    offsets = (0.0,) if bias is None else tuple((per_map(bias, made) * beta).tolist())
    layer = Conv(kernel_of(bank, node.input(1)), padding="valid", bias=offsets, name=called(node))
    names = tuple(name for place, name in enumerate(node.inputs) if place != (0 if first else 1) and name)
    return Step((layer,), made, names, any_size=bank.shape[:2] == (1, 1))


def _dense_bank(weights: Array, form: Form, place: int) -> tuple[Array, Form]:
    """Return the weights of a dense layer as a bank, and the form of what it makes."""
    inputs, outputs = weights.shape
    if len(form.axes) >= -place and form.axes[place] == "C" and form.maps in (None, inputs):
        return weights[np.newaxis, np.newaxis], Form(form.axes, outputs, form.rows, form.cols)
    if form.axes != "NF" or place != -1:
        raise Stop("it goes over other axes than the maps")
    sizes = [form.size(letter) for letter in form.flat]
    if None in sizes or np.prod([n or 0 for n in sizes]) != inputs:
        raise Stop(f"it reads {inputs:,} numbers, and the maps before it are {form.maps} × {form.rows} × {form.cols}")
    shaped = weights.reshape([n or 0 for n in sizes] + [outputs])
    order = form.flat
    for letter in "HWC":
        if letter not in order:
            shaped, order = shaped[np.newaxis], letter + order
    bank = shaped.transpose(*(order.index(letter) for letter in "HWC"), 3)
    return np.ascontiguousarray(bank), Form("NC", outputs, 1, 1)
