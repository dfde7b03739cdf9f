"""The status bar: what is under the cursor, shapes, time, zoom, and progress with a cancel."""

import pytest
from PySide6.QtWidgets import QProgressBar

from convgui.views.window.status_bar import StatusBar, strong
from convgui.views.window.task_line import TaskLine


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
    bar.set_shapes("(6, 6) uint8 → (4, 4) float32")
    bar.set_zoom("fit")
    bar.set_note("Saved edge.json")
    assert bar.shapes.text() == "(6, 6) uint8 → (4, 4) float32"
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


def test_there_is_no_task_at_rest(bar):
    assert not bar.findChildren(QProgressBar)


def test_a_task_shows_what_it_does_how_far_it_is_and_a_cancel(bar, heard):
    cancelled = heard(bar.cancelled)
    bar.set_task("map", "Convolving", 0.25)
    line = bar.findChild(TaskLine, "task_map")
    assert line.isVisible() and line.text.text() == "Convolving"
    assert line.bar.value() / line.bar.maximum() == 0.25
    line.cancel.click()
    assert cancelled == [("map",)]
    assert bar.tasks["map"].cancel.isVisibleTo(bar)
    bar.set_task("map", "Preparing", 1.0, ends=False)
    assert not bar.tasks["map"].cancel.isVisibleTo(bar)
    bar.set_task("map", "", None)
    assert not line.isVisible()


def test_the_beginning_of_a_task_is_shown_too(bar):
    bar.set_task("open", "Reading", 0.0)
    line = bar.findChild(TaskLine, "task_open")
    assert line.bar.isVisible() and line.bar.value() == 0


def test_two_tasks_show_two_and_each_ends_by_itself(bar, heard):
    cancelled = heard(bar.cancelled)
    bar.set_task("a", "Exporting a.png", 0.1)
    bar.set_task("b", "Exporting b.png", 0.5)
    bar.set_task("a", "Exporting a.png", 0.2)
    first, second = bar.findChild(TaskLine, "task_a"), bar.findChild(TaskLine, "task_b")
    assert first.isVisible() and second.isVisible()
    assert (first.bar.value(), second.bar.value()) == (200, 500)
    second.cancel.click()
    assert cancelled == [("b",)]
    bar.set_task("b", "", None)
    bar.set_task("none", "", None)
    assert first.isVisible() and not second.isVisible()


def test_many_tasks_with_long_names_leave_the_bar_its_width(bar):
    for number in range(20):
        bar.set_task(str(number), f"Exporting {'a long name ' * 20}{number}.png", 0.5)
    assert bar.minimumSizeHint().width() <= 1000
    assert bar.findChild(TaskLine, "task_0").isVisible()
    for number in range(19):
        bar.set_task(str(number), "", None)
    assert bar.findChild(TaskLine, "task_19").isVisible()


def test_a_task_that_is_computed_and_goes_on_does_not_look_done(bar):
    """What is left, such as writing the file, has no share that is known: the bar moves, and is not full."""
    bar.set_task("a", "Exporting a.csv", 0.9)
    line = bar.tasks["a"]
    assert line.bar.value() < line.bar.maximum()
    bar.set_task("a", "Exporting a.csv", 1.0)
    assert (line.bar.minimum(), line.bar.maximum()) == (0, 0) and line.cancel.isVisible()
    bar.set_task("a", "Exporting a.csv", 0.5)
    assert line.bar.value() / line.bar.maximum() == 0.5


def test_a_task_may_lead_to_more(bar, heard):
    followed = heard(bar.followed)
    bar.set_task("run", "3 of 9", 0.3)
    line = bar.findChild(TaskLine, "task_run")
    assert not line.link.isVisible()
    bar.set_link("run", "Dashboard", "What the workers do")
    assert line.link.isVisible() and line.link.text() == "Dashboard" and line.link.accessibleName()
    line.link.click()
    assert followed == [("run",)]
    bar.set_link("none", "Dashboard", "")
    bar.set_task("run", "", None)
    assert not line.isVisible()


def test_what_counts_on_does_not_make_the_others_move(bar):
    bar.set_task("run", "10 of 306 · 11 a second", 0.3)
    line = bar.findChild(TaskLine, "task_run")
    wide = line.text.width()
    bar.set_task("run", "9 of 9", 0.3)
    assert line.text.width() == wide
