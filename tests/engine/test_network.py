"""Chains: pulled by windows or computed whole, every layer by its definition; what reads what, and where cells lie."""

import gc
import pickle
from fractions import Fraction
from weakref import ref

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.activation import Activation
from convgui.engine.layers.affine import Affine
from convgui.engine.layers.base import Needs
from convgui.engine.layers.border import BORDERS
from convgui.engine.layers.conv import Conv
from convgui.engine.layers.pad import Pad
from convgui.engine.layers.pool import Pool
from convgui.engine.layers.resize import Resize
from convgui.engine.layers.softmax import Softmax
from convgui.engine.looking.fields import readers, receptive_field
from convgui.engine.network import Chain, evaluate, pull
from convgui.engine.network.cache import KEPT, kept
from convgui.engine.network.wanted import Wanted
from convgui.engine.reading import Reading, bgr, standardised
from convgui.engine.source import Source
from convgui.engine.strategies import jit
from convgui.engine.strategies.tiles import Window
from tests.chains import definition, planes_of
from tests.waiting import wait_for

pytestmark = pytest.mark.usefixtures("compiled")


def pick(random, *choices):
    return choices[int(random.integers(len(choices)))]


def conv(random, maps):
    size = tuple(random.integers(1, 6, 2).tolist())
    bank, groups = bool(random.integers(2)), 1
    if bank:
        groups = maps if random.integers(3) == 0 else 1
        shape = (*size, maps // groups, groups * int(random.integers(1, 3)) if groups > 1 else int(random.integers(1, 12)))
    else:
        shape = size
    return Conv(
        Kernel(random.normal(size=shape) / np.sqrt(np.prod(shape[:3]))),
        padding=pick(random, "same", "full", "valid", ((2, 0), (1, 3))),
        border=pick(random, *BORDERS),
        constant=pick(random, 0.0, 0.75),
        stride=tuple(random.integers(1, 3, 2).tolist()),
        dilation=tuple(random.integers(1, 3, 2).tolist()),
        groups=groups,
        bias=(float(random.normal()),),
        flip=bool(random.integers(2)),
    )


def layer(random, maps):
    """Return a layer of any kind, with any settings."""
    kind = int(random.integers(12))
    if kind < 5:
        return conv(random, maps)
    pads = pick(random, "valid", "same", ((1, 0), (0, 1)))
    return {
        5: lambda: Activation(pick(random, "relu", "tanh", "elu", "gelu", "abs")),
        6: lambda: Pool(
            pick(random, "max", "mean"),
            pick(random, (2, 2), (3, 2), (2, 3)),
            stride=pick(random, None, (1, 1), (2, 3)),
            padding=pads,
            ceil=bool(random.integers(2)),
        ),
        7: lambda: Affine(tuple(random.normal(size=maps).tolist()), (float(random.normal()),)),
        8: lambda: Pad(tuple(random.integers(0, 4, 2).tolist()), (1, 2), border=pick(random, *BORDERS), constant=0.5),
        9: lambda: Resize(
            scale=pick(random, (2.0, 2.0), (0.5, 1.5), (1.0, 3.0)), method=pick(random, "nearest", "bilinear")
        ),
        10: lambda: Softmax(),
        11: lambda: Activation("prelu", slopes=random.random((1, 1, maps)).astype(np.float32), on=bool(random.integers(2))),
    }[kind]()


def random_chain(seed, most=5):
    random = np.random.default_rng(seed)
    channels = int(random.integers(1, 4))
    shape = (*random.integers(4, 40, 2).tolist(), channels)
    photo = pick(random, True, False)
    array = random.integers(0, 256, shape).astype(np.uint8) if photo else random.normal(size=shape).astype(np.float32)
    reading = pick(
        random,
        Reading(pick(random, "luminance", "each channel", "sum")),
        bgr(channels),
        standardised((0.4,) * channels, (0.25,) * channels),
        Reading("each channel", size=(int(random.integers(4, 30)), 17)),
    )
    chain = Chain(Source(array, 1 / 255 if photo else 1.0), reading)
    for _ in range(int(random.integers(1, most + 1))):
        longer = Chain(chain.source, reading, (*chain.layers, layer(random, chain.shape(len(chain.layers)).maps)))
        if longer.fault is None and np.prod(longer.shape(len(longer.layers))) < 60_000:
            chain = longer
    return chain, random


def within_the_bound(chain):
    """Whether each layer's output is the definition's, applied to what the engine has of the layer below."""
    below = evaluate(chain, upto=0)
    assert np.allclose(below, planes_of(chain), rtol=1e-5, atol=1e-5)
    for n, bound in enumerate(chain.bounds, 1):
        x, found = below.astype(np.float64), evaluate(chain, upto=n)
        expected, spread = bound.reference(x), magnitude(bound, x)
        assert found.shape == expected.shape
        assert (np.abs(found - expected) <= 1e-5 * spread + 1e-6).all(), bound.layer
        below = found


def magnitude(bound, x):
    """Return the sum of the magnitudes of all that is added for each output."""
    if isinstance(bound.layer, Conv):
        conv = bound.layer
        positive = Conv(
            Kernel(np.abs(conv.kernel.weights)),
            **{name: getattr(conv, name) for name in ("padding", "border", "stride", "dilation", "groups", "flip")},
            constant=abs(conv.constant),
            bias=tuple(abs(bias) for bias in conv.bias),
        )
        return positive.bind(bound.input).reference(np.abs(x))
    if isinstance(bound.layer, Affine):
        return np.abs(bound.reference(x)) + np.abs(bound.reference(np.zeros_like(x))) * 2
    return np.abs(x).max(initial=1)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=60)
def test_each_layer_is_its_definition(seed):
    chain, _ = random_chain(seed)
    within_the_bound(chain)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=60)
def test_whatever_is_asked_for_has_the_bits_of_the_whole(seed):
    chain, random = random_chain(seed)
    n = int(random.integers(0, len(chain.layers) + 1))
    whole = evaluate(chain, upto=n)
    maps, rows, cols = whole.shape
    for step in (1, 1, 2, 3):
        kept.clear() if random.integers(2) else None
        top, left = int(random.integers(rows)), int(random.integers(cols))
        height, width = (int(side) for side in random.integers(1, 25, 2))
        wanted = random.permutation(maps)[: int(random.integers(1, maps + 1))].tolist()
        found = evaluate(chain, Window(top, left, height, width), step, upto=n, maps=wanted)
        expected = whole[wanted, top : top + height : step, left : left + width : step]
        if step == 1:
            assert np.array_equal(found, expected, equal_nan=True)
        else:  # a sample for the screen
            np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5 * float(np.abs(whole).max(initial=1)))


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=15)
def test_without_the_compiler_the_definitions_serve(seed):
    chain, _ = random_chain(seed, most=3)
    compiled = evaluate(chain)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jit, "ready", lambda: None)
        patch.setattr(jit, "load", lambda: None)
        kept.clear()
        assert np.allclose(evaluate(chain), compiled, rtol=1e-3, atol=1e-3)
    kept.clear()


@pytest.mark.parametrize("border", BORDERS)
def test_without_the_compiler_a_window_at_any_edge_is_computed_too(monkeypatch, border):
    random = np.random.default_rng(2)
    layers = tuple(Conv(Kernel(random.normal(size=size)), border=border, bias=(0.3,)) for size in ((3, 3), (5, 4)))
    chain = Chain(Source(random.normal(size=(60, 70)).astype(np.float32)), layers=layers)
    whole = evaluate(chain)
    monkeypatch.setattr(jit, "ready", lambda: None)
    monkeypatch.setattr(jit, "load", lambda: None)
    for top, left in ((0, 0), (0, 64), (53, 0), (53, 64), (30, 64), (53, 30), (30, 30)):
        kept.clear()
        found = evaluate(chain, Window(top, left, 7, 6), wait=False)
        assert np.allclose(found, whole[:, top : top + 7, left : left + 6], rtol=1e-4, atol=1e-4)
    kept.clear()


@pytest.fixture
def computed(monkeypatch):
    """How many maps of a stage were computed at a time."""
    found, compute = [], Wanted.compute
    monkeypatch.setattr(Wanted, "compute", lambda self, *rest: (found.append(self.shape[0]), compute(self, *rest))[1])
    kept.clear()
    yield found
    kept.clear()


def test_maps_that_come_with_others_are_computed_once(computed):
    random = np.random.default_rng(6)
    layers = Conv(Kernel(random.normal(size=(3, 3, 3, 16)))), Conv(Kernel(random.normal(size=(3, 3))))
    chain = Chain(Source(random.random((40, 50, 3), np.float32)), Reading("each channel"), layers)
    first = evaluate(chain, upto=1, maps=4)
    assert np.array_equal(evaluate(chain, upto=1, maps=[9, 5]), evaluate(chain, upto=1)[[9, 5]])
    assert computed == [16]
    kept.clear()
    assert np.array_equal(evaluate(chain, step=2, upto=1, maps=4), first[:, ::2, ::2])
    assert computed == [16, 1]  # a sample is computed by itself
    evaluate(chain, maps=4)
    assert computed == [16, 1, 16, 1]


def test_tiles_of_a_large_picture_have_no_seam():
    random = np.random.default_rng(1)
    source = Source(random.integers(0, 256, (700, 900, 3)).astype(np.uint8), 1 / 255)
    layers = (
        Conv(Kernel(random.normal(size=(3, 3, 3, 8))), border="reflect"),
        Activation("relu"),
        Pool("max"),
        Conv(Kernel(random.normal(size=(4, 4, 8, 6))), border="wrap", bias=(0.5,)),
        Pool("mean", (3, 3), stride=(2, 2), padding="same"),
    )
    chain = Chain(source, Reading("each channel"), layers)
    whole = evaluate(chain)
    kept.clear()
    for top, left in ((0, 0), (100, 120), (160, 211)):
        assert np.array_equal(evaluate(chain, Window(top, left, 9, 14)), whole[:, top : top + 9, left : left + 14])
    below = evaluate(chain, upto=4).astype(np.float64)
    assert np.abs(chain.bounds[4].reference(below) - whole).max() < 1e-4


def test_what_is_not_finite_stays_in_the_receptive_field():
    random = np.random.default_rng(2)
    array = random.normal(size=(60, 60)).astype(np.float32)
    array[30, 31] = np.nan
    layers = (Conv(Kernel(np.ones((3, 3)))), Activation("relu"), Conv(Kernel(np.ones((31, 1)))), Pool("mean"))
    chain = Chain(Source(array), layers=layers)
    found, reached = np.isnan(evaluate(chain)[0]), readers(chain, 4, 0, 30, 31)
    expected = np.zeros(found.shape, bool)
    expected[np.ix_(reached.rows, reached.cols)] = True
    assert np.array_equal(found, expected)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=25)
def test_receptive_fields_are_those_of_what_changes(seed):
    """A pixel that is changed changes only cells that are said to read it, and they read no others."""
    random = np.random.default_rng(seed)
    array = random.normal(size=(9, 11)).astype(np.float32)
    chain = Chain(Source(array))
    for _ in range(3):
        longer = Chain(chain.source, layers=(*chain.layers, positive(random, chain.shape(len(chain.layers)).maps)))
        chain = longer if longer.fault is None and np.prod(longer.shape(len(longer.layers))) < 3000 else chain
    n = len(chain.layers)
    row, col = int(random.integers(9)), int(random.integers(11))
    reached = readers(chain, n, 0, row, col)
    expected = np.zeros(chain.shape(n), bool)
    expected[np.ix_(*reached)] = True
    assert np.array_equal(changed(chain, row, col), expected)
    cell = tuple(int(random.integers(side)) for side in chain.shape(n))
    field = receptive_field(chain, n, *cell)
    assert (bool(row in field.rows) and bool(col in field.cols)) == bool(expected[cell])


def positive(random, maps):
    """Return a layer through which a change of any cell that it reads is seen."""
    if random.integers(3):
        side = tuple(random.integers(1, 4, 2).tolist())
        settings = {"padding": pick(random, "same", "full", "valid"), "border": pick(random, *BORDERS)}
        return Conv(Kernel(random.random(side) + 0.5), stride=pick(random, (1, 1), (2, 1)), dilation=(1, 2), **settings)
    return pick(random, Pool("mean", stride=(2, 1)), Pad((1, 2), (2, 0), border="reflect"), Resize(scale=(2.0, 1.0)))


def changed(chain, row, col):
    """Return which cells of the last layer change with one pixel, computed in float64."""
    array = np.array(chain.source.array)
    array[row, col] += 3
    other = Chain(Source(array), layers=chain.layers)
    return np.abs(definition(other) - definition(chain)) > 1e-9


def test_even_kernels_and_strides_do_not_drift():
    even = Conv(Kernel(np.ones((2, 2))), padding="valid")
    down, across = Chain(Source(np.zeros((40, 40))), layers=(even,) * 5).place(5)
    assert (down.origin, down.pitch) == (Fraction(5, 2), 1)
    pool = Pool("max")
    down, across = Chain(Source(np.zeros((64, 64))), layers=(even, pool, pool, even)).place(4)
    assert (across.origin, across.pitch) == (Fraction(1, 2) + Fraction(2), 4)


def test_a_layer_that_does_not_fit_is_named_and_those_before_it_serve():
    wrong = Conv(Kernel(np.ones((3, 3, 4, 2))))
    chain = Chain(Source(np.ones((9, 9))), layers=(Conv(Kernel(np.ones((3, 3)))), wrong, Activation("relu")))
    assert chain.fault.layer == 2
    assert "expect 4 channels" in chain.fault.sentence
    assert evaluate(chain, upto=1)[0, 4, 4] == 9
    with pytest.raises(ValueError, match="expect 4 channels"):
        evaluate(chain)


def test_a_reading_that_does_not_fit_is_a_fault_of_number_0():
    chain = Chain(Source(np.ones((9, 9, 2))), bgr(3))
    assert chain.fault.layer == 0
    assert "expects 3 channels, received a source of 2" in chain.fault.sentence


def test_a_layer_that_is_switched_off_passes_on_what_it_reads():
    random = np.random.default_rng(3)
    double, off = Conv(Kernel([[2.0]])), Conv(Kernel(random.normal(size=(5, 5))), padding="valid", on=False)
    chain = Chain(Source(random.normal(size=(8, 9))), layers=(double, off, double))
    assert np.array_equal(evaluate(chain), 4 * evaluate(chain, upto=0))
    assert chain.shape(2) == chain.shape(1)


def test_bgr_and_standardised_planes():
    array = np.random.default_rng(4).integers(0, 256, (5, 6, 3)).astype(np.uint8)
    source = Source(array, 1 / 255)
    assert np.allclose(evaluate(Chain(source, bgr())), array[:, :, ::-1].transpose(2, 0, 1) / 255, atol=1e-6)
    mean, deviation = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
    expected = ((array / 255 - mean) / deviation).transpose(2, 0, 1)
    assert np.allclose(evaluate(Chain(source, standardised(mean, deviation))), expected, atol=1e-5)


def test_around_planes_with_an_offset_lies_what_the_layer_says():
    """Zeros outside are zeros after the reading, as a network pads what it is given."""
    source = Source(np.full((4, 4, 3), 51, np.uint8), 1 / 255)
    chain = Chain(source, standardised((0.5,) * 3, (0.5,) * 3), (Conv(Kernel(np.ones((3, 3, 3, 1)))),))
    assert np.allclose(evaluate(chain)[0, 0, 0], 4 * 3 * (0.2 - 0.5) / 0.5, atol=1e-5)
    assert np.allclose(evaluate(chain), definition(chain), atol=1e-5)


def test_many_planes_that_are_resized_are_not_taken_for_those_that_are_not():
    random = np.random.default_rng(6)
    source = Source(random.normal(size=(20, 22, 12)).astype(np.float32))
    layers = (Conv(Kernel(random.normal(size=(3, 3, 12, 4)))), Activation("relu"))
    chain = Chain(source, Reading("each channel", size=(20, 21)), layers)
    for _ in range(2):
        within_the_bound(chain)
        within_the_bound(Chain(source, Reading("each channel"), layers))


def test_pulled_cells_are_those_of_the_whole():
    chain, _ = random_chain(7)
    n = len(chain.layers)
    whole = evaluate(chain)
    block = pull(chain, n, Needs(np.array([0]), range(1, 3), range(1, 2)))
    assert np.array_equal(block.values, whole[:1, 1:3, 1:2])
    assert (block.top, block.left) == (1, 1)


def test_what_is_kept_of_the_layers_below_is_bounded():
    random = np.random.default_rng(5)
    kernels = [Conv(Kernel(random.normal(size=(3, 3, 1, 16)))), Conv(Kernel(random.normal(size=(3, 3, 16, 1))))]
    for _ in range(12):
        source = Source(random.random((500, 500), np.float32))
        evaluate(Chain(source, layers=tuple(kernels)))
    assert 0 < kept.bytes <= KEPT


@pytest.mark.parametrize("size", [1, 3, 40])
def test_relu_on_the_way_has_the_bits_of_relu_by_itself(size):
    odd = np.array([-1, -0.0, 0.0, 2, np.nan, np.inf, -np.inf, -1e-40, 1e-40], np.float32)
    source = Source(np.resize(odd, (60, 301)))
    kernel = np.zeros((size, size))
    kernel[0, 0] = 1
    sums = Conv(Kernel(kernel), padding="valid")
    found = evaluate(Chain(source, layers=(sums, Activation("relu"))))
    expected = np.maximum(evaluate(Chain(source, layers=(sums,))), 0)
    assert np.array_equal(found.view(np.uint32), expected.view(np.uint32))


def test_layers_that_nobody_holds_any_more_are_let_go():
    source = Source(np.random.default_rng(8).random((30, 40), np.float32))
    watched = []
    for _ in range(3):
        layers = (Conv(Kernel(np.ones((3, 3)))), Activation("relu"), Conv(Kernel(np.ones((3, 3, 1, 4)))), Pool("max"))
        evaluate(Chain(source, layers=layers))
        watched += [ref(layer) for layer in layers]
    del layers  # a thread that has just done a tile may hold it for a moment
    wait_for(lambda: all(layer() is None for layer in watched), gc.collect)


def test_a_chain_that_has_been_computed_can_be_sent_elsewhere():
    chain, _ = random_chain(11)
    values = evaluate(chain)
    sent = pickle.loads(pickle.dumps(chain))
    assert np.array_equal(evaluate(sent), values, equal_nan=True)


@pytest.mark.parametrize("compute", [evaluate, lambda chain: evaluate(chain.upto(1))])
def test_what_was_made_ready_for_a_layer_goes_with_it(compute):
    """A hand that edits a weight makes many a second: none may wait until garbage is looked for, which takes frames."""
    gc.collect()
    gc.disable()
    try:
        layers = Conv(Kernel(np.ones((3, 3)))), Activation("relu"), Pool("max", (2, 2)), Conv(Kernel(np.ones((25, 25))))
        chain = Chain(Source(np.ones((200, 300), np.float32)), Reading("each channel"), layers)
        compute(chain)
        seen = [ref(one) for one in (chain, *chain.bounds, *layers)]
        del chain, layers
        wait_for(lambda: [one() for one in seen] == [None] * len(seen), lambda: None)  # until the helpers are done with it
    finally:
        gc.enable()
