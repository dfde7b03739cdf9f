"""Layers: a user adds them after Sobel, looks at each, moves, switches, duplicates, removes, and takes everything back."""

import numpy as np
import pytest
from gui_thread import slow_calls
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QToolButton

from convgui.app import Program
from convgui.views.layers.layer_delegate import card_box


@pytest.fixture
def strip(user):
    user.do("show_layers")
    user.settle()
    return user.window.layers


def add(user, *kinds):
    for kind in kinds:
        user.do(f"add_layer_{kind}")
    user.settle()


def names(user):
    return [layer.name or layer.kind for layer in user.state.layers]


def cards(user):
    model = user.window.layers.list.cards
    return [model.index(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(1, model.rowCount())]


def thumbnails(user):
    """Return which cards have a picture, the input's first."""
    model = user.window.layers.list.cards
    return [model.index(row).data(Qt.ItemDataRole.DecorationRole) is not None for row in range(model.rowCount())]


def place(strip, layer):
    return card_box(strip.list.visualRect(strip.list.cards.index(layer + 1)), layer + 1).center()


def click(user, strip, layer):
    user.click(strip.list.viewport(), place(strip, layer).x(), place(strip, layer).y())
    user.settle()


def key(user, strip, key, held=Qt.KeyboardModifier.NoModifier):
    strip.list.setFocus()
    QTest.keyClick(strip.list, key, held)
    user.settle()


def kinds(user):
    return [layer.kind for layer in user.state.layers]


# the strip


def test_at_first_there_is_one_layer_and_no_strip(user):
    assert not user.window.layers.isVisible()
    assert len(user.state.layers) == 1


def test_adding_a_layer_shows_the_strip_with_a_picture_of_each(user):
    add(user, "activation", "max_pool")
    assert user.window.layers.isVisible()
    assert kinds(user) == ["conv", "activation", "pool"]
    assert user.state.looked == 2
    assert [card.split(",")[0] for card in cards(user)] == ["Sobel x", "relu", "max pooling"]
    assert thumbnails(user) == [True] * 4
    assert user.window.layers.list.chosen() == 2


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        *(("relu", "activation"), ("leaky", "activation"), ("sigmoid", "activation"), ("pooling", "pool")),
        *(("average pool", "pool"), ("batch norm", "affine"), ("bias", "affine"), ("upsampling", "resize")),
        *(("interpolation", "resize"), ("padding zeros", "pad"), ("crop", "pad"), ("probabilities", "softmax")),
    ],
)
def test_each_kind_is_found_by_the_words_people_use(user, words, kind):
    user.do("find")
    user.window.finder.field.setText(f"add {words}")
    QTest.keyClick(user.window.finder.field, Qt.Key.Key_Return)
    user.settle()
    assert kinds(user) == ["conv", kind]


def test_the_menu_of_the_strip_adds_behind_the_one_that_is_looked_at(user, strip):
    add(user, "max_pool")
    click(user, strip, 0)
    lines = {line.objectName(): line for line in strip.add_button.menu().actions()}
    lines["offered_add_layer_pad"].trigger()
    user.settle()
    assert kinds(user) == ["conv", "pad", "pool"]
    assert user.state.looked == 1


def test_the_map_is_that_of_the_layer_that_is_looked_at(user, strip):
    before = user.window.pair.map.picture().colours.shape
    add(user, "activation", "max_pool")
    after = user.window.pair.map.picture()
    assert user.state.output_shape.rows == user.state.source.rows // 2
    click(user, strip, 0)
    assert user.state.looked == 0
    assert user.window.pair.map.picture().colours.shape == before
    assert after is not None


def test_everything_is_taken_back_step_by_step(user, strip):
    first = user.state
    add(user, "activation", "max_pool", "affine")
    key(user, strip, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    key(user, strip, Qt.Key.Key_Space)
    key(user, strip, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    key(user, strip, Qt.Key.Key_Delete)
    assert kinds(user) == ["conv", "activation", "affine", "pool"]
    assert not user.state.layers[2].on
    for expected in (5, 4, 4, 4, 3, 2, 1):
        user.do("undo")
        user.settle()
        assert len(user.state.layers) == expected
    assert user.state.layers is first.layers
    while user.window.actions_by_id["redo"].isEnabled():
        user.do("redo")
    user.settle()
    assert kinds(user) == ["conv", "activation", "affine", "pool"]
    assert len(cards(user)) == 4


def test_a_layer_is_dragged_before_another(user, strip):
    add(user, "activation", "max_pool")
    start, end = place(strip, 2), place(strip, 1)
    user.drag(strip.list.viewport(), [(start.x(), start.y()), (start.x() - 20, start.y()), (end.x() - 40, end.y())])
    user.settle()
    assert kinds(user) == ["conv", "pool", "activation"]
    assert user.state.looked == 1


def test_a_layer_that_is_off_changes_nothing(user, strip):
    add(user, "max_pool")
    shape = user.state.output_shape
    user.do("switch_layer")
    user.settle()
    assert user.state.output_shape != shape
    assert "switched off" in cards(user)[1]
    user.do("switch_layer")
    user.settle()
    assert user.state.output_shape == shape


def test_the_only_layer_stays(user, strip):
    assert not user.window.actions_by_id["remove_layer"].isEnabled()
    key(user, strip, Qt.Key.Key_Delete)
    assert len(user.state.layers) == 1
    assert "at least one" in user.message()


def test_the_ends_of_the_row_are_ends(user, strip):
    add(user, "max_pool")
    assert not user.window.actions_by_id["move_layer_on"].isEnabled()
    user.do("move_layer_back")
    user.settle()
    assert kinds(user) == ["pool", "conv"]
    assert not user.window.actions_by_id["move_layer_back"].isEnabled()


def test_arrow_keys_look_at_one_after_the_other_in_one_step(user, strip):
    add(user, "max_pool", "affine")
    for _ in range(2):
        key(user, strip, Qt.Key.Key_Left)
    assert user.state.looked == 0
    user.do("undo")
    assert user.state.looked == 2
    assert len(user.state.layers) == 3


def test_the_photo_can_be_shown_instead_of_what_the_layer_reads(user, strip):
    add(user, "max_pool", "affine")
    reads = user.window.pair.input.picture().colours
    user.press("strip_show_photo")
    user.settle()
    photo = user.window.pair.input.picture().colours
    assert reads.shape != photo.shape or (reads != photo).any()
    assert user.find("strip_show_photo", QToolButton).isChecked()
    user.do("undo")
    user.settle()
    assert not user.find("strip_show_photo", QToolButton).isChecked()
    assert np.array_equal(user.window.pair.input.picture().colours, reads)


def test_a_document_that_a_script_made_brings_its_strip_along(user, qtbot, own_home):
    add(user, "activation", "max_pool")
    program = Program([], own_home, document=user.state)
    program.show()
    other = type(user)(program, qtbot)
    other.settle()
    assert program.window.layers.isVisible()
    assert thumbnails(other) == [True] * 4
    program.window.close()
    program.window.deleteLater()


# faults


def test_a_fault_is_said_at_its_layer_and_those_before_it_show_their_maps(user, strip):
    add(user, "max_pool", "activation")
    click(user, strip, 1)
    user.type_into("layer_size_rows", "9000")
    user.settle()
    assert "does not fit" in cards(user)[1]
    assert cards(user)[2].endswith("not reached")
    assert "max pooling" in strip.detail.whole_text()
    assert thumbnails(user)[:2] == [True, True]
    assert user.window.pair.map.picture() is None
    click(user, strip, 0)
    assert user.window.pair.map.picture() is not None
    user.do("undo")
    user.settle()
    user.do("undo")
    user.settle()
    assert "does not fit" not in strip.detail.whole_text()
    assert thumbnails(user) == [True] * 4


# the form


def test_the_form_shows_the_settings_of_a_layer_that_is_no_convolution(user, strip):
    assert user.window.settings.isVisible()
    assert not user.window.layer_form.isVisible()
    add(user, "max_pool")
    assert not user.window.settings.isVisible()
    assert user.window.layer_form.title.text() == "max pooling"
    user.type_into("layer_size_rows", "3")
    user.settle()
    assert user.state.layers[1].size == (3, 2)
    user.choose("layer_reduce", "mean")
    user.settle()
    assert "average pooling" in cards(user)[1]
    user.do("undo")
    user.settle()
    assert user.find("layer_reduce", QComboBox).currentData() == "max"
    click(user, strip, 0)
    assert user.window.settings.isVisible()
    assert not user.window.layer_form.isVisible()


def test_a_function_behind_its_convolution_has_its_own_parameters_below_the_operation(user, strip):
    add(user, "activation")
    assert user.window.settings.isVisible()
    user.type_into("layer_negative_slope", "0,1")
    user.type_into("layer_max_value", "6")
    user.settle()
    assert user.state.layers[1].parameters == {"negative_slope": 0.1, "max_value": 6.0}
    values = user.shown_values()
    assert values is None or values.max() <= 6
    user.choose("layer_function", "prelu")
    user.type_into("layer_slopes", "0.5")
    user.settle()
    assert user.state.fault is None
    assert user.state.layers[1].slopes.ravel().tolist() == [0.5]
    user.choose("layer_function", "abs")
    user.settle()
    assert cards(user)[1].startswith("abs")
    user.do("undo")
    assert user.state.layers[1].function == "prelu"


def test_a_name_is_given_and_taken_away(user, strip):
    add(user, "affine")
    user.type_into("layer_name", "norm")
    user.settle()
    assert cards(user)[1].startswith("norm")
    user.type_into("layer_scale", "2 3 4 5")
    assert "received 4" in user.find("layer_scale", QLineEdit).reason()
    user.type_into("layer_scale", "2,5")
    user.settle()
    assert user.state.layers[1].scale == (2.5,)


# collapse


def test_convolutions_in_a_row_become_one_kernel_and_come_back(user, strip):
    add(user, "conv", "affine")
    before = user.state
    user.do("collapse_layers")
    user.until(lambda: "became one kernel" in user.message())
    user.settle()
    assert kinds(user) == ["conv"]
    assert "rounding" in user.message()
    user.do("undo")
    assert user.state.layers is before.layers


def test_what_breaks_a_row_is_named(user, strip):
    add(user, "activation", "conv")
    user.do("collapse_layers")
    assert "relu" in user.message()
    assert "no single kernel" in user.message()
    assert kinds(user) == ["conv", "activation", "conv"]


# the window


def test_nothing_is_computed_on_the_thread_of_the_window(user, strip):
    with slow_calls() as found:
        user.do("add_layer_max_pool")
        user.do("add_layer_affine")
        user.do("undo")
    assert not {call for call in found if call.endswith((".evaluate", ".open")) or call == "open"}
    user.settle()


@pytest.mark.parametrize("sample", ["article-1d", "article-2d"])
def test_layers_of_toy_grids(user, strip, sample):
    user.sample(sample)
    add(user, "activation", "max_pool")
    assert user.state.fault is None
    assert thumbnails(user) == [True] * len(thumbnails(user))


DIALOGS = {"open", "open_recipe", "save_recipe", "kernel_open", "kernel_save", "kernel_keep", "quit", "about", "tour"}
DIALOGS |= {"open_weights", "run_graph", "open_checkpoints", "tour_network"}


@pytest.mark.parametrize("kind", ["activation", "max_pool"])
def test_whatever_is_looked_at_no_action_fails(user, strip, kind):
    """Each action either does something or says why not; what is asked for besides is closed again."""
    if kind == "activation":
        add(user, "max_pool")  # so that it is no part of the convolution
    add(user, kind)
    state = user.state
    for action in user.window.actions_by_id.all():
        name = action.objectName()
        if name in DIALOGS or name.startswith(("export", "help", "shortcuts", "theme", "find")) or not action.isEnabled():
            continue
        action.trigger()
        user.settle()
        user.program.motion.stop()
        for dialog in [w for w in QApplication.topLevelWidgets() if w is not user.window and w.isVisible()]:
            dialog.close()
        user.program.session.begin(state)


@pytest.mark.parametrize("kind", ["max_pool", "affine", "pad", "resize", "softmax"])
def test_where_the_cursor_goes_is_explained_for_every_kind(user, strip, kind):
    add(user, kind)
    for pane in user.window.pair.panes:
        for x, y in ((0.5, 0.5), (0.02, 0.3), (0.9, 0.6)):
            user.hover(pane, pane.width() * x, pane.height() * y)
            user.settle()
