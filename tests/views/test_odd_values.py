"""No view fails while it is drawn, measured or pointed at, whatever it is given."""

from __future__ import annotations

import numpy as np
import pytest

from convgui.views.canvas.color_bar import ColorBar
from convgui.views.canvas.image_pane import ImagePane
from convgui.views.canvas.values import Picture
from convgui.views.kernel.facts_card import Response
from convgui.views.kernel.gallery import Gallery
from convgui.views.kernel.gallery_model import Item
from convgui.views.kernel.kernel_grid import KernelGrid
from convgui.views.plots.histogram import Histogram

NAN, INF = float("nan"), float("inf")
ENDS = [
    *((0, 1), (0, 0), (1, 0), (5, 5), (NAN, NAN), (NAN, 1), (-INF, INF), (0, INF), (-3.4e38, 3.4e38)),
    *((1e308, 1e308), (-1e308, 1e308), (1e-320, 2e-320), (-1e-30, 1e30)),
]
ARRAYS = {
    "none": np.zeros((0, 0)),
    "no rows": np.zeros((0, 3)),
    "no columns": np.zeros((3, 0)),
    "one": np.ones((1, 1)),
    "a vector": np.ones(3),
    "a bank": np.ones((3, 3, 2, 4)),
    "nan": np.full((3, 3), NAN),
    "infinite": np.array([[INF, -INF, 0.0]]),
    "huge": np.array([[1e308, -1e308], [0.0, 1.0]]),
    "tiny": np.full((2, 2), 1e-320),
    "wide": np.ones((1, 5000)),
    "large": np.random.default_rng(0).normal(size=(63, 63)),
}
TABLE = np.repeat(np.arange(257, dtype=np.uint8)[:, None] % 255, 3, axis=1).astype(np.uint8)


@pytest.fixture
def look(show, hand):
    """Show a widget, draw it and move the mouse over it."""

    def at(widget, width=260, height=160):
        widget = show(widget, width, height)
        widget.sizeHint()
        widget.minimumSizeHint()
        widget.grab()
        for place in ((1, 1), (width / 2, height / 2), (width - 2, height - 2)):
            hand.move(widget, place)
        widget.grab()
        return widget

    return at


@pytest.mark.parametrize("weights", ARRAYS.values(), ids=list(ARRAYS))
def test_the_kernel(look, hand, weights):
    grid = KernelGrid()
    look(grid)
    for given in (weights, np.ones((3, 3)), weights):
        grid.set_weights(given)
        look(grid)
        hand.click(grid, (20, 20))
    assert np.isfinite(grid.cell_rect(0, 0).width())


@pytest.mark.parametrize("ends", ENDS, ids=str)
def test_colour_bar_and_histogram(look, ends):
    bar, histogram = ColorBar(), Histogram()
    histogram.build()
    bar.set_scale(TABLE, *ends)
    look(bar)
    for counts in (np.zeros(0, np.int64), np.zeros(8, np.int64), np.arange(2048), np.full(3, 2**62)):
        for limits in (ends, (0, 1)):
            histogram.set_counts(counts, *ends)
            histogram.set_limits(*limits)
            look(histogram)
            histogram.set_counts(counts, 0, 1)
            look(histogram)
            assert np.isfinite(histogram.axis()).all()
    histogram.shut()


@pytest.mark.parametrize("response", ARRAYS.values(), ids=list(ARRAYS))
def test_the_response(look, response):
    picture = Response()
    picture.set_response(response)
    look(picture, 48, 48)


RECTS = [(0, 0, 3, 2), (0, 0, 0, 0), (NAN, NAN, NAN, NAN), (0, 0, INF, INF), (1e30, -1e30, 1e30, 1e30), (0, 0, -3, -2)]


@pytest.mark.parametrize("rect", RECTS, ids=str)
@pytest.mark.parametrize("shape", [(2, 3), (0, 3), (2, 0), (1, 1), (1, 300)], ids=str)
def test_a_pane(look, rect, shape):
    values = np.resize(np.array([NAN, INF, -INF, 3.4e38, 1e-45], np.float32), shape)
    for toy in (False, True):
        for rows in (None, (0, 1), (0, 3)):
            pane = ImagePane("input", "Input")
            pane.set_kind(toy=toy, rows=rows, names=("a", "b", "c"))
            for zoom in (1e-6, 1.0, 60.0):
                pane.set_viewport(1.0, 1.0, zoom)
                pane.set_picture(Picture(np.zeros((*shape, 3), np.uint8), rect, values), whole=True)
                pane.set_marks([(rect, True)])
                pane.set_hatched([rect])
                pane.set_cover([rect])
                pane.grab()
            look(pane)


@pytest.mark.parametrize("shape", [(2, 3, 3), (0, 3, 3), (2, 0, 3), (1, 4000, 3), (4000, 1, 3)], ids=str)
def test_thumbnails(look, shape):
    gallery = Gallery()
    gallery.set_items([Item("a", "A" * 300, "mine", ""), Item("", "", "", "")])
    for name in ("a", "", "nobody"):
        gallery.set_image(name, np.zeros(shape, np.uint8))
    look(gallery, 300, 300)
