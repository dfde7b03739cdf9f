"""Pools whose patches are too large for one piece, in a chain: strip by strip on all cores, with a cancel that works."""

import numpy as np
import pytest

from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers import parts, pooling
from convgui.engine.layers.activation import Activation
from convgui.engine.layers.affine import Affine
from convgui.engine.layers.conv import Conv
from convgui.engine.layers.pool import Pool
from convgui.engine.layers.softmax import Softmax
from convgui.engine.network import Chain, evaluate
from convgui.engine.reading import Reading
from convgui.engine.source import Source
from convgui.engine.strategies.tiles import Cancelled

pytestmark = pytest.mark.usefixtures("compiled")
RANDOM = np.random.default_rng(0)
BANK = Conv(Kernel(RANDOM.standard_normal((3, 3, 3, 4)).astype(np.float32)))
LATER = {"last": (), "point-wise": (Activation("relu"), Affine((2.0,), (1.0,))), "over maps": (Softmax(),)}


def chain(reduce, later, size=None):
    photo = RANDOM.integers(0, 255, (300, 700, 3), dtype=np.uint8)
    layers = (BANK, Activation("relu"), Pool(reduce, size=size), *later)
    return Chain(Source(photo), Reading(colour="each channel"), layers)


@pytest.fixture
def small_pieces(monkeypatch):
    """Take patches for large that are not, so that the tests are quick."""
    for module in (parts, pooling):
        monkeypatch.setattr(module, "MOST_PULLED", 60_000)


@pytest.mark.parametrize("reduce", ["max", "mean"])
@pytest.mark.parametrize("later", LATER)
@pytest.mark.parametrize("size", [None, (150, 200)])
def test_values_are_those_of_whole_layers(small_pieces, reduce, later, size):
    made = chain(reduce, LATER[later], size)
    found = evaluate(made)
    values = evaluate(made, upto=2).astype(np.float64)
    for bound in made.bounds[2:]:
        values = bound.reference(values)
    np.testing.assert_allclose(found, values, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("size", [None, (150, 200)])
def test_any_maps_in_any_order_have_the_same_bits(small_pieces, size):
    whole = evaluate(chain_ := chain("mean", LATER["point-wise"], size))
    again = Chain(chain_.source, chain_.reading, chain_.layers)
    np.testing.assert_array_equal(evaluate(again, maps=[3, 1]), whole[[3, 1]])
    np.testing.assert_array_equal(evaluate(Chain(chain_.source, chain_.reading, chain_.layers), step=2), whole[:, ::2, ::2])


def test_a_large_patch_reports_progress_and_can_be_cancelled(small_pieces):
    told = []
    evaluate(chain("max", ()), progress=told.append)
    assert len(told) > 1 and told == sorted(told) and told[-1] == 1
    asked = []

    def after_two():
        asked.append(None)
        return len(asked) > 2

    with pytest.raises(Cancelled):
        evaluate(chain("max", LATER["over maps"]), cancelled=after_two)
    assert len(asked) <= 6
