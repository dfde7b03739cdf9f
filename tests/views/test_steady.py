"""A label that keeps its width: numbers that change under a hand do not push what stands beside them."""

import pytest

from convgui.views.kit.steady import SteadyLabel


@pytest.fixture
def label(qtbot):
    label = SteadyLabel()
    qtbot.addWidget(label)
    return label


def test_a_shorter_text_does_not_make_it_narrower(label):
    label.set_text("row 1234 column 1234")
    wide = label.width()
    label.set_text("row 1 column 1")
    assert label.isVisible() and label.width() == wide >= label.sizeHint().width()


def test_a_longer_text_is_whole(label):
    label.set_text("1")
    label.set_text("a much longer text")
    assert label.width() >= label.sizeHint().width()


def test_an_empty_text_takes_it_away_and_its_width_with_it(label):
    label.set_text("a much longer text")
    label.set_text("")
    assert not label.isVisible()
    label.set_text("1")
    assert label.isVisible() and label.width() < 60
