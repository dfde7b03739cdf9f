"""Input and activation: two panes of one size, whatever the colour bar takes."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from convgui.views.window.side_by_side import SideBySide


@pytest.fixture
def pair(show):
    return show(SideBySide(), 840, 500)


@pytest.mark.parametrize("size", [(840, 500), (841, 500), (460, 200), (2600, 1800)])
def test_both_panes_have_the_same_size(pair, size, qtbot):
    pair.resize(*size)
    qtbot.waitUntil(lambda: abs(pair.input.width() - pair.map.width()) <= 1)
    assert pair.input.height() == pair.map.height()
    tops = [pane.mapTo(pair, QPoint(0, 0)).y() for pane in pair.panes]
    assert tops[0] == tops[1]


def test_nothing_overlaps_or_sticks_out(pair):
    boxes = [pair.input_card.geometry(), pair.map_card.geometry()]
    assert not boxes[0].intersects(boxes[1])
    assert all(pair.rect().contains(box) for box in boxes)
    assert pair.bar.isVisible()
    assert pair.bar.mapTo(pair, QPoint(0, 0)).x() >= pair.map.mapTo(pair, QPoint(pair.map.width(), 0)).x()


def test_maps_are_chosen_only_where_there_are_several(pair, heard):
    assert not pair.maps.isVisible()
    chosen = heard(pair.maps.chosen)
    pair.maps.set_options([("0", "red"), ("1", "green"), ("2", "blue")])
    pair.maps.show()
    assert pair.maps.isVisible()
    pair.maps.findChild(QWidget, "map_choice_1").click()
    assert chosen == [("1",)]


def test_panes_are_named_input_first(pair):
    assert [pane.accessibleName() for pane in pair.panes] == ["Input", "Activation"]
