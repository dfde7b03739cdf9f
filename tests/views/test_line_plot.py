"""Curves over one axis: zoom, cursor, scales left and right, peaks that stay, and what is taken away."""

import numpy as np
import pytest

from convgui.engine.looking.envelopes import Envelope
from convgui.views.kit import theme
from convgui.views.plots.line_plot import Curve, LinePlot


@pytest.fixture
def plot(show):
    plot = LinePlot("curves", "Curves", "step", hint="Draw a line first")
    plot.build()
    yield show(plot, 500, 220)
    plot.shut()


def curves(n=1000, first=0.0, apart=1.0):
    random = np.random.default_rng(0)
    return [
        Curve("input", Envelope(random.normal(size=n)), first, apart),
        Curve("map", Envelope(random.normal(size=n) * 50 + 100), first, apart, right=True),
    ]


def set_curves(plot, some, **keep):
    plot.set_curves(some, {some[0].name: some[0].envelope.values}, ("input", "map"), **keep)


def test_without_curves_it_says_what_to_do(plot):
    assert plot.hint.isVisible()
    set_curves(plot, curves())
    assert not plot.hint.isVisible()
    plot.set_hint("There is no output.")
    assert plot.hint.isVisible()
    assert plot.hint.text() == "There is no output."


def test_the_wheel_zooms_about_the_cursor_and_a_double_click_shows_all(plot, hand):
    set_curves(plot, curves())
    whole, viewport = plot.axis(), plot.canvas.viewport()
    assert whole == (0, 999)
    at = plot.to_point(300, 0)
    hand.wheel(viewport, at, 4)
    low, high = plot.axis()
    assert high - low < 600
    assert plot.to_value(at)[0] == pytest.approx(300, abs=4)
    hand.double_click(viewport, at)
    assert plot.axis() == whole


def test_a_drag_moves_the_axis_and_never_beyond_its_ends(plot, hand):
    set_curves(plot, curves())
    plot.set_axis(100, 200)
    viewport = plot.canvas.viewport()
    hand.drag(viewport, plot.to_point(120, 0), plot.to_point(170, 0))
    assert plot.axis() == pytest.approx((50, 150), abs=2)
    hand.drag(viewport, plot.to_point(60, 0), plot.to_point(149, 0))
    assert plot.axis() == pytest.approx((0, 100))


def test_the_zoom_ends_at_a_few_values(plot):
    set_curves(plot, curves())
    plot.set_axis(500, 500.001)
    low, high = plot.axis()
    assert 2 <= high - low <= 10


def test_each_side_has_a_scale_of_its_own(plot):
    some = curves()
    set_curves(plot, some)
    drawing = plot.drawing()
    for scale, curve in ((drawing.up, some[0]), (drawing.right, some[1])):
        values = curve.envelope.values
        assert scale.low < values.min()
        assert scale.high > values.max()
        assert scale.high - scale.low < 1.3 * np.ptp(values)


def test_the_cursor_is_told_and_the_values_there_are_written(plot, hand, heard):
    some = curves()
    set_curves(plot, some)
    pointed, left = heard(plot.pointed), heard(plot.left)
    hand.move(plot.canvas.viewport(), plot.to_point(400, 0))
    assert pointed[-1][0] == pytest.approx(400, abs=2)
    plot.set_cursor(400.2)
    assert f"{some[0].envelope.values[400]:.4g}".lstrip("-") in plot.legend.text()
    hand.leave(plot.canvas.viewport())
    assert left
    plot.set_cursor(None)
    assert " at " not in plot.legend.text()


def test_a_single_peak_is_seen_at_any_zoom(plot, pixels):
    flat, peak = np.zeros(300_000), np.zeros(300_000)
    peak[123_456] = 1
    set_curves(plot, [Curve("input", Envelope(peak))])
    drawing = plot.drawing()
    assert drawing.series[0].y.max() == 1
    assert len(drawing.series[0].y) < 5000
    assert drawing.table["input"] is peak
    plot.settle()
    with_peak = pixels(plot)
    set_curves(plot, [Curve("input", Envelope(flat))])
    plot.settle()
    assert (pixels(plot) != with_peak).any()


def test_new_values_keep_the_part_that_is_shown(plot):
    set_curves(plot, curves())
    plot.set_axis(100, 200)
    set_curves(plot, curves(), keep=True)
    assert plot.axis() == (100, 200)
    set_curves(plot, curves(500), keep=True)
    assert plot.axis() == (0, 499)


@pytest.mark.parametrize(
    "values",
    [
        np.zeros(0),
        np.zeros(1),
        np.full(5, np.nan),
        np.array([np.inf, -np.inf, 1.0]),
        np.array([1e308, -1e308]),
        np.full(9, 5e-324),
    ],
    ids=str,
)
def test_whatever_there_is_can_be_drawn(plot, pixels, values):
    set_curves(plot, [Curve("input", Envelope(values)), Curve("map", Envelope(values), right=True)])
    plot.set_cursor(0.0)
    plot.set_axis(float("nan"), float("inf"))
    pixels(plot)
    drawing = plot.drawing()
    assert np.isfinite([*drawing.across[1:3], *drawing.up[1:3], *drawing.right[1:3]]).all()


def test_on_a_page_its_colours_are_those_of_white_paper(plot, qapp):
    set_curves(plot, curves())
    light = [series.colour for series in plot.drawing().series]
    theme.apply(qapp, dark=True)
    plot.settle()
    assert [series.colour for series in plot.drawing().series] == light
    assert light[0] not in plot.legend.text()
    theme.apply(qapp, dark=False)
    plot.settle()
    assert light[0] in plot.legend.text()
