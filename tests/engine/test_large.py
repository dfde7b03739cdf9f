"""A picture that is read in parts gives the bits that it gives in memory, and is never read as a whole."""

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convgui.engine import large as parts
from convgui.engine.kernels.catalogue import make
from convgui.engine.kernels.kernel import Kernel
from convgui.engine.large import Outside
from convgui.engine.layers.activation import Activation
from convgui.engine.layers.affine import Affine
from convgui.engine.layers.base import Needs
from convgui.engine.layers.border import BORDERS
from convgui.engine.layers.conv import Conv
from convgui.engine.layers.pad import Pad
from convgui.engine.layers.pool import Pool
from convgui.engine.layers.resize import Resize
from convgui.engine.looking.explain import explain
from convgui.engine.network import Chain, evaluate, in_parts, pull
from convgui.engine.reading import Reading, bgr, standardised
from convgui.engine.source import Source
from convgui.engine.strategies.tiles import Cancelled, Window
from tests.stores import large

pytestmark = pytest.mark.usefixtures("compiled")

RANDOM = np.random.default_rng(7)
BYTES = RANDOM.integers(0, 256, (700, 900, 3), np.uint8)
FLOATS = RANDOM.normal(size=(640, 1030)).astype(np.float32)
WORDS = RANDOM.integers(0, 65536, (500, 600), np.uint16)


def weights(*shape):
    return Kernel(np.random.default_rng(sum(shape)).normal(size=shape))


CHAINS = {
    "a bank, ReLU, a pool, a bank": (
        Conv(weights(3, 3, 1, 12)),
        Activation("relu"),
        Pool("max", (2, 2)),
        Conv(weights(3, 3, 12, 4)),
    ),
    "transforms": (Conv(weights(41, 41)),),
    "transforms, ReLU": (Conv(weights(35, 61), border="reflect"), Activation("relu")),
    "two passes": (Conv(make("gaussian", size=31, sigma=5)),),
    "a stride, a dilation": (Conv(weights(5, 4), stride=(3, 2), dilation=(2, 3)), Conv(weights(3, 3))),
    "one for one": (Conv(weights(3, 3)), Affine((2.0,), (1.0,))),
    "a pool of large patches": (Pool("mean", (60, 80)),),
    "resized": (Resize(scale=(0.37, 0.61), method="bilinear"), Conv(weights(3, 3))),
    "padded": (Pad((3, 5), (2, 9), border="reflect"), Conv(weights(7, 7), padding="valid")),
    "a row": (Conv(weights(1, 45)), Conv(weights(45, 1))),
}


@pytest.fixture(autouse=True)
def in_small_parts(monkeypatch):
    monkeypatch.setattr(parts, "ROWS", 32)
    monkeypatch.setattr(parts, "COLS", 64)
    monkeypatch.setattr(in_parts, "MOST", 1_000_000)


def both(array, layers, reading=None):
    reading = reading or Reading()
    in_memory = Source(array, large(array).scale, sequence=False)
    return Chain(in_memory, reading, layers), Chain(large(array), reading, layers)


@pytest.mark.parametrize("layers", CHAINS.values(), ids=CHAINS)
@pytest.mark.parametrize("array", [BYTES, FLOATS, WORDS], ids=["bytes", "floats", "words"])
def test_the_bits_are_those_of_the_picture_in_memory(layers, array):
    whole, read = both(array, layers)
    wanted = evaluate(whole)

    assert (evaluate(read) == wanted).all()

    window = Window(wanted.shape[1] // 3, wanted.shape[2] // 4, wanted.shape[1] // 2, wanted.shape[2] // 2)
    assert (evaluate(read, window) == evaluate(whole, window)).all()
    assert (evaluate(read, window, 3, strongest=True) == evaluate(whole, window, 3, strongest=True)).all()
    assert (evaluate(read, window, 5) == evaluate(whole, window, 5)).all()


@pytest.mark.parametrize("border", BORDERS)
def test_all_borders_are_those_of_the_whole_picture(border):
    for kernel in (weights(3, 5), weights(33, 33)):
        whole, read = both(WORDS[:320, :384], (Conv(kernel, padding="full", border=border, constant=0.25),))
        assert (evaluate(read) == evaluate(whole)).all()


@pytest.mark.parametrize(
    "reading",
    [
        Reading("each channel"),
        bgr(),
        standardised((0.4, 0.5, 0.6), (0.2, 0.3, 0.4)),
        Reading(size=(200, 333)),
        Reading("custom", matrix=tuple(tuple(row) for row in np.eye(3).repeat(4, axis=0).tolist())),
    ],
    ids=["each channel", "BGR", "standardised", "resized", "many planes"],
)
def test_all_readings_are_those_of_the_whole_picture(reading):
    whole, read = both(BYTES[:400, :500], (Conv(weights(3, 3)), Activation("tanh")), reading)
    assert (evaluate(read) == evaluate(whole)).all()
    assert (evaluate(read, upto=0) == evaluate(whole, upto=0)).all()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_any_window_of_any_convolution_is_the_same(seed):
    random = np.random.default_rng(seed)
    kernel = Kernel(random.normal(size=random.integers(1, 48, 2)))
    layer = Conv(
        kernel,
        padding=["same", "full", "valid"][random.integers(3)],
        border=BORDERS[random.integers(4)],  # wrap may ask for both ends of the picture
        stride=tuple(random.integers(1, 3, 2).tolist()),
        dilation=tuple(random.integers(1, 3, 2).tolist()),
    )
    whole, read = both(FLOATS[:300, :420] if random.integers(2) else BYTES[:300, :420], (layer,))
    _, rows, cols = whole.shape(1)
    top, left = int(random.integers(rows)), int(random.integers(cols))
    window = Window(top, left, int(random.integers(1, rows - top + 1)), int(random.integers(1, cols - left + 1)))
    step = int(random.integers(1, 5))
    assert (evaluate(read, window, step) == evaluate(whole, window, step)).all()


def test_only_what_is_needed_is_read_and_once():
    _, read = both(BYTES, (Conv(weights(3, 3)),))
    store = read.source.store
    evaluate(read, Window(300, 400, 20, 30))
    asked = store.cells
    assert 0 < asked < BYTES.shape[0] * BYTES.shape[1] / 20

    edited = Chain(read.source, read.reading, (Conv(weights(5, 5)),))
    evaluate(edited, Window(302, 402, 10, 10))
    assert store.cells == asked, "an edit does not read again what is held"


def test_the_definition_reads_single_cells(compiled):
    whole, read = both(BYTES, (Conv(weights(5, 5), border="wrap"), Activation("relu")))
    for row, col in ((0, 0), (350, 450), (699, 899)):
        wanted, found = explain(whole, 2, 0, row, col), explain(read, 2, 0, row, col)
        assert found.value == wanted.value
        assert (found.products == wanted.products).all()


def test_cells_of_a_layer_below_are_pulled():
    whole, read = both(BYTES, (Conv(weights(3, 3)), Conv(weights(3, 3))))
    needs = Needs(np.array([0]), range(100, 120), range(300, 340))
    assert (pull(read, 1, needs).values == pull(whole, 1, needs).values).all()


def test_what_reads_more_than_can_be_held_says_so(monkeypatch):
    _, read = both(FLOATS, (Pool("max", None),))
    with pytest.raises(ValueError, match=r"reads 659,200 cells of slide\.tif, more than is held"):
        evaluate(read)


def test_a_cell_that_a_part_does_not_hold_is_never_read():
    part = large(BYTES).holding(range(100, 110), range(200, 210))
    with pytest.raises(Outside):
        part.part(range(0, 3), range(200, 210))
    with pytest.raises(Outside):
        evaluate(Chain(part, layers=(Conv(weights(3, 3)),)), Window(0, 0, 5, 5))


def test_a_read_can_be_cancelled():
    _, read = both(BYTES, (Conv(weights(3, 3)),))
    with pytest.raises(Cancelled):
        evaluate(read, cancelled=lambda: True)


def test_it_travels_without_what_it_holds():
    source = large(BYTES, factors=(4,))
    source.holding(range(10), range(10))
    again = pickle.loads(pickle.dumps(source))
    assert again.shape == source.shape
    assert (again.part(range(5, 8), range(3, 9)) == BYTES[5:8, 3:9]).all()


def test_its_array_is_never_taken_for_cells():
    source = large(BYTES)
    with pytest.raises(ValueError, match=r"Expected a picture in memory, received slide\.tif, which is larger\."):
        _ = source.cube
