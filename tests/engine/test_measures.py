"""Measures of maps: equal to their definitions in float64, wherever values lie and whatever is among them."""

from __future__ import annotations

import numpy as np
import pytest

from convgui.engine.looking.measures import measures_of


@pytest.mark.parametrize("shape", [(1, 1), (3, 5), (1, 200_000), (300, 500), (70_000, 3)])
@pytest.mark.parametrize(("offset", "scale"), [(0, 1), (1e6, 1e-1), (-3e30, 1e29), (0, 1e-30)])
def test_they_are_what_their_names_say(shape, offset, scale):
    values = (offset + scale * np.random.default_rng(0).normal(size=shape)).astype(np.float32)
    exact = values.astype(np.float64)
    found = measures_of(values, threshold=offset)
    measured = [found.mean, found.deviation, found.energy, found.share]
    expected = [exact.mean(), exact.std(), (exact**2).mean(), (exact > offset).mean()]
    assert measured == pytest.approx(expected, rel=1e-9, abs=1e-12 * scale)
    assert (found.row, found.col) == np.unravel_index(np.abs(values).argmax(), shape)
    assert found.strongest == values[found.row, found.col]
    assert found.other == 0


@pytest.mark.parametrize("place", [0, 7, 70_000, 99_999])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_left_out_and_counted(place, value):
    values = np.random.default_rng(0).normal(size=(200, 500)).astype(np.float32)
    values.flat[place] = value
    rest = values[np.isfinite(values)].astype(np.float64)
    found = measures_of(values, 0.5)
    assert found.other == 1
    assert [found.mean, found.energy, found.share] == pytest.approx([rest.mean(), (rest**2).mean(), (rest > 0.5).mean()])
    assert abs(found.strongest) == np.abs(rest).max()


def test_of_equal_ones_the_first_is_the_strongest():
    values = np.zeros((400, 500), np.float32)
    values[3, 4] = values[399, 499] = -2
    found = measures_of(values)
    assert (found.strongest, found.row, found.col) == (-2, 3, 4)


def test_nothing_finite_has_no_measures():
    found = measures_of(np.full((2, 3), np.nan, np.float32))
    assert np.isnan([found.strongest, found.mean, found.deviation, found.energy]).all()
    assert (found.row, found.col, found.share, found.other) == (-1, -1, 0, 6)
