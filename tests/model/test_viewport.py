"""The viewport: what stays where it is, and which cells are asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convgui.engine.geometry import axis
from convgui.model.viewport import Rect, Viewport, fitted, step_for, visible

places = st.floats(-500, 500)
zooms = st.floats(0.05, 50)


@given(places, places, zooms, places, places, st.floats(0.2, 5))
def test_the_point_that_is_zoomed_about_stays_on_the_screen(x, y, zoom, px, py, factor):
    before = Viewport(x, y, zoom, fit=False)
    after = before.zoomed(factor, px, py)
    assert (px - after.x) * after.zoom == pytest.approx((px - before.x) * before.zoom, abs=1e-6)
    assert (py - after.y) * after.zoom == pytest.approx((py - before.y) * before.zoom, abs=1e-6)
    assert not after.fit


@given(places, places, zooms, places, places)
def test_panning_moves_by_pixels_and_back(x, y, zoom, dx, dy):
    view = Viewport(x, y, zoom).panned(dx, dy).panned(-dx, -dy)
    assert (view.x, view.y) == pytest.approx((x, y), abs=1e-6)


def test_fitted_shows_all_of_it():
    view = fitted(Rect(-1, 0, 402, 300), 201, 500)
    assert view.zoom == 0.5
    assert (view.x, view.y) == (200, 150)
    assert view.fit


@given(places, places, zooms)
def test_limited_keeps_the_picture_in_sight(x, y, zoom):
    view = Viewport(x, y, zoom).limited(Rect(0, 0, 100, 50), 300, 300)
    assert 0 <= view.x <= 100 and 0 <= view.y <= 50
    assert view.zoom <= 160


def test_what_is_seen_whole_is_put_in_the_middle_and_the_rest_stays():
    view = Viewport(10, 5, 1.0, fit=False).centred(Rect(0, 0, 800, 100), 300, 300)
    assert (view.x, view.y) == (10, 50)


@pytest.mark.parametrize(
    ("zoom", "stride", "ratio", "step"), [(1, 1, 1, 1), (0.1, 1, 1, 10), (0.1, 2, 1, 5), (0.1, 1, 2, 5), (3, 1, 1, 1)]
)
def test_one_screen_pixel_is_one_step(zoom, stride, ratio, step):
    assert step_for(zoom, stride, ratio) == step


@given(places, places, st.floats(0.05, 4), st.integers(1, 3), st.integers(1, 5), st.sampled_from(["same", "valid", "full"]))
def test_all_that_is_visible_is_asked_for_and_panning_is_steady(x, y, zoom, stride, kernel, padding):
    rows, cols = axis(200, kernel, stride, 1, padding), axis(300, kernel, stride, 1, padding)
    step = step_for(zoom, stride)
    window = visible(rows, cols, Viewport(x, y, zoom), 120, 90, step)
    assert window.top % step == 0 and window.left % step == 0
    for part, first, count, middle, pixels in (
        (rows, window.top, window.rows, y, 90),
        (cols, window.left, window.cols, x, 120),
    ):
        begin, end = middle - pixels / zoom / 2, middle + pixels / zoom / 2
        seen = [k for k in range(part.outputs) if begin < part.origin + (k + 0.5) * stride < end]
        assert all(first <= k < first + count for k in seen)
        assert count <= part.outputs
