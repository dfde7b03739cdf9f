"""Borders, against NumPy's padding."""

import numpy as np
import pytest

from convgui.engine.layers.border import BORDER_NAMES, BORDERS, OUTSIDE, border_index


@pytest.mark.parametrize("border", BORDERS)
@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_numpy_pads_alike(border, n):
    array = np.arange(1, n + 1)
    padded = np.pad(array, 11, mode=BORDER_NAMES[border]["NumPy"])
    index = border_index(np.arange(-11, n + 11), n, border)
    assert np.array_equal(np.where(index == OUTSIDE, 0, array[index]), padded)


def test_an_empty_axis_has_nothing_to_take():
    assert border_index(np.arange(2), 0, "zeros").tolist() == [OUTSIDE, OUTSIDE]
    with pytest.raises(ValueError, match="empty axis"):
        border_index(np.arange(2), 0, "wrap")


def test_every_border_has_its_names():
    assert set(BORDER_NAMES) == set(BORDERS)
    with pytest.raises(ValueError, match="received 'mirror'"):
        border_index(np.arange(2), 3, "mirror")
