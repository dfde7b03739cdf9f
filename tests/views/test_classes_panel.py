"""The top classes: a line for each that fits, the largest first, read out by those who cannot see them."""

from __future__ import annotations

import pytest

from convgui.views.measure.classes_panel import ClassesPanel, ClassLine

LINES = [ClassLine("espresso", "91 %", 0.91), ClassLine("cup", "6 %", 0.06), ClassLine("a" * 300, "3 %", 0.03)]


@pytest.fixture
def panel(qtbot):
    panel = ClassesPanel()
    qtbot.addWidget(panel)
    panel.resize(500, 220)
    panel.show()
    return panel


def test_without_classes_it_says_why(panel):
    panel.set_lines((), "", "The network has no classes.")
    assert panel.hint.isVisible() and panel.hint.text() == "The network has no classes."
    assert not panel.bars.isVisible() and not panel.labels_button.isVisible()


def test_classes_are_shown_and_told(panel):
    panel.set_lines(LINES, "3 classes · probabilities", "")
    assert panel.bars.isVisible() and panel.labels_button.isVisible() and not panel.hint.isVisible()
    assert panel.bars.accessibleDescription().startswith("espresso: 91 %; cup: 6 %")
    assert not panel.bars.grab().isNull()


def test_names_are_asked_for(panel):
    asked = []
    panel.labels_asked.connect(lambda: asked.append(True))
    panel.set_lines(LINES, "", "")
    panel.labels_button.click()
    assert asked == [True]
