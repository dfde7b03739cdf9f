"""The window as a whole: everything can be reached, is named, and fits on a small screen."""

from collections import Counter

import pytest
from full_window import filled, shown_at
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAccessible, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollBar,
    QWidget,
)

from convgui.views.canvas.color_bar import ColorBar
from convgui.views.canvas.image_pane import ImagePane
from convgui.views.kernel.kernel_grid import KernelGrid
from convgui.views.kit.actions import MENUS, SPECS
from convgui.views.plots.histogram import Histogram
from convgui.views.window.main_window import MainWindow

INTERACTIVE = (
    *(QAbstractButton, QAbstractItemView, QAbstractSlider, QComboBox, QLineEdit, QPlainTextEdit),
    *(ImagePane, KernelGrid, Histogram, ColorBar),
)


@pytest.fixture
def window(show):
    return show(MainWindow(), 1440, 900)


def interactive(window):
    """Return what the user can work with, without the parts that Qt's own fields and menus are made of."""
    compound = (QComboBox, QLineEdit)
    return [
        widget
        for widget in window.findChildren(QWidget)
        if isinstance(widget, INTERACTIVE)
        and not isinstance(widget, QScrollBar)
        and not widget.objectName().startswith("qt_")
        and not any(isinstance(above, compound) for above in above_of(widget))
    ]


def above_of(widget):
    while (widget := widget.parentWidget()) is not None:
        yield widget


def spoken(widget):
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


# names


def test_every_interactive_widget_has_an_object_name(window):
    found = interactive(filled(window))
    assert len(found) > 60
    assert [(type(w).__name__, w.parent().objectName()) for w in found if not w.objectName()] == []


def test_every_interactive_widget_is_read_aloud(window):
    assert [w.objectName() for w in interactive(filled(window)) if not spoken(w)] == []


def test_no_two_widgets_have_the_same_name(window):
    names = Counter(w.objectName() for w in interactive(filled(window)))
    assert [name for name, times in names.items() if times > 1] == []


def test_each_action_can_be_found_by_its_id(window):
    for spec in SPECS:
        if spec.id:
            assert window.actions_by_id[spec.id].objectName() == spec.id


# actions


def test_every_action_is_in_its_menu_with_a_sentence(window):
    menus = {menu.title().replace("&", ""): menu for menu in (a.menu() for a in window.menuBar().actions())}
    assert tuple(menus) == MENUS
    for action in window.actions_by_id.all():
        menu = menus[action.property("menu")]
        below = [entry for sub in menu.actions() if sub.menu() for entry in sub.menu().actions()]
        assert action in [*menu.actions(), *below], action.objectName()
        assert len(action.toolTip()) > len(action.text()) / 2
        assert action.statusTip()


def test_no_letter_of_a_menu_is_used_twice(window):
    """Else the keyboard reaches neither of both at once."""

    def letters(menu):
        found = Counter(a.text()[a.text().index("&") + 1].lower() for a in menu.actions() if "&" in a.text())
        twice = [(menu.title(), letter) for letter, times in found.items() if times > 1]
        return twice + [pair for a in menu.actions() if a.menu() for pair in letters(a.menu())]

    assert [pair for a in window.menuBar().actions() for pair in letters(a.menu())] == []


def test_no_shortcut_is_used_twice(window):
    keys = Counter(k.toString() for a in window.actions_by_id.all() for k in a.shortcuts())
    assert [key for key, times in keys.items() if times > 1] == []


def test_the_tip_of_an_action_says_its_shortcut(window):
    assert window.actions_by_id["undo"].toolTip() == "Take the last step back (Ctrl+Z)"


def test_the_finder_has_every_action(window):
    window.open_finder()
    assert window.finder.isVisible()
    assert window.finder.list.count() == len(window.actions_by_id.all())
    window.finder.close()


def test_buttons_of_the_toolbar_do_what_their_action_does(window, heard):
    for name, button in (("open", "open_button"), ("find", "find_button"), ("undo", "button_undo")):
        triggered = heard(window.actions_by_id[name].triggered)
        window.findChild(QAbstractButton, button).click()
        assert len(triggered) == 1, name


# room


@pytest.mark.parametrize("much", [False, True])
def test_it_fits_on_a_screen_of_1280_by_800(window, much):
    shown_at(filled(window) if much else window, 1280, 800)
    assert (window.width(), window.height()) == (1280, 800)
    needed = window.minimumSizeHint()
    assert needed.width() <= 1280
    assert needed.height() <= 800


def test_nothing_is_cut_at_the_sides_on_a_small_screen(window):
    """Each visible widget lies within the width of its panel; what is too high scrolls."""
    shown_at(filled(window), 1280, 800)
    for dock in window.docks.values():
        for widget in dock.findChildren(QWidget):
            inside = not widget.parent().objectName().startswith("qt_") and not isinstance(widget, QScrollBar)
            if widget.isVisible() and widget.window() is window and inside:
                left = widget.mapTo(dock, QPoint(0, 0)).x()
                assert left >= 0, widget.objectName()
                assert left + widget.width() <= dock.width(), widget.objectName()


def test_fields_and_buttons_do_not_overlap(window):
    shown_at(filled(window), 1280, 800)
    for card in (window.settings, window.display, window.kernel_card, window.facts, window.status):
        kinds = (QAbstractButton, QComboBox, QLabel, QLineEdit, KernelGrid)
        seen = [w for w in card.findChildren(QWidget) if isinstance(w, kinds) and w.isVisibleTo(card) and w.parent() is card]
        boxes = [(w, w.geometry()) for w in seen if w.width() > 0]
        for k, (first, box) in enumerate(boxes):
            for second, other in boxes[k + 1 :]:
                assert not box.intersects(other), (first.objectName(), second.objectName(), box, other)


def test_words_on_buttons_are_not_cut(window):
    shown_at(filled(window), 1280, 800)
    seen = [b for b in window.findChildren(QPushButton) if b.isVisible() and b.text()]
    assert len(seen) > 15
    for button in seen:
        assert button.width() >= button.fontMetrics().horizontalAdvance(button.text()) + 6, button.objectName()


@pytest.mark.parametrize(("size", "part"), [((1440, 900), 1 / 3), ((1280, 800), 0.3), ((1920, 1080), 0.5)])
def test_two_photos_take_much_of_the_window(window, size, part):
    """Two resting pictures of 3:2, which fill the width or the height of their pane; on a large screen without panels."""
    shown_at(window, *size)
    if size[0] > 1440:
        for dock in window.docks.values():
            dock.close()
        shown_at(window, *size)
    area = 0
    for pane in window.pair.panes:
        assert pane.isVisible()
        wide = min(pane.width(), pane.height() * 1.5)
        area += wide * wide / 1.5
    assert area >= part * size[0] * size[1]


@pytest.mark.parametrize("name", ["kernel", "operation", "display", "gallery", "probe"])
def test_a_closed_panel_leaves_its_room_to_others(window, qtbot, name):
    shown_at(window, 1280, 800)
    dock = window.docks[name]
    seen = dock.size()
    others = [window.pair, *(other for other in window.docks.values() if other is not dock)]
    before = sum(part.width() * part.height() for part in others)
    dock.close()
    qtbot.waitUntil(lambda: sum(part.width() * part.height() for part in others) > before)
    assert not dock.seen() and seen.isValid()


def test_a_folded_panel_keeps_its_title_only(window, qtbot):
    shown_at(window, 1280, 800)
    dock = window.docks["operation"]
    before = dock.height()
    window.findChild(QAbstractButton, "fold_operation").click()
    qtbot.waitUntil(lambda: dock.height() < 40)
    assert dock.isVisible() and not dock.seen() and window.settings.title.isVisible()
    window.findChild(QAbstractButton, "fold_operation").click()
    qtbot.waitUntil(lambda: dock.height() > before / 2)
    assert dock.seen()


def test_panels_can_be_tabbed_and_floated(window, qtbot):
    shown_at(window, 1440, 900)
    window.tabifyDockWidget(window.docks["probe"], window.docks["gallery"])
    window.docks["gallery"].bring()
    qtbot.waitUntil(lambda: window.docks["gallery"].seen() and not window.docks["probe"].seen())
    window.docks["probe"].bring()
    qtbot.waitUntil(lambda: window.docks["probe"].seen() and not window.docks["gallery"].seen())
    window.docks["gallery"].setFloating(True)
    qtbot.waitUntil(lambda: window.docks["gallery"].seen())
    assert window.docks["gallery"].isFloating()


def test_it_cannot_be_made_smaller_than_it_can_be_used(window):
    shown_at(window, 300, 200)
    assert window.width() >= 980
    assert window.height() >= 620


# gestures


def dropped(window, data):
    where = QPointF(window.rect().center())
    actions, buttons = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    enter = QDragEnterEvent(where.toPoint(), actions, data, buttons, Qt.KeyboardModifier.NoModifier)
    enter.ignore()
    QApplication.sendEvent(window, enter)
    if enter.isAccepted():
        QApplication.sendEvent(window, QDropEvent(where, actions, data, buttons, Qt.KeyboardModifier.NoModifier))
    return enter.isAccepted()


def test_files_are_dropped(window, heard, tmp_path):
    paths = heard(window.dropped)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / name)) for name in ("a b.png", "c.npy")])
    assert dropped(window, data)
    assert paths == [([str(tmp_path / "a b.png"), str(tmp_path / "c.npy")],)]


def test_text_is_not_taken(window, heard):
    paths = heard(window.dropped)
    data = QMimeData()
    data.setText("hello")
    assert not dropped(window, data)
    assert paths == []


def test_closing_is_told(window, heard):
    closing = heard(window.closing)
    window.close()
    assert closing == [()]
