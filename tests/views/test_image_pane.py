"""A pane: its gestures in input coordinates, its pictures where they belong, and its marks."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from convgui.views.canvas.image_pane import ImagePane
from convgui.views.canvas.lanes import BAND, FOOT
from convgui.views.canvas.values import Picture

RED, GREEN, BLUE = (200, 0, 0), (0, 200, 0), (0, 0, 200)


@pytest.fixture
def pane(show):
    pane = ImagePane("input_pane", "Input")
    pane.set_viewport(50.0, 40.0, 4.0)
    return show(pane, 400, 300)


def plain(colour, rect=(0, 0, 100, 80), rows=8, cols=10, **more):
    return Picture(np.full((rows, cols, 3), colour, np.uint8), rect, **more)


def at(pane, x, y):
    """Return the pixel of a point of the input."""
    return pane.to_pixels(x, y, 0, 0).topLeft()


def colour_at(seen, pane, x, y):
    point = at(pane, x, y).toPoint()
    return tuple(seen[point.y(), point.x()].tolist())


# geometry


@pytest.mark.parametrize("sequence", [False, True])
def test_to_pixels_and_back(pane, sequence):
    pane.set_kind(toy=False, rows=(0, 1) if sequence else None)
    assert pane.to_input(QPointF(200, 150))[0] == 50
    assert pane.to_input(QPointF(200, 150))[1] == 40 or sequence
    assert pane.to_input(at(pane, 12.5, 0.25 if sequence else 33.25)) == pytest.approx((12.5, 0.25 if sequence else 33.25))


def test_a_sequence_lies_at_the_foot_of_its_stems(pane, pixels):
    pane.set_kind(toy=True, rows=(0, 1))
    pane.set_viewport(3, 40, 40)
    row = pane.to_pixels(0, 0, 6, 1)
    assert row.bottom() == pane.height() - FOOT
    pane.set_hint("")
    values = np.array([[0, 1, 0, 0.5, 1, np.nan]], np.float32)
    pane.set_picture(Picture(np.full((1, 6, 3), 90, np.uint8), (0, 0, 6, 1), values), whole=True)
    high = pixels(pane)
    pane.set_picture(Picture(np.full((1, 6, 3), 90, np.uint8), (0, 0, 6, 1), values * 0), whole=True)
    changed = (high != pixels(pane)).any(axis=2)
    assert changed[: int(row.top()) - 4].any() and not changed[int(row.bottom()) + 2 :].any()
    heights = [
        np.flatnonzero(changed[: int(row.top()) - 4, round(pane.to_pixels(j, 0, 1, 1).center().x())]).size for j in range(5)
    ]
    assert heights[1] == heights[4] > heights[3] > heights[0] == 0


def test_a_sequence_is_a_band_that_can_be_seen(pane):
    pane.set_kind(toy=False, rows=(0, 1))
    box = pane.to_pixels(0, 0, 1, 1)
    assert (box.width(), box.height()) == (4, BAND)


# gestures


def test_hover_tells_the_place_in_the_input(pane, hand, heard):
    hovered, gone = heard(pane.hovered), heard(pane.unhovered)
    hand.move(pane, at(pane, 30, 20))
    hand.leave(pane)
    assert hovered == [pytest.approx((30, 20))]
    assert gone == [()]


def test_a_click_tells_the_place_and_pans_nothing(pane, hand, heard):
    clicked, panned = heard(pane.clicked), heard(pane.panned)
    place = at(pane, 30, 20)
    hand.drag(pane, place, place + QPointF(1, 2))
    assert clicked == [pytest.approx((30.25, 20.5))]
    assert panned == []


@pytest.mark.parametrize("button", [Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton])
def test_a_drag_pans_by_pixels_and_is_no_click(pane, hand, heard, button):
    panned, clicked, hovered = heard(pane.panned), heard(pane.clicked), heard(pane.hovered)
    hand.drag(pane, (100, 100), (110, 105), (130, 90), (131, 90), button=button)
    assert np.sum(panned, axis=0).tolist() == [31, -10]
    assert clicked == []
    assert hovered == []


def test_a_drag_that_comes_back_is_no_click(pane, hand, heard):
    clicked = heard(pane.clicked)
    hand.drag(pane, (100, 100), (150, 100), (100, 100))
    assert clicked == []


@pytest.mark.parametrize("button", [Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton])
def test_only_the_left_button_clicks(pane, hand, heard, button):
    clicked = heard(pane.clicked)
    hand.click(pane, (100, 100), button)
    assert clicked == []


def test_a_sequence_is_panned_along_its_steps_alone(pane, hand, heard):
    pane.set_kind(toy=False, rows=(0, 1))
    panned = heard(pane.panned)
    hand.drag(pane, (100, 100), (110, 136))
    assert panned[0] == pytest.approx((10, 0))


def test_the_wheel_zooms_about_the_cursor(pane, hand, heard):
    zoomed = heard(pane.zoomed)
    hand.wheel(pane, at(pane, 30, 20), 1)
    hand.wheel(pane, at(pane, 30, 20), -1)
    (into, x, y), (out, *_) = zoomed
    assert (x, y) == pytest.approx((30, 20))
    assert into > 1
    assert into * out == pytest.approx(1)


def test_a_double_click_asks_for_the_whole_picture(pane, hand, heard):
    asked = heard(pane.fit_asked)
    hand.double_click(pane, (50, 50))
    assert asked == [()]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (Qt.Key.Key_Left, (0, -1)),
        (Qt.Key.Key_Right, (0, 1)),
        (Qt.Key.Key_Up, (-1, 0)),
        (Qt.Key.Key_Down, (1, 0)),
    ],
)
def test_arrow_keys_move_the_cell(pane, heard, key, expected):
    moved = heard(pane.moved)
    QTest.keyClick(pane, key)
    assert moved == [expected]
    QTest.keyClick(pane, key, Qt.KeyboardModifier.ControlModifier)
    assert len(moved) == 1


def test_it_tells_of_another_size(pane, heard, qtbot):
    resized = heard(pane.resized)
    pane.resize(500, 200)
    qtbot.waitUntil(lambda: bool(resized))


def test_setters_say_nothing(pane, heard):
    said = [heard(s) for s in (pane.hovered, pane.clicked, pane.panned, pane.zoomed, pane.moved, pane.resized)]
    pane.set_picture(plain(RED), whole=True)
    pane.set_viewport(1, 2, 3)
    pane.set_marks([((0, 0, 3, 3), True)])
    pane.set_kind(toy=True)
    assert said == [[]] * 6


# what is seen


def test_a_picture_lies_where_it_belongs(pane, pixels):
    pane.set_picture(plain(RED, (30, 20, 40, 40)))
    seen = pixels(pane)
    for x, y in ((30.5, 20.5), (69.5, 20.5), (30.5, 59.5), (69.5, 59.5)):
        assert colour_at(seen, pane, x, y) == RED
    for x, y in ((29.4, 40), (70.6, 40), (50, 19.4), (50, 60.6)):
        assert colour_at(seen, pane, x, y) != RED


def test_each_cell_has_its_own_colour_and_no_blur_between(pane, pixels):
    colours = np.zeros((80, 100, 3), np.uint8)
    colours[40, 50] = RED
    pane.set_picture(Picture(colours, (0, 0, 100, 80)))
    box = pane.to_pixels(50, 40, 1, 1).toRect()
    seen = pixels(pane)
    assert (seen[box.top() : box.bottom() + 1, box.left() : box.right() + 1] == RED).all()
    assert (seen == RED).all(axis=2).sum() == 16


def test_the_overview_fills_in_where_nothing_finer_is_there_yet(pane, pixels):
    pane.set_picture(plain(GREEN), whole=True)
    pane.set_picture(plain(RED, (0, 0, 50, 80)))
    seen = pixels(pane)
    assert colour_at(seen, pane, 30, 40) == RED
    assert colour_at(seen, pane, 80, 40) == GREEN


def test_no_picture_leaves_nothing_behind(pane, pixels):
    empty = pixels(pane)
    pane.set_picture(plain(GREEN), whole=True)
    pane.set_picture(None)
    np.testing.assert_array_equal(pixels(pane), empty)
    assert pane.picture() is None


def test_a_stale_picture_is_tinted_until_the_new_one_is_there(pane, pixels):
    pane.set_picture(plain(RED))
    pane.set_stale(True)
    assert colour_at(pixels(pane), pane, 50, 40) != RED
    pane.set_picture(plain(RED))
    assert colour_at(pixels(pane), pane, 50, 40) == RED


def test_a_hint_stands_instead_of_the_picture(pane, pixels):
    pane.set_picture(plain(RED))
    pane.set_hint("The kernel does not fit.")
    seen = pixels(pane)
    assert not (seen == RED).all(axis=2).any()
    assert (seen[130:170].min(axis=2) < 150).any()  # words
    pane.set_hint("")
    assert colour_at(pixels(pane), pane, 50, 40) == RED


def test_a_mark_is_outlined_and_what_it_holds_stays_visible(pane, pixels):
    pane.set_picture(plain(GREEN))
    before = pixels(pane)
    pane.set_marks([((40, 30, 20, 20), False)])
    after = pixels(pane)
    assert colour_at(after, pane, 50, 40) == GREEN
    assert colour_at(after, pane, 40, 40) != GREEN
    rows, cols = np.nonzero((after != before).any(axis=2))
    box = pane.to_pixels(40, 30, 20, 20)
    assert abs(rows.min() - box.top()) < 4
    assert abs(cols.max() - box.right()) < 4
    pane.set_marks([])
    np.testing.assert_array_equal(pixels(pane), before)


def test_a_pinned_mark_is_stronger(pane, pixels):
    pane.set_picture(plain(GREEN))

    def touched(pinned):
        pane.set_marks([((40, 30, 20, 20), pinned)])
        return (pixels(pane) != GREEN).any(axis=2).sum()

    assert touched(True) > touched(False)


def test_a_mark_too_small_to_see_is_drawn_larger(pane, pixels):
    pane.set_viewport(50, 40, 0.05)
    before = pixels(pane)
    pane.set_marks([((50, 40, 1, 1), False)])
    rows, cols = np.nonzero((pixels(pane) != before).any(axis=2))
    assert np.ptp(rows) >= 6
    assert np.ptp(cols) >= 6


@pytest.mark.parametrize(
    ("zoom", "toy", "numbers"), [(50, False, True), (20, False, False), (20, True, True), (10, True, False)]
)
def test_numbers_are_shown_in_cells_that_are_large_enough(pane, pixels, zoom, toy, numbers):
    values = np.full((6, 6), 5, np.float32)
    pane.set_viewport(3, 3, zoom)
    pane.set_kind(toy=toy)
    pane.set_picture(plain((240, 240, 240), (0, 0, 6, 6), 6, 6, values=values))
    box = pane.to_pixels(3, 3, 1, 1).adjusted(4, 4, -4, -4).toRect()
    inside = pixels(pane)[box.top() : box.bottom(), box.left() : box.right()]
    assert (inside.min() < 120) == numbers


def test_nan_and_infinity_can_be_drawn(pane, pixels):
    values = np.array([[np.nan, np.inf], [-np.inf, 1e-30]], np.float32)
    pane.set_viewport(1, 1, 100)
    pane.set_picture(plain((240, 240, 240), (0, 0, 2, 2), 2, 2, values=values))
    for row, col in np.ndindex(2, 2):
        box = pane.to_pixels(col, row, 1, 1).adjusted(8, 8, -8, -8).toRect()
        assert pixels(pane)[box.top() : box.bottom(), box.left() : box.right()].min() < 120


def test_an_empty_picture_can_be_drawn(pane, pixels):
    empty = pixels(pane)
    pane.set_picture(Picture(np.zeros((0, 0, 3), np.uint8), (0, 0, 0, 0), np.zeros((0, 0), np.float32)))
    np.testing.assert_array_equal(pixels(pane), empty)
