"""Where single values are far from all others, the histogram shows the others as finely as if these were not there."""

import numpy as np

from convgui.engine.looking.statistics import counts_between
from convgui.engine.network import evaluate


def test_most_values_are_counted_finely_and_exactly(user, tmp_path):
    values = np.random.default_rng(0).normal(size=(300, 400)).astype(np.float32)
    values[150, 200] = 1e6
    np.save(tmp_path / "spike.npy", values)
    user.open(tmp_path / "spike.npy")
    user.program.kernel.pick("identity")
    user.settle()
    histogram = user.window.display.histogram
    low, high = histogram.axis()
    assert high < 1e5
    shown = histogram.drawing().series[0]
    inside = (shown.x[1:] > low) & (shown.x[:-1] < high)
    assert inside.sum() > 50
    made = evaluate(user.state.looked_at)[0].astype(np.float64)
    assert histogram._closer[0].sum() == ((made >= low) & (made < high)).sum()
    assert sum(histogram.outside()) >= 1


def test_the_counts_are_those_of_the_values_between(user):
    made = evaluate(user.state.looked_at)[0].astype(np.float64)
    counts, below, above = counts_between(user.state.looked_at, 0, -0.5, 0.75)
    expected, _ = np.histogram(made, len(counts), (-0.5, 0.75))
    assert counts.sum() == ((made >= -0.5) & (made < 0.75)).sum()
    assert (below, above) == ((made < -0.5).sum(), (made >= 0.75).sum())
    assert np.abs(np.cumsum(counts) - np.cumsum(expected)).max() <= 3  # at an edge rounding may decide
