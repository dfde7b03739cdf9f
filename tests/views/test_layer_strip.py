"""The strip of layers: what is shown of each, and what is told when one is selected, moved, switched or removed."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QToolButton

from convgui.views.layers.layer_delegate import card_box
from convgui.views.layers.layer_strip import LayerStrip
from convgui.views.layers.values import LayerCard

INPUT = LayerCard(0, "Input", shape="512 × 512 × 3")
LAYERS = (
    LayerCard(1, "conv1", "convolution", "253 × 253 × 32", "7 × 7 / 2"),
    LayerCard(2, "affine", "affine", "253 × 253 × 32", "scale, offset", on=False),
    LayerCard(3, "ReLU", "activation", "253 × 253 × 32"),
    LayerCard(4, "max pool", "pool", "", "300 × 300", fault="Expected a size of at most 253 × 253, received 300 × 300."),
    LayerCard(5, "softmax", "softmax", reached=False),
)
MANY = tuple(LayerCard(n + 1, f"layer {n}", shape=f"{n} × {n}") for n in range(30))
KEY, ALT, CTRL = Qt.Key, Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def strip(show):
    strip = LayerStrip()
    strip.set_layers(INPUT, LAYERS, 2)
    show(strip, 1200, 130)
    strip.list.setFocus()
    return strip


@pytest.fixture
def told(strip):
    """All that the strip tells, in order."""
    said = []
    for name in ("selected", "removed", "switched", "duplicated", "moved"):
        getattr(strip, name).connect(lambda *what, name=name: said.append((name, *what)))
    return said


def card(strip, layer):
    """Return where a layer's card lies; -1 is the input."""
    box = strip.list.visualRect(strip.list.cards.index(layer + 1))
    return card_box(box, layer + 1)


def spoken(strip, layer):
    return strip.list.cards.index(layer + 1).data(Qt.ItemDataRole.AccessibleTextRole)


def shown(strip, layer, pixels):
    box, all_of_it = card(strip, layer), pixels(strip.list.viewport())
    return all_of_it[box.top() : box.bottom(), max(box.left(), 0) : box.right()]


# what is shown


def test_the_input_comes_first_and_each_layer_says_what_it_is(strip):
    assert spoken(strip, -1) == "Input, 512 × 512 × 3"
    assert spoken(strip, 0) == "conv1, 7 × 7 / 2, 253 × 253 × 32"
    assert spoken(strip, 1).endswith("switched off")
    assert "Expected a size" in spoken(strip, 3)
    assert spoken(strip, 4).endswith("not reached")


def test_a_fault_is_said_in_whole_in_the_header_until_it_is_mended(strip):
    assert strip.detail.whole_text() == f"max pool: {LAYERS[3].fault}"
    assert strip.detail.property("role") == "warning"
    strip.set_layers(INPUT, LAYERS[:3], 2)
    assert "Expected" not in strip.detail.whole_text()
    assert strip.detail.property("role") == "detail"


def test_the_selected_one_looks_otherwise(strip, pixels):
    before = shown(strip, 2, pixels)
    strip.set_layers(INPUT, LAYERS, 0)
    assert (shown(strip, 2, pixels) != before).any()
    assert strip.list.currentIndex().row() == 1


def test_one_that_is_off_and_one_that_is_not_reached_are_dimmed(strip, pixels):
    white = np.full((48, 48, 3), 255, np.uint8)
    white[::2] = 0
    for key in (3, 2, 5):
        strip.set_thumbnail(key, white)
    on, off, unreached = (shown(strip, n, pixels)[8:56, 8:56].astype(float).std() for n in (2, 1, 4))
    assert on > 2 * off > 0
    assert unreached < off


def test_a_thumbnail_goes_with_its_layer(strip, pixels):
    strip.set_thumbnail(1, np.full((40, 40, 3), (200, 30, 90), np.uint8))

    def tinted():
        return [n for n in range(5) if (shown(strip, n, pixels) == (200, 30, 90)).all(axis=-1).sum() > 500]

    assert tinted() == [0]
    strip.set_layers(INPUT, (LAYERS[2], LAYERS[0], LAYERS[1]), 0)
    assert [n for n in tinted() if n < 3] == [1]
    strip.set_thumbnail(1, None)
    assert tinted() == []


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 400, 3), (400, 1, 3), (500, 20, 3), (3, 5, 3), (64, 64, 3), (65, 65, 3)])
def test_thumbnails_of_any_shape_are_drawn(strip, pixels, shape):
    before = shown(strip, 0, pixels)
    strip.set_thumbnail(1, np.full(shape, 120, np.uint8))
    assert (shown(strip, 0, pixels) != before).any()


def test_setters_say_nothing(strip, told):
    strip.set_layers(INPUT, MANY, 29)
    strip.set_layers(INPUT, (), -1)
    strip.set_thumbnail(7, np.zeros((3, 3, 3), np.uint8))
    assert told == []


@pytest.mark.parametrize("layer", range(3))
def test_the_height_never_changes(strip, layer):
    height = strip.height()
    for layers in ((), LAYERS[:1], MANY):
        strip.set_layers(INPUT, layers, min(layer, len(layers) - 1))
        QApplication.processEvents()
        assert strip.sizeHint().height() == strip.minimumSizeHint().height() <= height


# the mouse


def test_a_click_selects_and_the_view_waits_to_be_told(strip, told, hand):
    hand.click(strip.list.viewport(), card(strip, 0).center())
    assert told == [("selected", 0)]
    assert strip.list.chosen() == 2


def test_a_click_on_the_input_between_the_cards_or_on_the_selected_one_does_nothing(strip, told, hand):
    places = [card(strip, -1).center(), card(strip, 2).center(), card(strip, 1).topLeft() - QPoint(10, -30)]
    for place in places:
        hand.click(strip.list.viewport(), place)
    assert told == []


@pytest.mark.parametrize(
    ("layer", "over", "side", "to"),
    [(0, 2, "right", 2), (0, 2, "left", 1), (2, 0, "left", 0), (2, 0, "right", 1), (4, -1, "left", 0), (1, 4, "right", 4)],
)
def test_a_layer_is_dragged_to_another_place(strip, told, hand, layer, over, side, to):
    box = card(strip, over)
    end = QPoint(box.left() + 3 if side == "left" else box.right() - 3, box.center().y())
    start = card(strip, layer).center()
    hand.drag(strip.list.viewport(), start, start + QPoint(15, 0), end)
    assert [what for what in told if what[0] == "moved"] == [("moved", layer, to)]


def test_a_drag_that_ends_where_it_began_moves_nothing(strip, told, hand):
    start = card(strip, 2).center()
    hand.drag(strip.list.viewport(), start, start + QPoint(60, 0), start)
    assert told == []


def test_while_it_is_dragged_its_place_is_marked_and_escape_drops_it(strip, told, hand, pixels):
    view, start = strip.list.viewport(), card(strip, 2).center()
    hand.press(view, start)
    before = pixels(view)
    hand.move(view, card(strip, 0).topLeft() + QPoint(2, 30), held=Qt.MouseButton.LeftButton)
    assert (pixels(view) != before).any()
    for over in (0, 1, 3):
        hand.move(view, card(strip, over).center(), held=Qt.MouseButton.LeftButton)
        assert strip.list.selectedIndexes() == [strip.list.cards.index(3)]  # the selected one stays marked
    QTest.keyClick(strip.list, KEY.Key_Escape)
    hand.release(view, card(strip, 0).topLeft() + QPoint(2, 30))
    assert told == []


def test_the_row_scrolls_while_a_layer_is_held_at_its_end(strip, hand, qtbot, told):
    strip.set_layers(INPUT, MANY, 0)
    view, bar = strip.list.viewport(), strip.list.horizontalScrollBar()
    bar.setValue(0)
    hand.press(view, card(strip, 0).center())
    at_the_end = QPoint(view.width() - 5, 30)
    hand.move(view, at_the_end, held=Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bar.value() == bar.maximum())
    hand.move(view, at_the_end, held=Qt.MouseButton.LeftButton)
    hand.release(view, at_the_end)
    assert told[-1][:2] == ("moved", 0)
    assert told[-1][2] >= 28


@pytest.mark.parametrize("turns", [-3, -30, 5])
def test_the_wheel_scrolls_along_the_row(strip, hand, turns):
    strip.set_layers(INPUT, MANY, 0)
    bar = strip.list.horizontalScrollBar()
    bar.setValue(bar.maximum() // 2)
    before = bar.value()
    hand.wheel(strip.list.viewport(), (50, 30), turns)
    assert (bar.value() > before) == (turns < 0)


def test_an_edit_leaves_the_row_where_it_is(strip):
    strip.set_layers(INPUT, MANY, 15)
    QApplication.processEvents()
    before = strip.list.horizontalScrollBar().value()
    assert before > 0
    strip.set_layers(INPUT, (*MANY[:15], LayerCard(99, "new"), *MANY[15:]), 15)
    assert strip.list.horizontalScrollBar().value() == before
    strip.set_layers(INPUT, (*MANY[:15], LayerCard(99, "new", shape="1 × 1"), *MANY[15:]), 15)
    assert strip.list.horizontalScrollBar().value() == before


def test_the_selected_one_is_brought_into_sight(strip):
    strip.set_layers(INPUT, MANY, 0)
    for layer in (29, 0, 14):
        strip.set_layers(INPUT, MANY, layer)
        assert strip.list.viewport().rect().contains(card(strip, layer).center())


# the keyboard


@pytest.mark.parametrize(
    ("chosen", "key", "held", "expected"),
    [
        (2, KEY.Key_Left, None, [("selected", 1)]),
        (2, KEY.Key_Right, None, [("selected", 3)]),
        (0, KEY.Key_Left, None, []),
        (4, KEY.Key_Right, None, []),
        (2, KEY.Key_Home, None, [("selected", 0)]),
        (2, KEY.Key_End, None, [("selected", 4)]),
        (2, KEY.Key_Delete, None, [("removed", 2)]),
        (2, KEY.Key_Backspace, None, [("removed", 2)]),
        (2, KEY.Key_Space, None, [("switched", 2)]),
        (2, KEY.Key_D, CTRL, [("duplicated", 2)]),
        (2, KEY.Key_Left, ALT, [("moved", 2, 1)]),
        (2, KEY.Key_Right, ALT, [("moved", 2, 3)]),
        (0, KEY.Key_Left, ALT, []),
        (4, KEY.Key_Right, ALT, []),
        (-1, KEY.Key_Right, None, [("selected", 0)]),
        (-1, KEY.Key_Delete, None, [("selected", 0)]),
    ],
)
def test_keys(strip, told, chosen, key, held, expected):
    strip.set_layers(INPUT, LAYERS, chosen)
    QTest.keyClick(strip.list, key, held or Qt.KeyboardModifier.NoModifier)
    assert told == expected


@pytest.mark.parametrize("key", [KEY.Key_Left, KEY.Key_Right, KEY.Key_Delete, KEY.Key_Space])
def test_without_a_layer_keys_do_nothing(strip, told, key):
    strip.set_layers(INPUT, (), -1)
    QTest.keyClick(strip.list, key)
    assert told == []


def test_keys_of_the_strip_win_over_shortcuts_of_the_window(strip, told):
    kept = QAction("Keep", strip)
    kept.setShortcut("Ctrl+D")
    strip.addAction(kept)
    heard = []
    kept.triggered.connect(lambda: heard.append("window"))
    QTest.keyClick(strip.list, KEY.Key_D, CTRL)
    assert told == [("duplicated", 2)]
    assert heard == []


# actions


@pytest.fixture
def actions(strip, qtbot):
    made = {}
    for name, text in (
        *(("add_layer_relu", "Add a &ReLU…"), ("add_layer_max_pool", "Add a max pool")),
        *(("remove_layer", "Remove"), ("show_photo", "Show the photo")),
    ):
        made[name] = action = QAction(text, strip)
        action.setObjectName(name)
        action.setStatusTip(f"What {text} does")
    made["show_photo"].setCheckable(True)
    strip.set_actions([made["add_layer_relu"], made["add_layer_max_pool"]], [made["remove_layer"]], made["show_photo"])
    return made


def test_each_kind_is_offered_with_a_line(strip, actions, heard):
    triggered = heard(actions["add_layer_max_pool"].triggered)
    lines = strip.add_button.menu().actions()
    assert [line.text() for line in lines] == ["ReLU\tWhat Add a &ReLU… does", "Max pool\tWhat Add a max pool does"]
    lines[1].trigger()
    assert len(triggered) == 1


def test_buttons_are_named_and_do_what_their_action_does(strip, actions, heard):
    for name in ("remove_layer", "show_photo"):
        triggered, button = heard(actions[name].triggered), strip.findChild(QToolButton, f"strip_{name}")
        button.click()
        assert len(triggered) == 1
        assert QAccessible.queryAccessibleInterface(button).text(QAccessible.Text.Name)
    assert actions["show_photo"].isChecked()


def test_the_menu_of_a_layer_selects_it_first(strip, actions, told, qtbot):
    strip.list.menu_wanted.emit(0, strip.mapToGlobal(QPoint(5, 5)))
    menu = strip.findChild(QMenu, "menu_layer_tools")
    qtbot.waitUntil(menu.isVisible)
    assert told == [("selected", 0)]
    assert actions["remove_layer"] in menu.actions()
    menu.close()
