"""What excites a filter: the strongest places of a map, whose fields do not overlap."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from convgui import assets
from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.activation import Activation
from convgui.engine.layers.conv import Conv
from convgui.engine.layers.pool import Pool
from convgui.engine.looking import excites as module
from convgui.engine.looking.excites import excites, field_box, spacing, strongest
from convgui.engine.network import Chain, evaluate
from convgui.engine.source import Source
from convgui.engine.strategies.tiles import Cancelled
from convgui.io.pictures.images import open_source
from convgui.io.recipe import read_recipe


@settings(deadline=None)
@given(
    values=arrays(np.float64, (7, 9), elements=st.integers(-5, 20)),
    count=st.integers(1, 12),
    apart=st.tuples(st.integers(1, 4), st.integers(1, 4)),
)
def test_each_is_the_largest_of_what_the_earlier_ones_leave(values, count, apart):
    found = strongest(values, count, apart)
    left = dict(np.ndenumerate(values))
    for one in found:
        assert one.value == values[one.row, one.col] == max(left.values())
        left = {
            (row, col): value
            for (row, col), value in left.items()
            if abs(row - one.row) >= apart[0] or abs(col - one.col) >= apart[1]
        }
    assert len(found) == count or not left or max(left.values()) == values.min()


def test_what_is_no_number_excites_nothing_and_neither_does_a_flat_map():
    values = np.array([[np.nan, 1.0, np.inf], [0.0, -np.inf, 2.0]])
    assert [one.value for one in strongest(values, 9)] == [np.inf, 2.0, 1.0, 0.0]
    assert strongest(np.zeros((4, 4)), 3) == [] and strongest(np.full((2, 2), np.nan), 3) == []


def test_fields_of_a_deep_chain_do_not_overlap():
    random = np.random.default_rng(0)
    conv = Conv(Kernel(random.normal(size=(3, 3))), padding="valid")
    layers = (conv, Activation("relu"), Pool("max"), conv, Pool("max"))
    chain = Chain(Source(random.normal(size=(120, 90))), layers=layers)
    assert spacing(chain, 5, 0) == (3, 3)  # fields of 10 pixels, every 4
    found = excites(chain, 5, 0, 8)
    boxes = [field_box(chain, 5, 0, one.row, one.col) for one in found]
    assert len(found) == 8 and found[0].value == evaluate(chain).max()
    for k, (top, left, high, wide) in enumerate(boxes):
        for other in boxes[:k]:
            assert abs(top - other[0]) >= high or abs(left - other[1]) >= wide


def test_in_bands_the_same_is_found(monkeypatch):
    source = Source(np.random.default_rng(1).normal(size=(60, 40)))
    chain = Chain(source, layers=(Conv(Kernel(np.ones((1, 1)))),))
    whole = excites(chain, 1, 0, 10)
    monkeypatch.setattr(module, "MOST", 500)
    told = []
    assert excites(chain, 1, 0, 10, progress=told.append) == whole
    assert told == sorted(told) and told[-1] == 1.0 and len(told) > 1


def test_the_face_excites_p_net_most():
    recipe = read_recipe(assets.network("p-net.json"))
    chain = Chain(open_source(str(assets.photo("astronaut.webp"))), recipe.reading, recipe.layers)
    first = excites(chain, len(chain.layers), 1, 5)[0]
    assert (first.row, first.col) == (4, 10) and first.value >= 0.9994


def test_it_can_be_cancelled():
    chain = Chain(Source(np.zeros((900, 900), np.float32)), layers=(Conv(Kernel(np.ones((3, 3)))),))
    with pytest.raises(Cancelled):
        excites(chain, 1, 0, cancelled=lambda: True)
