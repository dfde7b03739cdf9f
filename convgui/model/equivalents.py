"""What the window shows of the equivalent kernel of a cell: small pictures, a translucent one, and the texts beside them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from convgui.engine.layers.sentences import code
from convgui.engine.looking.colours import colourise, picture
from convgui.engine.network import keep_strongest
from convgui.engine.shown import MINUS, array_code, number
from convgui.engine.source import Source
from convgui.engine.strategies.tiles import Window
from convgui.model.kernel_sheets import COLOURS, kernel_colours
from convgui.model.photo_patches import ends_of
from convgui.model.texts import size_text, steps_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.engine.looking.equivalent import Effective, Equivalent
    from convgui.engine.network import Chain
    from convgui.model.requests import Token

    Floats = NDArray[np.float64]
    Colours = NDArray[np.uint8]

SIDE = 256
"""Cells of the longer side of a picture; of a larger field each block shows its strongest weight."""

PLANES = 4
"""Planes that are shown one by one; of more the strongest."""

OPAQUE, SOFT = 0.92, 0.5
"""How much the strongest weight hides of the photo, and by which power of its part a weaker one does."""

ROUNDING = 1e-12
"""What is smaller than this part of the largest of some numbers is their rounding."""


class Shown(NamedTuple):
    """One picture: what it shows, its colours (rows, cols, 3), and whether it is of the weights."""

    title: str
    colours: Colours
    weights: bool = True


@dataclass(frozen=True, eq=False)
class FieldImages:
    """An equivalent kernel as it is shown.

    Attributes
    ----------
    request : FieldRequest
    found : Equivalent
    effective : Effective, optional
    pictures : tuple of Shown
        The photo in the field, the kernel, the products of both, and the planes one by one.
    over : ndarray of uint8, shape (rows, cols, 4), optional
        The kernel as it is laid over the photo.
    texts : tuple of (str, str)
        What there is to say: names and values.
    """

    request: FieldRequest
    found: Equivalent
    effective: Effective | None
    pictures: tuple[Shown, ...]
    over: Colours | None
    texts: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, eq=False)
class FieldRequest:
    """Find the equivalent kernel of a cell of layer n, and draw it.

    Attributes
    ----------
    chain : Chain
    n, map, row, col : int
    table : ndarray of uint8
        The signed colour table of kernels.
    """

    chain: Chain
    n: int
    map: int
    row: int
    col: int
    table: Colours

    def is_of(self, other: FieldRequest | None) -> bool:
        """Whether it is of the same cell as another one, in the same colours."""
        if other is None or self.chain is not other.chain or self.table is not other.table:
            return False
        return (self.n, self.map, self.row, self.col) == (other.n, other.map, other.row, other.col)

    def __call__(self, token: Token) -> FieldImages:
        """Find and draw it."""
        from convgui.engine.looking.equivalent import effective, equivalent  # here: a start needs none of it

        found = equivalent(self.chain, self.n, self.map, self.row, self.col, token.cancelled)
        where, source = effective(found), self.chain.source
        empty = 0 in found.box[2:]
        pictures = () if empty else tuple(_pictures(self.chain, found, self.table))
        over = None if empty or source.sequence else _translucent(found.laid_out(found.planes.weights), self.table)
        return FieldImages(self, found, where, pictures, over, _texts(self.chain, self.n, found, where))


@dataclass(frozen=True, eq=False)
class CodeRequest:
    """Write an equivalent kernel as an array of NumPy."""

    found: Equivalent
    scale: float
    sequence: bool

    def __call__(self, token: Token) -> str:
        """Write it."""
        return code_of(self.found, self.scale, sequence=self.sequence)


def code_of(found: Equivalent, scale: float, *, sequence: bool) -> str:
    """Return the kernel and the bias as lines of NumPy, with how they give the value.

    The array is (rows, cols, channels), of one channel (rows, cols); of a sequence (steps, channels).
    """
    kernel = found.kernel
    top, left, high, wide = found.box
    patch = f"x[{top}:{top + high}, {left}:{left + wide}]"
    if sequence:
        kernel, patch = kernel[0], f"x[{left}:{left + wide}]"
    elif kernel.shape[2] == 1:
        kernel = kernel[:, :, 0]
    channels = found.photo.maps.tolist()
    some = "" if channels == list(range(len(channels))) else f", of channels {', '.join(map(str, channels))}"
    times = "" if scale == 1 else f" times {scale!r}"
    return (
        f"# map {found.map}, row {found.row}, column {found.col}: x are the stored numbers{times}{some}\n"
        f"kernel = {array_code(kernel)}\n"
        f"bias = {code(found.bias)}\n"
        f"# (kernel * {patch}).sum() + bias == {code(found.value)}\n"
    )


# pictures


def _pictures(chain: Chain, found: Equivalent, table: Colours) -> list[Shown]:
    source, planes = chain.source, found.laid_out(found.planes.weights)
    if source.sequence:
        lanes = found.laid_out(found.photo.weights)[:, 0]
        products = found.laid_out(found.photo.weights * found.photo.inputs)[:, 0]
        return [Shown("kernel", _signed(lanes, table)), Shown("kernel × input", _signed(products, table))]
    shown = [Shown("photo", _photo(source, found), weights=False)]
    order = _colour_order(chain, found)
    products = found.laid_out(found.photo.weights * found.photo.inputs).sum(axis=0)
    if order is not None:
        step = max(-(-max(planes.shape[1:]) // SIDE), 1)
        together = np.moveaxis(planes[list(order)], 0, 2)[::step, ::step]
        shown.append(Shown("kernel", kernel_colours(np.nan_to_num(together), rgb=True, table=table)))
        names = {plane: COLOURS[place] for place, plane in enumerate(order)}
        chosen = list(order)
    elif len(planes) == 1:
        shown.append(Shown("kernel", _signed(planes[0], table)))
        names, chosen = {}, []
    else:
        energy = np.square(planes).sum(axis=(1, 2))
        chosen = np.sort(np.argsort(-energy, kind="stable")[:PLANES]).tolist()
        names = {k: f"plane {found.planes.maps[k]}" for k in chosen}
    shown.append(Shown("kernel × photo", _signed(products, table)))
    largest = float(np.abs(planes).max(initial=0.0))
    return shown + [Shown(names[k], _signed(planes[k], table, largest)) for k in chosen]


def _colour_order(chain: Chain, found: Equivalent) -> tuple[int, ...] | None:
    """Return which of the planes are red, green and blue; None where they are something else."""
    mixes = chain.planes.mixes[found.planes.maps]
    if chain.source.channels != 3 or mixes.shape != (3, 3) or (np.count_nonzero(mixes, axis=1) != 1).any():
        return None
    reads = mixes.argmax(axis=1).tolist()
    return tuple(reads.index(colour) for colour in range(3)) if sorted(reads) == [0, 1, 2] else None


def _signed(values: Floats, table: Colours, largest: float = 0.0) -> Colours:
    """Return the colours of signed values with zero in the middle, of large arrays the strongest of each block."""
    small = _strongest(values)
    largest = largest or float(np.abs(small[np.isfinite(small)]).max(initial=0.0)) or 1.0
    return colourise((small / largest).astype(np.float32), -1.0, 1.0, table)


def _strongest(values: Floats) -> Floats:
    step = max(-(-max(values.shape) // SIDE), 1)
    if step == 1:
        return values
    out = np.empty((1, -(-values.shape[0] // step), -(-values.shape[1] // step)), np.float32)
    keep_strongest(values.astype(np.float32)[None], out, 0, 0, step)
    return out[0].astype(np.float64)


def _photo(source: Source, found: Equivalent) -> Colours:
    top, left, high, wide = found.box
    step = max(-(-max(high, wide) // SIDE), 1)
    cells = source.at(np.arange(top, top + high, step), np.arange(left, left + wide, step))
    part = Source(cells, scale=source.scale, sequence=False)
    return picture(part, Window(0, 0, part.rows, part.cols), 1, *ends_of(source))


def _translucent(planes: Floats, table: Colours) -> Colours:
    """Return the strongest of the planes at each place: its colour, and as opaque as it is strong."""
    at = np.abs(np.nan_to_num(planes)).argmax(axis=0)[None]
    small = _strongest(np.take_along_axis(planes, at, axis=0)[0])
    part = np.abs(np.nan_to_num(small))
    part /= float(part.max(initial=0.0)) or 1.0
    alpha = (OPAQUE * 255 * part**SOFT).astype(np.uint8)
    return np.ascontiguousarray(np.dstack([_signed(small, table), alpha]))


# texts


def _texts(chain: Chain, n: int, found: Equivalent, where: Effective | None) -> tuple[tuple[str, str, str], ...]:
    """Return lines of a name, a value and what it means."""
    (down, across), (top, left, high, wide), source = chain.place(n), found.box, chain.source
    steps = [float(across.pitch)] if source.sequence else [float(across.pitch), float(down.pitch)]
    middle = [float(one.origin + at * one.pitch + one.pitch / 2) for one, at in ((down, found.row), (across, found.col))]
    if source.sequence:
        size, begins = steps_text(wide), f"step {left}"
        near = "–" if where is None else f"{steps_text(where.cols)} from {where.left}"
        lies = f"step {number(middle[1] - 0.5, 4)}"
    else:
        size, begins = size_text(high, wide, source.toy), f"row {top}, column {left}"
        near = "–" if where is None else f"{size_text(where.rows, where.cols, source.toy)} · {100 * where.share:.0f} %"
        lies = f"row {number(middle[0] - 0.5, 4)}, column {number(middle[1] - 0.5, 4)}"
    step = number(steps[0], 4) if len({*steps}) == 1 else " × ".join(number(part, 4) for part in steps)
    total, bias, value = adding_up(found.photo.total, found.bias, found.value, found.photo.magnitude)
    return (
        (
            "Field",
            size if high and wide else "nothing of the input",
            "All that can change the cell: the exact receptive field",
        ),
        ("Begins at", begins, "The first row and column of the field, counted from 0"),
        ("Middle", lies, "What the middle of the cell lies over"),
        ("Step", step, "From one cell of the map to the next, in cells of the input"),
        (
            "Effective field",
            near,
            "The rectangle that holds 95 % of the energy of the weights: it is framed in the pictures",
        ),
        ("Kernel × input", total, "The weights times what they lie on, all added up"),
        ("Effective bias", bias, "What the layers add on the way: all biases, as far as they come through here"),
        ("Value", value, "The sum and the bias: the value of the cell"),
    )


def adding_up(
    total: float, bias: float, value: float, terms: float = 0.0, digits: int = 3, most: int = 7
) -> tuple[str, str, str]:
    """Return a sum, what is added to it, and the result as texts that add up to the last digit that is written.

    `terms` are the magnitudes of the products, added up: what is only the rounding of these is 0.

    >>> adding_up(0.0019898, 0.9977095, 0.9996993), adding_up(0.5, -1e-17, 0.5)
    (('0.00199', '0.99771', '0.99970'), ('0.500', '0', '0.500'))
    """
    if not all(map(math.isfinite, (total, bias, value))):
        return number(total), number(bias), number(value)
    total, bias, value = (0.0 if abs(one) <= ROUNDING * terms else one for one in (total, bias, value))
    largest = max(abs(total), abs(bias), abs(value))
    seen = [size for size in map(abs, (total, bias, value)) if size > ROUNDING * largest]
    if not seen or largest >= 1e12:
        return number(total), number(bias), number(value)
    wanted = digits - 1 - math.floor(math.log10(min(seen)))
    decimals = max(min(wanted, most - 1 - math.floor(math.log10(largest))), 0)
    first, last = round(total, decimals), round(value, decimals)
    written = ((first, total), (round(last - first, decimals), bias), (last, value))
    texts = [_written(shown, exact, decimals, largest) for shown, exact in written]
    return texts[0], texts[1], texts[2]


def _written(shown: float, exact: float, decimals: int, largest: float) -> str:
    if not shown:
        return number(exact, 1) if abs(exact) > ROUNDING * largest else "0"
    return f"{shown:.{decimals}f}".replace("-", MINUS)
