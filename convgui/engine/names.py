"""The names of settings as people write them: one table for the functions, the command line and whoever reads them."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine.layers.activations import ACTIVATIONS
from convgui.engine.layers.arguments import LARGEST_COUNT
from convgui.engine.layers.border import BORDERS
from convgui.engine.layers.geometry import PADDINGS
from convgui.engine.source import PRESETS

if TYPE_CHECKING:
    from collections.abc import Sequence

_ALIASES = {
    "activation": {
        **{"none": "linear", "identity": "linear", "swish": "silu", "lrelu": "leaky relu", "heaviside": "step"},
        **{"hard swish": "hard silu", "exp": "exponential"},
    },
    "padding": {"none": "valid", "no": "valid"},
    "border": {"zero": "zeros", "constant": "zeros", "edge": "replicate", "clamp": "replicate", "circular": "wrap"},
    "colour mode": {"grey": "luminance", "gray": "luminance", "each": "each channel", "channels": "each channel"},
}
_KNOWN = {"activation": ACTIVATIONS, "padding": PADDINGS, "border": BORDERS, "colour mode": PRESETS}


def setting_name(what: str, name: str) -> str:
    """Return the name of a setting as the engine has it: in any case, with spaces, underscores, hyphens or without.

    Parameters
    ----------
    what : {'activation', 'padding', 'border', 'colour mode'}
        Whose name it is.
    name : str
        As somebody wrote it; Keras's, PyTorch's and NumPy's names that mean the same are known as well.

    Raises
    ------
    ValueError
        If it is none, with those that there are.

    Examples
    --------
    >>> setting_name("activation", "LeakyReLU"), setting_name("padding", "SAME")
    ('leaky relu', 'same')
    """
    known = _KNOWN[what]
    if isinstance(name, str) and name in known:
        return name
    found = _by_letters(what).get(_letters(name)) if isinstance(name, str) else None
    if found is None:
        article = "an" if what[0] in "aeiou" else "a"
        raise ValueError(f"Expected {article} {what} of {', '.join(known)}, received {name!r}.")
    return found


@cache
def _by_letters(what: str) -> dict[str, str]:
    """Return the names of a setting, and what else they are called, by their letters."""
    return {_letters(one): one for one in _KNOWN[what]} | {_letters(k): v for k, v in _ALIASES[what].items()}


def padding_of(value: Any, axes: int = 2) -> Any:
    """Return a padding as a layer takes it: a name, or cells before and after for rows and columns.

    Parameters
    ----------
    value : str, int, or nested sequence of int
        A name in any case; one number for all sides; for two axes a pair for rows and columns, as PyTorch has it, or pairs
        (before, after) for each axis; for one axis such a pair.
    axes : {1, 2}

    Raises
    ------
    ValueError
        If it is none of these.

    Examples
    --------
    >>> padding_of("SAME"), padding_of(1), padding_of((1, 2)), padding_of((1, 2), axes=1)
    ('same', ((1, 1), (1, 1)), ((1, 1), (2, 2)), ((0, 0), (1, 2)))
    """
    if isinstance(value, str):
        name = setting_name("padding", value)
        if name == "causal" and axes == 2:
            raise ValueError("Expected a padding of valid, same, full or pairs, received 'causal', which is for conv1d.")
        return name
    cells = _cells(value)
    if cells is not None:
        if cells.shape == ():
            pairs = np.full((axes, 2), cells)
        elif cells.shape == (2,):
            pairs = cells[None] if axes == 1 else np.repeat(cells[:, None], 2, axis=1)
        else:
            pairs = cells
        if pairs.shape == (axes, 2):
            found = [(int(before), int(after)) for before, after in pairs]
            return tuple([(0, 0), *found] if axes == 1 else found)
    raise ValueError(f"Expected padding as a name or as pairs (before, after) per axis, received {value!r}.")


def read_padding(text: str, axes: int = 2) -> Any:
    """Return the padding that a text means: a name, ``1``, ``1,2`` for rows and columns, or ``1,2,3,4``.

    Four numbers are the cells above, below, left and right; of one axis two are the cells before and after.

    >>> read_padding("Same"), read_padding("1,2"), read_padding("(1, 2), (0, 0)"), read_padding("1,2", axes=1)
    ('same', ((1, 1), (2, 2)), ((1, 2), (0, 0)), ((0, 0), (1, 2)))
    """
    words = re.sub(r"[\s()\[\];]+", ",", text.strip()).strip(",")
    parts = re.split(r",+", words)
    if not all(re.fullmatch(r"\d{1,9}", part, re.ASCII) for part in parts):
        if _letters(text) in _by_letters("padding"):
            return padding_of(text.strip(), axes)
        names = ", ".join(name for name in PADDINGS if axes == 1 or name != "causal")
        raise ValueError(f"Expected a padding of {names}, or cells such as 1 or 1,2, received {text.strip()!r}.")
    numbers = [int(part) for part in parts]
    if len(numbers) not in (1, 2, 2 * axes):
        counts = "one, two or four" if axes == 2 else "one or two"
        raise ValueError(f"Expected a padding of {counts} numbers, received {text!r}.")
    cells: Any = numbers[0] if len(numbers) == 1 else numbers if len(numbers) == 2 else [numbers[:2], numbers[2:]]
    return padding_of(cells, axes)


def read_counts(text: str) -> tuple[int, int]:
    """Return a number of cells for rows and columns, such as a stride: ``2``, or ``2,1``.

    >>> read_counts("2"), read_counts("2 x 1")
    ((2, 2), (2, 1))
    """
    parts = re.split(r"\s*[,x×]\s*|\s+", text.strip().strip("()[]"))
    if len(parts) in (1, 2) and all(re.fullmatch(r"\+?\d{1,12}", part, re.ASCII) for part in parts):
        numbers = [int(part) for part in parts]
        if all(1 <= number <= LARGEST_COUNT for number in numbers):
            return numbers[0], numbers[-1]
    raise ValueError(f"expected a whole number from 1 to {LARGEST_COUNT:,}, or one for rows and columns, received {text!r}")


def _cells(value: int | Sequence[Any]) -> Any:
    """Return whole numbers as an array; None if they are none."""
    try:
        array = np.asarray(value)
    except ValueError:
        return None
    return array if array.dtype.kind in "iu" else None


def _letters(name: str) -> str:
    return re.sub(r"[\s_-]+", "", name).casefold()
