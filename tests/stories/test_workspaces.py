"""Workspaces, panels and what lies over the panes: each key does what it says, and nothing is lost on the way."""

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from convgui.views.window import message_bar


def press(user, key):
    QTest.keyClick(user.window.pair.map, key)
    user.settle()


def open_panels(user):
    return {name for name, dock in user.window.docks.items() if dock.isVisible()}


def test_each_workspace_has_a_key_and_its_own_panels(user):
    seen = {}
    for key, name in ((Qt.Key.Key_F3, "measure"), (Qt.Key.Key_F4, "network"), (Qt.Key.Key_F2, "explain")):
        press(user, key)
        assert user.program.workspace.name == name
        assert user.window.workspaces.value() == name
        seen[name] = open_panels(user)
    assert "layers" in seen["network"] and "gallery" in seen["explain"] and "display" in seen["measure"]
    assert len({frozenset(panels) for panels in seen.values()}) == 3


def test_what_is_closed_in_one_workspace_stays_open_in_another(user):
    user.do("show_display")
    press(user, Qt.Key.Key_F3)
    assert "display" in open_panels(user)
    press(user, Qt.Key.Key_F2)
    assert "display" not in open_panels(user)
    user.do("reset_layout")
    assert "display" in open_panels(user) and user.window.actions_by_id["show_display"].isChecked()


@pytest.mark.parametrize("size", [(1280, 800), (1440, 900)])
def test_a_workspace_that_one_comes_back_to_is_as_it_was(user, size):
    user.window.resize(*size)
    user.do("reset_layout")
    user.settle()
    before = {name: dock.size() for name, dock in user.window.docks.items() if dock.isVisible()}
    for key in (Qt.Key.Key_F3, Qt.Key.Key_F4, Qt.Key.Key_F2, Qt.Key.Key_F5, Qt.Key.Key_F2):
        press(user, key)
    after = {name: dock.size() for name, dock in user.window.docks.items() if dock.isVisible()}
    assert after.keys() == before.keys()
    for name, was in before.items():
        assert abs(after[name].height() - was.height()) <= 2, name
        assert abs(after[name].width() - was.width()) <= 2, name


def test_a_long_name_of_a_kernel_moves_nothing(user):
    before = user.window.docks["kernel"].width()
    user.window.kernel_card.set_title("Custom, from a kernel with a very long name, and more of it")
    user.settle()
    assert user.window.docks["kernel"].width() == before


def test_one_key_hides_all_panels_and_brings_them_back(user):
    user.do("show_probe")
    before, room = open_panels(user), user.window.pair.width()
    press(user, Qt.Key.Key_F9)
    assert open_panels(user) == set() and user.window.pair.width() > room
    press(user, Qt.Key.Key_F9)
    assert open_panels(user) == before


def test_a_panel_opened_while_all_are_hidden_stays_alone(user):
    press(user, Qt.Key.Key_F9)
    user.do("show_gallery")
    press(user, Qt.Key.Key_F9)
    assert open_panels(user) == {"gallery"}


def test_for_a_projector_there_is_nothing_but_the_panes_and_a_caption(user):
    user.sample("article-2d")
    user.do("theme_dark")
    before, state = open_panels(user), user.state
    press(user, Qt.Key.Key_F5)
    assert open_panels(user) == set()
    assert not user.window.menuBar().isVisible() and not user.window.status.isVisible()
    assert not user.program.context.dark  # colours for a projector
    caption = user.window.stage.caption
    assert caption.isVisible() and "Article, 2-D" in caption.what.text() and "6 × 6" in caption.what.text()
    press(user, Qt.Key.Key_Right)
    press(user, Qt.Key.Key_Right)
    press(user, Qt.Key.Key_Right)
    assert user.program.motion.position == 2
    assert user.window.transport.visibleRegion().isEmpty()
    assert caption.how.text().endswith("= 3")
    press(user, Qt.Key.Key_Down)
    assert user.program.probe.cell == (1, 2)
    press(user, Qt.Key.Key_Up)
    press(user, Qt.Key.Key_Left)
    assert user.program.motion.position == 1
    press(user, Qt.Key.Key_Escape)
    press(user, Qt.Key.Key_Escape)
    assert open_panels(user) == before and user.window.menuBar().isVisible() and user.program.context.dark
    assert not caption.isVisible() and user.state is state


def test_digits_grow_for_a_projector(user):
    user.sample("article-2d")
    pane = user.window.pair.map
    usual = pane._background().digits
    press(user, Qt.Key.Key_F5)
    assert pane._background().digits > 2 * usual
    press(user, Qt.Key.Key_F2)
    assert pane._background().digits == usual


@pytest.mark.parametrize("way", ["side", "stacked", "larger"])
def test_panes_are_arranged_as_wanted(user, way):
    user.do(f"arrange_{way}")
    user.settle()
    wide = user.window.pair.input.width() >= user.window.pair.width() - 2
    assert wide == (way == "stacked")  # a photo of 3:2 is larger beside its map
    left = user.window.pair.map.place
    assert (left.zoom, left.x) == (user.window.pair.input.place.zoom, user.window.pair.input.place.x)
    assert user.program.preferences["arrange"] == way


def test_both_pictures_fit_into_panes_of_different_size(user):
    user.window.pair.splitter.moveSplitter(300, 1)
    user.settle()
    for pane in user.window.pair.panes:
        assert pane.picture_box().width() <= pane.width() + 1


def test_a_message_that_only_informs_goes_by_itself(user, monkeypatch):
    monkeypatch.setattr(message_bar, "PATIENCE_MS", 1)
    monkeypatch.setattr(message_bar, "LETTER_MS", 0)
    user.program.context.tell("Something to know.")
    user.until(lambda: not user.window.messages.isVisible())
    user.program.context.tell_error("Something is wrong.")
    for _ in range(20):
        QApplication.processEvents()
        QTest.qWait(2)
    assert user.message() == "Something is wrong."


def test_a_message_moves_nothing(user):
    before = [pane.geometry() for pane in user.window.pair.panes]
    user.program.context.tell("Something to know. " * 20)
    QApplication.processEvents()
    assert [pane.geometry() for pane in user.window.pair.panes] == before
    assert user.window.stage.rect().contains(user.window.messages.geometry())


def test_the_tour_does_not_give_its_answers_away(user):
    user.do("tour")
    user.settle()
    model, histogram = user.window.gallery.model, user.window.display.histogram
    assert all(model.data(model.index(k), Qt.ItemDataRole.DecorationRole) is None for k in range(model.rowCount()))
    assert not histogram.isVisible()
    user.program.tour.end()
    user.settle()
    assert model.data(model.index(0), Qt.ItemDataRole.DecorationRole) is not None
    assert histogram.isVisible()


def test_it_is_shown_where_a_file_can_be_dropped(user, tmp_path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "holiday.png"))])
    where, plain = QPointF(user.window.rect().center()), Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(where.toPoint(), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, plain)
    QApplication.sendEvent(user.window, enter)
    assert user.window.stage.target.isVisible() and "holiday.png" in user.window.stage.target.text
    QApplication.sendEvent(user.window, QDragLeaveEvent())
    assert not user.window.stage.target.isVisible()


def test_the_title_says_picture_and_kernel(user):
    assert user.window.windowTitle() == "coffee.webp — Sobel x — convgui"
    user.sample("article-2d")
    assert "Article, 2-D" in user.window.windowTitle()


def test_a_closed_catalogue_draws_no_thumbnails(user):
    asked = []
    submit = user.program.runner.submit
    user.program.runner.submit = lambda lane, *a, **k: (asked.append(lane), submit(lane, *a, **k))[1]
    try:
        user.do("show_gallery")
        user.sample("brick")
        assert "thumbnails" not in asked
        user.do("show_gallery")
        user.settle()
        assert "thumbnails" in asked
    finally:
        user.program.runner.submit = submit


def test_the_value_stands_beside_the_cursor_until_cells_show_their_numbers(user):
    user.hover_cell(user.window.pair.map, 200, 300)
    user.settle()
    chip = user.window.pair.readouts[1]
    assert chip.isVisible() and chip.where.text() == "row 200, column 300"
    assert chip.value.text() == user.window.status.activation.text().split("<b>")[1].split("</b>")[0].lstrip("+")
    user.program.navigate.scale_to(48)
    user.settle()
    user.hover_cell(user.window.pair.map, 200, 301)
    assert not chip.isVisible()


def test_leaving_the_window_takes_the_value_away(user):
    user.hover_cell(user.window.pair.input, 100, 100)
    assert user.window.pair.readouts[0].isVisible()
    QApplication.sendEvent(user.window.pair.input, QEvent(QEvent.Type.Leave))
    assert not user.window.pair.readouts[0].isVisible()


def test_before_an_audience_arrows_move_over_a_photo_without_covering_its_map(user):
    press(user, Qt.Key.Key_F5)
    press(user, Qt.Key.Key_Right)
    before = user.program.probe.cell
    press(user, Qt.Key.Key_Right)
    assert user.program.probe.cell == (before[0], before[1] + 1)
    assert user.window.pair.map.cover() == []
    press(user, Qt.Key.Key_F2)


def test_escape_leaves_the_tour_and_says_how_to_get_back(user):
    before = user.state.source
    user.do("tour")
    user.settle()
    QTest.keyClick(user.window.tour.field, Qt.Key.Key_Escape)
    user.settle()
    assert not user.window.tour.isVisible() and "Undo" in user.message()
    user.do("undo")
    user.settle()
    assert user.state.source is before
