"""Checks: whether the settings of a layer have a meaning, said in one sentence that names the setting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine.kernels.kernel import MAX_SIDE, Kernel
from convgui.engine.layers.arguments import LARGEST_COUNT, LARGEST_NUMBER
from convgui.engine.layers.base import Layer
from convgui.engine.layers.border import BORDERS
from convgui.engine.layers.conv import Conv
from convgui.engine.layers.geometry import PADDINGS
from convgui.engine.looking.limits import MODES, Limits
from convgui.engine.reading import COLOURS, Reading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

SMALLEST_NUMBER = float(np.finfo(np.float32).tiny)
"""Magnitude below which float32 loses digits, and soon the whole number."""

MOST_LAYERS = 1000
"""Layers of a document."""

LONGEST_NAME = 1000
"""Letters of a layer's name."""


def layer_fault(layer: Any) -> str:
    """Return what is wrong with a layer, whatever it is applied to; empty if it is sound.

    >>> layer_fault(Conv(Kernel([[1, 2]]), stride=(0, 1)))
    'Expected a stride of two whole numbers from 1 to 1,000,000, received (0, 1).'
    """
    if not isinstance(layer, Layer):
        return f"Expected a layer, received {_short(layer)}."
    if fault := _common_fault(layer):
        return fault
    if not isinstance(layer, Conv):
        return ""  # the other kinds refuse what has no meaning when they are made
    return (
        _kernel_fault(layer.kernel)
        or _pair_fault("stride", layer.stride, 1)
        or _pair_fault("dilation", layer.dilation, 1)
        or _padding_fault(layer.padding)
        or _numbers_fault(layer)
        or _names_fault(layer)
    )


def layers_fault(layers: Any) -> str:
    """Return what is wrong with the layers of a document; of several it is said which layer, counted from 1."""
    if not isinstance(layers, tuple) or not layers:
        return "Expected at least one layer, received none."
    if len(layers) > MOST_LAYERS:
        return f"Expected at most {MOST_LAYERS:,} layers, received {len(layers):,}."
    for k, layer in enumerate(layers):
        if fault := layer_fault(layer):
            return f"Layer {k + 1}: {fault[:1].lower()}{fault[1:]}" if len(layers) > 1 else fault
    return ""


def reading_fault(reading: Any) -> str:
    """Return what is wrong with the way in which a source is read; empty if it is sound.

    >>> reading_fault(Reading("custom", matrix=((1.0, 2.0), (3.0,))))
    'Expected a matrix of the reading with rows of one length, received rows of 2 and 1.'
    """
    if not isinstance(reading, Reading):
        return f"Expected a reading, received {_short(reading)}."
    if reading.colour not in COLOURS:
        return f"Expected the colour mode {', '.join(COLOURS)}, received {_short(reading.colour)}."
    if (
        not _are_numbers(reading.offset)
        or not isinstance(reading.matrix, tuple)
        or not all(map(_are_numbers, reading.matrix))
    ):
        return f"Expected numbers of at most {LARGEST_NUMBER:.3g} in magnitude in the matrix and the offset of the reading."
    lengths = sorted({len(row) for row in reading.matrix}, reverse=True)
    if len(lengths) > 1:
        received = " and ".join(str(length) for length in lengths[:2])
        return f"Expected a matrix of the reading with rows of one length, received rows of {received}."
    if reading.factor is not None and not _is_number(reading.factor):
        return f"Expected a number as the factor of the reading, received {_short(reading.factor)}."
    return "" if reading.size is None else _pair_fault("size of the reading", reading.size, 1)


def limits_fault(limits: Any) -> str:
    """Return what is wrong with the rule for the limits of a map; empty if it is sound.

    >>> limits_fault(Limits("fixed", low=2, high=1))
    'Expected a lower limit below the upper one, received 2 and 1.'
    """
    if not isinstance(limits, Limits) or limits.mode not in MODES:
        return f"Expected limits of {', '.join(MODES)}, received {_short(getattr(limits, 'mode', limits))}."
    if not _is_number(limits.percent) or not 50 <= limits.percent <= 100:
        return f"Expected a percentage from 50 to 100, received {_short(limits.percent)}."
    for value in (limits.low, limits.high):
        if not _is_number(value):
            return f"Expected a finite number as limit, received {_short(value)}."
    if limits.mode == "fixed" and not limits.low < limits.high:
        return f"Expected a lower limit below the upper one, received {limits.low:g} and {limits.high:g}."
    return ""


def weights_fault(weights: NDArray[np.float64]) -> str:
    """Return why a kernel of these weights cannot be computed in float32; empty if it can.

    Weights that are small beside others may vanish: what is lost is less than the accuracy that is promised.

    >>> weights_fault(np.array([[1e39, 1]]))
    'Expected weights of at most 3.4e+38 in magnitude, received 1e+39.'
    >>> weights_fault(np.array([[1e-50, 1]])), weights_fault(np.zeros((3, 3)))
    ('', '')
    """
    largest = float(np.abs(weights).max(initial=0))
    if largest > LARGEST_NUMBER:
        return f"Expected weights of at most {LARGEST_NUMBER:.3g} in magnitude, received {largest:.3g}."
    if 0 < largest < SMALLEST_NUMBER:
        return (
            f"Expected a weight of at least {SMALLEST_NUMBER:.2g} in magnitude, received {largest:.3g} as the largest one."
        )
    return ""


def bias_fault(bias: Sequence[float]) -> str:
    """Return which bias is finite, and infinite in float32; empty if none is.

    >>> bias_fault((1.0, 1e39))
    'Expected a bias of at most 3.4e+38 in magnitude, received 1e+39.'
    """
    lost = [value for value in bias if LARGEST_NUMBER < abs(value) < float("inf")]
    return f"Expected a bias of at most {LARGEST_NUMBER:.3g} in magnitude, received {lost[0]:.3g}." if lost else ""


def _kernel_fault(kernel: Any) -> str:
    if not isinstance(kernel, Kernel):
        return f"Expected a kernel, received {_short(kernel)}."
    rows, cols = kernel.size
    if max(rows, cols) > MAX_SIDE and kernel.weights.ndim == 2:  # a bank comes from a file, and is not drawn cell by cell
        return f"Expected a kernel of at most {MAX_SIDE} × {MAX_SIDE}, received {rows} × {cols}."
    return weights_fault(kernel.weights)


def _common_fault(layer: Any) -> str:
    if not isinstance(layer.name, str) or len(layer.name) > LONGEST_NAME:
        return f"Expected a name of at most {LONGEST_NAME:,} letters for a layer, received {_short(layer.name)}."
    return "" if isinstance(layer.on, bool) else f"Expected a layer to be on or off, received {_short(layer.on)}."


def _are_numbers(values: Any) -> bool:
    return isinstance(values, tuple) and all(_is_number(value) and abs(value) <= LARGEST_NUMBER for value in values)


def _pair_fault(what: str, pair: Any, least: int) -> str:
    if _is_pair(pair, least):
        return ""
    return f"Expected a {what} of two whole numbers from {least} to {LARGEST_COUNT:,}, received {_short(pair)}."


def _padding_fault(padding: Any) -> str:
    if isinstance(padding, str) and padding in PADDINGS:
        return ""
    if isinstance(padding, tuple) and len(padding) == 2 and all(_is_pair(side, 0) for side in padding):
        return ""
    return (
        f"Expected a padding of {', '.join(PADDINGS)}, or cells before and after the rows and the columns, each from 0 to "
        f"{LARGEST_COUNT:,}, received {_short(padding)}."
    )


def _numbers_fault(layer: Conv) -> str:
    if not _is_whole(layer.groups, 1):
        return f"Expected groups from 1 to {LARGEST_COUNT:,}, received {_short(layer.groups)}."
    if layer.groups > 1 and layer.kernel.weights.ndim == 2:
        return f"Expected groups of 1 with a kernel of rows and columns, received {layer.groups}."
    if not isinstance(layer.bias, tuple) or not layer.bias:
        return f"Expected a bias, or one for each map, received {_short(layer.bias)}."
    for what, value in (*(("bias", bias) for bias in layer.bias), ("value outside", layer.constant)):
        if not _is_number(value):
            return f"Expected a finite number as {what}, received {_short(value)}."
        if abs(value) > LARGEST_NUMBER:
            return f"Expected a {what} of at most {LARGEST_NUMBER:.3g} in magnitude, received {value:.3g}."
    return ""


def _names_fault(layer: Any) -> str:
    named: Sequence[tuple[str, Any, Sequence[str]]] = (("border", layer.border, BORDERS),)
    for what, name, known in named:
        if name not in known:
            return f"Expected the {what} {', '.join(known)}, received {_short(name)}."
    if not isinstance(layer.flip, bool):
        return f"Expected flip to be true or false, received {_short(layer.flip)}."
    return ""


def _is_whole(value: Any, least: int) -> bool:
    whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    return whole and least <= value <= LARGEST_COUNT


def _is_pair(value: Any, least: int) -> bool:
    return isinstance(value, tuple) and len(value) == 2 and all(_is_whole(part, least) for part in value)


def _is_number(value: Any) -> bool:
    """Whether it is a finite real number; a whole one of 400 digits is not, as no float holds it."""
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        return False
    try:
        return bool(np.isfinite(float(value)))
    except OverflowError:
        return False


def _short(value: Any) -> str:
    """Return a value as a sentence can hold it."""
    text = repr(value) if not isinstance(value, int) or abs(value) < 10**20 else "a whole number of many digits"
    return text if len(text) <= 60 else f"{text[:57]}..."
