"""The dialog for a kernel as text: it says live what it takes the text for, and takes only what is one."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog

from convgui.io.text.kernels import describe_matrix
from convgui.views.kernel.matrix_dialog import MatrixDialog


@pytest.fixture
def dialog(show):
    return show(MatrixDialog(describe_matrix, ""), 460, 340)


def test_empty_it_asks_for_text_and_takes_nothing(dialog):
    assert not dialog.accept_button.isEnabled()
    assert "Paste or type" in dialog.message.text()
    assert dialog.field.placeholderText()


def test_it_says_live_what_a_matrix_is(dialog):
    dialog.field.setFocus()
    QTest.keyClicks(dialog.field, "1 2 3")
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    QTest.keyClicks(dialog.field, "4 5 6")
    assert dialog.message.text() == describe_matrix("1 2 3\n4 5 6")[1]
    assert dialog.accept_button.isEnabled()
    assert dialog.text() == "1 2 3\n4 5 6"


def test_it_says_live_what_is_wrong_and_forgives(dialog):
    dialog.field.setPlainText("1 2\n3")
    assert not dialog.accept_button.isEnabled()
    assert dialog.message.property("role") == "warning"
    dialog.field.setPlainText("1 2\n3 4")
    assert dialog.accept_button.isEnabled()
    assert dialog.message.property("role") == "detail"
    dialog.field.setPlainText("  \n ")
    assert not dialog.accept_button.isEnabled()
    assert dialog.message.property("role") == "detail"


def test_it_begins_with_the_text_it_is_given(show):
    dialog = show(MatrixDialog(describe_matrix, "-1 0 1"), 460, 340)
    assert dialog.text() == "-1 0 1"
    assert dialog.accept_button.isEnabled()


def test_take_and_refuse(dialog, heard):
    accepted, refused = heard(dialog.accepted), heard(dialog.rejected)
    dialog.field.setPlainText("1 2\n3 4")
    dialog.accept_button.click()
    assert accepted == [()]
    assert dialog.result() == QDialog.DialogCode.Accepted
    dialog.show()
    dialog.refuse.click()
    assert refused == [()]


def test_escape_refuses(dialog, heard):
    refused = heard(dialog.rejected)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert refused == [()]
    assert not dialog.isVisible()


def test_tab_leaves_the_field_for_the_buttons(dialog, qtbot):
    dialog.field.setPlainText("1")
    dialog.field.setFocus()
    QTest.keyClick(dialog.field, Qt.Key.Key_Tab)
    assert dialog.text() == "1"
    assert not dialog.field.hasFocus()
