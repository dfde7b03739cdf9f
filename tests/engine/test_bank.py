"""Facts of banks: what is dead, what is nearly twice there, and which way the waves of a filter go."""

from __future__ import annotations

import numpy as np
import pytest

from convgui.engine.kernels.bank import ORDERS, bank_facts, order_of


def wave(angle, frequency, side=9):
    """Return a wave that goes to this direction, in degrees from the right downwards."""
    y, x = np.mgrid[:side, :side] - side // 2
    along = x * np.cos(np.radians(angle)) + y * np.sin(np.radians(angle))
    return np.cos(2 * np.pi * frequency * along) * np.exp(-(x**2 + y**2) / 12)


@pytest.mark.parametrize("angle", [0, 30, 45, 90, 120, 150])
def test_the_direction_of_a_wave_is_found(angle):
    found = bank_facts(wave(angle, 0.25)[:, :, None, None]).direction[0]
    assert min(abs(found - angle), 180 - abs(found - angle)) < 4


def test_finer_waves_have_higher_frequencies():
    bank = np.stack([wave(20, f) for f in (0.15, 0.3, 0.2)], axis=-1)[:, :, None]
    facts = bank_facts(bank)
    assert order_of("frequency", facts, np.zeros(3)).tolist() == [1, 2, 0]


def test_a_filter_of_nothing_is_dead_and_like_no_other():
    bank = np.random.default_rng(0).normal(size=(3, 3, 2, 5))
    bank[..., 2] = bank[..., 4] = 0
    facts = bank_facts(bank)
    assert facts.dead.tolist() == [False, False, True, False, True]
    assert (facts.like == -1).all() and facts.zeros[2] == 1


def test_near_duplicates_are_found_whatever_their_size_and_sign():
    rng = np.random.default_rng(1)
    bank = rng.normal(size=(3, 3, 3, 6))
    bank[..., 3] = 2 * bank[..., 1] + 0.01 * rng.normal(size=(3, 3, 3))
    bank[..., 5] = -bank[..., 0]
    assert bank_facts(bank).like.tolist() == [-1, -1, -1, 1, -1, 0]


def test_all_zero_and_flat_banks_have_facts():
    for bank in (np.zeros((3, 3, 1, 4)), np.ones((3, 3, 1, 4)), np.ones((1, 1, 2, 3)), np.ones((1, 5, 1, 1))):
        facts = bank_facts(bank)
        assert np.isfinite(facts.direction).all() and np.isfinite(facts.frequency).all()


@pytest.mark.parametrize("by", ORDERS)
def test_every_order_has_each_map_once(by):
    bank = np.random.default_rng(2).normal(size=(5, 5, 3, 7))
    strength = np.array([1, np.nan, 3, 2, 0, np.nan, 5.0])
    for facts in (None, bank_facts(bank)):
        assert sorted(order_of(by, facts, strength).tolist()) == list(range(7))
    assert order_of("strength", None, strength).tolist()[:4] == [6, 2, 3, 0]
