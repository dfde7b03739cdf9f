"""The colour bar: which colour stands for which value."""

import numpy as np
import pytest

from convgui.views.canvas.color_bar import ColorBar

TABLE = np.vstack([np.repeat(np.arange(256)[:, None], 3, axis=1), [[214, 224, 36]]]).astype(np.uint8)


@pytest.fixture
def bar(show):
    return show(ColorBar(), 62, 300)


def test_the_largest_value_is_at_the_top(bar, pixels):
    bar.set_scale(TABLE, -1, 1)
    seen = pixels(bar)
    assert seen[6, -6].max() > 240
    assert seen[-7, -6].max() < 15
    assert abs(int(seen[150, -6, 0]) - 128) < 6
    column = seen[6:-6, -6, 0].astype(int)
    assert (np.diff(column) <= 1).all()


def test_the_colour_of_nan_is_no_part_of_the_scale(bar, pixels):
    bar.set_scale(TABLE, -1, 1)
    strip = pixels(bar)[6:-6, -6].astype(int)
    assert np.abs(strip[:, 0] - strip[:, 2]).max() < 4


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (-2.0, 2.0, [(-2, "−2"), (0, "0"), (2, "2")]),
        (-1.0, 3.0, [(-1, "−1"), (0, "0"), (3, "3")]),
        (0.0, 1.0, [(0, "0"), (0.5, "0.5"), (1, "1")]),
        (10.0, 20.0, [(10, "10"), (15, "15"), (20, "20")]),
    ],
)
def test_the_ends_and_zero_or_the_middle_are_written(bar, low, high, expected):
    bar.set_scale(TABLE, low, high)
    assert bar.ticks() == expected


def test_the_limits_are_read_aloud(bar):
    bar.set_scale(TABLE, -0.25, 0.75)
    assert "from −0.25 to 0.75" in bar.accessibleDescription()


def test_numbers_are_drawn_beside_the_strip(bar, pixels):
    bar.set_scale(TABLE, -1, 1)
    beside = pixels(bar)[:, :40]
    rows = np.flatnonzero((beside != beside[75, 0]).any(axis=(1, 2)))
    assert rows.min() < 20
    assert rows.max() > 280
    assert ((rows > 140) & (rows < 160)).any()


@pytest.mark.parametrize("limits", [(-1e-12, 1e-12), (0, 3e38), (-1e30, 1e30), (5, 5.0001)])
def test_any_limits_can_be_drawn(bar, pixels, limits):
    bar.set_scale(TABLE, *limits)
    assert pixels(bar)[:, :40].std(axis=(0, 1)).max() > 0


def test_before_anything_is_known_it_is_blank(bar, pixels):
    assert pixels(bar).std(axis=(0, 1)).max() == 0
