"""Edits of a grid: they change what they say and nothing else."""

import numpy as np
import pytest

from convgui.model import grids

FILLS = (grids.impulse, grids.step, grids.ramp, grids.checker, grids.rings, grids.zone_plate, grids.clear)


def a_grid(rows=4, cols=6):
    return np.arange(rows * cols, dtype=np.float32).reshape(rows, cols)


def test_one_value():
    before = a_grid()
    after = grids.set_value(before, 2, 3, -1.5)
    assert after[2, 3] == -1.5 and (after != before).sum() == 1
    assert before[2, 3] == 15


@pytest.mark.parametrize("axis", [0, 1])
def test_growing_and_shrinking_are_each_other_s_undo(axis):
    grown = grids.grow(a_grid(), axis)
    assert grown.shape[axis] == a_grid().shape[axis] + 1
    assert not np.take(grown, -1, axis).any()
    assert np.array_equal(grids.shrink(grown, axis), a_grid())


def test_there_is_a_least_and_a_largest_grid():
    with pytest.raises(ValueError, match="one cell to a side has to stay"):
        grids.shrink(a_grid(1, 6), 0)
    with pytest.raises(ValueError, match="64 cells to a side"):
        grids.grow(np.zeros((1, 64), np.float32), 1)


@pytest.mark.parametrize("fill", FILLS)
@pytest.mark.parametrize("shape", [(1, 1), (1, 6), (6, 6), (5, 3)])
def test_fills_keep_the_size(fill, shape):
    filled = fill(np.full(shape, 7, np.float32))
    assert filled.shape == shape and filled.dtype == np.float32
    assert np.isfinite(filled).all() and (filled != 7).all()


def test_what_the_patterns_are():
    assert grids.step(a_grid(1, 6)).tolist() == [[0, 0, 0, 1, 1, 1]]
    assert grids.ramp(a_grid(2, 3)).tolist() == [[0, 1, 2]] * 2
    assert grids.checker(a_grid(2, 3)).tolist() == [[0, 1, 0], [1, 0, 1]]
    assert grids.rings(a_grid(5, 5))[2].tolist() == [0, 1, 0, 1, 0]
    assert grids.impulse(a_grid(3, 3)).sum() == 1


def test_noise_has_two_decimals():
    found = grids.noise(a_grid(30, 30), np.random.default_rng(0))
    assert np.allclose(np.round(found, 2), found) and 0.8 < found.std() < 1.2


def test_random_numbers_are_small_and_whole():
    found = grids.randomise(a_grid(20, 20), np.random.default_rng(0))
    assert set(np.unique(found)) == {0, 1, 2, 3, 4}


def test_pasting_grows_the_grid():
    pasted = grids.paste(a_grid(2, 2), 1, 1, np.full((1, 3), 9, np.float32))
    assert pasted.shape == (2, 4)
    assert pasted[1, 1:].tolist() == [9, 9, 9] and np.array_equal(pasted[0, :2], a_grid(2, 2)[0])


def test_what_is_too_large_is_not_pasted():
    with pytest.raises(ValueError, match="70 × 1 numbers do not fit from row 0, column 3"):
        grids.paste(a_grid(), 0, 3, np.ones((70, 1), np.float32))
