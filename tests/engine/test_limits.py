"""Limits: finite and in order whatever the map holds; the statistics of a map that is never held as a whole."""

import numpy as np
import pytest

from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.conv import Conv
from convgui.engine.looking.limits import MODES, Limits, limits_of
from convgui.engine.looking.statistics import output_statistics, statistics_of
from convgui.engine.network import evaluate
from convgui.engine.source import Source
from tests.single import chain_of

pytestmark = pytest.mark.usefixtures("compiled")

HARD = {
    "all NaN": [np.nan, np.nan],
    "all infinite": [np.inf, -np.inf],
    "constant": [3.0, 3.0],
    "zero": [0.0, 0.0],
    "constant negative": [-2.0, -2.0],
    "huge": [3e38, -3e38],
    "denormal": [1e-45, -1e-45],
    "one": [1.0],
}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("values", HARD.values(), ids=HARD.keys())
def test_limits_are_finite_and_in_order(mode, values):
    low, high = limits_of(Limits(mode), statistics_of(np.array([values], np.float32)))
    assert np.isfinite([low, high]).all()
    assert low < high
    assert np.isfinite(high - low)


def test_auto_is_symmetric_for_signed_maps_and_whole_for_others():
    signed = statistics_of(np.linspace(-1, 3, 1000, dtype=np.float32).reshape(10, 100))
    low, high = limits_of(Limits(), signed)
    assert low == -high
    assert 2.9 < high <= 3
    positive = statistics_of(np.array([[1, 4]], np.float32))
    assert limits_of(Limits(), positive) == (1, 4)


def test_modes():
    known = statistics_of(np.array([[-1, 0, 4]], np.float32))
    assert limits_of(Limits("min-max"), known) == (-1, 4)
    assert limits_of(Limits("symmetric"), known) == (-4, 4)
    assert limits_of(Limits("fixed", low=-2, high=2), known) == (-2, 2)
    assert limits_of(Limits("auto"), known, picture=(0, 1)) == (0, 1)
    with pytest.raises(ValueError, match="received 'best'"):
        Limits("best")


def test_percentile_leaves_outliers_out():
    values = np.zeros((100, 100), np.float32)
    values[0, 0] = 1000
    values[:, 1:] = np.linspace(0, 1, 9900).reshape(100, 99)
    low, high = limits_of(Limits("percentile", percent=99), statistics_of(values))
    assert high < 2
    assert low <= 0.5


def test_the_statistics_of_a_large_map_are_those_of_its_values():
    random = np.random.default_rng(0)
    source = Source(random.integers(0, 256, (900, 1000)).astype(np.uint8), 1 / 255)
    layers = [Conv(Kernel(random.normal(size=(3, 3))))]
    values = evaluate(chain_of(layers, source))[0]
    known = output_statistics(chain_of(layers, source), 0)
    assert (known.low, known.high) == (values.min(), values.max())
    assert known.finite == values.size
    assert known.counts.sum() == values.size
    assert known.magnitude(99) == pytest.approx(np.percentile(np.abs(values), 99), rel=0.01)
    assert known.percentile(30) == pytest.approx(np.percentile(values, 30), abs=0.02)


def test_values_that_are_not_finite_are_counted():
    values = np.ones((700, 800), np.float32)
    values[3, 5] = np.nan
    known = output_statistics(chain_of([Conv(Kernel([[1.0]]))], Source(values)), 0)
    assert (known.finite, known.other) == (values.size - 1, 1)
