"""The status bar: what is under the cursor, shapes, time, zoom, and progress with a cancel."""

import pytest

from convgui.views.status_bar import StatusBar, strong


@pytest.fixture
def bar(show):
    bar = show(StatusBar(), 1000, 27)
    bar.refresh_icons()
    return bar


def test_under_the_cursor(bar):
    bar.set_cursor(strong("row", "120"), strong("in", "0.43"), strong("out", "−1.27"))
    assert bar.position.text() == "row <b>120</b>"
    assert bar.input.isVisible()
    assert "−1.27" in bar.activation.text()
    bar.set_cursor(strong("row", "120"), "", "")
    assert bar.position.isVisible()
    assert not bar.input.isVisible()
    assert not bar.activation.isVisible()


def test_a_name_without_a_value_says_nothing():
    assert strong("in", "") == ""


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.0041, "4.1 ms"), (0.000_25, "250 µs"), (0.123, "123 ms"), (0.000_9994, "999 µs")]
)
def test_how_long_it_took(bar, seconds, text):
    bar.set_time(seconds)
    assert text in bar.time.text()


def test_shapes_zoom_and_note(bar):
    bar.set_shapes("6 × 6 uint8 → 4 × 4 float32")
    bar.set_zoom("fit")
    bar.set_note("Saved edge.json")
    assert bar.shapes.text() == "6 × 6 uint8 → 4 × 4 float32"
    assert "fit" in bar.zoom.text()
    assert bar.note.whole_text() == "Saved edge.json"


def test_a_long_note_is_cut_and_told_whole_by_its_tip(bar, qtbot):
    long = "Saved " + "/very/long/folder" * 20
    bar.set_note(long)
    qtbot.waitUntil(lambda: bar.note.text().endswith("…"))
    assert bar.note.toolTip() == long
    assert bar.width() == 1000
    bar.set_note("short")
    assert bar.note.toolTip() == ""


def test_there_is_no_progress_at_rest(bar):
    assert not bar.bar.isVisible()
    assert not bar.cancel.isVisible()


def test_progress_shows_task_part_and_cancel(bar, heard):
    cancelled = heard(bar.cancelled)
    bar.set_progress("Convolving", 0.25)
    assert bar.task.isVisible()
    assert bar.task.text() == "Convolving"
    assert bar.bar.value() / bar.bar.maximum() == 0.25
    bar.cancel.click()
    assert len(cancelled) == 1
    bar.set_progress("", None)
    assert not any(widget.isVisible() for widget in (bar.task, bar.bar, bar.cancel))


def test_the_beginning_of_a_task_is_shown_too(bar):
    bar.set_progress("Reading", 0.0)
    assert bar.bar.isVisible()
    assert bar.bar.value() == 0
