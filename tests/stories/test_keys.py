"""Keys: shortcuts work while a text has the focus, Esc leaves the search, and no letter changes anything by accident."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

CONTROL, SHIFT, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier


@pytest.mark.parametrize("field", ["gallery_search", "bias", "stride", "brush"])
@pytest.mark.parametrize(
    ("key", "held", "window"),
    [
        (Qt.Key.Key_E, CONTROL, "export_picture_dialog"),
        (Qt.Key.Key_E, CONTROL | SHIFT, "export_figure_dialog"),
        (Qt.Key.Key_E, CONTROL | ALT, "export_numbers_dialog"),
        (Qt.Key.Key_K, CONTROL, "finder"),
    ],
)
def test_shortcuts_work_while_a_text_field_has_the_focus(user, field, key, held, window):
    user.find(field, QLineEdit).setFocus()
    QTest.keyClick(user.find(field), key, held)
    user.dialog(window).close()
    user.settle()


@pytest.mark.parametrize("field", ["bias", "brush"])
def test_the_search_is_reached_from_any_field(user, field):
    user.find(field, QLineEdit).setFocus()
    QTest.keyClick(user.find(field), Qt.Key.Key_F, CONTROL)
    QApplication.processEvents()
    assert user.find("gallery_search").hasFocus()


@pytest.mark.parametrize("text", ["", "blob", "no such thing"])
def test_escape_leaves_the_search_and_shows_all_kernels(user, text):
    search, gallery = user.find("gallery_search", QLineEdit), user.window.gallery
    user.do("search_kernels")
    assert search.hasFocus()
    QTest.keyClicks(search, text)
    QTest.keyClick(search, Qt.Key.Key_Escape)
    assert not search.hasFocus() and search.text() == ""
    assert gallery.model.rowCount() > 40


def test_a_search_ends_with_what_is_found(user):
    search, gallery = user.find("gallery_search", QLineEdit), user.window.gallery
    search.setFocus()
    QTest.keyClicks(search, "gauss")
    QTest.keyClick(search, Qt.Key.Key_Return)
    assert "aussian" in user.state.kernel.name
    assert search.text() == "" and gallery.model.rowCount() > 40
    user.settle()


def test_a_kernel_that_is_chosen_elsewhere_ends_a_search_that_hides_it(user):
    search, gallery = user.find("gallery_search", QLineEdit), user.window.gallery
    search.setFocus()
    QTest.keyClicks(search, "gauss")
    assert "found" in gallery.title.text()
    user.window.pair.setFocus()
    user.program.kernel.pick("sobel-y")
    user.follow()
    assert search.text() == "" and gallery.list.currentIndex().data(Qt.ItemDataRole.UserRole) == "sobel-y"
    user.settle()


@pytest.mark.parametrize("family", ["mine", "edges"])
def test_a_search_in_one_family_says_where_else_there_is_something(user, family):
    gallery = user.window.gallery
    user.choose("gallery_family", family)
    QTest.keyClicks(user.find("gallery_search"), "blob")
    nothing = user.find("gallery_nothing", QLabel)
    assert nothing.isVisible() and "blob" in nothing.text() and "other famil" in nothing.text()
    nothing.linkActivated.emit("all")
    assert not nothing.isVisible() and gallery.family() == "all" and gallery.model.rowCount() > 0
    user.settle()


def test_what_is_searched_is_no_markup(user):
    user.find("gallery_search", QLineEdit).setText("<b>x</b>")
    assert "&lt;b&gt;" in user.find("gallery_nothing", QLabel).text()


@pytest.mark.parametrize("key", ["N", "R", "H", "V", "T", "F"])
@pytest.mark.parametrize("where", ["panes", "gallery_list", "gallery_search", "bias"])
def test_a_letter_that_is_typed_by_accident_changes_nothing(user, key, where):
    before = user.state
    target = user.window.pair.map if where == "panes" else user.find(where)
    target.setFocus()
    QTest.keyClick(target, getattr(Qt.Key, f"Key_{key}"))
    QTest.keyClick(target, getattr(Qt.Key, f"Key_{key}"), SHIFT)
    QApplication.processEvents()
    kernel = user.state.kernel
    assert user.state.conv is before.conv or kernel.entry != before.kernel.entry  # the list looks for names by letters
    user.settle()


@pytest.mark.parametrize("key", ["N", "R", "H", "F"])
def test_a_letter_works_where_the_kernel_has_the_focus(user, key):
    before, grid = user.state, user.find("kernel_grid")
    grid.setFocus()
    QTest.keyClick(grid, getattr(Qt.Key, f"Key_{key}"))
    QApplication.processEvents()
    assert user.state.conv is not before.conv
    user.settle()


def test_undo_in_a_field_takes_back_what_is_being_typed_and_else_the_document(user):
    user.do("kernel_negate")
    negated, field = user.state, user.find("bias", QLineEdit)
    field.setFocus()
    QTest.keyClicks(field, "25")
    QTest.keyClick(field, Qt.Key.Key_Z, CONTROL)
    assert user.state is negated
    QTest.keyClick(field, Qt.Key.Key_Escape)
    QTest.keyClick(field, Qt.Key.Key_Z, CONTROL)
    QApplication.processEvents()
    assert user.state is not negated
    user.settle()
