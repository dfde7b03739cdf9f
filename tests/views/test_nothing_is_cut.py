"""No word is cut at 1280 x 800: light and dark, in the usual size of the text and in the larger one."""

import pytest
from full_window import filled, shown_at
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QWidget

from convgui.views.kit import theme
from convgui.views.kit.card import ElidedLabel
from convgui.views.measure.values import Made
from convgui.views.window.main_window import MainWindow

MADE = Made(1.0, "1")


@pytest.fixture(params=[(dark, scale) for dark in (False, True) for scale in (1.0, 1.25)], ids=str)
def window(request, show, qapp):
    dark, scale = request.param
    theme.set_scale(scale)
    window = show(MainWindow(), 1280, 800)
    theme.apply(qapp, dark)
    yield window
    theme.set_scale(1.0)
    theme.apply(qapp, dark=False)


def needed(widget):
    """Return how many pixels the words of a widget take, and how many there are for them; None where there are none."""
    metrics = QFontMetrics(widget.font())
    if isinstance(widget, ElidedLabel):
        return int(widget.is_cut()), 0
    if isinstance(widget, QLabel) and not widget.wordWrap() and widget.text() and "<" not in widget.text():
        return metrics.horizontalAdvance(widget.text()), widget.contentsRect().width()
    if isinstance(widget, QAbstractButton) and widget.text() and not widget.property("icononly"):
        icon = 0 if widget.icon().isNull() else widget.iconSize().width()
        return metrics.horizontalAdvance(widget.text().replace("&", "")) + icon, widget.width() - 6
    if isinstance(widget, QComboBox) and widget.currentText():
        icon = widget.iconSize().width() if not widget.itemIcon(widget.currentIndex()).isNull() else 0
        return metrics.horizontalAdvance(widget.currentText()) + icon, widget.width() - 26
    if isinstance(widget, QLineEdit) and not isinstance(widget.parent(), QComboBox):
        return metrics.horizontalAdvance(widget.text() or widget.placeholderText()), widget.width() - 14
    return None


def cut(window):
    found = []
    for widget in window.findChildren(QWidget):
        if widget.isVisible() and widget.window() is window.window() and not widget.objectName().startswith("qt_"):
            room = needed(widget)
            if room is not None and room[0] > room[1]:
                found.append((widget.objectName() or type(widget).__name__, widget.property("text"), *room))
    return found


def test_nothing_is_cut(window):
    shown_at(window, 1280, 800)
    assert cut(window) == []


def test_nothing_is_cut_where_there_is_much_to_say(window):
    shown_at(filled(window), 1280, 800)
    window.pair.input_chip.set_detail("coffee.webp · 600 × 400 · RGB, each channel")
    window.pair.map_chip.set_detail("600 × 400 · −3.79 … 3.77", "−3.79 … 3.77")
    window.settings.set_detail("→ 600 × 400 × 3 maps")
    window.kernel_card.set_title("Gaussian derivative")
    window.kernel_card.set_detail("")
    window.probe.set_nothing("")
    window.probe.set_made("green  ·  row 2048, column 3072", MADE, None, "pinned, Esc frees")
    shown_at(window, 1280, 800)
    assert cut(window) == []


@pytest.mark.parametrize("paddings", [("same", "valid", "full"), ("same", "valid", "full", "causal")])
def test_the_choices_of_padding_are_whole(window, paddings):
    window.settings.padding.set_options([(name, name) for name in paddings])
    shown_at(window, 1280, 800)
    assert cut(window.settings.padding) == []
