"""Arguments by Keras's names: each is brought to one form, or refused in a sentence that says what was received."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine.layers.arguments import LARGEST_COUNT, short
from convgui.engine.layers.geometry import axis

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

Shape = tuple[int | None, ...]
"""A shape, batch first; None where any size will do."""


def whole(what: str, value: Any, least: int = 1, most: int | None = LARGEST_COUNT) -> int:
    """Return a whole number in a range; `most` is None where a size is as large as the input.

    >>> whole("filters", 0)
    Traceback (most recent call last):
    ValueError: Expected filters of a whole number from 1 to 1,000,000, received 0.
    """
    is_whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not is_whole or value < least or (most is not None and value > most):
        to = "" if most is None else f" to {most:,}"
        raise ValueError(f"Expected {what} of a whole number from {least}{to}, received {short(value)}.")
    return int(value)


def wholes(what: str, value: Any, axes: int, least: int = 1) -> tuple[int, ...]:
    """Return a whole number for each axis, of one for all or of a sequence.

    >>> wholes("kernel_size", 3, axes=2), wholes("strides", [2, 1], axes=2)
    ((3, 3), (2, 1))
    """
    try:
        numbers = [value] * axes if isinstance(value, int | np.integer) else list(value)
        if len(numbers) == axes:
            return tuple(whole(what, number, least) for number in numbers)
    except (TypeError, ValueError):
        pass
    each = "" if axes == 1 else f", or {axes} of them"
    raise ValueError(f"Expected {what} of a whole number from {least} to {LARGEST_COUNT:,}{each}, received {short(value)}.")


def pairs(what: str, value: Any) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return cells before and after, for rows and for columns.

    >>> pairs("padding", 1), pairs("padding", (1, 2)), pairs("padding", ((1, 0), 2))
    (((1, 1), (1, 1)), ((1, 1), (2, 2)), ((1, 0), (2, 2)))
    """
    try:
        both = (value, value) if isinstance(value, int | np.integer) else value
        (top, bottom), (left, right) = (wholes(what, side, 2, least=0) for side in both)
        return (top, bottom), (left, right)
    except (TypeError, ValueError):
        raise ValueError(
            f"Expected {what} of a whole number from 0, two of them for rows and columns, or ((top, bottom), (left, "
            f"right)), received {short(value)}."
        ) from None


def one_of(what: str, value: Any, known: Sequence[str]) -> str:
    """Return a name in lower case.

    >>> one_of("padding", "SAME", ("valid", "same"))
    'same'
    """
    if isinstance(value, str) and value.lower() in known:
        return value.lower()
    raise ValueError(f"Expected {what} of {', '.join(known)}, received {short(value)}{_meant(value, known)}.")


def number(what: str, value: Any, least: float = -np.inf) -> float:
    """Return a number that is not below `least`."""
    real = isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
    if not real or not value >= least:
        limit = "" if least == -np.inf else f" of at least {least:g}"
        raise ValueError(f"Expected {what} as a number{limit}, received {short(value)}.")
    return float(value)


def float32_of(what: str, values: NDArray[Any]) -> NDArray[np.float32]:
    """Return real numbers as float32, without a copy where they are; NaN and infinity stay.

    Raises
    ------
    ValueError
        If they are no real numbers, or float32 cannot hold one.
    """
    if values.dtype.kind not in "buif":
        raise ValueError(f"Expected {what} of real numbers, received the dtype {values.dtype}.")
    with np.errstate(over="ignore"):
        held = np.ascontiguousarray(values, np.float32).reshape(values.shape)
    if values.dtype.kind == "f" and values.dtype.itemsize > 4 and (lost := np.isinf(held) & np.isfinite(values)).any():
        raise ValueError(f"Expected {what} of numbers up to 3.4e38, received {short(values[lost][0])}.")
    return held


def truth(what: str, value: Any) -> bool:
    """Return true or false."""
    if not isinstance(value, bool | np.bool_):
        raise ValueError(f"Expected {what} to be True or False, received {short(value)}.")
    return bool(value)


def channels_last(data_format: Any) -> str:
    """Return the one order of axes that there is; the other one is refused with what to do."""
    if data_format is None or one_of("data_format", data_format, ("channels_last", "channels_first")) == "channels_last":
        return "channels_last"
    raise ValueError(
        "Expected data_format channels_last, received 'channels_first': leave it out and move the channels of the input to "
        "the last axis, as np.moveaxis(x, 1, -1) does; weights have the same shapes in both."
    )


def only_float32(dtype: Any) -> None:
    """Refuse a dtype in which nothing is computed here."""
    known = getattr(dtype, "name", dtype)
    if not (dtype is None or known is np.float32 or (isinstance(known, str) and known == "float32")):
        raise ValueError(f"Expected dtype float32, in which all is computed, received {short(dtype)}.")


def no_others(of: str, names: Iterable[str], known: Sequence[str]) -> None:
    """Refuse arguments that there are none of."""
    for name in names:
        raise ValueError(f"{of} has no argument {name}{_meant(name, known)}.")


def is_axis(axis: Any, rank: int, what: str) -> bool:
    """Whether an axis of a shape, batch first, is the last one: that of the maps; one that it has not is refused."""
    at = whole(what, axis, -rank)
    if at >= rank:
        raise ValueError(f"Expected {what} from {-rank} to {rank - 1} for an input of {rank} axes, received {at}.")
    return at in (-1, rank - 1)


def reached(layer: str, size: int | None, kernel: int, stride: int, dilation: int, padding: str) -> int | None:
    """Return how many outputs an axis has.

    Raises
    ------
    ValueError
        If the kernel does not fit into it.
    """
    if size is None:
        return None
    along = axis(size, kernel, stride, dilation, padding)
    if not along.outputs:
        spread = f", spread to {along.span} by dilation," if dilation > 1 else ""
        raise ValueError(
            f"Expected at least {along.span} cells along an axis of the input of {layer}, received {size}: a kernel or pool "
            f"of {kernel}{spread} does not fit into it with the padding valid."
        )
    return along.outputs


def _meant(value: Any, known: Sequence[str]) -> str:
    close = get_close_matches(str(value).lower(), known, n=1)
    return f"; did you mean {close[0]}?"[:-1] if close else ""
