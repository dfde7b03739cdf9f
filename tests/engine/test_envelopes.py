"""Envelopes: no peak of a long row is lost, at any zoom."""

import numpy as np
import pytest

from convgui.engine.looking.envelopes import Envelope, extremes

RANDOM = np.random.default_rng(0)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 1000, 4097])
@pytest.mark.parametrize("most", [1, 3, 50, 10_000])
def test_all_values_between_are_covered_and_nothing_is_invented(size, most):
    values = RANDOM.normal(size=size)
    envelope = Envelope(values)
    for first, last in ((0, size), (size * 0.3, size * 0.7), (-10, size + 10), (size - 1, size)):
        seen = envelope.between(first, last, most)
        if last <= first:
            continue
        inside = values[max(int(np.floor(first)), 0) : int(np.ceil(min(last, size)))]
        assert len(seen.at) <= max(most, 2) + 2
        assert seen.least.min() <= inside.min()
        assert seen.largest.max() >= inside.max()
        assert np.isin(np.append(seen.least, seen.largest), values).all()
        assert (seen.least <= seen.largest).all()


def test_few_values_are_returned_as_they_are():
    values = np.arange(10.0)
    seen = Envelope(values).between(2, 6, 100)
    assert seen.at.tolist() == [2, 3, 4, 5]
    assert np.array_equal(seen.least, seen.largest)
    assert seen.least.tolist() == [2, 3, 4, 5]


def test_one_peak_in_a_million_is_seen():
    values = np.zeros(1_000_000, np.float32)
    values[654_321] = -7
    seen = Envelope(values).between(0, len(values), 800)
    assert len(seen.at) <= 802
    assert seen.at[seen.least.argmin()] == pytest.approx(654_321, abs=2048)
    assert extremes([seen]) == (-7.0, 0.0)


def test_what_is_no_number_hides_nothing():
    values = np.array([np.nan, 1, np.nan, np.nan, np.inf, 2])
    seen = Envelope(values).between(0, 6, 3)
    assert seen.largest[0] == 1
    assert np.isnan(seen.largest[1])
    assert seen.largest[2] == np.inf
    assert extremes([seen]) == (1.0, 2.0)
    assert extremes([Envelope(np.full(4, np.nan)).between(0, 4, 2)]) is None
