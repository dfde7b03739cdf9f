"""What is laid over a picture: seen where cells are large enough, and nowhere else."""

import numpy as np
import pytest

from convgui.views.canvas.image_pane import ImagePane
from convgui.views.canvas.values import NO_BANDS, Bands, BorderCells, Picture

BAND = Bands(np.array([[2.0, 2, 1, 1]]), np.array([2.0]), np.array([[10, 20, 200]], np.uint8))


@pytest.fixture
def pane(show):
    pane = ImagePane("input_pane", "Input")
    pane.set_picture(Picture(np.full((6, 6, 3), 200, np.uint8), (0, 0, 6, 6), np.ones((6, 6), np.float32)), whole=True)
    return show(pane, 500, 500)


def test_weights_lie_on_their_cells(pane, pixels):
    pane.set_viewport(3, 3, 60)
    before = pixels(pane)
    pane.set_bands(BAND)
    changed = (pixels(pane) != before).any(axis=2)
    box = pane.to_pixels(2, 2, 1, 1).toRect()
    inside = np.zeros_like(changed)
    inside[box.top() : box.bottom() + 2, box.left() : box.right() + 2] = True
    assert changed.any() and not changed[~inside].any()


def test_on_cells_too_small_to_see_nothing_is_drawn(pane, pixels):
    pane.set_viewport(3, 3, 4)
    before = pixels(pane)
    pane.set_bands(BAND, [((0, -1, 1, 1), (0, 0, 1, 1))])
    pane.set_border_cells(ring())
    assert np.array_equal(pixels(pane), before)


def ring():
    return BorderCells(np.zeros((8, 8, 3), np.uint8), np.zeros((8, 8), np.float32), (-1, -1, 8, 8), (0, 0, 6, 6))


def test_invented_cells_lie_around_the_input(pane, pixels):
    pane.set_viewport(3, 3, 40)
    before = pixels(pane)
    pane.set_border_cells(ring())
    changed = (pixels(pane) != before).any(axis=2)
    box = pane.to_pixels(0, 0, 6, 6).toRect()
    assert changed.any()
    assert not changed[box.top() + 1 : box.bottom() - 1, box.left() + 1 : box.right() - 1].any()


def test_a_line_leads_to_the_source(pane, pixels):
    pane.set_viewport(3, 3, 40)
    before = pixels(pane)
    pane.set_bands(NO_BANDS, [((-1, 2, 1, 1), (1, 2, 1, 1))])
    changed = (pixels(pane) != before).any(axis=2)
    rows, cols = np.nonzero(changed)
    assert np.ptp(cols) >= 75 and np.ptp(rows) < 12


def test_hatching_covers_its_cells_alone(pane, pixels):
    pane.set_viewport(3, 3, 40)
    before = pixels(pane)
    pane.set_hatched([(0, 0, 6, 1)])
    changed = (pixels(pane) != before).any(axis=2)
    box = pane.to_pixels(0, 0, 6, 1).toRect()
    assert changed[box.top() + 1 : box.bottom(), box.left() + 1 : box.right()].all()
    assert changed.sum() <= (box.width() + 2) * (box.height() + 2)
