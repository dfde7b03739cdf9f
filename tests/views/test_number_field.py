"""The number field: it takes what people type, keeps what it cannot take with the reason, and changes nothing by itself."""

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QPushButton, QScrollArea, QVBoxLayout, QWidget

from convgui.views.kit.number_field import NumberField


@pytest.fixture
def page(show):
    """A window with fields and a button, as a column has them."""
    window, inner = QMainWindow(), QWidget()
    column = QVBoxLayout(inner)
    window.bias, window.count = NumberField("bias", "Bias", step=0.05), NumberField("count", "Count", 1, 99, whole=True)
    window.percent = NumberField("percent", "Percent", 50, 100, unit=" %")
    window.button = QPushButton("Go")
    for widget in (window.bias, window.count, window.percent, window.button):
        column.addWidget(widget)
    window.setCentralWidget(inner)
    return show(window, 300, 260)


def enter(field, text, key=Qt.Key.Key_Return):
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, key)


def reason_of(field):
    """Return the sentence that is seen under a field."""
    found = field.window().findChild(QLabel, f"{field.objectName()}_reason")
    return found.text() if found is not None and found.isVisible() else ""


@pytest.mark.parametrize("language", ["C", "de_DE", "fr_FR", "ar_EG", "hi_IN"])
@pytest.mark.parametrize(
    ("text", "value"), [("0.125", 0.125), ("0,125", 0.125), ("1e-30", 1e-30), ("1/3", 1 / 3), ("-2.00001", -2.00001)]
)
def test_it_takes_numbers_in_every_locale(page, heard, language, text, value):
    before = QLocale()
    QLocale.setDefault(QLocale(language))
    try:
        said = heard(page.bias.changed)
        enter(page.bias, text)
        assert said == [(value,)]
        assert page.bias.value() == value
    finally:
        QLocale.setDefault(before)


@pytest.mark.parametrize("text", ["abc", "1,234.5", "", "1e99", "nan", "1/0", "0.1.2"])
@pytest.mark.parametrize("leave", ["enter", "tab", "click"])
def test_what_it_cannot_take_stays_with_the_reason_under_it(page, heard, text, leave):
    page.bias.set_value(0.5)
    said = heard(page.bias.changed)
    page.bias.setFocus()
    page.bias.selectAll()
    QTest.keyClick(page.bias, Qt.Key.Key_Delete)
    QTest.keyClicks(page.bias, text)
    if leave == "enter":
        QTest.keyClick(page.bias, Qt.Key.Key_Return)
    elif leave == "tab":
        QTest.keyClick(page.bias, Qt.Key.Key_Tab)
    else:
        page.button.setFocus(Qt.FocusReason.MouseFocusReason)
    assert page.bias.text() == text
    assert reason_of(page.bias).startswith("Expected")
    assert said == [] and page.bias.value() == 0.5
    page.bias.set_value(0.5)  # the document says its value again at every change
    assert page.bias.text() == text and reason_of(page.bias)


def test_a_reason_goes_when_the_text_is_mended(page, heard):
    said = heard(page.bias.changed)
    enter(page.bias, "0..5")
    assert reason_of(page.bias)
    QTest.keyClick(page.bias, Qt.Key.Key_Backspace)
    assert not reason_of(page.bias)
    enter(page.bias, "0.5")
    assert said == [(0.5,)] and not reason_of(page.bias)


def test_escape_brings_the_number_back(page):
    page.bias.set_value(0.25)
    enter(page.bias, "abc", Qt.Key.Key_Escape)
    assert page.bias.text() == "0.25"
    enter(page.bias, "abc")
    QTest.keyClick(page.bias, Qt.Key.Key_Escape)
    assert page.bias.text() == "0.25" and not reason_of(page.bias)


def test_another_value_of_the_document_takes_the_place_of_what_was_refused(page):
    enter(page.bias, "abc")
    page.bias.set_value(2)
    assert page.bias.text() == "2" and not reason_of(page.bias)


def test_a_reason_moves_nothing(page):
    boxes = [w.geometry() for w in (page.bias, page.count, page.percent, page.button)]
    size = page.size()
    enter(page.count, "3.7")
    QApplication.processEvents()
    assert reason_of(page.count)
    assert [w.geometry() for w in (page.bias, page.count, page.percent, page.button)] == boxes
    assert page.size() == size


@pytest.mark.parametrize("name", ["bias", "percent"])
def test_a_reason_lies_under_its_field_inside_the_window(page, name):
    field = getattr(page, name)
    enter(field, "what is this")
    label = page.findChild(QLabel, f"{name}_reason")
    assert page.rect().contains(label.geometry())
    field_box = field.rect().translated(field.mapTo(page, field.rect().topLeft()))
    assert not label.geometry().intersects(field_box)
    assert 0 <= label.geometry().top() - field_box.bottom() < 8


def test_a_reason_scrolls_with_its_field(show):
    area, inner = QScrollArea(), QWidget()
    column = QVBoxLayout(inner)
    field = NumberField("far", "Far down")
    column.addSpacing(400)
    column.addWidget(field)
    column.addSpacing(400)
    area.setWidget(inner)
    show(area, 300, 200)
    area.ensureWidgetVisible(field)
    enter(field, "x")
    label = area.findChild(QLabel, "far_reason")
    before = label.mapTo(area, label.rect().topLeft()).y() - field.mapTo(area, field.rect().topLeft()).y()
    area.verticalScrollBar().setValue(area.verticalScrollBar().value() + 30)
    QApplication.processEvents()
    assert label.mapTo(area, label.rect().topLeft()).y() - field.mapTo(area, field.rect().topLeft()).y() == before


def test_a_reason_hides_with_its_field_and_comes_back(page):
    enter(page.bias, "x")
    page.bias.hide()
    QApplication.processEvents()
    assert not reason_of(page.bias)
    page.bias.show()
    QApplication.processEvents()
    assert reason_of(page.bias)


@pytest.mark.parametrize(
    ("text", "words"), [("3.7", "whole"), ("0", "1 to 99"), ("100", "1 to 99"), ("1/3", "whole"), ("x", "number")]
)
def test_a_field_for_whole_numbers_refuses_others(page, heard, text, words):
    said = heard(page.count.changed)
    enter(page.count, text)
    assert said == [] and words in reason_of(page.count)


@pytest.mark.parametrize(("text", "taken"), [("99,5", True), ("99.5 %", True), ("49", False), ("101 %", False)])
def test_a_unit_is_shown_and_may_be_typed(page, heard, text, taken):
    said = heard(page.percent.changed)
    assert page.percent.text() == "50 %"
    enter(page.percent, text)
    assert said == ([(99.5,)] if taken else [])
    assert bool(reason_of(page.percent)) != taken


@pytest.mark.parametrize("value", [0.1, 1 / 3, -1e-30, 3e38, 1e-7, 123456.789012345, 0.30000000000000004, -65535.12345])
def test_it_never_changes_the_number_that_it_shows(page, heard, value):
    said = heard(page.bias.changed)
    page.bias.set_value(value)
    for widget in (page.bias, page.button, page.bias, page.count):
        widget.setFocus()
        QTest.keyClick(widget, Qt.Key.Key_Return)
    assert said == [] and page.bias.value() == value


@pytest.mark.parametrize("value", [1 / 3, -1.2345678901e-7, 123456789.123, 0.30000000000000004])
def test_digits_that_do_not_fit_are_shown_while_it_is_typed_into(page, value):
    page.bias.set_value(value)
    page.button.setFocus()
    shown = float(page.bias.text())
    assert shown == pytest.approx(value, rel=1e-2) and shown != 0
    assert page.bias.fontMetrics().horizontalAdvance(page.bias.text()) <= page.bias.width()
    page.bias.setFocus()
    assert float(page.bias.text()) == value


def test_the_wheel_steps_only_with_the_focus(page, hand, heard):
    said = heard(page.bias.changed)
    page.count.setFocus()
    hand.wheel(page.bias, (20, 10), 3)
    assert said == []
    page.bias.setFocus()
    hand.wheel(page.bias, (20, 10), 3)
    assert said == [(pytest.approx(0.15),)]
    assert page.bias.text() == "0.15"


def test_keys_and_arrows_step(page, hand, heard):
    said = heard(page.bias.changed)
    page.bias.setFocus()
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp):
        QTest.keyClick(page.bias, key)
    right = page.bias.width() - 6
    hand.click(page.bias, (right, 4))
    hand.click(page.bias, (right, page.bias.height() - 4))
    assert [what[0] for what in said] == [0.05, 0.1, 0.05, 0.55, 0.6, 0.55]


def test_steps_end_at_the_range(page, heard):
    said = heard(page.count.changed)
    page.count.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageDown):
        QTest.keyClick(page.count, key)
    assert said == [(2,), (1,)]
    assert page.count.value() == 1 and isinstance(page.count.value(), int)


def test_a_step_takes_what_was_typed_and_no_step_goes_over_what_cannot_be_taken(page, heard):
    said = heard(page.bias.changed)
    page.bias.setFocus()
    page.bias.selectAll()
    QTest.keyClicks(page.bias, "7")
    QTest.keyClick(page.bias, Qt.Key.Key_Up)
    assert said == [(7,), (7.05,)]
    page.bias.selectAll()
    QTest.keyClicks(page.bias, "7x")
    QTest.keyClick(page.bias, Qt.Key.Key_Up)
    assert said == [(7,), (7.05,)] and page.bias.text() == "7x" and reason_of(page.bias)


@pytest.mark.parametrize(
    ("text", "taken"), [("16777217", False), ("16777216", True), ("0.1", True), ("1e30", False), ("2e9", True)]
)
def test_whole_numbers_that_float32_would_round_are_refused(show, heard, text, taken):
    field = NumberField("cell", "Cell", single=True)
    show(field)
    said = heard(field.changed)
    enter(field, text)
    assert bool(said) == taken
