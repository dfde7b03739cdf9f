"""A tensor of a file of weights, and layouts: which of its axes are filters, channels, rows and columns."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

Layout = Literal[
    "OIHW", "HWIO", "OHWI", "C1HW", "HWCM", "IOHW", "HWOI", "OIW", "WIO", "OWI", "C1W", "WCM", "IOW", "WOI", "OI", "IO"
]
"""Axes in the order in which they are stored.

O is a filter (an output channel), I a channel that it reads, H and W the rows and columns of the kernel. C1HW and HWCM are
depthwise: each channel C has kernels of its own, M of them in Keras. IOHW and HWOI are of transposed convolutions.
"""

LAYOUTS: tuple[Layout, ...] = get_args(Layout)

BANKS: dict[int, tuple[Layout, ...]] = {
    count: tuple(layout for layout in LAYOUTS if len(layout) == count) for count in (2, 3, 4)
}
"""The layouts of tensors of so many axes, the usual ones first."""

LARGEST_SIDE = 63
"""Rows and columns up to which two axes pass for a kernel's; a sequence's may be longer."""

MEANING: dict[Layout, str] = {
    "OIHW": "filters, channels, rows, columns (PyTorch, ONNX)",
    "HWIO": "rows, columns, channels, filters (Keras, TensorFlow)",
    "OHWI": "filters, rows, columns, channels (TensorFlow Lite, MLX)",
    "C1HW": "depthwise: channels, 1, rows, columns (PyTorch, ONNX)",
    "HWCM": "depthwise: rows, columns, channels, kernels of each (Keras)",
    "IOHW": "transposed: channels, filters, rows, columns (PyTorch, ONNX)",
    "HWOI": "transposed: rows, columns, filters, channels (Keras)",
    "OIW": "filters, channels, steps (PyTorch, ONNX)",
    "WIO": "steps, channels, filters (Keras)",
    "OWI": "filters, steps, channels (MLX)",
    "C1W": "depthwise: channels, 1, steps (PyTorch, ONNX)",
    "WCM": "depthwise: steps, channels, kernels of each (Keras)",
    "IOW": "transposed: channels, filters, steps (PyTorch, ONNX)",
    "WOI": "transposed: steps, filters, channels (Keras)",
    "OI": "dense: outputs, inputs (PyTorch)",
    "IO": "dense: inputs, outputs (Keras)",
}
"""What each layout says, and whose it is."""


@dataclass(frozen=True)
class Tensor:
    """A tensor of a file.

    Attributes
    ----------
    name : str
        As in the file; its parts are separated by ``/`` or ``.``.
    shape : tuple of int
    dtype : str
        As NumPy calls it, or as the file does where NumPy has none of the kind.
    layout : str or None
        Which axes are which, as far as one can tell; None if it is no bank.
    layouts : tuple of str
        The layouts that it may have, the likeliest first.
    groups : int
        Groups of its convolution, where the file says so.
    """

    name: str
    shape: tuple[int, ...]
    dtype: str
    layout: Layout | None
    reader: Callable[[], NDArray[Any]] = field(repr=False, compare=False)
    layouts: tuple[Layout, ...] = ()
    groups: int = 1

    def read(self) -> NDArray[Any]:
        """Return its numbers as float32 or float64, exactly.

        Raises
        ------
        FileError
            If the file has changed, is cut off, or holds numbers of a kind that is not read.
        """
        return self.reader()

    def bank(self, layout: Layout | None = None) -> tuple[NDArray[Any], int]:
        """Return the bank (kh, kw, cin, cout) and its groups; see `bank_of`."""
        chosen = layout or self.layout
        if chosen is None:
            raise ValueError(f"{self.name} has the shape {self.shape}, expected weights of a convolution or dense layer.")
        bank, groups = bank_of(self.read(), chosen)
        return bank, max(groups, self.groups)


def layouts_of(shape: tuple[int, ...], kind: str = "", name: str = "") -> tuple[Layout, ...]:
    """Return the layouts that a tensor may have, the likeliest first; none if it is no bank.

    Parameters
    ----------
    shape : tuple of int
    kind : str
        The kind of file, as `WeightsFile.kind` has it.
    name : str
        The tensor's name, which often says what made it.

    Examples
    --------
    >>> layouts_of((32, 3, 7, 7))[0], layouts_of((7, 7, 3, 32))[0], layouts_of((32, 7, 7, 3))[0]
    ('OIHW', 'HWIO', 'OHWI')
    >>> layouts_of((64, 128, 1, 1))[0], layouts_of((3, 3, 32, 1), "Keras", "layers/depthwise_conv2d/vars/0")[0]
    ('OIHW', 'HWCM')
    >>> layouts_of((3,))
    ()
    """
    if len(shape) not in BANKS or 0 in shape or (len(shape) == 2 and min(shape) == 1 and not _named_as_weights(name)):
        return ()
    if re.search(r"p_?re_?lu|\balpha\b|slope", name, re.IGNORECASE):
        return ()
    known = [layout for layout in BANKS[len(shape)] if _fits(shape, layout)]
    if len(shape) > 2 and not any(_small(shape, layout) for layout in known):
        return ()
    return tuple(sorted(known, key=lambda layout: -_likelihood(shape, layout, kind, name)))


def bank_words(shape: tuple[int, ...], layout: Layout) -> str:
    """Return in words what a tensor is with a layout.

    >>> bank_words((32, 3, 7, 7), "OIHW"), bank_words((3, 3, 8, 2), "HWCM")
    ('32 filters of 7 × 7 over 3 channels', '8 channels, each with 2 kernels of 3 × 3')
    """
    if layout.startswith("C1"):  # of which the file does not say how many channels there are
        return f"{shape[0]:,} kernels of {' × '.join(map(str, shape[2:]))}, each over one channel"
    sides = dict(zip(layout, shape, strict=True))
    if "W" not in layout:
        return f"dense: {sides['O']:,} outputs of {sides['I']:,} inputs"
    kernel = f"{sides.get('H', 1)} × {sides.get('W', 1)}"
    if "C" in sides:
        return f"{sides['C']:,} channels, each with {sides['M']:,} kernels of {kernel}"
    return f"{sides['O']:,} filters of {kernel} over {sides['I']:,} channels"


def bank_of(array: NDArray[Any], layout: Layout) -> tuple[NDArray[Any], int]:
    """Return weights as a bank, and in how many groups its filters read.

    Parameters
    ----------
    array : ndarray
    layout : str
        One of `LAYOUTS`, with as many axes as the array.

    Returns
    -------
    bank : ndarray, shape (kh, kw, cin / groups, cout)
        One row where the kernel is a sequence's; one cell where the layer is dense.
    groups : int
        More than 1 for a depthwise layout alone: OIHW does not say it.

    Raises
    ------
    ValueError
        If the array has not as many axes as the layout, or a depthwise one another size than 1.

    Examples
    --------
    >>> bank_of(np.zeros((32, 3, 7, 5)), "OIHW")[0].shape
    (7, 5, 3, 32)
    >>> bank, groups = bank_of(np.zeros((3, 3, 8, 2)), "HWCM")
    >>> bank.shape, groups
    ((3, 3, 1, 16), 8)
    """
    if array.ndim != len(layout):
        raise ValueError(f"Expected {len(layout)} axes for the layout {layout}, received the shape {array.shape}.")
    if not _fits(array.shape, layout):
        raise ValueError(f"Expected one channel on the second axis for the layout {layout}, received {array.shape[1]}.")
    axes = layout.replace("C1", "OI") if "M" not in layout else layout.replace("C", "A")
    if "H" not in axes:
        array, axes = array[np.newaxis], "H" + axes
    if "W" not in axes:
        array, axes = array[np.newaxis], "W" + axes
    if "M" in axes:
        each = array.transpose([axes.index(letter) for letter in "HWAM"])
        return np.ascontiguousarray(each.reshape(*each.shape[:2], 1, -1)), each.shape[2]
    bank = array.transpose([axes.index(letter) for letter in "HWIO"])
    return np.ascontiguousarray(bank), array.shape[axes.index("O")] if "C1" in layout else 1


def _fits(shape: tuple[int, ...], layout: Layout) -> bool:
    return not layout.startswith("C1") or shape[1] == 1


def _small(shape: tuple[int, ...], layout: Layout) -> bool:
    """Whether the axes of the kernel are as small as those of kernels are."""
    sides = [n for n, letter in zip(shape, layout, strict=True) if letter in "HW"]
    most = LARGEST_SIDE if len(sides) == 2 else 4096
    return max(sides, default=1) <= most


def _named_as_weights(name: str) -> bool:
    return bool(re.search(r"(weight|kernel)\b|vars/0$|^w$|MatMul", name, re.IGNORECASE))


_FAMILIES: dict[str, tuple[Layout, ...]] = {
    "torch": ("OIHW", "OIW", "OI", "C1HW", "C1W"),
    "keras": ("HWIO", "WIO", "IO"),
    "mlx": ("OHWI", "OWI"),
    "torch transposed": ("IOHW", "IOW"),
    "keras transposed": ("HWOI", "WOI"),
    "keras depthwise": ("HWCM", "WCM"),
}
_FAMILY = {layout: family for family, layouts in _FAMILIES.items() for layout in layouts}


def _likelihood(shape: tuple[int, ...], layout: Layout, kind: str, name: str) -> float:
    """Return how well a layout suits: by the file's kind, by words of the name, and by which axes are small and alike."""
    words, family = name.lower(), _FAMILY[layout]
    keras = kind in ("Keras", "Keras weights", "TensorFlow.js") or bool(re.search(r"kernel(:0|_quantized)?$", words))
    transposed = bool(re.search(r"transpose|deconv|upconv|up_conv", words))
    depthwise = bool(re.search(r"depthwise|dwconv|dw_conv|separable.*(depth|vars/0)|conv_dw", words))
    score = 3.0 * (family.startswith("keras") if keras else family.startswith("torch"))
    score -= 3.0 * (layout == "OWI")  # of which a long kernel over one channel has the look
    score += 4.0 * (transposed == ("transposed" in family)) + 4.0 * (depthwise == _depthwise(layout))
    return score + (0.0 if kind == "ONNX" else _plausible(shape, layout, sure=keras))


def _depthwise(layout: Layout) -> bool:
    return "M" in layout or "C1" in layout


def _plausible(shape: tuple[int, ...], layout: Layout, *, sure: bool) -> float:
    """Return how much the axes of the kernel look like a kernel's: square, and smaller than the others."""
    if len(layout) == 2:
        return 0.0
    sides = [n for n, letter in zip(shape, layout, strict=True) if letter in "HW"]
    others = [n for n, letter in zip(shape, layout, strict=True) if letter not in "HW"]
    square = len(set(sides)) == 1 and len(sides) == 2
    odd = all(side % 2 for side in sides)
    return (1.0 if sure else 4.0) * square + odd + 2.5 * (max(sides) < min(others)) + 1.5 * (max(sides) <= max(others))
