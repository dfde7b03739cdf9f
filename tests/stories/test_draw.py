"""Story 5. Draw: paint, nudge, scrub, type, paste, copy; whole-kernel edits; own kernels that survive; files."""

import errno
import json
from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QInputDialog

from convgui.engine.kernels import catalogue as catalog

SOBEL = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]


@pytest.fixture
def grid(user):
    return user.window.kernel_card.grid


def middle(grid, row, col):
    point = grid.cell_rect(row, col).center()
    return point.x(), point.y()


def weights(user):
    return user.state.kernel.weights.tolist()


def test_left_drag_paints_the_brush_and_is_one_step(user, grid):
    user.type_into("brush", "3")
    user.drag(grid, [middle(grid, 0, 0), middle(grid, 0, 2)])
    assert weights(user)[0] == [3, 3, 3]
    assert user.program.session.undo_label == "paint"
    user.do("undo")
    assert weights(user) == SOBEL


def test_right_drag_paints_the_negative(user, grid):
    user.drag(grid, [middle(grid, 2, 0), middle(grid, 2, 1)], button=Qt.MouseButton.RightButton)
    assert weights(user)[2] == [-1, -1, 1]


def test_the_wheel_nudges(user, grid, monkeypatch):
    monkeypatch.setattr("convgui.controllers.kernel.kernel.time", SimpleNamespace(monotonic=lambda: 1.0))
    user.wheel(grid, *middle(grid, 1, 1), 2)
    assert weights(user)[1][1] == pytest.approx(0.2)
    user.wheel(grid, *middle(grid, 1, 1), 1)
    user.do("undo")
    assert weights(user)[1][1] == 0  # turns that follow each other are one step


def test_turns_of_the_wheel_that_are_far_apart_are_two_steps(user, grid, monkeypatch):
    times = iter((0.0, 60.0))
    monkeypatch.setattr("convgui.controllers.kernel.kernel.time", SimpleNamespace(monotonic=lambda: next(times)))
    for turns in (2, 1):
        user.wheel(grid, *middle(grid, 1, 1), turns)
    user.do("undo")
    assert weights(user)[1][1] == pytest.approx(0.2)


def test_shift_drag_scrubs_finely(user, grid):
    x, y = middle(grid, 1, 1)
    user.drag(grid, [(x, y), (x, y - 5), (x, y - 10)], modifiers=Qt.KeyboardModifier.ShiftModifier)
    assert weights(user)[1][1] == pytest.approx(0.1)
    user.do("undo")
    assert weights(user) == SOBEL


def test_type_and_move_by_arrow_keys(user, grid):
    grid.setFocus()
    user.click(grid, *middle(grid, 0, 0), modifiers=Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(grid, Qt.Key.Key_Right)
    QTest.keyClick(grid, Qt.Key.Key_Down)
    QTest.keyClicks(grid, "7")
    editor = user.find("kernel_cell_editor")
    QTest.keyClicks(editor, ".5")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert weights(user)[1][1] == 7.5
    QTest.keyClick(grid, Qt.Key.Key_Delete)
    assert weights(user)[1][1] == 0


def test_an_edited_catalogue_kernel_is_custom_and_its_entry_unharmed(user, grid):
    user.drag(grid, [middle(grid, 1, 1), middle(grid, 1, 1)])
    assert user.state.kernel.custom
    user.follow()
    assert "custom" in user.window.kernel_card.detail.whole_text()
    assert catalog.make("sobel-x").weights.tolist() == SOBEL


def test_paste_a_matrix_with_a_live_message(user):
    QGuiApplication.clipboard().setText("no matrix")
    user.do("kernel_paste")
    dialog = user.dialog("matrix_dialog")
    dialog.field.setPlainText("1 2 3\n4 5 6\n7 8")
    assert "row 3 has 2 numbers, expected 3" in dialog.message.text()
    assert not dialog.accept_button.isEnabled()
    dialog.field.setPlainText("\n".join(["1\t2\t3\t4\t5"] * 5))
    assert "5 × 5" in dialog.message.text()
    dialog.accept_button.click()
    user.settle()
    assert user.state.kernel.size == (5, 5)
    assert user.program.session.undo_label == "paste kernel"


def test_copy_as_text_and_paste_it_again(user):
    user.do("kernel_copy")
    text = QGuiApplication.clipboard().text()
    assert text.split("\n")[0].split() == ["-1", "0", "1"]
    user.do("kernel_clear")
    user.do("kernel_paste")
    dialog = user.dialog("matrix_dialog")
    assert dialog.text() == text
    dialog.accept_button.click()
    assert weights(user) == SOBEL


@pytest.mark.parametrize("size", [(1, 1), (63, 63), (2, 4), (1, 9), (9, 1)])
def test_any_size(user, size):
    user.window.kernel_card.size_picked.emit(*size)
    user.settle()
    assert user.state.kernel.size == size
    assert user.window.pair.map.picture() is not None


def test_resize_keeps_the_centre(user):
    user.window.kernel_card.size_picked.emit(7, 7)
    assert user.state.kernel.weights[2:5, 2:5].tolist() == SOBEL
    user.window.kernel_card.size_picked.emit(3, 3)
    assert weights(user) == SOBEL


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("kernel_rotate", [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]),
        ("kernel_flip_h", [[1, 0, -1], [2, 0, -2], [1, 0, -1]]),
        ("kernel_flip_v", SOBEL),
        ("kernel_transpose", [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]),
        ("kernel_negate", [[1, 0, -1], [2, 0, -2], [1, 0, -1]]),
        ("kernel_double", [[-2, 0, 2], [-4, 0, 4], [-2, 0, 2]]),
        ("kernel_clear", [[0, 0, 0]] * 3),
    ],
)
def test_whole_kernel_edits(user, action, expected):
    user.do(action)
    assert weights(user) == expected


def test_normalise_and_zero_sum(user):
    assert not user.window.actions_by_id["kernel_normalise"].isEnabled()  # Sobel sums to 0, and the button says so
    assert not user.find("button_kernel_normalise").isEnabled()
    user.program.kernel.pick("laplacian-4")
    user.program.kernel.edit("x", lambda w: w + 2)
    user.do("kernel_normalise")
    assert user.state.kernel.weights.sum() == pytest.approx(1)
    user.do("kernel_zero_sum")
    assert user.state.kernel.weights.sum() == pytest.approx(0, abs=1e-12)


def test_own_kernels_are_kept_by_name_and_survive(start, monkeypatch):
    user = start()
    user.do("kernel_rotate")
    monkeypatch.setattr(QInputDialog, "getText", lambda *a, **k: ("My edge / 1", True))
    user.do("kernel_keep")
    user.settle()
    user.choose("gallery_family", "mine")
    assert user.window.gallery.model.rowCount() == 1
    user.window.close()
    again = start()
    again.program.kernel.pick("mine:My edge / 1")
    assert again.state.kernel.name == "My edge / 1"
    assert again.state.kernel.weights.tolist() == [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]
    again.do("kernel_forget")
    again.settle()
    again.choose("gallery_family", "mine")
    assert again.window.gallery.model.rowCount() == 0


@pytest.mark.parametrize("ending", [".json", ".txt", ".csv", ".npy"])
def test_files(user, tmp_path, monkeypatch, ending):
    path = tmp_path / f"edge{ending}"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a: (str(path), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *a: (str(path), ""))
    user.do("kernel_save")
    user.settle()
    user.do("kernel_clear")
    user.do("kernel_open")
    user.settle()
    assert weights(user) == SOBEL
    if ending == ".json":
        assert json.loads(path.read_text())["weights"] == SOBEL
    if ending == ".npy":
        assert np.load(path).tolist() == SOBEL


def test_a_kept_kernel_comes_back_by_one_click_and_one_step(user):
    user.program.kernel.pick("sobel-y")
    user.program.kernel_files.keep("my one")
    user.settle()
    kept = user.state.kernel.weights
    user.window.kernel_card.grid.painted.emit(0, 0, 9.0, 77)
    assert user.state.kernel.weights[0, 0] == 9
    for _ in range(3):
        user.program.kernel.pick("mine:my one")
    assert np.array_equal(user.state.kernel.weights, kept)
    user.do("undo")
    assert user.state.kernel.weights[0, 0] == 9


@pytest.mark.parametrize("action", ["kernel_keep", "kernel_forget"])
def test_a_place_for_kernels_that_cannot_be_written_is_told(start, own_home, monkeypatch, action):
    user = start()
    monkeypatch.setattr(QInputDialog, "getText", lambda *a, **k: ("mine", True))
    user.do("kernel_keep")
    user.settle()

    def refuse(*_, **__):
        raise OSError(errno.EROFS, "Read-only file system")

    for name in ("replace", "unlink"):  # of files in the folder: the one writes, the other deletes
        monkeypatch.setattr(f"os.{name}", refuse)
    user.do(action)
    user.settle()
    monkeypatch.undo()
    assert "this place is read-only" in user.message() and "went wrong" not in user.message()
    assert len(list((own_home / "kernels").glob("*.json"))) == 1
    user.choose("gallery_family", "mine")
    assert user.window.gallery.model.rowCount() == 1
