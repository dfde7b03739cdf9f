"""The words of a figure: what is read, what it is laid on with, what comes out; sizes as in the window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convgui.engine.shown import apart, number
from convgui.model.banks import inputs_of
from convgui.model.layer_words import settings_words, title
from convgui.model.texts import READINGS, size_text

if TYPE_CHECKING:
    from convgui.engine.layers.conv import Conv
    from convgui.engine.looking.statistics import Statistics
    from convgui.model.state import State

    Words = tuple[tuple[str, str], tuple[str, str], tuple[str, str]]


def captions(state: State, known: Statistics, added: str) -> Words:
    """Return title and caption of input, middle and activation; `added` says what is drawn around the input."""
    shape = state.output_shape
    assert shape is not None
    which = f"map {state.map} of {shape.maps}" if shape.maps > 1 else ""
    limits = " … ".join(apart([known.low, known.high]))
    made = _joined(size_text(shape.rows, shape.cols, state.input.toy), which, limits, *_operation(state))
    return ("Input", _joined(_read(state), added)), _middle(state), ("Activation", made)


def has_kernel(state: State) -> bool:
    """Whether the map is made by a kernel that can be shown: not by another layer, nor by one that is switched off."""
    return state.kernel is not None and state.conv is not None and state.conv.on


def _read(state: State) -> str:
    """Return what is read: the picture, or a map of the layer below."""
    source, read = state.source, state.input
    here = size_text(read.rows, read.cols, read.toy)
    if not read.direct:
        shape = read.chain.shape(state.unit.start)
        below = title(state.layers[state.unit.start - 1]) if state.unit.start else source.name
        return _joined(below, here, f"map {read.map} of {shape.maps}" if shape.maps > 1 else "")
    kind = {1: "" if source.toy else "grey", 3: "RGB"}.get(source.channels, f"{source.channels} channels")
    if source.sequence:
        kind = "" if source.channels == 1 else f"{source.channels} channels"
    elif not source.toy:
        here = f"{here} pixels"
    how = READINGS[state.reading.colour] if source.channels > 1 else ""
    return _joined(source.name, "" if here in source.name else here, f"{kind}{how}")


def _middle(state: State) -> tuple[str, str]:
    kernel, conv = state.kernel, state.conv
    if kernel is None or conv is None or not conv.on:
        off = "" if state.unit.layer.on else "switched off"
        return title(state.unit.layer), _joined(settings_words(state.unit.layer), off)
    about = [size_text(*kernel.size, True), f"sum {number(float(kernel.weights.sum()))}"]
    about += ["flipped: laid on turned by 180 degrees"] if conv.flip else []
    count = len(inputs_of(conv, state.map)) if state.bank is not None else 1
    about += [f"for this input map; {count} are added up"] if count > 1 else []
    return "Kernel", _joined(kernel.name, *about)


def _operation(state: State) -> list[str]:
    conv, function = state.conv, state.unit.applied
    parts = [] if conv is None or not conv.on else _settings(conv, state)
    return [*parts, function.function] if function is not None and function.function != "linear" else parts


def _settings(conv: Conv, state: State) -> list[str]:
    bias = conv.bias[state.map] if state.map < len(conv.bias) else conv.bias[0]
    steps = state.input.sequence
    return [
        f"padding {padding_words(conv)}",
        f"border {border_words(conv)}" if conv.padding != "valid" else "",
        f"stride {pair(conv.stride, steps=steps)}" if max(conv.stride) > 1 else "",
        f"dilation {pair(conv.dilation, steps=steps)}" if max(conv.dilation) > 1 else "",
        f"bias {number(bias)}" if bias else "",
    ]


def padding_words(conv: Conv) -> str:
    """Return the padding: its name, or how many cells are added above and below, left and right."""
    if isinstance(conv.padding, str):
        return conv.padding
    sides: Any = conv.padding
    (top, bottom), (left, right) = sides
    return str(top) if top == bottom == left == right else f"{top} + {bottom}, {left} + {right}"


def border_words(conv: Conv) -> str:
    """Return what lies outside the input."""
    return f"constant {number(conv.constant)}" if conv.border == "zeros" and conv.constant else conv.border


def pair(both: tuple[int, int], *, steps: bool = False) -> str:
    """Return the numbers for rows and columns, one where they are equal; of a sequence that for its steps.

    >>> pair((2, 2)), pair((2, 1)), pair((1, 2), steps=True)
    ('2', '2, 1', '2')
    """
    return str(both[1]) if steps or both[0] == both[1] else f"{both[0]}, {both[1]}"


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
