"""No view raises when it is asked for its size, drawn, or touched, whatever it has been given."""

import itertools
import math
import sys

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from convgui.views.canvas.color_bar import ColorBar
from convgui.views.canvas.image_pane import ImagePane
from convgui.views.canvas.transport import Transport
from convgui.views.canvas.values import Bands, BorderCells, Picture
from convgui.views.kernel.facts_card import Response
from convgui.views.kernel.gallery import Gallery
from convgui.views.kernel.gallery_model import Item
from convgui.views.kernel.kernel_card import KernelCard
from convgui.views.kernel.kernel_grid import KernelGrid
from convgui.views.kernel.parameter_form import Field, ParameterForm
from convgui.views.kit.number_field import NumberField
from convgui.views.layers.settings_form import Settings, SettingsForm
from convgui.views.measure.display_form import DisplayForm
from convgui.views.measure.probe_panel import ProbePanel
from convgui.views.measure.values import Largest, Shares, Sum
from convgui.views.plots.histogram import Histogram
from convgui.views.take.figure import Figure
from convgui.views.take.figure_parts import Board, Middle
from convgui.views.window.status_bar import StatusBar

ODD = (0.0, -0.0, math.nan, math.inf, -math.inf, 1e308, -1e308, 5e-324, 1e-30, 3.4e38, -1.0)
ARRAYS = {
    "nothing": np.zeros((0, 0)),
    "no rows": np.zeros((0, 3)),
    "no columns": np.zeros((3, 0)),
    "one": np.ones((1, 1)),
    "zeros": np.zeros((3, 3)),
    "NaN": np.full((3, 3), np.nan),
    "infinite": np.full((2, 5), np.inf),
    "both infinities": np.array([[np.inf, -np.inf]]),
    "mixed": np.array([[1.0, np.nan], [-np.inf, 0.0]]),
    "huge": np.full((3, 3), 1e308),
    "huge and negative": np.array([[1e308, -1e308]]),
    "denormal": np.full((3, 3), 5e-324),
    "a long row": np.linspace(-1, 1, 63)[None],
    "a long column": np.linspace(-1, 1, 63)[:, None],
    "many": np.random.default_rng(0).normal(size=(63, 63)),
    "four axes": np.zeros((2, 2, 3, 4)),
    "one axis": np.arange(3.0),
    "a number": np.array(1.0),
    "whole numbers": np.arange(9).reshape(3, 3),
    "very long": np.zeros((1, 5000)),
}


@pytest.fixture
def touched(show, pixels, monkeypatch):
    """Return a function that draws a widget and does with it what hands do; nothing may be raised meanwhile."""
    caught = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: caught.append(error))

    def touch(widget, change=lambda: None):
        shown = widget if widget.isVisible() else show(widget, 420, 260)
        change()
        for part in (shown, *shown.findChildren(QWidget)):
            part.sizeHint(), part.minimumSizeHint()
        for size in ((420, 260), (3, 3), (900, 40)):
            shown.resize(*size)
            pixels(shown)
        for part in (shown, *shown.findChildren(QWidget)):
            if part.isVisible() and part.isEnabled() and not part.isWindow():
                middle = part.rect().center()
                QTest.mouseMove(part, middle)
                QTest.mouseMove(part, QPoint(0, 0))
        QTest.mouseMove(shown, shown.rect().center())
        assert caught == []

    return touch


@pytest.mark.parametrize("array", ARRAYS.values(), ids=ARRAYS.keys())
def test_the_kernel_grid(touched, vik, array):
    grid = KernelGrid()
    grid.set_table(vik)
    touched(grid, lambda: (grid.set_weights(array), grid.set_mark((70, 70)), grid.set_outlined(True)))
    for key in (
        Qt.Key.Key_Right,
        Qt.Key.Key_Down,
        Qt.Key.Key_Return,
        Qt.Key.Key_Escape,
        Qt.Key.Key_Space,
        Qt.Key.Key_Delete,
    ):
        QTest.keyClick(grid, key)
    QTest.mouseClick(grid, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, grid.rect().center())
    touched(grid)


@pytest.mark.parametrize(("low", "high"), list(itertools.product(ODD, repeat=2)))
def test_the_colour_bar_and_the_histogram(touched, vik, low, high):
    bar, histogram = ColorBar(), Histogram()
    histogram.build()
    touched(bar, lambda: bar.set_scale(vik, low, high))
    touched(histogram, lambda: (histogram.set_counts(np.arange(9), low, high), histogram.set_limits(low, high)))
    canvas = histogram.canvas.viewport()
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(3, 3))
    QTest.mouseMove(canvas, QPoint(90, 5))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(90, 5))
    touched(histogram)
    histogram.shut()


@pytest.mark.parametrize(
    "counts", [np.zeros(0, np.int64), np.zeros(5, np.int64), np.array([2**62, 1]), np.ones(1, np.int64)]
)
def test_counts_of_any_number(touched, counts):
    histogram = Histogram()
    histogram.build()
    touched(histogram, lambda: histogram.set_counts(counts, 0, 1))
    histogram.shut()


@pytest.mark.parametrize("array", ARRAYS.values(), ids=ARRAYS.keys())
def test_the_frequency_response(touched, array):
    response = Response()
    touched(response, lambda: response.set_response(array))


@pytest.mark.parametrize("array", ARRAYS.values(), ids=ARRAYS.keys())
@pytest.mark.parametrize("number", [0.0, math.nan, math.inf, 1e308])
def test_the_arithmetic(touched, vik, array, number):
    panel = ProbePanel()
    panel.set_table(vik)
    panel.set_grey(number, number)
    with np.errstate(all="ignore"):
        products = array * array
    outside = np.zeros(array.shape, bool)
    terms = [Largest(0, 0, number, number, number)] * 3
    channels = (("red", number), ("a very long name of a channel", 1.0))
    explained = Sum(array, array, products, outside, number, number, "linear", number, channels)
    touched(panel, lambda: panel.set_sum("here", explained, terms, None))
    touched(panel, lambda: (panel.set_marks([(99, 99)]), panel.set_order(True)))
    touched(panel, lambda: panel.set_value_hidden(True))
    touched(panel, lambda: panel.set_shares("there", Shares(number, array, products), "none"))


@pytest.mark.parametrize("array", ARRAYS.values(), ids=ARRAYS.keys())
@pytest.mark.parametrize("toy", [False, True])
@pytest.mark.parametrize("lanes", [None, (0, 1), (0, 0), (-3, 5)])
def test_a_pane(touched, array, toy, lanes):
    if array.ndim != 2:
        return  # a picture has rows and columns by its type
    pane = ImagePane("pane", "Pane")
    colours = np.zeros((*array.shape, 3), np.uint8)
    rect = (0.0, 0.0, float(array.shape[1]), float(array.shape[0]))
    picture = Picture(colours, rect, array.astype(np.float64))

    def change():
        pane.set_kind(toy=toy, rows=lanes, names=["a", "b"])
        pane.set_viewport(1.0, 1.0, 40.0)
        pane.set_picture(picture, whole=True)
        pane.set_marks([((math.nan, 0, 1, 1), True), ((0, 0, -1, -1), False), ((1e9, 1e9, 1e9, 1e9), True)])
        pane.set_bands(
            Bands(np.array([[0.0, 0, 1, 1], [math.inf, 0, 1, 1]]), np.array([math.nan, 1]), np.zeros((2, 3), np.uint8)),
            [((0, 0, 0, 0), (1, 1, 0, 0))],
        )
        pane.set_border_cells(BorderCells(colours, array, rect, (0, 0, 0, 0)))
        pane.set_hatched([(0, 0, 1e8, 1)])
        pane.set_stale(True)

    touched(pane, change)


@pytest.mark.parametrize(
    ("x", "y", "zoom"), [(0, 0, 0), (math.nan, 0, 1), (1e30, 0, 1), (0, 0, 1e30), (0, 0, math.inf), (0, 0, -1)]
)
def test_a_pane_in_a_strange_view(touched, x, y, zoom):
    pane = ImagePane("pane", "Pane")
    picture = Picture(np.zeros((3, 4, 3), np.uint8), (0, 0, 4, 3), np.zeros((3, 4)))
    touched(
        pane,
        lambda: (
            pane.set_picture(picture, whole=True),
            pane.set_viewport(x, y, zoom),
            pane.set_marks([((0, 0, 1, 1), True)]),
        ),
    )


@pytest.mark.parametrize("array", ARRAYS.values(), ids=ARRAYS.keys())
@pytest.mark.parametrize("limits", [(0.0, 0.0), (math.nan, 1.0), (-math.inf, math.inf), (1.0, -1.0)])
def test_a_figure(qapp, vik, array, limits):
    if array.ndim != 2 or not array.size:
        return
    picture = np.zeros((*array.shape, 3), np.uint8)
    captions = (("a", "b"), ("c" * 500, ""), ("", "d"))
    rows, cols = array.shape
    cells, plain = Board(picture, (0, 0, cols, rows), array), Board(picture, (0, 0, cols, rows))
    for board in (cells, plain):
        figure = Figure(board, board, Middle(array, vik), vik, limits, captions)
        assert not figure.image(0.3).isNull()


@pytest.mark.parametrize("value", ODD)
def test_fields_and_forms(touched, value):
    field = NumberField("n", "N")
    touched(field, lambda: field.set_value(value))
    QTest.keyClick(field, Qt.Key.Key_Up)
    form = DisplayForm()
    touched(form, lambda: (form.set_display("no such", "fixed", value, value, value), form.set_span(value)))
    parameters = ParameterForm()
    touched(parameters, lambda: parameters.set_fields([Field("a", "A", value, 0, 1, 0.1, False, "", "")]))
    settings = SettingsForm()
    touched(settings, lambda: settings.set_settings(Settings("", "no such", value, 1, 1, value, "none", "", False)))
    status = StatusBar()
    touched(status, lambda: (status.set_time(value), status.set_task("t", "task", value)))


@pytest.mark.parametrize(
    ("low", "high", "step"), [(0, 0, 1), (0, 1, 0), (1, 0, 0.1), (0, 1e12, 1e-6), (math.nan, 1, 1), (0, math.inf, 1)]
)
def test_a_parameter_without_a_range(touched, low, high, step):
    form = ParameterForm()
    touched(form, lambda: form.set_fields([Field("a", "A", 0.5, low, high, step, False, "", "")]))


@pytest.mark.parametrize(
    "colours", [np.zeros((0, 0, 3), np.uint8), np.zeros((1, 0, 3), np.uint8), np.zeros((1, 9000, 3), np.uint8)]
)
def test_a_thumbnail_of_any_shape(touched, colours):
    gallery = Gallery()
    gallery.set_families(["edges"], 1)
    touched(gallery, lambda: (gallery.set_items([Item("a", "<b>", "edges", "x" * 2000)]), gallery.set_image("a", colours)))


@pytest.mark.parametrize("size", [(0, 0), (-1, 5), (10**6, 10**6)])
def test_a_kernel_of_any_size_in_the_card(touched, size):
    from PySide6.QtWidgets import QMenu

    card = KernelCard()
    card.set_actions([], QMenu(card))
    touched(card, lambda: card.set_size(*size))


@pytest.mark.parametrize(("position", "count"), [(0, 0), (5, 0), (-1, 3), (10**12, 10**12)])
def test_a_position_beyond_the_end(touched, position, count):
    transport = Transport()
    touched(
        transport,
        lambda: (transport.set_speeds([]), transport.set_speed(math.nan), transport.set_position(position, count, "")),
    )


def test_points_are_points():
    """The helpers above send what Qt sends: whole and fractional points."""
    assert QPointF(QPoint(1, 2)) == QPointF(1.0, 2.0)
