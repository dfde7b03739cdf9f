"""Facts of a kernel: a few lines, and a picture of the frequency response."""

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel

from convgui.engine.kernels.response import frequency_response
from convgui.views.kernel.facts_card import FactsCard

FACTS = [("Sum", "0: flat areas vanish", "What it makes of a flat area"), ("Noise gain", "3.46", "Of independent noise")]


@pytest.fixture
def card(show):
    card = FactsCard()
    card.set_facts(FACTS)
    return show(card, 268, 200)


def value(card, name):
    return card.findChild(QLabel, f"fact_{name}")


def test_facts_are_shown_with_their_tips(card):
    assert value(card, "sum").whole_text() == "0: flat areas vanish"
    assert value(card, "noise_gain").whole_text() == "3.46"
    assert "What it makes of a flat area" in [label.toolTip() for label in card.findChildren(QLabel)]


def test_another_kernel_has_other_facts_in_the_same_lines(card):
    labels = len(card.findChildren(QLabel))
    card.set_facts([("Sum", "1: brightness is kept", ""), ("Noise gain", "0.5", "")])
    assert value(card, "sum").whole_text() == "1: brightness is kept"
    assert len(card.findChildren(QLabel)) == labels


def test_a_long_fact_is_cut_and_told_whole_by_its_tip(card, qtbot):
    long = "separable into two passes of 63 weights each, which is much less"
    card.set_facts([("Sum", long, "")])
    qtbot.waitUntil(lambda: value(card, "sum").text().endswith("…"))
    assert value(card, "sum").toolTip() == long
    assert card.width() == 268


def test_a_blur_is_bright_in_the_middle_and_dark_at_the_edge(card, pixels):
    card.set_response(frequency_response(np.full((5, 5), 1 / 25)), "passes what is slow")
    seen = pixels(card.response)
    assert seen[24, 24].min() > 230
    assert seen[7, 7].max() < 60
    assert card.passes.text() == "passes what is slow"


def test_a_derivative_is_dark_in_the_middle(card, pixels):
    card.set_response(frequency_response(np.array([[-1.0, 0, 1]])), "passes middle frequencies")
    assert pixels(card.response)[24, 24].max() < 40


@pytest.mark.parametrize("response", [np.zeros((64, 64)), np.ones((64, 64)), np.full((64, 64), 1e300)])
def test_any_response_can_be_drawn(card, pixels, response):
    card.set_response(response, "")
    assert pixels(card.response).shape == (48, 48, 3)
    assert "Frequency response" in card.response.toolTip()
