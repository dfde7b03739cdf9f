"""What an operation does to the tensor that a chain follows: the layers that it becomes, and the form of what it makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.activation import Activation
from convgui.engine.layers.activations import PRELU
from convgui.engine.layers.affine import Affine
from convgui.engine.layers.conv import Conv
from convgui.engine.layers.pad import Pad
from convgui.engine.layers.pool import Pool
from convgui.engine.layers.resize import Resize
from convgui.engine.layers.softmax import Softmax
from convgui.io.weights.network import MOST_WEIGHTS
from convgui.io.weights.onnx.axes import RESHAPES
from convgui.io.weights.onnx.fold import axes_of, slices_of
from convgui.io.weights.onnx.form import Form, Stop, lower_pads
from convgui.io.weights.tensor import bank_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convgui.engine.layers.base import Layer
    from convgui.io.weights.onnx.fold import Constants
    from convgui.io.weights.onnx.model import Node

    Array = NDArray[Any]
    Pair = tuple[int, int]


class Step(NamedTuple):
    """What an operation becomes: layers, none where it only names axes otherwise, and the form of what it makes."""

    layers: tuple[Layer, ...]
    form: Form
    names: tuple[str, ...] = ()
    any_size: bool = True


class Context(NamedTuple):
    """Where an operation stands: the constants of its graph, and the tensor that is followed."""

    constants: Constants
    followed: str

    @property
    def opset(self) -> int:
        """The version of the operators."""
        return self.constants.opset

    def given(self, node: Node, place: int) -> Array:
        """Return the numbers of an input; Stop if it is none, or depends on the network's input."""
        found = self.constants.get(node.input(place))
        if found is None:
            raise Stop("one of its inputs is computed from the picture")
        return found

    def optional(self, node: Node, place: int) -> Array | None:
        """Return the numbers of an input that may be left out."""
        return self.given(node, place) if node.input(place) else None

    def rest(self, node: Node) -> list[Array | None]:
        """Return the numbers of all inputs but the first."""
        return [self.optional(node, place) for place in range(1, len(node.inputs))]


def called(node: Node) -> str:
    """Return the name of a layer: the node's, or that of what it makes."""
    return (node.name or node.outputs[0])[:200]


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
        return make(context, node, form)
    except (ValueError, TypeError, OverflowError, IndexError) as error:
        raise Stop(str(error).rstrip(".")) from error


def _one(layer: Layer, form: Form, *names: str) -> Step:
    return Step((layer,), form.after(layer), tuple(name for name in names if name))


def _pairs(node: Node, name: str, axes: int) -> Pair:
    """Return an attribute as rows and columns; the rows of a sequence count 1."""
    found = node.wholes(name) or (1,) * axes
    if len(found) != axes:
        raise Stop(f"its {name} are {found}")
    return (1, found[0]) if axes == 1 else (found[0], found[1])


def _pads(node: Node, form: Form, kernel: Pair, axes: int) -> Any:
    """Return the padding of a convolution or pool."""
    automatic = node.text("auto_pad", "NOTSET")
    if automatic == "SAME_UPPER":
        return "same"
    if automatic == "SAME_LOWER":
        return lower_pads(form, kernel, _pairs(node, "strides", axes), _pairs(node, "dilations", axes))
    pads = node.wholes("pads") if automatic == "NOTSET" else None
    if not pads or not any(pads):
        return "valid"
    if len(pads) != 2 * axes or min(pads) < 0:
        raise Stop(f"its pads are {pads}")
    return ((0, 0), (pads[0], pads[1])) if axes == 1 else ((pads[0], pads[2]), (pads[1], pads[3]))


def _maps(form: Form, axes: int, what: str) -> None:
    """Stop unless maps stand before the rows and columns, as ONNX has it."""
    if form.axes != ("NCHW" if axes == 2 else "NCW") or (axes == 1 and form.rows not in (1, None)):
        raise Stop(f"{what} has its axes in another order than maps, rows, columns")


def _weights(array: Array, name: str) -> Kernel:
    if array.size > MOST_WEIGHTS:
        raise Stop(f"it has {array.size:,} weights; a layer here has at most {MOST_WEIGHTS:,}")
    return Kernel(array, name=name[:200] or "Weights")


def convolution(context: Context, node: Node, form: Form) -> Step:
    """Return a convolution: along one axis or two, with groups, stride, dilation, padding and bias."""
    weights, bias = context.given(node, 1), context.optional(node, 2)
    axes = weights.ndim - 2
    if axes not in (1, 2):
        raise Stop(f"it is a convolution along {axes} axes")
    _maps(form, axes, "what it reads")
    bank, _ = bank_of(weights, "OIHW" if axes == 2 else "OIW")
    groups = node.whole("group", 1)
    if form.maps not in (None, bank.shape[2] * groups):
        raise Stop(f"it reads {bank.shape[2] * groups} channels, and {form.maps} are there")
    layer = Conv(
        _weights(bank, node.input(1)),
        padding=_pads(node, form, (bank.shape[0], bank.shape[1]), axes),
        stride=_pairs(node, "strides", axes),
        dilation=_pairs(node, "dilations", axes),
        groups=groups,
        bias=(0.0,) if bias is None else tuple(bias.ravel().astype(float).tolist()),
        name=called(node),
    )
    return _one(layer, form, node.input(1), node.input(2))


def pool(context: Context, node: Node, form: Form) -> Step:
    """Return the pool of a patch: the largest value or the mean."""
    size = node.wholes("kernel_shape") or ()
    axes = len(size)
    if axes not in (1, 2):
        raise Stop(f"it is a pool along {axes} axes")
    _maps(form, axes, "what it reads")
    layer = Pool(
        "max" if node.kind == "MaxPool" else "mean",
        size=_pairs(node, "kernel_shape", axes),
        stride=_pairs(node, "strides", axes),
        padding=_pads(node, form, _pairs(node, "kernel_shape", axes), axes),
        dilation=_pairs(node, "dilations", axes),
        ceil=bool(node.whole("ceil_mode", 0)),
        count_padding=bool(node.whole("count_include_pad", 0)),
        name=called(node),
    )
    return _one(layer, form)


def whole_pool(context: Context, node: Node, form: Form) -> Step:
    """Return the largest value or the mean of each map."""
    _maps(form, len(form.axes) - 2, "what it reads")
    return _one(Pool("max" if "Max" in node.kind else "mean", size=None, name=called(node)), form)


def reduction(context: Context, node: Node, form: Form) -> Step:
    """Return the mean or the largest value over all rows and columns, which exporters write as a reduction of axes."""
    axes = axes_of(node, context.optional(node, 1))
    letters = set("".join(form.letter(axis) for axis in axes)) if axes else set(form.axes)
    others = {letter for letter in "HW" if form.size(letter) != 1}
    if not letters <= set("HW") or not others <= letters:
        raise Stop("it goes over other axes than all rows and columns")
    reduced = form.after(layer := Pool("max" if "Max" in node.kind else "mean", size=None, name=called(node)))
    if not node.whole("keepdims", 1):
        reduced = reduced.over("".join(letter for letter in form.axes if letter not in letters))
    return Step((layer,), reduced)


def normalisation(context: Context, node: Node, form: Form) -> Step:
    """Return batch normalisation with fixed statistics: a scale and an offset for each map."""
    if node.whole("training_mode", 0) or not node.whole("spatial", 1) or (len(node.outputs) > 1 and any(node.outputs[1:])):
        raise Stop("it normalises by the statistics of its input")
    if form.letter(1) != "C":
        raise Stop("its second axis is not that of the maps")
    scale, offset, mean, variance = (context.given(node, place).astype(np.float64).ravel() for place in range(1, 5))
    factor = scale / np.sqrt(variance + node.number("epsilon", 1e-5))
    layer = Affine(tuple(factor.tolist()), tuple((offset - mean * factor).tolist()), name=called(node))
    return Step((layer,), _known(form, len(scale)), node.inputs[1:5])


def _known(form: Form, maps: int) -> Form:
    """Return a form whose number of maps is known by now."""
    if form.maps is None and maps > 1:
        return Form(form.axes, maps, form.rows, form.cols, form.flat)
    if maps not in (1, form.maps):
        raise Stop(f"it has numbers for {maps} maps, and {form.maps} are there")
    return form


def per_map(array: Array, form: Form) -> Array:
    """Return a constant that is added or multiplied as one number for each map; Stop if it differs from place to place."""
    if array.ndim > len(form.axes):
        raise Stop("it adds axes")
    sizes = dict(zip(reversed(form.axes), reversed(array.shape), strict=False))
    if any(n != 1 for letter, n in sizes.items() if letter != "C"):
        raise Stop("its numbers differ from place to place")
    return array.astype(np.float64).ravel()


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
    return Step((layer,), _known(form, len(numbers)), (node.inputs[1 if first else 0],))


def power(context: Context, node: Node, form: Form) -> Step:
    """Return the square."""
    exponent = context.given(node, 1)
    if exponent.size != 1 or exponent.item() != 2:
        raise Stop("its exponent is none of our functions")
    return _one(Activation("square", name=called(node)), form)


def function(name: str, **parameters: tuple[str, float]) -> Callable[[Context, Node, Form], Step]:
    """Return what makes an activation function, each of its parameters from an attribute with a usual value."""

    def make(context: Context, node: Node, form: Form) -> Step:
        found = {ours: node.number(theirs, usual) for ours, (theirs, usual) in parameters.items()}
        return _one(Activation(name, found, name=called(node)), form)

    return make


def gelu(context: Context, node: Node, form: Form) -> Step:
    """Return the function by the normal distribution, or by tanh."""
    approximate = float(node.text("approximate", "none") == "tanh")
    return _one(Activation("gelu", {"approximate": approximate}, name=called(node)), form)


def clip(context: Context, node: Node, form: Form) -> Step:
    """Return the function that cuts values off at limits: attributes, or from version 11 on inputs."""
    given = [node.attributes.get("min"), node.attributes.get("max")]
    given = [context.optional(node, k + 1) if context.opset >= 11 else one for k, one in enumerate(given)]
    limits = [
        usual if one is None else float(np.asarray(one).item()) for one, usual in zip(given, (-np.inf, np.inf), strict=True)
    ]
    limits = [float(np.sign(n) * np.inf) if abs(n) > 3.4e38 else n for n in limits]
    if limits == [0.0, np.inf]:
        return _one(Activation("relu", name=called(node)), form)
    if limits == [0.0, 6.0]:
        return _one(Activation("relu6", name=called(node)), form)
    return _one(Activation("clip", {"min_value": limits[0], "max_value": limits[1]}, name=called(node)), form)


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
    return Step((layer,), _known(form, shaped.shape[2]), (node.input(1),), any_size=shaped.shape[:2] == (1, 1))


def negative(context: Context, node: Node, form: Form) -> Step:
    """Return the negative of each value."""
    return _one(Affine((-1.0,), name=called(node)), form)


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
    return _one(Softmax(name=called(node)), form)


_BORDERS = {"constant": "zeros", "reflect": "reflect", "edge": "replicate", "wrap": "wrap"}


def pad(context: Context, node: Node, form: Form) -> Step:
    """Return cells around each map; pads are an attribute before version 11."""
    attribute = node.wholes("pads") or node.wholes("paddings")
    pads = list(attribute) if attribute is not None else _integers(context.given(node, 1))
    constant = node.number("value", 0.0)
    if attribute is None and (given := context.optional(node, 2)) is not None and given.size:
        constant = float(given.item())
    which = _integers(context.given(node, 3)) if attribute is None and node.input(3) else list(range(len(form.axes)))
    if len(pads) != 2 * len(which):
        raise Stop(f"it has {len(pads)} pads for {len(which)} axes")
    mode = node.text("mode", "constant")
    if mode not in _BORDERS:
        raise Stop(f"its mode is {mode}")
    cells = {"H": (0, 0), "W": (0, 0)}
    for k, axis in enumerate(which):
        before_after, letter = (pads[k], pads[k + len(which)]), form.letter(axis)
        if letter in cells:
            cells[letter] = before_after
        elif any(before_after):
            raise Stop("it pads other axes than rows and columns")
    return _one(Pad(cells["H"], cells["W"], _BORDERS[mode], constant, name=called(node)), form)


def _integers(array: Array) -> list[int]:
    return [int(n) for n in array.ravel().tolist()]


def cut(context: Context, node: Node, form: Form) -> Step:
    """Return a part of each map, as a padding that cuts off."""
    cells = {"H": (0, 0), "W": (0, 0)}
    for axis, part in slices_of(node, context.rest(node)).items():
        letter = form.letter(axis)
        size = None if letter == "F" else form.size(letter)
        start, end = part.start, part.stop
        whole = start == 0 and (end is None or end >= (size or 2**31 - 1))
        if part.step == 1 and whole:
            continue
        if part.step != 1 or letter not in cells or end is None:
            raise Stop("it takes other parts than neighbouring rows and columns")
        if size is None and (start < 0 or 0 <= end < 2**31 - 1):
            raise Stop("what it cuts off depends on a size that the file does not say")
        after = end if end < 0 else min(end - size, 0) if size is not None else 0
        cells[letter] = (-start if start >= 0 else -(start + (size or 0)), after)
    return _one(Pad(cells["H"], cells["W"], name=called(node)), form)


def resize(context: Context, node: Node, form: Form) -> Step:
    """Return maps at another size, with the conventions of each version."""
    old = node.kind == "Upsample" or context.opset < 11
    if old:
        given = node.numbers("scales") or context.given(node, 1).tolist()
        sizes, scales = None, [float(n) for n in given]
        coordinates, rounding = "asymmetric", "floor"
    else:
        sizes = _integers(found) if (found := context.optional(node, 3)) is not None and found.size else None
        scales = context.given(node, 2).ravel().astype(float).tolist() if sizes is None else []
        coordinates = node.text("coordinate_transformation_mode", "half_pixel")
        rounding = node.text("nearest_mode", "round_prefer_floor")
    if node.whole("antialias", 0) or node.text("keep_aspect_ratio_policy", "stretch") != "stretch":
        raise Stop("it weighs more cells than ours does")
    mode = node.text("mode", "nearest")
    if mode not in ("nearest", "linear"):
        raise Stop(f"its mode is {mode}")
    which = [form.letter(axis) for axis in node.wholes("axes") or range(len(form.axes))]
    wanted = dict(zip(which, sizes if sizes is not None else scales, strict=True))
    same = {letter: form.size(letter) if sizes is not None else 1 for letter in form.axes}
    if any(wanted.get(letter, same[letter]) != same[letter] for letter in form.axes if letter not in "HW" and letter != "N"):
        raise Stop("it resizes other axes than rows and columns")
    usual = (form.rows, form.cols) if sizes is not None else (1.0, 1.0)
    rows, cols = (wanted.get(letter, usual[k]) for k, letter in enumerate("HW"))
    if rows is None or cols is None:
        raise Stop("its size depends on that of the picture")
    settings: dict[str, Any] = (
        {"size": (int(rows), int(cols))} if sizes is not None else {"scale": (float(rows), float(cols))}
    )
    method = "nearest" if mode == "nearest" else "bilinear"
    layer = Resize(method=method, coordinates=coordinates, rounding=rounding, name=called(node), **settings)
    return _one(layer, form)._replace(any_size=sizes is None)


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
    if weights.size > MOST_WEIGHTS:
        raise Stop(f"it has {weights.size:,} weights; a layer here has at most {MOST_WEIGHTS:,}")
    bank, made = _dense_bank(weights * alpha, form, -1 if first else -2)
    offsets = (0.0,) if bias is None else tuple((per_map(bias, made) * beta).tolist())
    layer = Conv(_weights(bank, node.input(1)), padding="valid", bias=offsets, name=called(node))
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
