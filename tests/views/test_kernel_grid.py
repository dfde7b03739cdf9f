"""The paintable kernel: what each gesture of mouse and keyboard says."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from convgui.views.kernel.kernel_grid import KernelGrid

SHIFT = Qt.KeyboardModifier.ShiftModifier
RIGHT = Qt.MouseButton.RightButton
SOBEL = np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])


@pytest.fixture
def grid(show, vik):
    grid = KernelGrid()
    grid.set_table(vik)
    grid.set_weights(SOBEL)
    return show(grid, 270, 190)


@pytest.fixture
def weights(grid):
    """What a document would hold that takes over every weight that the grid asks for."""
    kept = SOBEL.copy()

    def take(row, col, value, *_):
        kept[row, col] = value
        grid.set_weights(kept.copy())

    for signal in (grid.painted, grid.nudged, grid.scrubbed, grid.typed):
        signal.connect(take)
    return kept


def cell(grid, row, col):
    return grid.cell_rect(row, col).center()


def type_in(grid, text):
    QTest.keyClicks(grid, text[0])
    editor = grid.findChild(QLineEdit, "kernel_cell_editor")
    QTest.keyClicks(editor, text[1:])
    return editor


# painting


def test_left_drag_paints_the_brush_in_one_stroke(grid, hand, heard):
    painted = heard(grid.painted)
    grid.set_brush(2.5)
    hand.drag(grid, cell(grid, 0, 0), cell(grid, 0, 1), cell(grid, 1, 1))
    assert [what[:3] for what in painted] == [(0, 0, 2.5), (0, 1, 2.5), (1, 1, 2.5)]
    assert len({stroke for *_, stroke in painted}) == 1


def test_right_drag_paints_the_negative(grid, hand, heard):
    painted = heard(grid.painted)
    grid.set_brush(2.5)
    hand.drag(grid, cell(grid, 2, 2), cell(grid, 2, 1), button=RIGHT)
    assert [what[:3] for what in painted] == [(2, 2, -2.5), (2, 1, -2.5)]


def test_each_drag_is_a_stroke_of_its_own(grid, hand, heard):
    painted = heard(grid.painted)
    hand.drag(grid, cell(grid, 0, 0), cell(grid, 0, 1))
    hand.drag(grid, cell(grid, 1, 0), cell(grid, 1, 1))
    strokes = [stroke for *_, stroke in painted]
    assert strokes[0] == strokes[1] != strokes[2] == strokes[3]


def test_a_quick_stroke_leaves_no_holes(grid, hand, heard):
    grid.set_weights(np.zeros((9, 9)))
    painted = heard(grid.painted)
    hand.drag(grid, cell(grid, 0, 0), cell(grid, 8, 8))
    assert [what[:2] for what in painted] == [(k, k) for k in range(9)]


def test_no_cell_is_painted_beside_the_grid(grid, hand, heard):
    grid.set_weights(np.zeros((9, 1)))
    painted = heard(grid.painted)
    hand.drag(grid, (2, 5), (4, 9))
    assert painted == []


def test_moving_without_a_button_paints_nothing_and_tells_the_cell(grid, hand, heard):
    painted, hovered, gone = heard(grid.painted), heard(grid.hovered), heard(grid.unhovered)
    hand.move(grid, cell(grid, 1, 2))
    assert hovered == [(1, 2)]
    hand.leave(grid)
    assert gone == [()]
    assert painted == []


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1), (2, 4), (3, 3), (15, 15), (63, 63)])
def test_each_cell_lies_where_it_is_drawn(grid, shape):
    grid.set_weights(np.zeros(shape))
    for row in (0, shape[0] // 2, shape[0] - 1):
        for col in (0, shape[1] // 2, shape[1] - 1):
            centre = cell(grid, row, col)
            assert grid.cell_at(centre.x(), centre.y()) == (row, col)
            assert grid.rect().contains(centre.toPoint())


# wheel and scrub


@pytest.mark.parametrize(
    ("turns", "modifiers", "expected"),
    [(1, Qt.KeyboardModifier.NoModifier, 2.1), (-2, Qt.KeyboardModifier.NoModifier, 1.8), (1, SHIFT, 2.01)],
)
def test_the_wheel_nudges_the_weight_under_the_cursor(grid, hand, heard, turns, modifiers, expected):
    nudged = heard(grid.nudged)
    hand.wheel(grid, cell(grid, 1, 2), turns, modifiers)
    assert nudged == [(1, 2, pytest.approx(expected))]


def test_ten_nudges_add_up(grid, weights, hand):
    for _ in range(10):
        hand.wheel(grid, cell(grid, 1, 1), 1)
    assert weights[1, 1] == 1


def test_shift_drag_scrubs_up_and_down(grid, weights, hand, heard):
    scrubbed, painted = heard(grid.scrubbed), heard(grid.painted)
    x, y = cell(grid, 1, 1).toTuple()
    hand.press(grid, (x, y), modifiers=SHIFT)
    hand.move(grid, (x, y - 10), Qt.MouseButton.LeftButton, SHIFT)
    assert weights[1, 1] == pytest.approx(0.1)
    hand.move(grid, (x + 90, y + 20), Qt.MouseButton.LeftButton, SHIFT)
    assert weights[1, 1] == pytest.approx(-0.2)
    hand.move(grid, (x, y), Qt.MouseButton.LeftButton, SHIFT)
    hand.release(grid, (x, y))
    assert weights[1, 1] == 0
    assert {what[:2] for what in scrubbed} == {(1, 1)}
    assert len({what[3] for what in scrubbed}) == 1
    assert painted == []


def test_after_a_scrub_moving_changes_nothing(grid, weights, hand, heard):
    hand.drag(grid, cell(grid, 1, 1), cell(grid, 0, 1), modifiers=SHIFT)
    scrubbed = heard(grid.scrubbed)
    hand.move(grid, cell(grid, 2, 2))
    assert scrubbed == []


# keyboard


def test_arrow_keys_move_and_typing_sets(grid, weights, heard):
    typed = heard(grid.typed)
    grid.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left):
        QTest.keyClick(grid, key)
    QTest.keyClick(type_in(grid, "-7.5"), Qt.Key.Key_Return)
    assert typed == [(1, 1, -7.5)]


def test_arrow_keys_stop_at_the_edge(grid, weights, heard):
    typed = heard(grid.typed)
    grid.setFocus()
    for _ in range(5):
        QTest.keyClick(grid, Qt.Key.Key_Up)
        QTest.keyClick(grid, Qt.Key.Key_Right)
    QTest.keyClick(grid, Qt.Key.Key_Delete)
    assert typed == [(0, 2, 0.0)]


def test_space_paints_the_brush(grid, heard):
    painted = heard(grid.painted)
    grid.set_brush(4)
    QTest.keyClick(grid, Qt.Key.Key_Space)
    QTest.keyClick(grid, Qt.Key.Key_Space)
    assert [what[:3] for what in painted] == [(0, 0, 4.0)] * 2
    assert painted[0][3] != painted[1][3]


def test_enter_opens_the_weight_for_editing(grid, heard):
    typed = heard(grid.typed)
    grid.setFocus()
    QTest.keyClick(grid, Qt.Key.Key_Return)
    editor = grid.findChild(QLineEdit, "kernel_cell_editor")
    assert editor.text() == "-1"
    assert editor.selectedText() == "-1"
    assert "row 0, column 0" in editor.accessibleName()
    QTest.keyClicks(editor, "3")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert typed == [(0, 0, 3.0)]


def test_a_double_click_types_into_that_cell(grid, hand, heard):
    typed = heard(grid.typed)
    hand.double_click(grid, cell(grid, 1, 2))
    editor = grid.findChild(QLineEdit, "kernel_cell_editor")
    QTest.keyClicks(editor, "9")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert typed == [(1, 2, 9.0)]


@pytest.mark.parametrize("text", ["-", ".", "+"])
def test_what_is_no_number_sets_nothing(grid, heard, text):
    typed = heard(grid.typed)
    grid.setFocus()
    editor = type_in(grid, text)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    grid.setFocus()
    assert typed == []


def test_a_click_on_another_cell_takes_what_was_typed_into_this_one(grid, heard):
    typed = heard(grid.typed)
    grid.setFocus()
    type_in(grid, "5.5")
    QTest.mouseClick(grid, Qt.MouseButton.LeftButton, SHIFT, cell(grid, 2, 2).toPoint())
    assert typed == [(0, 0, 5.5)]


def test_only_digits_and_signs_are_kept_from_the_shortcuts(grid):
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QApplication

    def kept(key, text):
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.NoModifier, text)
        event.ignore()
        QApplication.sendEvent(grid, event)
        return event.isAccepted()

    assert kept(Qt.Key.Key_0, "0")
    assert kept(Qt.Key.Key_Minus, "-")
    assert not kept(Qt.Key.Key_R, "r")


# showing


def test_setters_say_nothing(grid, heard):
    said = [heard(signal) for signal in (grid.painted, grid.nudged, grid.scrubbed, grid.typed)]
    grid.set_weights(np.eye(5))
    grid.set_brush(3)
    grid.set_mark((1, 1))
    assert said == [[]] * 4


def test_a_smaller_kernel_takes_the_focus_along(grid, heard):
    typed = heard(grid.typed)
    grid.set_weights(np.zeros((5, 5)))
    for _ in range(4):
        QTest.keyClick(grid, Qt.Key.Key_Right)
        QTest.keyClick(grid, Qt.Key.Key_Down)
    grid.set_weights(np.zeros((2, 3)))
    QTest.keyClick(grid, Qt.Key.Key_Delete)
    assert typed == [(1, 2, 0.0)]


def test_an_editor_of_another_size_of_kernel_is_closed(grid, heard):
    typed = heard(grid.typed)
    grid.setFocus()
    type_in(grid, "5")
    grid.set_weights(np.zeros((1, 1)))
    grid.clearFocus()
    assert all(row == col == 0 for row, col, _ in typed)
    assert not any(editor.isVisible() for editor in grid.findChildren(QLineEdit))


def test_signs_are_seen(grid, pixels, vik):
    seen = pixels(grid)

    def colour(row, col):
        box = grid.cell_rect(row, col)
        return seen[round(box.top() + 8), round(box.left() + 12)].astype(int)

    negative, zero, positive = colour(1, 0), colour(1, 1), colour(1, 2)
    assert negative[2] > negative[0]  # blue
    assert positive[0] > positive[2]  # brown
    assert np.abs(zero - vik[128].astype(int)).max() < 12


@pytest.mark.parametrize("shape", [(1, 1), (1, 63), (63, 1), (63, 63), (3, 3)])
def test_any_size_can_be_drawn_and_is_no_higher_than_allowed(grid, pixels, shape):
    grid.set_weights(np.random.default_rng(0).normal(size=shape))
    assert 26 <= grid.height() <= grid.sizeHint().width()
    assert pixels(grid).std(axis=(0, 1)).max() > 0


def test_a_mark_is_seen(grid, pixels):
    before = pixels(grid)
    grid.set_mark((1, 1))
    changed = np.argwhere((pixels(grid) != before).any(axis=2))
    box = grid.cell_rect(1, 1)
    assert len(changed)
    assert box.toAlignedRect().adjusted(-2, -2, 2, 2).contains(QPoint(*changed[0][::-1].tolist()))
    grid.set_mark(None)
    np.testing.assert_array_equal(pixels(grid), before)


def test_where_there_is_no_kernel_no_weights_are_shown(grid, pixels):
    other = np.arange(9.0).reshape(3, 3)
    grid.clearFocus()
    grid.set_weights(other)
    shown = pixels(grid)
    grid.setEnabled(False)
    without = pixels(grid)
    assert (without != shown).any()
    grid.set_weights(-other)
    assert (pixels(grid) == without).all()
    grid.setEnabled(True)
    grid.set_weights(other)
    assert (pixels(grid) == shown).all()
