"""Profiles against their definition: bilinear between the middles of cells, averaged across."""

import math

import numpy as np
import pytest

from convgui.engine.looking.profiles import PART, Line, places, sample

RANDOM = np.random.default_rng(0)


def reader(values, asked=None):
    def read(rows, cols):
        assert rows.start >= 0
        assert cols.start >= 0
        assert rows.stop <= values.shape[0]
        assert cols.stop <= values.shape[1]
        if asked is not None:
            asked.append(len(rows) * len(cols))
        return values[rows.start : rows.stop, cols.start : cols.stop]

    return read


def plainly(values, x, y):
    """The value at one point, None outside."""
    rows, cols = values.shape
    if not (0 <= x <= cols and 0 <= y <= rows):
        return None
    v, u = min(max(y - 0.5, 0), rows - 1), min(max(x - 0.5, 0), cols - 1)
    total = 0.0
    for i in (math.floor(v), math.floor(v) + 1):
        for j in (math.floor(u), math.floor(u) + 1):
            weight = max(1 - abs(v - i), 0) * max(1 - abs(u - j), 0)
            if weight > 0:
                total += weight * float(values[i, j])
    return total


def profile(values, line, asked=None):
    found = places(line)
    return sample(reader(values, asked), values.shape, found.x, found.y)


LINES = [
    Line(0.5, 0.5, 30.5, 0.5),
    Line(3.2, 1.7, 25.9, 18.3, 1),
    Line(25.9, 18.3, 3.2, 1.7, 4),
    Line(-5, -3, 40, 25, 5),
    Line(7, 19, 7, 1, 2),
    Line(4, 4, 4, 4, 3),
    Line(100, 100, 120, 90, 3),
    Line(0, 20, 31, 20, 3),
]


@pytest.mark.parametrize("line", LINES, ids=str)
def test_it_is_what_its_definition_says(line):
    values = RANDOM.normal(size=(20, 31)).astype(np.float32)
    found = places(line)
    expected = []
    for xs, ys in zip(found.x, found.y, strict=True):
        inside = [v for x, y in zip(xs, ys, strict=True) if (v := plainly(values, x, y)) is not None]
        expected.append(sum(inside) / len(inside) if inside else math.nan)
    assert profile(values, line) == pytest.approx(np.array(expected), abs=1e-12, nan_ok=True)


@pytest.mark.parametrize("line", LINES[:-1], ids=str)
def test_points_are_even_from_end_to_end_and_the_width_lies_around_the_line(line):
    found = places(line)
    if line.length:
        steps = np.diff(found.distance)
        assert steps == pytest.approx(np.full(len(steps), steps[0]))
        assert steps[0] <= 1 + 1e-9
    assert (found.x[0].mean(), found.y[0].mean()) == pytest.approx((line.x0, line.y0))
    assert (found.x[-1].mean(), found.y[-1].mean()) == pytest.approx((line.x1, line.y1))
    assert found.distance[-1] == pytest.approx(line.length)
    if line.width > 1 and line.length:
        along = np.array([line.x1 - line.x0, line.y1 - line.y0])
        across = np.array([found.x[0, 1] - found.x[0, 0], found.y[0, 1] - found.y[0, 0]])
        assert across @ along == pytest.approx(0, abs=1e-9)
        assert np.hypot(*across) == pytest.approx(1)


def test_along_a_row_the_cells_are_returned_as_they_are():
    values = RANDOM.normal(size=(9, 200)).astype(np.float32)
    assert np.array_equal(profile(values, Line(0.5, 4.5, 199.5, 4.5)), values[4].astype(np.float64))


def test_a_plane_is_a_straight_line():
    rows, cols = np.mgrid[:50, :60]
    values = (3 * cols - 2 * rows).astype(np.float32)
    line = Line(2.3, 40.1, 55.2, 5.5, 3)
    found = places(line)
    expected = 3 * (found.x.mean(axis=1) - 0.5) - 2 * (found.y.mean(axis=1) - 0.5)
    assert profile(values, line) == pytest.approx(expected)


@pytest.mark.parametrize("odd", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_counts_only_where_it_has_a_weight(odd):
    values = np.zeros((5, 9), np.float32)
    values[2, 4] = odd
    found = profile(values, Line(0.5, 2.5, 8.5, 2.5))
    assert np.isfinite(found).tolist() == [k != 4 for k in range(9)]
    assert np.isfinite(profile(values, Line(0.5, 1.5, 8.5, 1.5))).all()
    assert not np.isfinite(profile(values, Line(0.5, 1.6, 8.5, 1.6))[4])


def test_only_cells_near_the_line_are_read():
    values = np.zeros((4000, 4000), np.float32)
    asked = []
    profile(values, Line(0, 0, 4000, 4000), asked)
    assert sum(asked) < 2 * 4000 * (PART + 2)


def test_a_map_without_cells_has_no_values():
    assert np.isnan(profile(np.zeros((0, 4), np.float32), Line(0, 0, 3, 0))).all()
