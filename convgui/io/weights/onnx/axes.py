"""Operations that leave the numbers as they are and name axes otherwise: between NCHW and NHWC, with or without rows."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from convgui.io.weights.onnx.folds import axes_of, ints
from convgui.io.weights.onnx.form import Form, Stop
from convgui.io.weights.onnx.model import TYPES

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convgui.io.weights.onnx.model import Node

    Rest = Callable[[], list[NDArray[Any] | None]]


def _same(node: Node, form: Form, rest: Rest) -> Form:
    return form


def _cast(node: Node, form: Form, rest: Rest) -> Form:
    wanted = TYPES.get(node.whole("to", 1), "")
    if "float" not in wanted or "8" in wanted:
        raise Stop(f"it makes {wanted} numbers of the values")
    return form


def _transposed(node: Node, form: Form, rest: Rest) -> Form:
    order = node.wholes("perm") or tuple(reversed(range(len(form.axes))))
    if sorted(order) != list(range(len(form.axes))):
        raise Stop(f"its order of axes is {order}")
    return form.over("".join(form.axes[k] for k in order), form.flat)


def _second(rest: Rest) -> NDArray[Any] | None:
    given = rest()
    return given[0] if given else None


def _squeezed(node: Node, form: Form, rest: Rest) -> Form:
    places = axes_of(node, _second(rest))
    gone = (
        [form.letter(k) for k in places] if places is not None else [a for a in form.axes if a != "F" and form.size(a) == 1]
    )
    if any(letter == "F" or form.size(letter) not in (1, None) for letter in gone):
        raise Stop("it takes an axis away that is not of length 1")
    return form.over("".join(letter for letter in form.axes if letter not in gone), form.flat)


def _unsqueezed(node: Node, form: Form, rest: Rest) -> Form:
    places = axes_of(node, _second(rest)) or []
    axes, count = form.axes, len(form.axes) + len(places)
    for place in sorted(k % count for k in places):
        axes = axes[:place] + _missing(axes, place, form) + axes[place:]
    return form.over(axes, form.flat)


def _missing(axes: str, place: int, form: Form) -> str:
    """Return which axis of length 1 an added one may be: the batch first, maps second or last, else rows or columns."""
    free = [letter for letter in "NCHW" if letter not in axes and letter not in form.flat and form.size(letter) in (1, None)]
    likely = {0: "NCHW", 1: "CHWN"}.get(place, "HWCN" if place < len(axes) else "CHWN" if "H" in axes else "WHCN")
    for letter in likely:
        if letter in free:
            return letter
    raise Stop("it adds an axis that is none of maps, rows and columns")


def _flattened(node: Node, form: Form, rest: Rest) -> Form:
    if node.whole("axis", 1) not in (1, 1 - len(form.axes)) or form.axes[0] != "N":
        raise Stop("it flattens the batch as well")
    return _as_row(form)


def _as_row(form: Form) -> Form:
    """Return all but the batch, one after the other."""
    flat = form.flat if "F" in form.axes else form.axes[1:]
    return form.over("NC") if form.single else form.over("NF", flat)


def _reshaped(node: Node, form: Form, rest: Rest) -> Form:
    given = _second(rest)
    target = ints(given) if given is not None else list(node.wholes("shape") or ())
    if not form.axes.startswith("N"):
        raise Stop("it changes the shape of what has no batch")
    now = "".join(form.flat if letter == "F" else letter for letter in form.axes)
    if len(target) == 2 and (target[0] in (-1, 0, 1) or target[1] == prod(form.size(letter) or 0 for letter in now)):
        return _as_row(form)
    if (
        "F" not in form.axes
        and len(target) == len(now)
        and all(
            n in (0, form.size(letter)) or (n == -1 and target.count(-1) == 1) for n, letter in zip(target, now, strict=True)
        )
    ):
        return form
    sizes = [form.size(letter) for letter in now]
    known = [n for n in sizes if n is not None]
    if len(known) < len(sizes):
        raise Stop("it changes the shape, and the file does not say the size")
    return form.over(_letters(_settled(target, known), now, known))


def _settled(target: list[int], sizes: list[int]) -> list[int]:
    """Return a wanted shape with each size as a number, the batch as one."""
    found = [sizes[k] if n == 0 and k < len(sizes) else n for k, n in enumerate(target)]
    total, others = 1, 1
    for n in sizes:
        total *= n
    for n in found:
        others *= n if n > 0 else 1
    found = [total // others if n == -1 else n for n in found]
    product = 1
    for n in found:
        product *= n
    if product != total:
        raise Stop(f"it makes {product:,} numbers of {total:,}")
    return found


def _letters(target: list[int], now: str, sizes: list[int]) -> str:
    """Return the axes of a new shape, in which those longer than 1 are the same ones in the same order."""
    long = [(letter, n) for letter, n in zip(now, sizes, strict=True) if n != 1]
    if [n for n in target if n != 1] != [n for _, n in long]:
        raise Stop("it mixes axes")
    names = iter(letter for letter, _ in long)
    free = [letter for letter in "NCHW" if letter not in [one for one, _ in long]]
    if sum(n == 1 for n in target) > len(free):
        raise Stop("it adds axes that are none of maps, rows and columns")
    ones = iter(free)
    return "".join(next(ones) if n == 1 else next(names) for n in target)


RESHAPES: dict[str, Callable[[Node, Form, Rest], Form]] = {
    "Identity": _same,
    "Dropout": _same,
    "Cast": _cast,
    "CastLike": _same,
    "Transpose": _transposed,
    "Squeeze": _squeezed,
    "Unsqueeze": _unsqueezed,
    "Flatten": _flattened,
    "Reshape": _reshaped,
}
"""Each by its name in ONNX."""
