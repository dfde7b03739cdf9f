"""The histogram: counts over values, what lies outside of its axis, and limits that are dragged."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from convgui.views.plots.histogram import Histogram

EVEN = np.full(64, 100)


@pytest.fixture
def make(show):
    made = []

    def histogram(counts=EVEN, low=-1.0, high=1.0, extremes=None, limits=(-0.5, 0.5), size=(240, 120)):
        histogram = Histogram()
        made.append(histogram)
        histogram.set_counts(counts, low, high, extremes)
        histogram.set_limits(*limits)
        histogram.build()
        return show(histogram, *size)

    yield histogram
    for histogram in made:
        histogram.shut()


@pytest.fixture
def histogram(make):
    return make()


def drag(hand, histogram, *values):
    hand.drag(histogram.canvas.viewport(), *(histogram.to_point(value, 0) for value in values))


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [(-0.5, -0.2, (-0.2, 0.5)), (0.5, 0.8, (-0.5, 0.8)), (-0.5, -0.9, (-0.9, 0.5)), (0.5, 0.1, (-0.5, 0.1))],
)
def test_a_limit_is_dragged(histogram, heard, hand, start, end, expected):
    dragged = heard(histogram.dragged)
    drag(hand, histogram, start, end)
    assert dragged[-1][:2] == pytest.approx(expected, abs=0.02)


def test_all_of_a_drag_is_one_gesture_and_the_next_one_another(histogram, heard, hand):
    dragged = heard(histogram.dragged)
    drag(hand, histogram, -0.5, -0.4, -0.3)
    drag(hand, histogram, -0.5, -0.4)
    gestures = [what[2] for what in dragged]
    assert gestures[0] == gestures[1] != gestures[2]


def test_limits_never_cross(histogram, heard, hand):
    dragged = heard(histogram.dragged)
    drag(hand, histogram, -0.5, 0.2, 0.9)
    assert len(dragged) == 1
    assert dragged[0][0] < dragged[0][1]


def test_a_press_beside_the_limits_drags_nothing_and_moving_after_a_drag_neither(histogram, heard, hand):
    drag(hand, histogram, -0.5, -0.4)
    dragged = heard(histogram.dragged)
    drag(hand, histogram, 0.0, 0.3)
    hand.move(histogram.canvas.viewport(), histogram.to_point(0.2, 0))
    assert dragged == []


def test_the_axis_stays_while_a_limit_is_dragged(make, hand):
    histogram = make(size=(240, 60))
    histogram.dragged.connect(lambda low, high, _: histogram.set_limits(low, high))
    before = histogram.axis()
    hand.press(histogram.canvas.viewport(), histogram.to_point(0.5, 0))
    for value in (0.7, 0.9):
        hand.move(histogram.canvas.viewport(), histogram.to_point(value, 0), held=Qt.MouseButton.LeftButton)
        assert histogram.axis() == before
    hand.release(histogram.canvas.viewport(), histogram.to_point(0.9, 0))
    assert histogram.limits()[1] == pytest.approx(0.9, abs=0.02)


def test_the_cursor_shows_where_there_is_something_to_drag(histogram, hand):
    viewport = histogram.canvas.viewport()
    hand.move(viewport, histogram.to_point(-0.5, 0))
    assert viewport.cursor().shape() == Qt.CursorShape.SplitHCursor
    hand.move(viewport, histogram.to_point(0, 0))
    assert viewport.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_setters_say_nothing(histogram, heard):
    dragged = heard(histogram.dragged)
    histogram.set_limits(-0.2, 0.9)
    assert histogram.limits() == (-0.2, 0.9)
    assert dragged == []


def test_bars_stand_where_the_values_are(make, pixels):
    counts = np.zeros(64, np.int64)
    histogram = make(counts, limits=(-1, 1))
    empty = pixels(histogram)
    counts = counts.copy()
    counts[48:] = 1000
    histogram.set_counts(counts, -1.0, 1.0)
    histogram.settle()
    changed = np.argwhere((pixels(histogram)[:80, 60:] != empty[:80, 60:]).any(axis=2))
    assert len(changed) > 200
    assert changed[:, 1].min() + 60 >= histogram.to_point(0.45, 0).x()


@pytest.mark.parametrize("logarithmic", [True, False])
def test_a_rare_value_is_seen_where_the_counts_are_logarithms(make, pixels, logarithmic):
    counts = np.zeros(64, np.int64)
    counts[32] = 10_000_000
    histogram = make(counts, limits=(-1, 1))
    histogram.set_logarithmic(logarithmic)
    histogram.settle()
    before = pixels(histogram)
    counts = counts.copy()
    counts[8] = 1
    histogram.set_counts(counts, -1.0, 1.0)
    histogram.settle()
    assert (pixels(histogram) != before).any() == logarithmic


def far_away():
    counts = np.zeros(2048, np.int64)
    counts[100:140] = 10_000
    counts[[5, 2047]] = 2, 3
    return counts


def test_outliers_do_not_squeeze_the_rest_and_it_is_said_that_they_are_there(make):
    histogram = make(far_away(), 0.0, 2048.0, (5.5, 2047.5), limits=(100, 140))
    low, high = histogram.axis()
    assert low < 100
    assert 140 < high < 300
    assert histogram.outside() == (2, 3)
    histogram.settle()
    notes = [note.text() for note in histogram._outside if note.isVisible()]
    assert "2 more" in notes[0]
    assert "3 more, to 2048" in notes[1]
    histogram.set_whole(True)
    assert histogram.outside() == (0, 0)
    histogram.settle()
    assert not any(note.isVisible() for note in histogram._outside)
    assert histogram.axis()[1] > 2047


def test_limits_are_always_on_the_axis(make):
    histogram = make(far_away(), 0.0, 2048.0, limits=(-50, 1800))
    low, high = histogram.axis()
    assert low <= -50
    assert high >= 1800


def test_it_is_taken_away_with_the_counts_of_all_values(make):
    histogram = make(far_away(), 0.0, 2048.0, limits=(100, 140))
    drawing = histogram.drawing()
    assert (drawing.across.low, drawing.across.high) == histogram.axis()
    assert drawing.table["count"].tolist() == far_away().tolist()
    assert (drawing.table["from"][1], drawing.table["to"][1]) == (1.0, 2.0)
    assert [value for value, _ in drawing.marks] == [100, 140]


@pytest.mark.parametrize(
    ("counts", "low", "high", "limits"),
    [
        (np.zeros(2048, np.int64), 0.0, 1.0, (0.0, 1.0)),
        (np.ones(5, np.int64), 0.0, 0.0, (0.0, 1.0)),
        (np.ones(2048, np.int64), -1e30, 1e30, (-1e30, 1e30)),
        (np.ones(2048, np.int64), 0.0, 1e-9, (-50.0, 50.0)),
        (np.ones(2048, np.int64), float("nan"), float("inf"), (float("-inf"), float("nan"))),
        (np.zeros(0, np.int64), 0.0, 1.0, (0.0, 1.0)),
    ],
)
def test_any_map_can_be_drawn(make, pixels, counts, low, high, limits):
    histogram = make(counts, low, high, limits=limits)
    assert pixels(histogram).std(axis=(0, 1)).max() > 0
    assert histogram.drawing().table["count"].sum() == counts.sum()


def test_before_it_is_built_it_has_its_size_and_keeps_what_it_is_given(show):
    histogram = show(Histogram(), 240, 92)
    before = histogram.sizeHint(), histogram.minimumSizeHint()
    histogram.set_counts(EVEN, -2.0, 2.0)
    histogram.set_limits(-1, 1)
    assert not histogram.built()
    histogram.build()
    assert (histogram.sizeHint(), histogram.minimumSizeHint()) == before
    assert histogram.axis()[0] <= -2
    histogram.shut()


def test_all_of_it_goes_to_the_largest_value_and_asks_for_its_counts(make, heard):
    histogram = make(np.full(64, 100), 0.0, 1.0, (0.0, 1.6), limits=(0, 1))
    asked = heard(histogram.closer_wanted)
    histogram.set_whole(True)
    low, high = histogram.axis()
    assert low <= 0.0
    assert high >= 1.6
    assert asked[-1] == (low, high)
    histogram.set_closer(np.full(64, 50), low, high)
    edges, _ = histogram._bars()
    assert edges[-1] >= 1.6


@pytest.mark.parametrize("wide", [130, 170, 240, 600])
def test_what_is_said_of_both_sides_has_room(histogram, wide):
    counts = np.full(2048, 5)
    counts[900:1100] = 900_000
    histogram.resize(wide, 120)
    histogram.set_counts(counts, -123.456, 123.456)
    histogram.settle()
    first, last = histogram._outside
    assert not first.isHidden() and not last.isHidden()
    assert first.geometry().right() < last.geometry().left()
    assert last.geometry().right() <= wide
    assert first.text().strip("‹ ").split(" ")[0] == (f"{histogram.outside()[0]:,}" if wide > 150 else "")
