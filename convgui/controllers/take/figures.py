"""The figure: input, kernel and activation side by side, with their captions, as it is exported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from convgui.controllers.take.around import Around, around, place_of_map
from convgui.controllers.take.captions import captions, has_kernel
from convgui.controllers.take.sums import sum_words
from convgui.engine.looking.colours import picture
from convgui.engine.looking.explain import Explanation
from convgui.engine.looking.statistics import statistics_of, statistics_of_map
from convgui.engine.network import evaluate, keep_strongest
from convgui.engine.strategies.tiles import Window, never
from convgui.model import colouring, provenance
from convgui.model.finding import find
from convgui.model.inputs import channel_values
from convgui.model.layer_words import title
from convgui.model.pointed import Pointed
from convgui.model.requests import channels_of
from convgui.views.take.figure import Figure
from convgui.views.take.figure_parts import GROUNDS, Board, FigureOptions, Middle, Step

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convgui.engine.looking.statistics import Statistics
    from convgui.model.state import State
    from convgui.views.kit.drawable import Rect
    from convgui.worker.runner import Token

FIGURE_PIXELS = 1260
"""Pixels of the longer side of a picture inside a figure: what its panel has room for in a PNG."""

FIGURE_CELLS = 28
"""Rows and columns up to which a figure shows each cell, with its number where that can be read."""


@dataclass(frozen=True, eq=False)
class Material:
    """All that a figure shows, however it is drawn.

    Attributes
    ----------
    read : ndarray of float32, shape (rows, cols)
        What the layer reads, reduced; of a sequence a row for each channel. None for a photo, which is `photo`.
    photo : ndarray of uint8, shape (rows, cols, 3)
        The colours of the source, where that is what is read.
    map : ndarray of float32, shape (rows, cols)
        The map, reduced.
    known : Statistics
        Of the whole map; `below` those of what is read.
    lanes : int
        Rows of the input.
    cells : bool
        Whether each cell is drawn by itself.
    """

    state: State
    read: NDArray[np.float32] | None
    photo: NDArray[np.uint8] | None
    below: Statistics | None
    map: NDArray[np.float32]
    known: Statistics
    lanes: int
    cells: bool


@dataclass(frozen=True, eq=False)
class MaterialRequest:
    """Compute what a figure shows."""

    state: State

    def __call__(self, token: Token) -> Material:
        """Compute it."""
        return material(self.state, token.cancelled, token.progress)


def material(
    state: State, cancelled: Callable[[], bool] = never, progress: Callable[[float], None] | None = None
) -> Material:
    """Return what a figure of a document shows."""
    state = state.with_display(photo=False)
    values = evaluate(state.looked_at, maps=state.map, cancelled=cancelled, progress=progress)[0]
    read = state.input
    lanes = read.lanes if read.sequence else read.rows
    cells = max(*values.shape, lanes, read.cols) <= FIGURE_CELLS
    step = max(-(-max(read.rows, read.cols) // FIGURE_PIXELS), 1)
    known = statistics_of_map(values)  # exactly the limits that the window shows
    made = values if (coarse := -(-max(values.shape) // FIGURE_PIXELS)) <= 1 else strongest(values, coarse)
    photo = _photo(state, step) if read.direct else None
    below = None if read.direct else _below(state, step)
    numbers = _numbers(state) if cells else below
    return Material(state, numbers, photo, None if below is None else statistics_of(below), made, known, lanes, cells)


def _photo(state: State, step: int) -> NDArray[np.uint8]:
    """Return the colours of the source as the left pane shows it; of a sequence a row for each channel."""
    source = state.source
    limits, window = colouring.stored_range(source), Window(0, 0, source.rows, source.cols)
    parts = channels_of(source) if state.input.sequence else [source]
    return np.concatenate([picture(part, window, step, *limits) for part in parts])


def _below(state: State, step: int) -> NDArray[np.float32]:
    return evaluate(state.input.chain, step=step, maps=state.input.map, strongest=True)[0]


def _numbers(state: State) -> NDArray[np.float32]:
    """Return the values that the layer reads, each of them."""
    read = state.input
    if read.sequence and read.direct:
        every = slice(0, read.cols)
        return np.concatenate([channel_values(state.source, lane, every) for lane in range(read.lanes)])
    return evaluate(read.chain, maps=read.map)[0]


def strongest(values: NDArray[np.float32], step: int) -> NDArray[np.float32]:
    """Return a map reduced to every step-th row and column: of the values in between, the one of largest magnitude."""
    out = np.empty((1, -(-values.shape[0] // step), -(-values.shape[1] // step)), np.float32)
    keep_strongest(np.ascontiguousarray(values)[None], out, 0, 0, step)
    return out[0]


def figure(given: Material, options: FigureOptions, cancelled: Callable[[], bool] = never) -> Figure:
    """Return the figure of what was computed, as it is to be drawn."""
    state, dark = given.state, GROUNDS[options.ground].dark
    look = colouring.look(state, dark)
    colours, limits = look.apply(given.map, given.known)
    place = place_of_map(state, given.lanes, cells=given.cells)
    ring = around(state, given.lanes)
    kernel = state.kernel
    shown = kernel.weights if kernel is not None and has_kernel(state) else None
    return Figure(
        input=_input(given, ring, dark),
        map=Board(colours, place, given.map if given.cells else None),
        middle=Middle(shown, colouring.signed_table(dark), title(state.unit.layer), _sign(state)),
        table=look.table(given.known, limits),
        limits=limits,
        captions=captions(state, given.known, ring.words if given.cells else ""),
        step=None if options.step is None else _step(given, options.step, place, cancelled),
        options=options,
    )


def _sign(state: State) -> str:
    """Return the sign of what is done with the kernel: correlation, or convolution."""
    return "∗" if state.conv is not None and state.conv.flip else "⋆"


def _input(given: Material, ring: Around, dark: bool) -> Board:
    """Return the input, cell by cell with what is added around it."""
    colours, rows, cols = _colours(given, dark), given.lanes, given.state.input.cols
    if not given.cells or given.read is None:
        return Board(colours, (0.0, 0.0, float(cols), float(rows)))
    at, outside = np.ix_(ring.rows, ring.cols), ring.outside
    values, colours = given.read[at], colours[at]
    if outside.any():
        constant = _constant(given.state)
        values[outside], colours[outside] = constant, _colour_of(given, constant, dark)
    place = (-float(ring.left), -float(ring.top), float(len(ring.cols)), float(len(ring.rows)))
    return Board(colours, place, values, ring.added(rows, cols))


def _colours(given: Material, dark: bool) -> NDArray[np.uint8]:
    if given.photo is not None:
        return given.photo
    assert given.read is not None and given.below is not None
    return colouring.look_below(given.state, dark).apply(given.read, given.below)[0]


def _constant(state: State) -> float:
    """Return what lies outside the input, where that is a constant."""
    assert state.conv is not None
    return provenance.outside_value(state) if state.input.sequence else state.conv.constant


def _colour_of(given: Material, constant: float, dark: bool) -> NDArray[np.uint8]:
    if given.below is not None:
        return colouring.look_below(given.state, dark).apply(np.array([[constant]], np.float32), given.below)[0][0, 0]
    low, high = colouring.stored_range(given.state.source)
    level = (constant / given.state.source.scale - low) / (high - low) * 255
    return np.full(3, np.clip(level, 0, 255), np.uint8)


def _step(given: Material, cell: tuple[int, int], place: Rect, cancelled: Callable[[], bool]) -> Step:
    """Return one cell of the map with its patch and its arithmetic."""
    state, (row, col) = given.state, cell
    assert state.axes is not None
    found = find(state, Pointed(cell=cell), cancelled)
    made = found.explanation or found.made
    assert made is not None
    if isinstance(made, Explanation):
        patch = provenance.patch_rects(*state.axes, made, state.input)
        apart = _spread(state)
        reads = provenance.patch_cells(made, state.conv.border, state.input).rects.tolist() if apart else []  # type: ignore[union-attr]
    else:
        patch, reads = provenance.made_rects(made, found.reads, state.input), []
    wide, high = (1.0, 1.0) if given.cells else (float(state.axes[1].stride), float(state.axes[0].stride))
    at = (place[0] + col * wide, place[1] + row * high, wide, high)
    where = f"Step {col}" if state.input.sequence else f"Row {row}, column {col}"
    return Step(tuple(patch), tuple(tuple(rect) for rect in reads), at, where, sum_words(made))


def _spread(state: State) -> bool:
    """Whether dilation leaves cells between those that are read."""
    return state.conv is not None and max(state.conv.dilation) > 1
