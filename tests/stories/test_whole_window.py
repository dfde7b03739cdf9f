"""The window as a whole: it fits, every control has a name, Tab reaches what a hand reaches."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QListView, QSlider

from convgui.app import Program
from convgui.engine.reading import Reading

CONTROLS = (QAbstractButton, QComboBox, QLineEdit, QListView, QSlider)


@pytest.fixture
def program(user):
    return user.program


def controls(window):
    for kind in CONTROLS:
        for widget in window.findChildren(kind):
            inside = isinstance(widget.parent(), QComboBox) or widget.objectName().startswith("qt_")
            if widget.isVisible() and not inside:
                yield widget


def test_every_control_has_a_name_for_programs_and_for_people(program):
    found = list(controls(program.window))
    assert len(found) > 40
    assert [w for w in found if not w.objectName()] == []
    nameless = [w.objectName() for w in found if not (w.accessibleName() or getattr(w, "text", str)())]
    assert nameless == []


@pytest.mark.parametrize(
    ("size", "kernel"), [((1440, 900), "sobel-x"), ((1440, 900), "article-1d"), ((3840, 2160), "gaussian")]
)
def test_the_inspector_does_not_scroll_at_the_usual_size(user, program, size, kernel):
    program.window.resize(*size)
    program.workspace.reset()
    program.kernel.pick(kernel)
    user.settle()
    for name in ("kernel", "operation", "display"):
        bar = program.window.docks[name].widget().verticalScrollBar()
        assert bar.maximum() == 0, name


def test_both_panes_stay_level_with_several_maps(user, program):
    program.session.update("colour", reading=Reading("each channel"))
    user.settle()
    input, map = program.window.pair.panes
    assert input.mapToGlobal(input.rect().topLeft()).y() == map.mapToGlobal(map.rect().topLeft()).y()
    assert input.height() == map.height() and abs(input.width() - map.width()) <= 1
    assert program.window.pair.maps.isVisible()


def test_tab_reaches_every_control(program):
    start = program.window.find_button
    widget, seen = start.nextInFocusChain(), set()
    while widget is not start:
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible():
            seen.add(widget.objectName())
        widget = widget.nextInFocusChain()
    for name in (
        "gallery_family",
        "gallery_search",
        "gallery_list",
        "kernel_grid",
        "brush",
        "padding_same",
        "border",
        "stride",
    ):
        assert name in seen


def test_the_way_of_tab_follows_the_eye(program):
    order, widget = [], program.window.kernel_card.grid
    for _ in range(400):
        order.append(widget.objectName())
        widget = widget.nextInFocusChain()
    assert order.index("gallery_family") < order.index("gallery_search") < order.index("gallery_list")
    assert order.index("padding_same") < order.index("padding_valid") < order.index("border") < order.index("stride")


def test_undo_goes_through_a_number_field(program, qtbot):
    stride = program.window.findChild(QLineEdit, "stride")
    stride.setFocus()
    qtbot.keyClick(stride, Qt.Key.Key_Up)
    qtbot.keyClick(stride, Qt.Key.Key_Up)
    assert program.session.state.conv.stride == (3, 3)
    qtbot.keyClick(stride, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    QApplication.processEvents()
    assert program.session.state.conv.stride == (2, 2)


@pytest.mark.parametrize("choice", ["dark", "light", "system"])
def test_a_change_of_theme_changes_no_size(user, program, choice):
    before = program.window.settings.height()
    fonts = {w.objectName(): w.fontInfo().pixelSize() for w in controls(program.window)}
    user.do(f"theme_{choice}")
    user.settle()
    assert {w.objectName(): w.fontInfo().pixelSize() for w in controls(program.window)} == fonts
    assert program.window.settings.height() == before


def test_the_layout_is_remembered(qtbot, own_home):
    first = Program([], own_home)
    first.show()
    first.window.actions_by_id["show_probe"].trigger()
    first.window.docks["operation"].set_folded(True)
    first.workspace.show("network")
    first.window.actions_by_id["show_kernel"].trigger()
    first.workspace.show("present")
    first.window.close()
    second = Program([], own_home)
    second.show()
    docks = second.window.docks
    assert second.workspace.name == "network" and not second.context.presenting
    assert docks["probe"].isVisible() and docks["layers"].isVisible() and not docks["kernel"].isVisible()
    second.workspace.show("explain")
    assert docks["kernel"].isVisible() and not docks["probe"].isVisible() and docks["operation"].folded()
    assert not second.window.actions_by_id["show_probe"].isChecked()
    second.workspace.reset()
    assert docks["probe"].isVisible() and not docks["operation"].folded()
    second.window.close()
    for program in (first, second):
        program.window.deleteLater()
