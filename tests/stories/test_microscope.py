"""The microscope: where a value comes from, where an input cell goes, and what the border invents."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from convgui.engine.looking.uses import uses
from convgui.model.pointed import explain_cell
from convgui.model.viewport import Viewport


def weights_of(pane):
    """Return the weights that are laid over a pane, by the cell (row, column) in input coordinates."""
    bands = pane.bands()
    return {(top, left): text for (left, top, _, _), text in zip(bands.rects.tolist(), bands.texts, strict=True)}


def centre(grid, row, col):
    return grid.cell_rect(row, col).center()


def test_a_cell_of_the_map_shows_the_weights_on_its_patch(user):
    user.program.navigate.scale_to(48)
    user.hover_cell(user.window.pair.map, 201, 302)
    assert weights_of(user.window.pair.input) == {
        (200 + u, 301 + v): f"× {text}"
        for u, row in enumerate((("−1", "0", "1"), ("−2", "0", "2"), ("−1", "0", "1")))
        for v, text in enumerate(row)
    }
    assert not len(user.window.pair.map.bands())


def test_weights_are_laid_over_cells_as_soon_as_those_are_large_enough(user):
    user.program.navigate.scale_to(2)
    user.click(user.window.pair.map, 200, 200)
    user.settle()
    assert user.program.probe.pinned and weights_of(user.window.pair.input) == {}
    user.program.navigate.scale_to(48)
    assert len(weights_of(user.window.pair.input)) == 9
    user.program.navigate.scale_to(2)
    assert weights_of(user.window.pair.input) == {}


def test_a_pixel_shows_all_outputs_that_read_it(user):
    user.program.navigate.scale_to(48)
    user.hover_cell(user.window.pair.input, 201, 302)
    found = uses(user.state.chain, 1, 0, 201, 302)
    shown = weights_of(user.window.pair.map)
    assert set(shown) == {(row, col) for row in found.rows for col in found.cols}
    assert shown[200, 301] == "× 1" and shown[202, 303] == "× −1"  # the kernel, flipped
    assert user.window.pair.input.marks() == [((302.0, 201.0, 1.0, 1.0), False)]
    assert user.window.pair.map.marks() == [((301.0, 200.0, 3.0, 3.0), False)]
    assert "read by 9 outputs" in user.window.probe.detail.whole_text()
    assert np.array_equal(user.window.probe.canvas.shares.shares, found.shares[0])


def test_a_pixel_between_the_strides_says_that_nobody_reads_it(user):
    user.sample("article-1d")
    user.program.session.replace("test", user.state.with_conv(stride=(1, 3), padding="valid"))
    user.settle()
    user.hover_cell(user.window.pair.input, 0, 2)
    assert "read by no output" in user.window.probe.detail.whole_text()
    assert "the stride steps over it" in user.window.probe.canvas.hint


def test_a_weight_shows_what_it_meets_under_the_pinned_cell(user):
    user.sample("article-2d")
    pane, grid = user.window.pair.map, user.window.kernel_card.grid
    box = pane.to_pixels(3, 2, 1, 1)
    user.click(pane, box.center().x(), box.center().y())
    at = centre(grid, 2, 2)
    user.hover(grid, at.x(), at.y())
    assert ((4.0, 3.0, 1.0, 1.0), True) in user.window.pair.input.marks()
    assert user.window.probe.canvas.marks == [(2, 2)]
    QTest.keyClick(user.window, Qt.Key.Key_Escape)
    assert user.window.pair.input.marks() == []


def test_with_flip_a_weight_meets_the_opposite_cell(user):
    user.sample("article-2d")
    user.do("toggle_flip")
    pane, grid = user.window.pair.map, user.window.kernel_card.grid
    box = pane.to_pixels(3, 2, 1, 1)
    user.click(pane, box.center().x(), box.center().y())
    for cell in ((0, 0), (2, 2)):
        at = centre(grid, *cell)
        user.hover(grid, at.x(), at.y())
    assert ((2.0, 1.0, 1.0, 1.0), True) in user.window.pair.input.marks()
    assert weights_of(user.window.pair.input)[1, 2] == "× 2"
    assert user.window.probe.canvas.kernel_title == "kernel, flipped"


def test_pointing_at_a_product_points_at_its_weight_and_its_pixel(user):
    user.sample("article-2d")
    pane, canvas = user.window.pair.map, user.window.probe.canvas
    box = pane.to_pixels(3, 2, 1, 1)
    user.click(pane, box.center().x(), box.center().y())
    canvas.grab()
    at = canvas.cell_rect(2, 0, 1).center()
    user.hover(canvas, at.x(), at.y())
    assert user.window.kernel_card.grid.mark() == (0, 1)
    assert ((3.0, 1.0, 1.0, 1.0), True) in user.window.pair.input.marks()
    user.hover(canvas, canvas.width() - 3, 3)
    assert canvas.marks == []


def test_the_sum_can_be_taken_away(user):
    user.sample("article-2d")
    user.do("copy_sum")
    assert "Point at a cell" in user.message()
    pane = user.window.pair.map
    box = pane.to_pixels(2, 2, 1, 1)
    user.click(pane, box.center().x(), box.center().y())
    e = explain_cell(user.state, 2, 2)
    user.do("copy_sum")
    assert QGuiApplication.clipboard().text() == e.as_text()
    user.do("copy_numpy")
    assert float(eval(QGuiApplication.clipboard().text(), {"np": np})) == e.value == 4


def test_the_running_sum_can_be_sorted(user):
    user.program.kernel.pick("gaussian")
    user.settle()
    user.hover_cell(user.window.pair.map, 100, 100)
    before = user.window.probe.canvas.grab().toImage()
    user.do("sort_terms")
    assert user.window.probe.canvas.grab().toImage() != before
    user.do("sort_terms")
    assert user.window.probe.canvas.grab().toImage() == before


@pytest.mark.parametrize(
    ("border", "first"), [("zeros", 0), ("replicate", 0), ("reflect", 1), ("symmetric", 0), ("wrap", 0)]
)
def test_the_cells_that_the_border_invents_are_shown(user, border, first):
    user.sample("article-2d")
    user.choose("border", border)
    user.settle()
    ring = user.window.pair.input.border_cells()
    assert ring.rect == (-1, -1, 8, 8)
    expected = {"zeros": "constant", "replicate": "edge", "wrap": "wrap"}.get(border, border)
    padded = np.pad(user.state.source.array, 1, mode=expected)
    assert np.array_equal(ring.values, padded)
    assert ring.values[1, 0] == first


def test_invented_cells_have_lines_to_where_their_values_come_from(user):
    user.sample("article-2d")
    user.choose("border", "reflect")
    user.settle()
    user.hover_cell(user.window.pair.map, 0, 3)
    assert user.window.pair.input.links() == [((2.0 + k, -1.0, 1.0, 1.0), (2.0 + k, 1.0, 1.0, 1.0)) for k in range(3)]
    user.choose("border", "zeros")
    user.settle()
    user.hover_cell(user.window.pair.map, 0, 2)
    assert user.window.pair.input.links() == []


def test_outputs_that_used_the_border_are_marked_on_demand(user):
    user.sample("article-2d")
    assert user.window.pair.map.hatched() == []
    user.do("mark_border")
    covered = np.zeros((6, 6), int)
    for left, top, width, height in user.window.pair.map.hatched():
        covered[int(top) : int(top + height), int(left) : int(left + width)] += 1
    expected = np.ones((6, 6), int)
    expected[1:-1, 1:-1] = 0
    assert np.array_equal(covered, expected)
    user.press("padding_valid")
    user.settle()
    assert user.window.pair.map.hatched() == []


def test_zoomed_out_nothing_is_drawn_around_a_photo(user):
    assert user.window.pair.input.border_cells() is None
    user.program.navigate.scale_to(40)
    user.program.context.look_at(Viewport(0.0, 0.0, 40.0, fit=False))
    user.settle()
    assert user.window.pair.input.border_cells() is not None


def test_the_keyboard_points_at_pixels_and_weights(user):
    user.sample("article-2d")
    pane, grid = user.window.pair.input, user.window.kernel_card.grid
    pane.setFocus()
    QTest.keyClick(pane, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert user.program.probe.pixel == (3, 3) and "of the input" in user.window.probe.detail.whole_text()
    QTest.keyClick(pane, Qt.Key.Key_Left)  # an output, pinned
    grid.setFocus()
    QTest.keyClick(grid, Qt.Key.Key_Right)
    assert user.window.probe.canvas.marks == [(0, 1)]


def test_channels_add_up_with_a_constant_outside(user, photo):
    user.open(photo)
    user.program.session.replace("test", user.state.with_conv(constant=0.5))
    user.settle()
    e = explain_cell(user.state, 0, 0)
    assert sum(part for _, part in e.channels) == pytest.approx(e.total)


def test_the_weights_of_a_whole_layer_are_refused_in_a_sentence(user, tmp_path):
    np.save(tmp_path / "layer.npy", np.ones((3, 3, 3, 2)))
    before = user.state
    user.program.kernel_files.open_file(str(tmp_path / "layer.npy"))
    user.settle()
    assert user.state is before and "3 × 3 × 3 × 2 weights" in user.message()


def test_the_wheel_over_a_field_without_the_focus_scrolls_the_column(user):
    before = user.state
    user.window.pair.setFocus()
    for name in ("border", "stride", "bias", "colours"):
        field = user.find(name)
        user.wheel(field, 10, 10, -1)
    assert user.state is before
