"""Input and activation: two panes edge to edge, and what lies over them."""

import numpy as np
import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

from convgui.views.canvas.values import Picture
from convgui.views.window.side_by_side import SideBySide


@pytest.fixture
def pair(show):
    return show(SideBySide(), 840, 500)


def with_map(pair, table, low=-1.68, high=1.68, zoom=1.0):
    colours = np.zeros((200, 300, 3), np.uint8)
    for pane in pair.panes:
        pane.set_viewport(150, 100, zoom)
        pane.set_picture(Picture(colours, (0, 0, 300, 200)), whole=True)
    pair.bar.set_scale(table, low, high)
    return pair


@pytest.mark.parametrize("stacked", [False, True])
@pytest.mark.parametrize("size", [(840, 500), (841, 501), (460, 240), (2600, 1800)])
def test_the_panes_share_all_the_room(pair, size, stacked, qtbot):
    pair.resize(*size)
    pair.set_arrangement(stacked=stacked, share=0.5)
    qtbot.waitUntil(lambda: abs(pair.input.width() - pair.map.width()) <= 1)
    assert abs(pair.input.height() - pair.map.height()) <= 1
    covered = sum(pane.width() * pane.height() for pane in pair.panes)
    assert covered >= (size[0] - 1) * (size[1] - 1) - max(size)
    assert pair.stacked() == stacked


def test_the_line_between_them_can_be_dragged(pair, heard):
    shared = heard(pair.shared)
    pair.splitter.moveSplitter(210, 1)
    assert pair.input.width() < pair.map.width()
    assert 0.2 < shared[-1][0] < 0.3
    pair.resize(1680, 500)
    assert abs(pair.input.width() - 420) <= 2  # it keeps its part


def test_chips_lie_in_the_panes_and_cut_only_what_does_not_fit(pair):
    pair.map_chip.set_detail("600 × 400 · −3.49 … 3.19")
    assert pair.map_chip.detail.text() == pair.map_chip.detail.whole_text()
    pair.input_chip.set_detail("a very long name of a photo " * 8)
    assert "…" in pair.input_chip.detail.text()
    for pane, chip in zip(pair.panes, (pair.input_chip, pair.map_chip), strict=True):
        assert pane.rect().contains(chip.geometry())


@pytest.mark.parametrize("ends", [(-1.68, 1.68), (-1.2345e38, 3.21e38), (0, 1e-30), (123456789, 123456790)])
@pytest.mark.parametrize("zoom", [0.4, 1.0, 9.0])
def test_the_colour_bar_lies_over_the_picture_as_high_as_it_is_with_whole_numbers(pair, vik, ends, zoom):
    bar = with_map(pair, vik, *ends, zoom=zoom).bar
    assert pair.map.rect().contains(bar.geometry())
    picture = pair.map.picture_box().toRect().intersected(pair.map.rect())
    assert bar.y() >= picture.y() and bar.geometry().bottom() <= picture.bottom() + 1
    assert bar.height() > picture.height() / 2 - 40
    for box, _ in bar._plates(18):
        assert QRect(0, 0, bar.width(), bar.height()).adjusted(-1, -1, 1, 1).contains(box.toRect())


def test_beside_a_small_picture_the_bar_covers_no_cell(pair, vik):
    bar = with_map(pair, vik, zoom=0.5).bar
    assert bar.x() >= round(pair.map.picture_box().right())


def test_a_value_stands_beside_its_cell(pair):
    for number, cell in ((0, (3.0, 4.0, 1.0, 1.0)), (1, (299.0, 199.0, 1.0, 1.0)), (1, (-999.0, 0.0, 1.0, 1.0))):
        pair.set_readout(number, cell, "row 4, column 3", "−0.996")
        chip, pane = pair.readouts[number], pair.panes[number]
        assert chip.isVisible() and pane.rect().contains(chip.geometry())
        assert not chip.geometry().intersects(pane.to_pixels(*cell).toRect())
        assert (chip.where.text(), chip.value.text()) == ("row 4, column 3", "−0.996")
    before = pair.readouts[1].pos()
    pair.set_readout(1, (40.0, 40.0, 1.0, 1.0), "row 40, column 40", "1")
    pair.map.set_viewport(60, 60, 2.0)  # it goes along with the picture
    assert pair.readouts[1].pos() != before
    assert not pair.readouts[1].geometry().intersects(pair.map.to_pixels(40, 40, 1, 1).toRect())
    pair.set_readout(1, None)
    assert not pair.readouts[1].isVisible()


def test_maps_are_chosen_only_where_there_are_several(pair, heard):
    assert not pair.maps.isVisible()
    chosen = heard(pair.maps.chosen)
    pair.maps.set_maps(["red", "green", "blue"], 0)
    assert pair.maps.isVisible()
    pair.maps.findChild(QWidget, "map_choice_1").click()
    assert chosen == [(1,)]


def test_panes_are_named_input_first(pair):
    assert [pane.accessibleName() for pane in pair.panes] == ["Input", "Activation"]
