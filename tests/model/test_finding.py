"""What is found of what is pointed at, on any thread; which cell below contributes most; the photo's part of it."""

import pickle

import numpy as np
import pytest

from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.activation import Activation
from convgui.engine.layers.conv import Conv
from convgui.engine.layers.pad import Pad
from convgui.engine.layers.pool import Pool
from convgui.engine.layers.resize import Resize
from convgui.engine.layers.softmax import Softmax
from convgui.engine.looking.fields import receptive_field
from convgui.engine.network import evaluate
from convgui.engine.reading import Reading
from convgui.engine.source import Source
from convgui.engine.strategies.tiles import Cancelled
from convgui.model.descend import goes_down, layer_below, looking_below, origin_of
from convgui.model.finding import FindRequest, find, is_found_at_once
from convgui.model.pointed import Pointed, input_cell_at, pixel_middle, pixel_rect
from convgui.model.provenance import field_rects
from convgui.model.state import Display, State

RANDOM = np.random.default_rng(4)
PHOTO = Source(RANDOM.random((24, 30, 3)).astype(np.float32))


class Token:
    """A worker's token."""

    def __init__(self, cancelled=False):
        self._cancelled = cancelled

    def cancelled(self):
        return self._cancelled


def bank(rows, cols, inputs, filters):
    return Kernel(RANDOM.normal(size=(rows, cols, inputs, filters)))


def state_of(*layers, source=PHOTO, looked=-1, **display):
    return State(source, Reading("each channel"), layers, looked, Display(**display))


FIRST = Conv(bank(3, 3, 3, 4), padding="same")
CHAINS = {
    "pool": (FIRST, Pool("max")),
    "mean": (FIRST, Pool("mean", size=(3, 3), padding="same")),
    "convolution": (FIRST, Activation("relu"), Conv(bank(3, 3, 4, 2), border="wrap", padding="same")),
    "dilated": (FIRST, Conv(bank(2, 3, 4, 2), dilation=(3, 2), stride=(2, 1))),
    "resize": (FIRST, Resize(scale=(1.5, 1.5), method="bilinear")),
    "softmax": (FIRST, Softmax()),
    "edge": (FIRST, Pad((3, 3), (2, 2), border="reflect")),
    "function": (FIRST, Pool("mean"), Activation("elu")),
}


@pytest.mark.parametrize("layers", CHAINS.values(), ids=CHAINS)
@pytest.mark.parametrize("pointed", [Pointed(cell=(2, 3)), Pointed(pixel=(4, 5)), Pointed(cell=(0, 0))])
def test_a_request_travels_and_finds_the_same(layers, pointed):
    state = state_of(*layers)
    assert not is_found_at_once(state, pointed)
    there = pickle.loads(pickle.dumps(FindRequest(state, pointed)))
    found, here = there(Token()), find(state, pointed)
    assert (found.value, found.over) == (here.value, here.over)
    assert (found.made is None, found.uses is None) == (here.made is None, here.uses is None)
    if pointed.cell is not None:
        assert here.over == pytest.approx(float(evaluate(state.looked_at)[0][pointed.cell]), abs=1e-5)


def test_a_request_that_nobody_wants_ends():
    with pytest.raises(Cancelled):
        FindRequest(state_of(FIRST, Pool("max", size=None)), Pointed(cell=(0, 0)))(Token(cancelled=True))


def test_a_convolution_of_the_picture_is_found_at_once_and_nothing_of_a_layer_is():
    cell = Pointed(cell=(1, 1))
    assert is_found_at_once(state_of(FIRST), cell) and is_found_at_once(state_of(FIRST, Activation("relu")), cell)
    assert is_found_at_once(state_of(FIRST, Pool("max")), Pointed())
    assert not is_found_at_once(state_of(Pool("max")), cell)


@pytest.mark.parametrize("layers", CHAINS.values(), ids=CHAINS)
@pytest.mark.parametrize("cell", [(0, 0), (5, 6)])
def test_without_the_cell_below_the_value_changes_most(layers, cell):
    """The cell that is gone to has the value that is named, and no other cell has a larger part."""
    state = state_of(*layers)
    found = find(state, Pointed(cell=cell))
    origin = origin_of(found)
    index, below = looking_below(state, origin)
    assert index == layer_below(state) == below.looked and below.map == origin.map
    value = float(evaluate(below.looked_at)[origin.map][origin.row, origin.col])
    if found.explanation is not None:
        e = found.explanation
        at = np.unravel_index(np.abs(e.products).argmax(), e.products.shape)
        assert e.patch[at] == pytest.approx(value, abs=1e-5) or abs(e.products[at]) == 0
    else:
        cells = {(c.map, c.row, c.col): c for c in found.made.cells}
        assert cells[origin].value == pytest.approx(value, abs=1e-5)


@pytest.mark.parametrize("border", ["zeros", "replicate", "reflect", "symmetric", "wrap"])
def test_what_lies_outside_leads_to_the_cell_that_it_repeats(border):
    weights = np.zeros((3, 3))
    weights[0, 0] = 1.0
    source = Source(np.arange(1.0, 26.0, dtype=np.float32).reshape(5, 5))
    state = State(source, Reading(), (Conv(Kernel(weights), padding="same", border=border),))
    found = find(state, Pointed(cell=(0, 0)))
    origin = origin_of(found)
    if border == "zeros":
        assert 0 <= origin.row < 5 and 0 <= origin.col < 5 and found.over == 0
    else:
        assert source.cube[origin.row, origin.col, 0] == found.over


def test_a_single_layer_goes_nowhere():
    assert not goes_down(state_of(FIRST)) and not goes_down(state_of(FIRST, Activation("relu"), looked=0))
    assert goes_down(state_of(FIRST, Pool("max"))) and goes_down(state_of(FIRST, Pool("max"), looked=0))
    assert origin_of(find(state_of(FIRST), Pointed())) is None


@pytest.mark.parametrize("layers", CHAINS.values(), ids=CHAINS)
@pytest.mark.parametrize("cell", [(0, 0), (5, 6)])
def test_the_frames_on_the_photo_hold_the_receptive_field_and_nothing_else(layers, cell):
    state = state_of(*layers, photo=True)
    found = find(state, Pointed(cell=cell))
    wanted = receptive_field(state.chain, len(layers), 0, *cell)
    rows, cols = state.input.place
    held = np.zeros((24, 30), bool)
    for left, top, wide, high in field_rects(state.input, *found.field):
        x, y = float(cols.origin) + left * float(cols.pitch), float(rows.origin) + top * float(rows.pitch)
        right, bottom = x + wide * float(cols.pitch), y + high * float(rows.pitch)
        held[round(y) : round(bottom), round(x) : round(right)] = True
    assert np.array_equal(
        np.argwhere(held), np.argwhere(np.isin(np.arange(24), wanted.rows)[:, None] & np.isin(np.arange(30), wanted.cols))
    )


@pytest.mark.parametrize("layers", CHAINS.values(), ids=CHAINS)
def test_a_pixel_of_the_photo_is_where_it_is_drawn(layers):
    state = state_of(*layers, photo=True)
    for pixel in ((0, 0), (11, 17), (23, 29)):
        assert input_cell_at(state, *pixel_middle(state, pixel)) == pixel
        assert pixel_rect(state, pixel)[2:] == pytest.approx([1 / float(place.pitch) for place in state.input.place[::-1]])
    found = find(state, Pointed(pixel=(11, 17)))
    assert found.readers[0].size and found.value == pytest.approx(float(PHOTO.array[11, 17, 0]), abs=1e-6)


def test_a_pixel_changes_exactly_the_cells_that_are_marked():
    layers = CHAINS["dilated"]
    state = state_of(*layers, photo=True)
    found = find(state, Pointed(pixel=(11, 17)))
    before = evaluate(state.looked_at)[0]
    array = PHOTO.array.copy()
    array[11, 17] += 1.0
    after = evaluate(state_of(*layers, source=Source(array)).looked_at)[0]
    rows, cols = np.nonzero(before != after)
    assert set(rows) == set(found.readers[0]) and set(cols) == set(found.readers[1])
