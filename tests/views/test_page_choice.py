"""The list of pages shows what there is, tells what the user picks, and hides where there is nothing to choose."""

from __future__ import annotations

import pytest

from convgui.views.files.page_choice import PageChoice


@pytest.fixture
def choice(qtbot):
    widget = PageChoice()
    qtbot.addWidget(widget)
    return widget


def test_it_is_hidden_where_there_is_nothing_to_choose(choice):
    choice.set_pages((), 1)
    assert choice.isHidden()
    choice.set_pages(("Page 1", "Page 2"), 2)
    assert not choice.isHidden() and choice.list.currentText() == "Page 2" and choice.button.isHidden()
    choice.set_pages((), 1)
    choice.set_other_reading("Read as 28 steps × 28 channels instead")
    assert not choice.isHidden() and choice.list.isHidden() and choice.button.text() == "As 28 steps × 28 channels"


def test_a_setter_tells_nobody_and_a_pick_does(choice):
    told = []
    choice.chosen.connect(told.append)
    choice.set_pages(("Page 1", "Page 2"), 2)
    choice.set_pages(("Page 1", "Page 2", "Page 3"), 1)
    assert told == []
    choice.list.setCurrentIndex(2)
    choice.list.activated.emit(2)
    assert told == [3]


def test_the_button_asks_for_the_other_reading(choice, qtbot):
    choice.set_other_reading("Read its last channel as alpha instead")
    with qtbot.waitSignal(choice.other_reading):
        choice.button.click()
