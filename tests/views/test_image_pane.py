"""One pane: what is drawn where, numbers when cells are large enough, gestures in input coordinates."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from convgui.views.image_pane import ImagePane, Picture


@pytest.fixture
def pane(qtbot):
    found = ImagePane("pane", "A pane")
    qtbot.addWidget(found)
    found.resize(200, 200)
    found.set_viewport(2, 2, 50)
    found.show()
    return found


def checker(values=None):
    colours = np.zeros((4, 4, 3), np.uint8)
    colours[::2, ::2] = colours[1::2, 1::2] = (250, 10, 10)
    return Picture(colours, (0.0, 0.0, 4.0, 4.0), values)


def colour_at(pane, x, y):
    return pane.grab().toImage().pixelColor(x, y).getRgb()[:3]


def test_cells_are_where_the_coordinates_say(pane):
    pane.set_picture(checker())
    for row, col in ((0, 0), (0, 1), (3, 3), (2, 1)):
        box = pane.to_pixels(col, row, 1, 1)
        expected = (250, 10, 10) if (row + col) % 2 == 0 else (0, 0, 0)
        assert colour_at(pane, round(box.center().x()), round(box.center().y())) == expected
        x, y = pane.to_input(box.center())
        assert (int(x), int(y)) == (col, row)


def test_numbers_are_drawn_where_they_fit(pane):
    pane.set_picture(checker())
    plain = pane.grab().toImage()
    pane.set_picture(checker(np.full((4, 4), 8.0, np.float32)))
    assert pane.grab().toImage() != plain
    pane.set_viewport(2, 2, 20)
    small = pane.grab().toImage()
    pane.set_picture(checker())
    assert pane.grab().toImage() == small


def test_a_hint_stands_instead_of_a_picture(pane):
    pane.set_picture(checker())
    pane.set_hint("It does not fit.")
    assert pane.hint() == "It does not fit."
    assert colour_at(pane, 20, 20) != (250, 10, 10)


def test_a_stale_picture_is_tinted_until_the_new_one_is_there(pane):
    pane.set_picture(checker())
    fresh = colour_at(pane, 25, 25)
    pane.set_stale(True)
    assert colour_at(pane, 25, 25) != fresh
    pane.set_picture(checker())
    assert colour_at(pane, 25, 25) == fresh


def test_hover_click_and_keys_are_told_in_cells(pane, qtbot):
    with qtbot.waitSignal(pane.hovered) as hovered:
        QTest.mouseMove(pane, QPointF(75, 125).toPoint())
    assert hovered.args == pytest.approx([1.5, 2.5])
    with qtbot.waitSignal(pane.clicked) as clicked:
        QTest.mouseClick(pane, Qt.MouseButton.LeftButton, pos=QPointF(175, 25).toPoint())
    assert clicked.args == pytest.approx([3.5, 0.5])
    with qtbot.waitSignal(pane.moved) as moved:
        QTest.keyClick(pane, Qt.Key.Key_Left)
    assert moved.args == [0, -1]


def test_an_empty_array_is_drawn_as_nothing(pane):
    pane.set_picture(Picture(np.zeros((0, 0, 3), np.uint8), (0, 0, 0, 0)))
    pane.grab()
