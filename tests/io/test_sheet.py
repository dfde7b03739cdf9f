"""A labelled sheet: every map has its tile, cells stay cells, and the title is cut rather than lost."""

from __future__ import annotations

import numpy as np
import pytest

from convgui.io.export.sheet import Inks, Tile, sheet

RED, BLUE = (200, 30, 30), (30, 30, 200)


def tile(name, colour, rows=30, cols=40, kernel=None):
    return Tile(name, np.full((rows, cols, 3), colour, np.uint8), kernel)


@pytest.mark.parametrize("count", [1, 2, 7, 32, 100])
def test_every_map_has_a_tile_of_its_size(count):
    made = sheet([tile(str(k), RED) for k in range(count)], "maps", least=40)
    red = (made == RED).all(axis=2).sum()
    assert 0.6 * count * 1200 < red <= count * 1200  # numbers lie over them


def test_cells_of_small_maps_are_squares():
    colours = np.zeros((2, 2, 3), np.uint8)
    colours[0, 1] = RED
    made = sheet([Tile("0", colours)], "", least=100)
    rows, cols = np.nonzero((made == RED).all(axis=2))
    assert np.ptp(rows) == np.ptp(cols) == 49


def test_kernels_lie_in_the_corner():
    made = sheet([tile("0", RED, kernel=np.full((3, 3, 3), BLUE, np.uint8))], "", least=80)
    rows, cols = np.nonzero((made == BLUE).all(axis=2))
    assert rows.size and cols.max() < made.shape[1] / 2 and rows.min() > made.shape[0] / 2


def test_a_long_title_is_cut_and_inks_are_used():
    made = sheet([tile("0", RED)], "a very long title " * 20, inks=Inks((0, 0, 0), (255, 255, 255), (9, 9, 9)))
    assert tuple(made[0, 0]) == (0, 0, 0) and made.shape[1] < 300
