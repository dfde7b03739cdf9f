"""Typing into the kernel grid: what completes a weight, what drops it, and where the keys go on."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from convgui.views.kernel.kernel_grid import KernelGrid

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
