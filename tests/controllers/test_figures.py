"""Figures: what stands in their cells is what is computed, wherever a cell lies, and any document has one."""

from __future__ import annotations

import numpy as np
import pytest

from convgui.controllers.take.figures import FIGURE_CELLS, figure, material
from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.activation import Activation
from convgui.engine.layers.border import BORDERS
from convgui.engine.layers.conv import Conv
from convgui.engine.layers.pad import Pad
from convgui.engine.layers.pool import Pool
from convgui.engine.layers.resize import Resize
from convgui.engine.layers.softmax import Softmax
from convgui.engine.looking.explain import explain
from convgui.engine.network import evaluate
from convgui.engine.reading import Reading
from convgui.engine.source import Source
from convgui.model.state import State
from convgui.views.take.figure_parts import FigureOptions

KERNEL = Kernel([[1, 0, -2], [3, 1, 0]])
GRID = Source(np.random.default_rng(0).integers(-4, 9, (5, 6)).astype(np.float32), name="grid", toy=True)
COLOURS = Source(np.random.default_rng(1).random((5, 6, 3)).astype(np.float32), name="colours", toy=True)
STEPS = Source(np.random.default_rng(2).integers(-4, 9, (1, 7)).astype(np.float32), name="steps", toy=True)
CHANNELS = Source(np.random.default_rng(3).random((1, 7, 3)).astype(np.float32), name="channels", toy=True)

PADDINGS = ("valid", "same", "full", ((2, 1), (0, 3)))


def state(source, *layers, looked=-1, colour=None):
    colour = colour or ("sum" if source.sequence else "luminance")
    return State(source, Reading(colour), layers, looked)


def drawn(document, **options):
    return figure(material(document), FigureOptions(**options))


def cell_of(board, row, col):
    """Return the value that a figure shows at a position of the input."""
    left, top, _, _ = board.rect
    return board.values[int(row - top), int(col - left)]


@pytest.mark.parametrize("border", BORDERS)
@pytest.mark.parametrize("padding", PADDINGS)
@pytest.mark.parametrize("source", [GRID, COLOURS], ids=["grid", "colours"])
def test_every_patch_has_the_values_that_stand_in_its_cells(compiled, source, padding, border):
    conv = Conv(KERNEL, padding=padding, border=border, constant=2.5 if border == "zeros" else 0.0, dilation=(1, 2))
    document = state(source, conv)
    shown = drawn(document).input
    _, rows, cols = document.output_shape
    for row in range(rows):
        for col in range(cols):
            e = explain(document.chain, 1, 0, row, col)
            here = [[cell_of(shown, i, j) for j in e.cols] for i in e.rows]
            np.testing.assert_allclose(here, e.patch[0], rtol=1e-6)
            outside = [[cell_of_mask(shown, i, j) for j in e.cols] for i in e.rows]
            assert np.array_equal(outside, e.outside)


def cell_of_mask(board, row, col):
    left, top, _, _ = board.rect
    return board.added[int(row - top), int(col - left)]


@pytest.mark.parametrize("border", BORDERS)
@pytest.mark.parametrize("padding", ["valid", "same", "full", "causal"])
@pytest.mark.parametrize("source", [STEPS, CHANNELS], ids=["one", "three"])
def test_every_channel_of_a_sequence_has_its_own_row(compiled, source, padding, border):
    conv = Conv(Kernel([[2, -1, 1]]), padding=padding, border=border, constant=3.0 if border == "zeros" else 0.0)
    document = state(source, conv)
    shown = drawn(document).input
    for col in range(document.output_shape.cols):
        e = explain(document.chain, 1, 0, 0, col)
        here = [[cell_of(shown, lane, j) for j in e.cols] for lane in range(source.channels)]
        np.testing.assert_allclose(here, e.patch[:, 0], rtol=1e-6)


@pytest.mark.parametrize("border", BORDERS)
def test_a_layer_reads_what_is_shown_of_the_layer_below(compiled, border):
    layers = Conv(KERNEL, padding="valid"), Activation("relu"), Conv(KERNEL, border=border)
    document = state(GRID, *layers)
    shown = drawn(document).input
    e = explain(document.chain, 3, 0, 0, 3)
    np.testing.assert_allclose([[cell_of(shown, i, j) for j in e.cols] for i in e.rows], e.patch[0], rtol=1e-5)


@pytest.mark.parametrize("padding", PADDINGS)
@pytest.mark.parametrize("size", [(3, 3), (1, 5), (5, 1)])
def test_each_cell_of_the_map_lies_over_the_middle_of_its_patch(compiled, padding, size):
    document = state(GRID, Conv(Kernel(np.ones(size)), padding=padding))
    for row, col in ((0, 0), tuple(n - 1 for n in document.output_shape[1:])):
        step = drawn(document, step=(row, col)).step
        (left, top, wide, high), (x, y, w, h) = step.patch[0], step.cell
        assert (x + w / 2, y + h / 2) == (left + wide / 2, top + high / 2)
        assert (w, h) == (1, 1)


@pytest.mark.parametrize("layer", [Conv(KERNEL, stride=(2, 3)), Pool(), Resize(scale=(2.0, 2.0)), Pad(rows=(1, 2))])
def test_cells_of_a_map_are_as_large_as_those_of_its_input(compiled, layer):
    document = state(GRID, layer)
    shown = drawn(document).map
    assert shown.rect[2:] == (shown.values.shape[1], shown.values.shape[0]) == (*document.output_shape[:0:-1],)
    assert np.array_equal(shown.values, evaluate(document.chain)[0])


@pytest.mark.parametrize(
    "document",
    [
        state(GRID, Conv(Kernel(np.ones((63, 63))), padding="full")),
        state(GRID, Conv(KERNEL, flip=True), Activation("sigmoid")),
        state(GRID, Pool(size=None)),
        state(GRID, Conv(KERNEL), Softmax()),
        state(GRID, Conv(KERNEL, on=False)),
        state(Source(np.full((4, 4), np.nan, np.float32), toy=True), Conv(KERNEL)),
        state(Source(np.full((1, 1), np.inf, np.float32), toy=True), Conv(KERNEL)),
        state(Source(np.ones((1, 3000), np.float32)), Conv(Kernel([[1, 1]]))),
        state(Source(np.ones((2000, 3), np.float32)), Conv(KERNEL)),
        state(Source(np.zeros((300, 400), np.uint8), 1 / 255), Pool(size=None)),
        state(Source(np.zeros((90, 120, 3), np.uint8), 1 / 255), Conv(KERNEL, stride=(7, 1), border="wrap")),
        state(CHANNELS, Conv(Kernel(np.ones((1, 2, 3, 4)))), colour="each channel"),
        state(CHANNELS, Conv(Kernel([[1, 2]])), Pool(size=(1, 2)), Conv(Kernel([[1, 2, 1]]))),
        state(COLOURS, Conv(KERNEL), colour="each channel"),
    ],
    ids=range(14),
)
@pytest.mark.parametrize("ground", ["white", "clear-dark"])
def test_any_document_has_a_figure(qapp, compiled, document, ground):
    for step in (None, (0, 0)):
        made = drawn(document, ground=ground, step=step)
        image = made.image(0.5)
        assert 200 < image.width() < 1500 and 40 < image.height() < 1500
        assert len(made.encoded(".svg")) > 1000


def test_a_step_is_inside_the_figure_also_where_the_added_cells_are_too_many_to_be_drawn(qapp, compiled):
    made = drawn(state(GRID, Conv(Kernel(np.ones((63, 63))), padding="full")), step=(0, 0))
    place = made.layout.place(made.step.patch[0], made.layout.input)
    assert made.layout.input.adjusted(-1, -1, 1, 1).contains(place)


def test_larger_grids_are_pictures(qapp, compiled):
    side = FIGURE_CELLS + 1
    made = drawn(state(Source(np.ones((side, side), np.float32), toy=True), Conv(KERNEL)))
    assert made.input.values is None and made.map.values is None


def test_a_cell_that_is_no_number_says_so(qapp, compiled):
    values = np.array([[1, np.nan], [np.inf, 0]], np.float32)
    text = drawn(state(Source(values, toy=True), Conv(Kernel([[1]])))).encoded(".svg").decode()
    assert text.count("NaN") >= 2 and text.count("∞") >= 2
