"""Resizing with Pillow's filters: the same numbers as Pillow, traced to the cells they are made of."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from convgui.engine.layers.base import Shape
from convgui.engine.layers.filtered import FILTERS
from convgui.engine.layers.resize import Resize
from convgui.engine.looking.explain import explain
from convgui.engine.network import Chain, evaluate
from convgui.engine.reading import Reading
from convgui.engine.source import Source
from convgui.engine.strategies.tiles import Window

SIZES = [
    ((40, 61), (7, 13)),
    ((9, 5), (23, 31)),
    ((64, 64), (64, 20)),
    ((1, 17), (1, 4)),
    ((33, 20), (33, 20)),
    ((5, 4), (1, 1)),
]


def photo(rows, cols):
    return np.random.default_rng(rows * 100 + cols).normal(size=(rows, cols)).astype(np.float32)


@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize(("shape", "size"), SIZES)
def test_equals_pillow(name, shape, size, compiled):
    x = photo(*shape)
    pillow = Image.fromarray(x).resize(size[::-1], Image.Resampling[name])
    made = evaluate(Chain(Source(x), Reading("each channel", size=size, filter=name)), upto=0)[0]
    np.testing.assert_allclose(made, np.asarray(pillow), atol=2e-6)


@pytest.mark.parametrize("name", FILTERS)
def test_a_part_has_the_same_bits_as_the_whole(name, compiled):
    chain = Chain(Source(photo(50, 70)), layers=(Resize(size=(21, 100), method=name),))
    whole = evaluate(chain)
    part = evaluate(chain, Window(3, 40, 9, 31))
    assert (whole[:, 3:12, 40:71] == part).all()
    assert (evaluate(chain, step=3) == whole[:, ::3, ::3]).all()


@pytest.mark.parametrize("name", FILTERS)
def test_a_value_is_explained_by_the_cells_that_it_is_made_of(name, compiled):
    chain = Chain(Source(photo(20, 24)), layers=(Resize(size=(6, 50), method=name),))
    found = explain(chain, 1, 0, 3, 30)
    assert found.value == pytest.approx(float(evaluate(chain)[0, 3, 30]), abs=1e-5)
    rows, cols = chain.bounds[0].reads(3, 30)
    for row in rows:
        for col in cols:
            down, across = chain.bounds[0].readers(int(row), int(col))
            assert 3 in down and 30 in across


def test_infinity_stays_where_it_is_read(compiled):
    x = np.zeros((8, 8), np.float32)
    x[0, 0] = np.inf
    made = evaluate(Chain(Source(x), layers=(Resize(size=(4, 4), method="BOX"),)))[0]
    assert np.isinf(made[0, 0]) and (made[1:] == 0).all() and (made[0, 1:] == 0).all()


@pytest.mark.parametrize(
    ("fit", "shape", "size"), [("crop", (30, 60), (10, 10)), ("letterbox", (30, 60), (10, 10)), ("crop", (7, 5), (9, 4))]
)
def test_other_proportions_are_cut_or_padded_around_the_middle(fit, shape, size, compiled):
    x = np.ones(shape, np.float32)
    made = evaluate(Chain(Source(x), Reading("each channel", size=size, fit=fit, filter="BILINEAR")), upto=0)[0]
    assert made.shape == size
    if fit == "crop":
        np.testing.assert_allclose(made, 1, atol=1e-6)
    else:
        inside = np.flatnonzero(made.any(axis=1))
        assert len(inside) == 5 and inside[0] in (2, 3)


def test_a_factor_multiplies_both_sides(compiled):
    assert Chain(Source(np.zeros((512, 300), np.float32)), Reading(factor=0.12)).shape(0) == Shape(1, 61, 36)
    with pytest.raises(ValueError, match="factor above 0"):
        Reading(factor=0.0)
    with pytest.raises(ValueError, match="a size or a factor"):
        Reading(factor=0.5, size=(3, 3))
