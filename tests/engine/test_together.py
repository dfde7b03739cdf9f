"""A layer as one picture: each way against NumPy, and colours that mean the same on the next picture."""

from __future__ import annotations

import numpy as np
import pytest

from convgui.engine.looking.together import TOGETHER, Basis, together

MAPS = np.random.default_rng(0).normal(size=(5, 4, 6)).astype(np.float32)


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        ("mean", MAPS.mean(axis=0)),
        ("max", MAPS.max(axis=0)),
        ("abs", np.abs(MAPS).sum(axis=0)),
        ("l2", np.linalg.norm(MAPS, axis=0)),
        ("argmax", np.abs(MAPS).argmax(axis=0)),
        ("select_max", MAPS[MAPS.sum(axis=(1, 2)).argmax()]),
    ],
)
def test_each_way_is_what_it_is_called(way, expected):
    np.testing.assert_allclose(together(MAPS, way), expected, rtol=1e-6)


@pytest.mark.parametrize("way", [name for name, way in TOGETHER.items() if way.make])
def test_values_that_are_not_finite_break_nothing(way):
    maps = MAPS.copy()
    maps[1, 0, 0], maps[2, 1, 1] = np.nan, np.inf
    assert together(maps, way).shape == (4, 6)


def test_components_are_those_of_the_covariance():
    flat = MAPS.reshape(5, -1).astype(np.float64)
    basis = Basis.of(MAPS)
    covariance = np.cov(flat, bias=True)
    for k in range(3):
        direction = basis.components[:, k]
        np.testing.assert_allclose(covariance @ direction, basis.spread[k] ** 2 * direction, atol=1e-9)
    assert (np.diff(basis.spread) <= 0).all()


def test_a_basis_gives_another_picture_the_colours_of_the_first():
    basis = Basis.of(MAPS)
    part = basis.colours(MAPS[:, 1:3, 2:5])
    assert (part == basis.colours(MAPS)[1:3, 2:5]).all()


@pytest.mark.parametrize("count", [1, 2])
def test_fewer_than_three_maps_have_colours_too(count):
    assert Basis.of(MAPS[:count]).colours(MAPS[:count]).shape == (4, 6, 3)


def test_a_picture_without_finite_values_has_a_basis():
    assert Basis.of(np.full((4, 2, 2), np.nan, np.float32)).colours(MAPS[:4]).shape == (4, 6, 3)
