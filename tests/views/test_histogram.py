"""The histogram: bars, numbers, and limits that are dragged."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from convgui.views.measure.histogram import Histogram


@pytest.fixture
def histogram(show):
    histogram = Histogram()
    histogram.set_counts(np.full(64, 100), -1.0, 1.0)
    histogram.set_limits(-0.5, 0.5)
    return show(histogram, 240, 92)


def place(histogram, part):
    """Return the point at a part of the width, 0 for the left end and 1 for the right."""
    return 2 + part * (histogram.width() - 4), 30


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [(0.25, 0.4, (-0.2, 0.5)), (0.75, 0.9, (-0.5, 0.8)), (0.25, 0.05, (-0.9, 0.5)), (0.75, 0.55, (-0.5, 0.1))],
)
def test_a_limit_is_dragged(histogram, heard, hand, start, end, expected):
    dragged = heard(histogram.dragged)
    hand.drag(histogram, place(histogram, start), place(histogram, end))
    assert dragged[-1][:2] == pytest.approx(expected, abs=0.01)


def test_all_of_a_drag_is_one_gesture_and_the_next_one_another(histogram, heard, hand):
    dragged = heard(histogram.dragged)
    hand.drag(histogram, place(histogram, 0.25), place(histogram, 0.3), place(histogram, 0.35))
    hand.drag(histogram, place(histogram, 0.25), place(histogram, 0.3))
    gestures = [what[2] for what in dragged]
    assert gestures[0] == gestures[1] != gestures[2]


def test_limits_never_cross(histogram, heard, hand):
    dragged = heard(histogram.dragged)
    hand.drag(histogram, place(histogram, 0.25), place(histogram, 0.6), place(histogram, 0.95))
    assert all(low < high for low, high, _ in dragged)
    assert len(dragged) == 1


def test_a_press_beside_the_limits_drags_nothing(histogram, heard, hand):
    dragged = heard(histogram.dragged)
    hand.drag(histogram, place(histogram, 0.5), place(histogram, 0.7))
    assert dragged == []


def test_moving_after_the_drag_changes_nothing(histogram, heard, hand):
    hand.drag(histogram, place(histogram, 0.25), place(histogram, 0.3))
    dragged = heard(histogram.dragged)
    hand.move(histogram, place(histogram, 0.6))
    assert dragged == []


def test_the_cursor_shows_where_there_is_something_to_drag(histogram, hand):
    hand.move(histogram, place(histogram, 0.25))
    assert histogram.cursor().shape() == Qt.CursorShape.SplitHCursor
    hand.move(histogram, place(histogram, 0.5))
    assert histogram.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_setters_say_nothing(histogram, heard):
    dragged = heard(histogram.dragged)
    histogram.set_limits(-0.2, 0.9)
    assert histogram.limits() == (-0.2, 0.9)
    assert dragged == []


def test_bars_stand_where_the_values_are(histogram, pixels):
    counts = np.zeros(64, np.int64)
    histogram.set_limits(-1.0, 1.0)
    histogram.set_counts(counts, -1.0, 1.0)
    empty = pixels(histogram)
    counts[48:] = 1000
    histogram.set_counts(counts, -1.0, 1.0)
    changed = np.argwhere((pixels(histogram) != empty).any(axis=2))
    assert len(changed) > 200
    assert changed[:, 1].min() >= place(histogram, 0.73)[0]


def test_rare_values_are_still_seen(histogram, pixels):
    counts = np.zeros(64, np.int64)
    counts[32] = 10_000_000
    histogram.set_counts(counts, -1.0, 1.0)
    before = pixels(histogram)
    counts[8] = 1
    histogram.set_counts(counts, -1.0, 1.0)
    assert (pixels(histogram) != before).any()


@pytest.mark.parametrize(
    ("counts", "low", "high", "limits"),
    [
        (np.zeros(2048, np.int64), 0.0, 1.0, (0.0, 1.0)),
        (np.ones(5, np.int64), 0.0, 0.0, (0.0, 1.0)),
        (np.ones(2048, np.int64), -1e30, 1e30, (-1e30, 1e30)),
        (np.ones(2048, np.int64), 0.0, 1e-9, (-50.0, 50.0)),
        (np.zeros(0, np.int64), 0.0, 1.0, (0.0, 1.0)),
    ],
)
def test_any_map_can_be_drawn(show, pixels, counts, low, high, limits):
    histogram = show(Histogram(), 240, 92)
    if len(counts):
        histogram.set_counts(counts, low, high)
    histogram.set_limits(*limits)
    assert pixels(histogram).std(axis=(0, 1)).max() > 0
