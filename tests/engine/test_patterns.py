"""Patterns: the article's grids exactly, and what each of the others promises."""

import numpy as np
import pytest

from convgui.engine.patterns import PATTERNS, pattern

ARTICLE = [0, 1, 0, 1, 1, 0]
IDS = [p.id for p in PATTERNS]


def test_the_articles_grids():
    assert pattern("article-1d").array.tolist() == [ARTICLE]
    assert pattern("article-2d").array.tolist() == [ARTICLE] * 6
    assert pattern("article-1d").sequence
    assert not pattern("article-2d").sequence


@pytest.mark.parametrize("id", IDS)
def test_values(id):
    source = pattern(id)
    assert source.array.dtype == np.float32
    assert np.isfinite(source.array).all()
    assert source.scale == 1
    if id == "toy-ramp":
        assert source.array.tolist() == [list(range(16))]
    else:
        assert 0 <= source.array.min() < source.array.max() <= 1
    assert np.array_equal(source.array, pattern(id).array)


@pytest.mark.parametrize("known", PATTERNS, ids=IDS)
def test_names_and_sizes(known):
    source = pattern(known.id)
    assert source.name == known.label
    assert known.text.endswith(".")
    assert source.toy == known.toy
    assert max(source.rows, source.cols) <= 16 if known.toy else max(source.rows, source.cols) == 512


def test_names_are_unique():
    assert len(set(IDS)) == len({p.label for p in PATTERNS}) == len(PATTERNS)


@pytest.mark.parametrize("id", ["toy-impulse", "impulse", "toy-pulse"])
def test_an_impulse_is_a_single_one(id):
    array = pattern(id).array
    assert (array.sum(), array.max()) == (1, 1)


@pytest.mark.parametrize("id", ["toy-edge", "edge", "toy-steps"])
def test_an_edge_is_dark_at_the_left(id):
    array = pattern(id).array
    half = array.shape[1] // 2
    assert not array[:, :half].any()
    assert (array[:, half:] == 1).all()


def test_a_ramp_rises_evenly():
    assert np.diff(pattern("ramp").array.astype(float), axis=1) == pytest.approx(1 / 511, abs=1e-6)


@pytest.mark.parametrize(("quarter", "angle"), [((0, 0), 0), ((0, 1), 45), ((1, 0), 90), ((1, 1), 135)])
def test_each_quarter_of_the_gratings_has_its_direction(quarter, angle):
    top, left = (256 * n for n in quarter)
    part = pattern("gratings").array[top : top + 252, left : left + 252]
    spectrum = np.abs(np.fft.fft2(part - part.mean()))
    down, right = (f - 252 if f > 126 else f for f in np.unravel_index(spectrum.argmax(), spectrum.shape))
    assert np.rad2deg(np.arctan2(-down, right)) % 180 == pytest.approx(angle, abs=3)
    assert 252 / np.hypot(down, right) == pytest.approx(12, rel=0.03)


def test_an_unknown_pattern_is_refused():
    with pytest.raises(ValueError, match=r"article-1d.*received 'mandrill'"):
        pattern("mandrill")
