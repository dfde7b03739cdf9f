"""The kernel grid: painting, nudging, scrubbing, typing, each gesture a signal that names cell and value."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from convgui.views.kernel_grid import KernelGrid

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


@pytest.fixture
def grid(qtbot):
    found = KernelGrid()
    qtbot.addWidget(found)
    found.set_weights(np.arange(9.0).reshape(3, 3))
    found.resize(270, 190)
    found.show()
    found.setFocus()
    found.said = []
    found.painted.connect(lambda *what: found.said.append(("paint", *what)))
    found.nudged.connect(lambda *what: found.said.append(("nudge", *what)))
    found.scrubbed.connect(lambda *what: found.said.append(("scrub", *what)))
    found.typed.connect(lambda *what: found.said.append(("type", *what)))
    return found


def middle(grid, row, col):
    return grid.cell_rect(row, col).center().toPoint()


def editor(grid):
    return next((e for e in grid.findChildren(QLineEdit) if e.isVisible()), None)


def drag(grid, cells, button=LEFT, modifiers=Qt.KeyboardModifier.NoModifier, down=0):
    places = [middle(grid, *cell) for cell in cells] + ([middle(grid, *cells[-1]) + QPoint(0, down)] if down else [])
    kinds = [QEvent.Type.MouseButtonPress] + [QEvent.Type.MouseMove] * (len(places) - 1)
    for kind, place in zip(kinds, places, strict=True):
        at = QPointF(place)
        QApplication.sendEvent(grid, QMouseEvent(kind, at, grid.mapToGlobal(at), button, button, modifiers))
    at = QPointF(places[-1])
    nothing = Qt.MouseButton.NoButton
    QApplication.sendEvent(
        grid, QMouseEvent(QEvent.Type.MouseButtonRelease, at, grid.mapToGlobal(at), button, nothing, modifiers)
    )


def test_left_drag_paints_the_brush_without_holes(grid):
    grid.set_brush(2.5)
    drag(grid, [(0, 0), (2, 2)])
    assert [what[1:4] for what in grid.said] == [(0, 0, 2.5), (1, 1, 2.5), (2, 2, 2.5)]
    assert len({what[4] for what in grid.said}) == 1


def test_right_drag_paints_its_negative_and_each_drag_is_a_stroke(grid):
    drag(grid, [(0, 0), (0, 1)], RIGHT)
    drag(grid, [(1, 1)])
    assert [what[3] for what in grid.said] == [-1, -1, 1]
    assert [what[4] for what in grid.said] == [1, 1, 2]


def test_shift_drag_scrubs_finely(grid):
    drag(grid, [(1, 1)], modifiers=Qt.KeyboardModifier.ShiftModifier, down=-20)
    kind, row, col, value, _ = grid.said[-1]
    assert (kind, row, col) == ("scrub", 1, 1)
    assert value == pytest.approx(4.2)


@pytest.mark.parametrize(
    ("modifiers", "step"), [(Qt.KeyboardModifier.NoModifier, 0.1), (Qt.KeyboardModifier.ShiftModifier, 0.01)]
)
def test_the_wheel_nudges(grid, modifiers, step):
    at = QPointF(middle(grid, 0, 2))
    turn = (QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, modifiers, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(grid, QWheelEvent(at, grid.mapToGlobal(at), *turn))
    assert grid.said == [("nudge", 0, 2, pytest.approx(2 + step))]


def test_arrow_keys_move_and_digits_type(grid):
    QTest.keyClick(grid, Qt.Key.Key_Right)
    QTest.keyClick(grid, Qt.Key.Key_Down)
    QTest.keyClick(grid, "7")
    QTest.keyClicks(editor(grid), ".5")
    QTest.keyClick(editor(grid), Qt.Key.Key_Return)
    assert grid.said == [("type", 1, 1, 7.5)]
    assert editor(grid) is None and grid.hasFocus()


@pytest.mark.parametrize(
    ("key", "goes_on"), [(Qt.Key.Key_Tab, (0, 1)), (Qt.Key.Key_Down, (1, 0)), (Qt.Key.Key_Return, (0, 0))]
)
def test_keys_that_complete_a_weight_go_on(grid, key, goes_on):
    QTest.keyClick(grid, "3")
    QTest.keyClick(editor(grid), key)
    QTest.keyClick(grid, "4")
    QTest.keyClick(editor(grid), Qt.Key.Key_Return)
    assert grid.said == [("type", 0, 0, 3.0), ("type", *goes_on, 4.0)]


def test_escape_drops_what_was_typed(grid):
    QTest.keyClick(grid, "3")
    QTest.keyClick(editor(grid), Qt.Key.Key_Escape)
    assert editor(grid) is None and not grid.said and grid.hasFocus()


def test_a_decimal_comma_is_understood(grid):
    QTest.keyClick(grid, "-")
    editor(grid).setText("-0,25")
    QTest.keyClick(editor(grid), Qt.Key.Key_Return)
    assert grid.said == [("type", 0, 0, -0.25)]


def test_double_click_edits_and_leaves_the_weight_as_it_was(grid):
    grid.painted.connect(lambda i, j, value, stroke: _set(grid, i, j, value))
    QTest.mouseClick(grid, LEFT, pos=middle(grid, 1, 1))
    QTest.mouseDClick(grid, LEFT, pos=middle(grid, 1, 1))
    assert grid._weights[1, 1] == 4
    assert editor(grid).text() == "4"
    QTest.keyClick(editor(grid), Qt.Key.Key_Escape)


def _set(grid, row, col, value):
    weights = grid._weights.copy()
    weights[row, col] = value
    grid.set_weights(weights)


def test_delete_sets_zero_and_space_paints(grid):
    QTest.keyClick(grid, Qt.Key.Key_Delete)
    QTest.keyClick(grid, Qt.Key.Key_Space)
    assert grid.said == [("type", 0, 0, 0.0), ("paint", 0, 0, 1.0, 1)]


@pytest.mark.parametrize("shape", [(1, 1), (1, 63), (63, 1), (63, 63), (2, 5), (15, 15)])
def test_each_cell_is_found_where_it_is_drawn(grid, shape):
    grid.set_weights(np.zeros(shape))
    for cell in {(0, 0), (shape[0] - 1, shape[1] - 1), (shape[0] // 2, shape[1] // 2)}:
        place = grid.cell_rect(*cell).center()
        assert grid.cell_at(place.x(), place.y()) == cell
    assert grid.sizeHint().height() <= 190


def test_it_gives_way_but_not_to_nothing(grid):
    grid.give_way(40)
    assert grid.height() == 150
    grid.give_way(400)
    assert grid.height() == 112
    grid.give_way(-10)
    assert grid.height() == 190
