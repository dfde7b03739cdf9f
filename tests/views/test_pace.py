"""A pace: many that ask are answered once, each that asks is answered, and a plot that is not seen is not drawn."""

import numpy as np
import pytest
from PySide6.QtCore import QObject

from convgui.views.kit.pace import Pace
from convgui.views.plots.histogram import Histogram
from tests.waiting import wait_for


@pytest.fixture
def calls():
    return []


def test_what_is_asked_in_quick_succession_is_done_once_and_nothing_at_once(qapp, calls):
    parent = QObject()
    pace = Pace(0, lambda: calls.append(1), parent)
    for _ in range(5):
        pace.ask()
    assert not calls
    wait_for(lambda: calls, qapp.processEvents)
    assert len(calls) == 1


def test_what_is_asked_later_is_done_as_well(qapp, calls):
    parent = QObject()
    pace = Pace(20, lambda: calls.append(1), parent)
    for count in (1, 2, 3):
        pace.ask()
        wait_for(lambda count=count: len(calls) == count, qapp.processEvents)


def test_a_plot_that_is_hidden_is_drawn_when_it_is_seen_again(qapp, show, pixels):
    histogram = Histogram()
    histogram.build()
    show(histogram, 240, 120)
    counts = np.full(64, 100)
    histogram.set_counts(counts, -1.0, 1.0)
    wait_for(lambda: not histogram.due(), qapp.processEvents)
    before = pixels(histogram)
    histogram.hide()
    histogram.set_counts(np.where(np.arange(64) < 32, 100, 0), -1.0, 1.0)
    for _ in range(20):
        qapp.processEvents()
    assert histogram.due()
    histogram.show()
    wait_for(lambda: not histogram.due(), qapp.processEvents)
    assert (pixels(histogram) != before).any()
    histogram.shut()
