"""The slopes of the activation functions, against the functions themselves."""

import numpy as np
import pytest

from convgui.engine.layers.activations import ACTIVATIONS, activate
from convgui.engine.layers.slopes import SLOPES, slope

OTHERS = {
    "relu": ({"negative_slope": 0.2, "max_value": 2.0, "threshold": 0.5}, {"threshold": -1.0}, {"max_value": 1.0}),
    "leaky relu": ({"negative_slope": 1.5}, {"negative_slope": -0.5}),
    "hard sigmoid": ({"alpha": 0.2, "beta": 0.4}, {"alpha": -0.3}),
    "elu": ({"alpha": 2.0}, {"alpha": -0.5}),
    "celu": ({"alpha": 0.5},),
    "silu": ({"alpha": 1.7},),
    "gelu": ({"approximate": 0.0},),
    "hard shrink": ({"threshold": 1.25},),
    "soft shrink": ({"threshold": 1.25},),
    "shrink": ({"threshold": 1.25, "bias": 0.5},),
    "threshold": ({"threshold": -0.5, "default_value": 3.0},),
    "clip": ({"min_value": -0.75, "max_value": 1.5},),
    "squareplus": ({"b": 0.5}, {"b": 0.0}),
}
CASES = [(name, given) for name in ACTIVATIONS for given in ({}, *OTHERS.get(name, ()))]


def test_each_function_has_a_slope():
    assert set(SLOPES) == set(ACTIVATIONS)


@pytest.mark.parametrize(("name", "given"), CASES)
def test_the_slope_is_that_of_the_function(name, given):
    x, h = np.linspace(-7.03, 7.09, 613), 1e-5  # no kink of those above is one of these
    risen = (activate(x + h, name, given) - activate(x - h, name, given)) / (2 * h)
    np.testing.assert_allclose(slope(x, name, given), risen, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize(("name", "given"), CASES)
def test_far_out_a_slope_is_still_a_number(name, given):
    x = np.array([-1e6, -700.0, 700.0])
    assert np.isfinite(slope(x, name, given)[:2]).all()
    assert np.isfinite(slope(x, name, given)).all() or name == "exponential"


def test_at_a_kink_it_is_the_slope_of_the_side_below():
    zero = np.zeros(1)
    assert [slope(zero, name).item() for name in ("relu", "leaky relu", "abs", "elu")] == [0.0, 0.2, -1.0, 1.0]
    assert slope(np.array([6.0]), "relu6").item() == 1.0
