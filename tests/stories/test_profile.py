"""A line over the pictures: what lies along it, in the panel Profile, is what the engine computes."""

import csv

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from convgui.engine.network import evaluate

SHIFT = Qt.KeyboardModifier.ShiftModifier


def place(pane, x, y):
    box = pane.to_pixels(x, y, 0, 0)
    return box.x(), box.y()


def draw(user, pane, start, end, modifiers=SHIFT):
    user.drag(pane, [place(pane, *start), place(pane, *end)], modifiers=modifiers)
    user.settle()


def table(user):
    return user.window.profile.plot.drawing().table


@pytest.mark.parametrize("name", ["input", "map"])
def test_a_drag_with_shift_draws_it_and_opens_its_panel(user, name):
    pane = getattr(user.window.pair, name)
    draw(user, pane, (100, 50), (300, 250))
    assert user.window.docks["profile"].seen()
    line = user.program.profile.line
    assert (line.x0, line.y0, line.x1, line.y1) == pytest.approx((100, 50, 300, 250), abs=1.5)
    assert [pane.line.ends() for pane in user.window.pair.panes] == [(line.x0, line.y0, line.x1, line.y1)] * 2
    assert len(table(user)["activation"]) == np.ceil(line.length) + 1
    assert len(user.window.profile.plot.curves()) == 2


def test_along_a_row_it_is_the_row(user):
    user.do("profile_across")
    user.settle()
    found, state = table(user), user.state
    row = int(user.program.profile.line.y0)
    assert np.array_equal(found["activation"], evaluate(state.looked_at)[0, row].astype(np.float64))
    assert np.array_equal(found["input"], evaluate(state.chain, upto=0)[0, row].astype(np.float64))


@pytest.mark.parametrize("settings", [{"stride": (2, 2), "padding": "valid"}, {"stride": (3, 3)}, {"padding": "full"}])
def test_each_value_of_the_map_is_taken_where_the_map_lies_over_the_input(user, settings):
    user.program.session.replace("test", user.state.with_conv(**settings))
    rows, cols = user.state.axes
    y = float(rows.origin + 10.5 * rows.stride)
    x0, x1 = (float(cols.origin + (k + 0.5) * cols.stride) for k in (5, 65))
    user.program.profile.draw(x0, y, x1, y)
    user.settle()
    found, step = table(user), int(cols.stride)
    assert np.array_equal(found["activation"][::step], evaluate(user.state.looked_at)[0, 10, 5:66].astype(np.float64))


def test_an_edit_of_the_kernel_changes_it_and_the_width_averages(user):
    user.program.profile.draw(100.5, 100.5, 400.5, 100.5)
    user.settle()
    before = table(user)["activation"]
    user.do("kernel_negate")
    user.settle()
    assert table(user)["activation"] == pytest.approx(-before)
    user.type_into("profile_width", "3")
    user.settle()
    rows = evaluate(user.state.looked_at)[0, 99:102, 100:401].astype(np.float64)
    assert table(user)["activation"] == pytest.approx(rows.mean(axis=0))
    assert "mean of 3" in user.window.profile.plot.parent().detail.whole_text()


def test_its_ends_are_typed_or_dragged(user):
    user.program.profile.draw(100, 100, 200, 100)
    user.settle()
    user.type_into("profile_x1", "250")
    user.settle()
    assert user.program.profile.line.x1 == 250.5
    pane = user.window.pair.input
    draw(user, pane, (100, 100), (60, 140), Qt.KeyboardModifier.NoModifier)
    assert (user.program.profile.line.x0, user.program.profile.line.y0) == pytest.approx((60, 140), abs=1.5)
    assert user.program.profile.line.x1 == 250.5


def test_a_drag_elsewhere_still_moves_the_picture_and_a_click_on_the_line_pins(user):
    user.do("zoom_one")
    user.program.profile.draw(100, 100, 300, 100)
    user.settle()
    before, pane = user.program.profile.line, user.window.pair.input
    view = user.program.context.viewport
    draw(user, pane, (view.x, view.y + 60), (view.x + 40, view.y + 60), Qt.KeyboardModifier.NoModifier)
    assert user.program.profile.line == before
    assert user.program.context.viewport != view
    x, y = place(pane, 200.5, 100)
    user.click(pane, x, y)
    assert user.program.probe.pinned


def test_the_key_makes_the_next_drag_draw(user):
    user.window.pair.setFocus()
    QTest.keyClick(user.window, Qt.Key.Key_L)
    draw(user, user.window.pair.map, (50, 60), (150, 160), Qt.KeyboardModifier.NoModifier)
    assert user.program.profile.line.x1 == pytest.approx(150, abs=1.5)
    assert not user.window.actions_by_id["profile"].isChecked()


def test_the_cursor_is_in_plot_and_panes_at_once(user):
    user.program.profile.draw(100, 100, 300, 100)
    user.settle()
    user.window.profile.plot.pointed.emit(50.0)
    assert [pane.line.point() for pane in user.window.pair.panes] == [(150.0, 100.0)] * 2
    user.hover(user.window.pair.map, *place(user.window.pair.map, 220, 101))
    assert user.window.profile.plot._cursor == pytest.approx(120, abs=1.5)
    user.hover(user.window.pair.map, *place(user.window.pair.map, 220, 250))
    assert user.window.pair.map.line.point() is None


def test_a_panel_that_is_not_seen_costs_nothing_and_draws_no_line(user):
    user.program.profile.draw(100, 100, 300, 100)
    user.settle()
    user.do("show_profile")
    user.until(lambda: not user.window.docks["profile"].seen())
    assert user.window.pair.input.line.ends() is None
    user.do("kernel_negate")
    assert not user.program.runner.busy("profile")


def test_its_numbers_are_exported_to_the_last_bit(user, tmp_path, monkeypatch):
    user.program.profile.draw(100.25, 90, 300, 210)
    user.settle()
    path = tmp_path / "line.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a, **k: (str(path), ""))
    user.window.profile.plot.take("csv")
    user.settle()
    with open(path, newline="") as file:
        rows = list(csv.reader(file))
    for k, (name, column) in enumerate(table(user).items()):
        assert rows[0][k] == name
        assert [float(row[k]) for row in rows[1:]] == column.tolist()


@pytest.mark.parametrize("how", ["png", "svg"])
def test_it_is_exported_as_a_picture(user, tmp_path, monkeypatch, how):
    user.do("profile_across")
    user.settle()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a, **k: (str(tmp_path / "line"), ""))
    user.window.profile.plot.take(how)
    user.settle()
    assert (tmp_path / f"line.{how}").read_bytes()[:8].startswith(b"\x89PNG" if how == "png" else b"<?xml")


def test_a_sequence_has_none_and_says_where_its_curves_are(user):
    user.sample("article-1d")
    user.do("profile_across")
    user.settle()
    assert "Curves" in user.message()
    assert user.program.profile.line is None


def test_where_there_is_no_output_it_says_why(user):
    user.do("profile_across")
    user.settle()
    user.program.session.replace("test", user.state.with_conv(dilation=(500, 500), padding="valid"))
    user.settle()
    assert user.window.profile.plot.hint.text() == user.state.why
    assert not user.window.profile.plot.curves()
