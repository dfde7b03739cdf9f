"""Lanes: rows of a sequence below each other, from pixels to rows and back."""

import pytest

from convgui.views.canvas.lanes import BAND, FOOT, Lanes


@pytest.mark.parametrize("first", [0, -1])
@pytest.mark.parametrize("count", [1, 2, 3, 8, 64])
@pytest.mark.parametrize("height", [120.0, 333.0, 900.0])
def test_each_row_has_a_place_of_its_own(first, count, height):
    lanes = Lanes(first, count, height)
    bottom = 0.0
    for row in range(first, first + count):
        top, end = lanes.y(row), lanes.y(row + 1, end=True)
        assert bottom <= lanes.start(row) <= top < end <= height
        assert end - top == pytest.approx(lanes.band)
        assert lanes.row_at(lanes.y(row + 0.5)) == pytest.approx(row + 0.5)
        bottom = end


def test_what_lies_above_or_below_the_cells_belongs_to_their_row():
    lanes = Lanes(0, 3, 300.0)
    assert [int(lanes.row_at(y)) for y in (0, 99, 101, 199, 299, 400, -5)] == [0, 0, 1, 1, 2, 2, 0]


def test_one_row_has_room_for_its_kernel():
    lanes = Lanes(0, 1, 300.0)
    assert (lanes.band, lanes.foot) == (BAND, FOOT)
    assert lanes.kernel > 20


def test_low_lanes_are_filled_by_their_cells():
    lanes = Lanes(0, 8, 300.0)
    assert not lanes.tall and lanes.kernel == 0
    assert lanes.band > 0.9 * lanes.pitch
