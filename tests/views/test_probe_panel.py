"""The arithmetic: patch, kernel, products and their sum, as numbers that can be read."""

import numpy as np
import pytest
from documents import chain_of

from convgui.engine.looking.explain import explain
from convgui.engine.source import Source
from convgui.views.kit.theme import LIGHT
from convgui.views.measure.probe_panel import ProbePanel
from convgui.views.measure.values import Largest, Sum


@pytest.fixture
def panel(show, vik):
    panel = ProbePanel()
    panel.set_table(vik)
    panel.set_grey(0.0, 1.0)
    panel.set_nothing("Move the cursor over a picture.")
    return show(panel, 900, 200)


def a_sum(kernel, array, row=1, col=1, **settings):
    chain = chain_of(Source(np.asarray(array, np.float32)), kernel, **settings)
    found = explain(chain, len(chain.layers), 0, row, col)
    return (
        Sum(
            patch=found.patch[0],
            weights=found.weights[0],
            products=found.products[0],
            outside=found.outside,
            total=found.total,
            bias=found.bias,
            activation=found.activation,
            value=found.value,
        ),
        [Largest(t.u, t.v, t.value, t.weight, t.product) for t in found.largest(20)],
    )


def test_without_a_cell_it_says_how_to_get_one(panel, pixels):
    with_words = pixels(panel.canvas)
    panel.set_nothing("")
    assert (pixels(panel.canvas) != with_words).any()


def test_a_cell_is_explained(panel, pixels):
    explained, terms = a_sum([[1, 0, -1]] * 3, np.eye(5))
    before = pixels(panel.canvas)
    panel.set_sum("row 1, col 1", explained, terms, None)
    assert panel.detail.whole_text() == "row 1, col 1"
    assert panel.canvas.accessibleDescription() == "row 1, col 1: 0"
    assert (pixels(panel.canvas) != before).any(axis=2).mean() > 0.05


def test_who_cannot_see_hears_the_result(panel):
    explained, terms = a_sum([[0.5, 0.25]], [[1, 2, 3, 4]], 0, 2, bias=(0.1,))
    panel.set_sum("step 2", explained, terms, None)
    assert panel.canvas.accessibleDescription() == "step 2: 2.6"


def test_after_the_cursor_has_left_the_explanation_goes(panel, pixels):
    before = pixels(panel.canvas)
    panel.set_sum("row 1, col 1", *a_sum(np.ones((3, 3)), np.ones((5, 5))), None)
    panel.set_nothing("Move the cursor over a picture.")
    assert panel.detail.whole_text() == ""
    np.testing.assert_array_equal(pixels(panel.canvas), before)


def test_the_result_has_the_ink_of_its_colour(panel, pixels):
    panel.set_sum("here", *a_sum(np.ones((3, 3)), np.ones((5, 5))), (190, 20, 90))
    assert (pixels(panel.canvas) == (190, 20, 90)).all(axis=2).any()


def test_a_cell_outside_the_input_looks_different(panel, pixels):
    """The corner's patch lies half outside, drawn with a dashed rim; the same numbers inside have none."""
    padded = np.zeros((6, 6))
    padded[1:, 1:] = 1
    outside, terms = a_sum(np.ones((3, 3)), np.ones((5, 5)), 0, 0)
    inside, _ = a_sum(np.ones((3, 3)), padded, 1, 1)
    np.testing.assert_array_equal(outside.patch, inside.patch)
    panel.set_sum("corner", outside, terms, None)
    first = pixels(panel.canvas)
    panel.set_sum("corner", inside, terms, None)
    assert (pixels(panel.canvas) != first).any()


@pytest.mark.parametrize("shape", [(1, 1), (1, 7), (7, 1), (7, 7), (8, 8), (1, 63), (63, 63)])
def test_kernels_of_any_size_can_be_drawn_at_the_least_size(panel, pixels, shape):
    array = np.random.default_rng(0).normal(size=(70, 70))
    panel.set_sum("here", *a_sum(np.random.default_rng(1).normal(size=shape), array, 30, 30), None)
    empty = LIGHT.card
    for size in ((900, 200), (444, 160), (2000, 400)):
        panel.resize(*size)
        seen = pixels(panel.canvas)
        background = [int(empty[k : k + 2], 16) for k in (1, 3, 5)]
        assert (seen != background).any(axis=2).any()


@pytest.mark.parametrize(
    ("kernel", "array"),
    [
        (np.zeros((3, 3)), np.ones((3, 3))),
        (np.ones((3, 3)), np.zeros((3, 3))),
        (np.ones((3, 3)), np.full((3, 3), np.nan)),
        (np.ones((3, 3)), np.full((3, 3), np.inf)),
        (np.ones((9, 9)), np.full((3, 3), np.nan)),
        (np.full((3, 3), 1e30), np.full((3, 3), 1e30)),
        (np.full((3, 3), 1e-30), np.full((3, 3), 1e-30)),
    ],
)
def test_any_values_can_be_drawn(panel, pixels, kernel, array):
    panel.set_sum("here", *a_sum(kernel, array), None)
    assert pixels(panel.canvas).std(axis=(0, 1)).max() > 0
