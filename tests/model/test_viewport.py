"""The viewport: what stays where it is on the screen, and what the panes show of input and map."""

import numpy as np
import pytest
from documents import document
from hypothesis import given
from hypothesis import strategies as st

from convgui.engine.layers.geometry import axis
from convgui.engine.source import Source
from convgui.engine.strategies.tiles import Window
from convgui.model.viewport import (
    LARGEST_ZOOM,
    SMALLEST_PICTURE,
    Rect,
    Viewport,
    fitted,
    input_rect,
    map_rect,
    step_for,
    visible,
)

PLACES = st.floats(-1000, 5000)
ZOOMS = st.floats(0.01, LARGEST_ZOOM)
VIEWPORTS = st.builds(Viewport, PLACES, PLACES, ZOOMS)
PANES = st.tuples(st.floats(20, 3000), st.floats(20, 2000))
EXTENTS = st.builds(Rect, st.just(0.0), st.just(0.0), st.integers(1, 6000), st.integers(1, 6000))


def on_screen(view, x, y):
    """Return where a point of the input lies, in pixels from the middle of the pane."""
    return (x - view.x) * view.zoom, (y - view.y) * view.zoom


def close(value):
    return pytest.approx(value, rel=1e-6, abs=1e-3)


@given(VIEWPORTS, st.floats(0.1, 10), PLACES, PLACES)
def test_zoom_about_a_point_keeps_that_point(view, factor, x, y):
    after = view.zoomed(factor, x, y)
    assert on_screen(after, x, y) == close(on_screen(view, x, y))
    assert after.zoom == pytest.approx(view.zoom * factor)
    assert not after.fit


@given(VIEWPORTS, st.floats(0.1, 10), PLACES, PLACES)
def test_zooming_in_and_out_again_changes_nothing(view, factor, x, y):
    again = view.zoomed(factor, x, y).zoomed(1 / factor, x, y)
    assert (again.x, again.y, again.zoom) == close((view.x, view.y, view.zoom))


@given(VIEWPORTS, st.floats(-500, 500), st.floats(-500, 500))
def test_panning_moves_the_picture_with_the_hand(view, dx, dy):
    after = view.panned(dx, dy)
    before = on_screen(view, 3.0, 4.0)
    assert on_screen(after, 3.0, 4.0) == close((before[0] + dx, before[1] + dy))
    assert after.zoom == view.zoom
    assert not after.fit


@given(VIEWPORTS, EXTENTS, PANES)
def test_limited_keeps_the_picture_in_sight(view, extent, pane):
    after = view.limited(extent, *pane)
    assert extent.left <= after.x <= extent.left + extent.width
    assert extent.top <= after.y <= extent.top + extent.height
    assert after.zoom <= LARGEST_ZOOM
    assert after.fit == view.fit
    assert after.limited(extent, *pane) == after


def test_a_viewport_within_the_limits_stays_as_it_is():
    view = Viewport(40, 30, 2.5, False)
    assert view.limited(Rect(0, 0, 100, 80), 400, 300) == view


def test_a_picture_is_not_zoomed_out_until_it_vanishes():
    view = Viewport(500, 500, 1e-9, False).limited(Rect(0, 0, 1000, 800), 400, 300)
    assert view.zoom * 1000 == pytest.approx(SMALLEST_PICTURE)


def test_a_huge_picture_can_always_be_seen_whole():
    extent = Rect(0, 0, 60_000, 40_000)
    whole = fitted(extent, 10, 10)
    assert whole.limited(extent, 10, 10).zoom == whole.zoom


@given(EXTENTS, PANES)
def test_fitted_shows_the_whole_picture_as_large_as_possible(extent, pane):
    view = fitted(extent, *pane)
    assert (view.x, view.y) == (extent.width / 2, extent.height / 2)
    assert extent.width * view.zoom <= pane[0] * (1 + 1e-9)
    assert extent.height * view.zoom <= pane[1] * (1 + 1e-9)
    touches = extent.width * view.zoom > pane[0] * 0.999 or extent.height * view.zoom > pane[1] * 0.999
    assert touches or view.zoom == LARGEST_ZOOM
    assert view.fit


def test_a_margin_leaves_room_around_a_toy_grid():
    view = fitted(Rect(0, 0, 6, 6), 400, 300, margin=0.94)
    assert view.zoom * 6 == pytest.approx(300 * 0.94)


def test_united_holds_both():
    assert Rect(0, 0, 6, 6).united(Rect(-1, 2, 3, 9)) == Rect(-1, 0, 7, 11)


# where the map lies


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"padding": "same"}, Rect(0, 0, 6, 5)),
        ({"padding": "valid"}, Rect(1, 1, 4, 3)),
        ({"padding": "full"}, Rect(-1, -1, 8, 7)),
        ({"padding": "valid", "stride": (2, 2)}, Rect(0.5, 0.5, 4, 4)),
    ],
)
def test_the_map_is_registered_on_the_input(settings, expected):
    source = Source(np.zeros((5, 6), np.float32))
    state = document(source, np.ones((3, 3)), **settings)
    assert input_rect(state.input) == Rect(0, 0, 6, 5)
    assert map_rect(*state.axes) == expected


# what is asked for


@pytest.mark.parametrize(
    ("zoom", "stride", "ratio", "expected"),
    [(1, 1, 1, 1), (0.5, 1, 1, 2), (0.34, 1, 1, 2), (1 / 3, 1, 1, 3), (40, 1, 1, 1), (0.25, 2, 1, 2), (0.25, 1, 2, 2)],
)
def test_one_screen_pixel_covers_so_many_cells(zoom, stride, ratio, expected):
    assert step_for(zoom, stride, ratio) == expected


def test_all_is_visible_when_it_is_fitted():
    rows, cols = axis(80, 3, padding="same"), axis(100, 3, padding="same")
    view = fitted(Rect(0, 0, 100, 80), 500, 400)
    assert visible(rows, cols, view, 500, 400, 1) == Window(0, 0, 80, 100)


def test_only_what_the_pane_shows_is_asked_for():
    rows, cols = axis(80, 3, padding="same"), axis(100, 3, padding="same")
    found = visible(rows, cols, Viewport(50, 40, 10), 100, 60, 1)
    assert found.left <= 45
    assert found.left + found.cols >= 55
    assert found.top <= 37
    assert found.top + found.rows >= 43
    assert found.rows * found.cols <= 14 * 10


def test_nothing_is_asked_for_beside_the_map():
    rows, cols = axis(80, 3, padding="same"), axis(100, 3, padding="same")
    found = visible(rows, cols, Viewport(900, 40, 10), 100, 60, 1)
    assert found.rows * found.cols == 0


@given(st.floats(-50, 400), st.floats(-50, 300), st.floats(0.05, 20), PANES, st.integers(1, 9), st.integers(1, 3))
def test_what_is_visible_covers_the_pane_and_is_aligned(x, y, zoom, pane, step, stride):
    rows, cols = axis(300, 3, stride, padding="same"), axis(400, 3, stride, padding="same")
    found = visible(rows, cols, Viewport(x, y, zoom), *pane, step)
    assert found == found.inside(rows.outputs, cols.outputs)
    for along, first, count, middle, pixels in (
        (rows, found.top, found.rows, y, pane[1]),
        (cols, found.left, found.cols, x, pane[0]),
    ):
        assert first % step == 0 or count == 0
        low, high = middle - pixels / zoom / 2, middle + pixels / zoom / 2
        for cell in range(0, along.outputs, 7):
            centre = along.origin + (cell + 0.5) * along.stride
            if low <= centre <= high:
                assert first <= cell < first + count
