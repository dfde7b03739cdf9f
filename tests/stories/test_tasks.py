"""Exports go on beside everything else: each shows its progress, has its own cancel, and ends with the window."""

from __future__ import annotations

import numpy as np
import pytest

from convgui import conv2d, kernel
from convgui.engine.source import Source
from convgui.views.window.task_line import TaskLine


@pytest.fixture
def large(user):
    """A picture of which the numbers take a while to write."""
    noise = np.random.default_rng(0).normal(size=(4000, 6000)).astype(np.float32)
    user.program.source.show(Source(noise, name="noise"))
    user.settle()
    return user


def lines(user):
    """Return what the status bar shows of exports."""
    return [
        line for line in user.window.status.findChildren(TaskLine) if line.isVisible() and "Export" in line.cancel.toolTip()
    ]


def begin(user, path):
    user.program.export.write("numbers", ".csv", str(path))


def test_two_exports_show_two_and_panning_hides_neither(large, tmp_path):
    for name in ("a", "b"):
        begin(large, tmp_path / f"{name}.csv")
    large.until(lambda: len(lines(large)) == 2)
    pane = large.window.pair.input
    large.do("zoom_one")
    large.drag(pane, [(200, 200), (120, 160), (60, 90)])
    large.program.kernel.pick("gaussian")
    large.until(lambda: not large.program.runner.busy("screen", "rest", "picture"))
    assert len(lines(large)) == 2
    lines(large)[0].cancel.click()
    large.until(lambda: len(lines(large)) == 1)
    lines(large)[0].cancel.click()
    large.settle()
    assert lines(large) == []
    assert list(tmp_path.iterdir()) == []


def test_what_is_exported_is_what_was_there_when_it_began(large, tmp_path):
    large.program.export.write("numbers", ".npy", str(tmp_path / "before.npy"))
    large.program.kernel.pick("box")
    large.settle()
    expected = conv2d(large.state.source.array, kernel("sobel-x"), padding="same")
    assert np.array_equal(np.load(tmp_path / "before.npy"), expected)


def test_a_cancelled_export_leaves_the_old_file(large, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("old")
    begin(large, path)
    large.until(lambda: len(lines(large)) == 1)
    lines(large)[0].cancel.click()
    large.settle()
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]


def test_closing_the_window_stops_an_export(start, tmp_path):
    user, folder = start(), tmp_path / "exports"
    folder.mkdir()
    noise = np.random.default_rng(0).normal(size=(4000, 4000)).astype(np.float32)
    user.program.source.show(Source(noise, name="noise"))
    user.settle()
    begin(user, folder / "a.csv")
    user.until(lambda: len(list(folder.iterdir())) == 1)
    user.window.close()
    assert list(folder.iterdir()) == []


def test_a_failed_export_is_told_and_the_next_one_works(large, tmp_path):
    (tmp_path / "a.csv").mkdir()
    begin(large, tmp_path / "a.csv")
    large.settle()
    assert "a folder has this name" in large.message()
    assert lines(large) == []


def test_too_little_memory_is_said_in_a_sentence(user, tmp_path, monkeypatch):
    def too_much(*_, **__):
        raise MemoryError("Unable to allocate 4.00 TiB for an array")

    monkeypatch.setattr("convgui.controllers.take.requests.save_numbers", too_much)
    begin(user, tmp_path / "a.csv")
    user.settle()
    assert "not enough memory" in user.message() and "4.00 TiB" in user.message()
