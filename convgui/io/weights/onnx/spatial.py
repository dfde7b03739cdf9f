"""Operations over rows and columns: convolutions, pools, what is added around a map, cut off, or resized."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convgui.engine.layers.conv import Conv
from convgui.engine.layers.pad import Pad
from convgui.engine.layers.pool import Pool
from convgui.engine.layers.resize import Resize
from convgui.io.weights.network import kernel_of
from convgui.io.weights.onnx.context import Context, Step, called, one_layer
from convgui.io.weights.onnx.folds import axes_of, slices_of
from convgui.io.weights.onnx.form import Form, Stop, lower_pads
from convgui.io.weights.tensor import bank_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.io.weights.onnx.model import Node

    Array = NDArray[Any]
    Pair = tuple[int, int]


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
        kernel_of(bank, node.input(1)),
        padding=_pads(node, form, (bank.shape[0], bank.shape[1]), axes),
        stride=_pairs(node, "strides", axes),
        dilation=_pairs(node, "dilations", axes),
        groups=groups,
        bias=(0.0,) if bias is None else tuple(bias.ravel().astype(float).tolist()),
        name=called(node),
    )
    return one_layer(layer, form, node.input(1), node.input(2))


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
    return one_layer(layer, form)


def whole_pool(context: Context, node: Node, form: Form) -> Step:
    """Return the largest value or the mean of each map."""
    _maps(form, len(form.axes) - 2, "what it reads")
    return one_layer(Pool("max" if "Max" in node.kind else "mean", size=None, name=called(node)), form)


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
    return one_layer(Pad(cells["H"], cells["W"], _BORDERS[mode], constant, name=called(node)), form)


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
    return one_layer(Pad(cells["H"], cells["W"], name=called(node)), form)


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
    return one_layer(layer, form)._replace(any_size=sizes is None)
