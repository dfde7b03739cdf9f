"""Story 7. Look: both panes as one; colour bar, limits, status bar; the patch, the cell and the arithmetic."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from convgui.model.pointed import explain_cell


def panes(user):
    return user.window.pair.panes


def test_panes_pan_and_zoom_as_one(user):
    for source, other in (panes(user), panes(user)[::-1]):
        user.wheel(source, 100, 120, 3)
        user.drag(source, [(100, 100), (140, 130), (180, 160)])
        assert (source.place.x, source.place.y) == (other.place.x, other.place.y)
        assert source.place.zoom == other.place.zoom
        user.settle()
        assert not user.program.context.viewport.fit


def test_the_point_under_the_wheel_stays(user):
    pane = user.window.pair.map
    before = pane.to_input(pane.rect().center().toPointF() * 0.5)
    user.wheel(pane, pane.rect().center().x() * 0.5, pane.rect().center().y() * 0.5, 4)
    assert pane.to_input(pane.rect().center().toPointF() * 0.5) == pytest.approx(before)


def test_fit_one_double_half_by_keys(user):
    pane = user.window.pair.input
    pane.setFocus()
    QTest.keyClick(user.window, Qt.Key.Key_1)
    assert pane.place.zoom == 1
    QTest.keyClick(user.window, Qt.Key.Key_Plus)
    assert pane.place.zoom == 2
    QTest.keyClick(user.window, Qt.Key.Key_Minus)
    QTest.keyClick(user.window, Qt.Key.Key_Minus)
    assert pane.place.zoom == 0.5
    QTest.keyClick(user.window, Qt.Key.Key_0)
    assert user.program.context.viewport.fit
    assert "fit" in user.window.status.zoom.text()


@pytest.mark.parametrize(("padding", "stride"), [("same", 1), ("valid", 1), ("full", 2), ("same", 3)])
def test_panes_stay_registered(user, padding, stride):
    """What lies over each other belongs together: a cell of the map lies over the middle of its patch."""
    user.press(f"padding_{padding}")
    user.type_into("stride", str(stride))
    user.settle()
    rows, cols = user.state.conv.axes(400, 600)
    for i, j in ((0, 0), (7, 11)):
        first, last = cols.reads(j)
        middle_x = (first + last) / 2
        first, last = rows.reads(i)
        middle_y = (first + last) / 2
        cell_x = cols.origin + (j + 0.5) * stride
        cell_y = rows.origin + (i + 0.5) * stride
        assert (cell_x, cell_y) == (middle_x, middle_y)
    left, top, width, height = user.window.pair.map.picture().rect
    assert (left, top) == (cols.origin, rows.origin)
    assert (width, height) == (cols.outputs * stride, rows.outputs * stride)


def test_zoomed_out_shows_the_strongest_and_the_limits_of_the_whole(user):
    from convgui.engine.network import evaluate

    user.program.navigate.scale_by(0.34)
    user.settle()
    whole = evaluate(user.state.looked_at)[0]
    known = user.program.compute.known
    assert (known.low, known.high) == (whole.min(), whole.max())
    assert known.finite == whole.size


def test_colour_bar_is_centred_on_zero_when_signed(user):
    low, high = user.window.pair.bar.limits()
    assert low == -high
    assert "0" in [text for _, text in user.window.pair.bar.ticks()]
    user.sample("article-2d")
    assert [text for _, text in user.window.pair.bar.ticks()] == ["0", "2", "4"]


@pytest.mark.parametrize("mode", ["auto", "min-max", "symmetric", "percentile", "fixed"])
def test_limits(user, mode):
    user.choose("limits", mode)
    user.settle()
    low, high = user.window.pair.bar.limits()
    known = user.program.compute.known
    if mode == "min-max":
        assert (low, high) == (known.low, known.high)
    elif mode == "symmetric":
        assert high == max(-known.low, known.high) == -low
    elif mode == "fixed":
        assert user.find("limits_low").isVisible()
        user.type_into("limits_high", "2.5")
        user.settle()
        assert user.window.pair.bar.limits()[1] == 2.5
    assert user.program.session.undo_label in ("limits", "")


def test_fixed_limits_are_not_reset_by_an_edit(user):
    user.choose("limits", "fixed")
    user.settle()
    before = user.window.pair.bar.limits()
    user.do("kernel_double")
    user.settle()
    assert user.window.pair.bar.limits() == pytest.approx(before, abs=2e-3)


def test_colour_map_can_be_chosen(user):
    before = user.window.pair.map.picture().colours.copy()
    user.choose("colours", "broc")
    user.settle()
    assert not np.array_equal(user.window.pair.map.picture().colours, before)


def test_hovering_the_map_marks_patch_and_cell(user):
    user.program.navigate.scale_to(4)
    user.hover_cell(user.window.pair.map, 201, 310)
    assert user.window.pair.input.marks() == [((309.0, 200.0, 3.0, 3.0), False)]
    assert user.window.pair.map.marks() == [((310.0, 201.0, 1.0, 1.0), False)]
    e = explain_cell(user.state, 201, 310)
    shown = user.window.probe.canvas.sum
    assert np.array_equal(shown.patch, e.patch[0])
    assert shown.value == e.value
    assert "<b>201</b>" in user.window.status.position.text()
    assert user.window.status.activation.text()


def test_hovering_never_recomputes_the_map(user):
    before = user.window.pair.map.picture()
    user.hover_cell(user.window.pair.map, 120, 88)
    user.settle()
    assert user.window.pair.map.picture() is before


def test_click_pins_arrow_keys_move_escape_frees(user):
    user.program.navigate.scale_to(4)
    pane = user.window.pair.map
    box = pane.to_pixels(310, 201, 1, 1)
    user.click(pane, box.center().x(), box.center().y())
    assert (user.program.probe.cell, user.program.probe.pinned) == ((201, 310), True)
    user.hover_cell(pane, 210, 300)
    assert user.program.probe.cell == (201, 310)
    pane.setFocus()
    QTest.keyClick(pane, Qt.Key.Key_Right)
    QTest.keyClick(pane, Qt.Key.Key_Down)
    assert user.program.probe.cell == (202, 311)
    QTest.keyClick(user.window, Qt.Key.Key_Escape)
    assert not user.program.probe.pinned


def test_large_kernels_are_explained_by_their_largest_terms(user):
    user.program.kernel.pick("gaussian")
    user.window.kernel_card.parameters.changed.emit("size", 15, 99)
    user.settle()
    user.hover_cell(user.window.pair.map, 100, 100)
    terms = user.window.probe.canvas.terms
    assert len(terms) >= 12
    magnitudes = [abs(t.product) for t in terms]
    assert magnitudes == sorted(magnitudes, reverse=True)


def test_outside_a_valid_map_the_input_s_value_is_still_shown(user):
    user.press("padding_valid")
    user.settle()
    user.hover_cell(user.window.pair.input, 0, 0)
    assert "no output here" in user.window.status.activation.text()
    assert user.window.status.input.text()


def test_zoomed_in_cells_show_their_numbers(user):
    user.program.navigate.scale_to(48)
    user.settle()
    for pane in panes(user):
        picture = pane.picture()
        assert picture.values is not None
        assert picture.values.shape == picture.colours.shape[:2]


def test_double_click_fits(user):
    user.program.navigate.scale_to(3)
    QTest.mouseDClick(user.window.pair.map, Qt.MouseButton.LeftButton)
    assert user.program.context.viewport.fit
