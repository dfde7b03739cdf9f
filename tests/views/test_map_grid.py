"""The grid of maps: only what is seen is asked for, one is chosen by mouse or keys, and it fits its room."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from convgui.views.canvas.map_grid import MapGrid


@pytest.fixture
def grid(show):
    widget = show(MapGrid(), 500, 300)
    widget.set_maps(range(200), 1.5)
    return widget


def tile(level):
    return np.full((20, 30, 3), level, np.uint8)


def test_only_what_is_seen_is_asked_for_and_scrolling_asks_for_more(grid, heard):
    first = grid.seen()
    assert first[0] == 0 and 3 < len(first) < 60
    assert grid.missing() == first
    grid.set_images({map: tile(map) for map in first})
    assert grid.missing() == ()
    looked = heard(grid.looked)
    grid.verticalScrollBar().setValue(grid.verticalScrollBar().maximum())
    assert looked and grid.missing()[-1] == 199


def test_a_click_chooses_a_double_click_enlarges(grid, heard, hand):
    chosen, opened = heard(grid.chosen), heard(grid.opened)
    box = grid.box_of(4)
    hand.double_click(grid.viewport(), (box.center().x(), box.center().y()))
    assert chosen[0] == (4,) and opened == [(4,)]


def test_between_the_tiles_nothing_is_chosen(grid, heard, hand):
    chosen = heard(grid.chosen)
    box = grid.box_of(0)
    hand.click(grid.viewport(), (box.right() + 4, box.center().y()))
    assert chosen == []


def test_arrow_keys_go_from_map_to_map_and_enter_enlarges(grid, heard):
    chosen, opened = heard(grid.chosen), heard(grid.opened)
    grid.chosen.connect(grid.set_current)
    QTest.keyClick(grid, Qt.Key.Key_Right)
    QTest.keyClick(grid, Qt.Key.Key_Down)
    below = chosen[-1][0]
    assert chosen[0] == (1,) and grid.box_of(below).left() == grid.box_of(1).left() and below > 1
    QTest.keyClick(grid, Qt.Key.Key_End)
    assert chosen[-1] == (199,) and 199 in grid.seen()
    QTest.keyClick(grid, Qt.Key.Key_Return)
    assert opened == [(199,)]


def test_another_order_keeps_the_pictures(grid):
    grid.set_images({0: tile(10), 5: tile(20)})
    grid.set_maps([5, 0, *range(1, 5), *range(6, 200)], 1.5)
    assert grid.image(5) is not None and grid.seen()[0] == 5


def test_other_maps_drop_the_pictures(grid):
    grid.set_images({0: tile(10)})
    grid.set_maps(range(12), 1.5)
    assert grid.image(0) is None


def test_ctrl_and_the_wheel_make_the_tiles_larger(grid, hand):
    before = grid.box_of(0).width()
    hand.wheel(grid.viewport(), (100, 100), 4, Qt.KeyboardModifier.ControlModifier)
    assert grid.box_of(0).width() > before


@pytest.mark.parametrize("aspect", [0.01, 0.3, 1, 4, 500])
def test_tiles_of_any_shape_lie_inside(grid, aspect):
    grid.set_maps(range(30), aspect)
    columns = {grid.box_of(map).left() for map in range(30)}
    assert max(columns) + grid.box_of(0).width() <= grid.viewport().width()
    grid.grab()


def test_it_draws_whatever_it_is_given(grid):
    grid.set_images({0: tile(10), 999: tile(20)})
    grid.set_kernels({0: np.zeros((7, 7, 3), np.uint8), 1: np.zeros((1, 9, 3), np.uint8)})
    grid.set_texts({0: "first"}, faint=[1, 2])
    grid.set_current(1)
    grid.set_stale(True)
    assert not grid.grab().isNull()
    grid.set_maps((), 1.0)
    grid.grab()


def test_where_the_cursor_rests_a_map_says_something(grid):
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QHelpEvent
    from PySide6.QtWidgets import QApplication, QToolTip

    grid.set_texts({3: "filter 3"})
    place = grid.box_of(3).center()
    QApplication.sendEvent(grid.viewport(), QHelpEvent(QEvent.Type.ToolTip, place, grid.viewport().mapToGlobal(place)))
    assert QToolTip.text() == "filter 3"
    QToolTip.hideText()
