"""The export dialog: what will be written is said before it is."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QFileDialog

from convgui.views.take.export_dialog import PREVIEW, ExportDialog, Plan

FORMATS = [(".png", "PNG"), (".npy", "NumPy"), (".tiff", "TIFF"), (".tif", "Old TIFF")]


@pytest.fixture
def dialog(show, tmp_path):
    return show(ExportDialog("picture", FORMATS, str(tmp_path), "coffee-sobel"), 480, 480)


def choose(dialog, extension):
    dialog.format.setFocus()
    steps = dialog.format.findData(extension) - dialog.format.currentIndex()
    for _ in range(abs(steps)):
        QTest.keyClick(dialog.format, Qt.Key.Key_Down if steps > 0 else Qt.Key.Key_Up)


def test_it_begins_with_a_name_and_the_first_format(dialog, tmp_path):
    assert dialog.extension() == ".png"
    assert dialog.path() == f"{tmp_path}/coffee-sobel.png"
    assert dialog.windowTitle() == "Export picture"


def test_the_name_follows_the_format(dialog, heard, tmp_path):
    altered = heard(dialog.altered)
    choose(dialog, ".npy")
    assert dialog.name.text() == "coffee-sobel.npy"
    assert altered[-1] == (".npy", f"{tmp_path}/coffee-sobel.npy", True)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("edge", "edge.npy"),
        ("edge.png", "edge.npy"),
        ("edge.PNG", "edge.npy"),
        ("edge.tiff", "edge.npy"),
        ("edge.v2", "edge.v2.npy"),
        ("my.png.edge", "my.png.edge.npy"),
    ],
)
def test_a_name_of_ones_own_keeps_all_but_the_ending(dialog, name, expected):
    dialog.name.setText(name)
    choose(dialog, ".npy")
    assert dialog.name.text() == expected


def test_each_change_asks_for_a_new_plan(dialog, heard, tmp_path):
    altered = heard(dialog.altered)
    dialog.name.setFocus()
    dialog.name.selectAll()
    QTest.keyClicks(dialog.name, "a")
    dialog.folder.setText("/tmp/elsewhere/")
    dialog.explain()
    elsewhere = (".png", "/tmp/elsewhere/a", False)
    assert altered == [(".png", f"{tmp_path}/a", False), elsewhere, elsewhere]


def test_a_suggested_name_gives_way_to_one_that_is_free(dialog, heard, tmp_path):
    altered = heard(dialog.altered)
    dialog.set_plan(Plan("PNG", "", True, "Export", "coffee-sobel-2.png"))
    assert dialog.path() == f"{tmp_path}/coffee-sobel-2.png"
    choose(dialog, ".npy")
    assert altered[-1] == (".npy", f"{tmp_path}/coffee-sobel.npy", True)  # which may be free


def test_a_name_that_was_typed_stays(dialog):
    dialog.name.setText("edge.png")
    dialog.set_plan(Plan("PNG", "edge.png exists.", True, "Replace", "edge-2.png"))
    assert dialog.name.text() == "edge.png"


def test_what_each_export_has_in_it_stands_there(dialog):
    text = dialog.findChild(type(dialog.sentence), "export_about").text()
    assert "<b>Picture</b>" in text and "Figure:" in text and "Numbers:" in text


def test_spaces_around_the_name_are_dropped(dialog, tmp_path):
    dialog.name.setText("  edge.png ")
    assert dialog.path() == f"{tmp_path}/edge.png"


def test_the_plan_is_shown(dialog):
    dialog.set_plan(Plan("PNG, 600 × 400 pixels", "", True, "Export"))
    assert dialog.sentence.text() == "PNG, 600 × 400 pixels"
    assert not dialog.warning.isVisible()
    assert dialog.write.isEnabled()


def test_what_exists_is_warned_of_and_the_button_says_what_it_does(dialog):
    dialog.set_plan(Plan("PNG", "coffee.png exists.", True, "Replace"))
    assert dialog.warning.isVisible()
    assert dialog.warning.text() == "coffee.png exists."
    assert dialog.write.text() == "Replace"


def test_what_is_impossible_cannot_be_exported(dialog, heard):
    accepted = heard(dialog.accepted)
    dialog.set_plan(Plan("PNG", "There is no such folder.", False, "Export"))
    dialog.write.click()
    QTest.keyClick(dialog.name, Qt.Key.Key_Return)
    assert accepted == []
    assert dialog.isVisible()
    dialog.set_plan(Plan("PNG", "", True, "Export"))
    dialog.write.click()
    assert accepted == [()]


def test_enter_exports(dialog, heard):
    accepted = heard(dialog.accepted)
    QTest.keyClick(dialog.name, Qt.Key.Key_Return)
    assert accepted == [()]
    assert dialog.result() == QDialog.DialogCode.Accepted


@pytest.mark.parametrize("by", ["button", "escape"])
def test_cancel_writes_nothing(dialog, heard, by):
    accepted, rejected = heard(dialog.accepted), heard(dialog.rejected)
    if by == "button":
        dialog.refuse.click()
    else:
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert (accepted, rejected) == ([], [()])


def test_browse_asks_for_a_folder(dialog, monkeypatch, tmp_path):
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *a: "/tmp/chosen")
    dialog.browse.click()
    assert dialog.path() == "/tmp/chosen/coffee-sobel.png"
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *a: "")
    dialog.browse.click()
    assert dialog.folder.text() == "/tmp/chosen"


@pytest.mark.parametrize("shape", [(400, 600), (6, 6), (1, 50), (900, 30), (1, 1)])
def test_the_preview_fits_and_keeps_the_shape(dialog, shape):
    dialog.set_preview(np.full((*shape, 3), 90, np.uint8))
    shown = dialog.preview.pixmap().deviceIndependentSize()
    assert shown.width() <= PREVIEW[0]
    assert shown.height() <= PREVIEW[1]
    assert shown.width() >= PREVIEW[0] - 1 or shown.height() >= PREVIEW[1] - 1
    longer = max(shown.width() / shape[1], shown.height() / shape[0])
    assert abs(shown.width() - shape[1] * longer) <= 1 + longer
    assert dialog.preview.pixmap().toImage().pixelColor(0, 0).red() == 90


def test_cells_of_a_toy_grid_stay_sharp(dialog):
    board = np.indices((6, 6)).sum(axis=0) % 2
    dialog.set_preview(np.repeat((board * 255).astype(np.uint8)[:, :, None], 3, axis=2))
    image = dialog.preview.pixmap().toImage()
    assert {image.pixelColor(x, 100).red() for x in range(image.width())} == {0, 255}
