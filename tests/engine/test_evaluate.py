"""The engine against the reference: any layer, any source, any window and step."""

import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.activations import ACTIVATIONS
from convgui.engine.layers.border import BORDERS
from convgui.engine.network import evaluate, output_shape
from convgui.engine.source import Source
from convgui.engine.strategies import jit, tiles
from convgui.engine.strategies.tiles import Cancelled, Load, Window
from tests.chains import definition
from tests.single import Operation, chain_of

pytestmark = pytest.mark.usefixtures("compiled")


@st.composite
def cases(draw):
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shape = draw(st.tuples(st.integers(1, 24), st.integers(1, 24), st.integers(1, 4)))
    dtype = draw(st.sampled_from([np.uint8, np.uint16, np.float32]))
    x = random.integers(0, 256, shape).astype(dtype) if dtype != np.float32 else random.normal(size=shape).astype(dtype)
    pairs = st.tuples(st.integers(1, 3), st.integers(1, 3))
    layer = Operation(
        Kernel(random.normal(size=draw(st.tuples(st.integers(1, 9), st.integers(1, 9))))),
        padding=draw(st.sampled_from(["same", "full", ((12, 13), (13, 12))])),
        border=draw(st.sampled_from(BORDERS)),
        constant=draw(st.sampled_from([0.0, 1.5])),
        stride=draw(pairs),
        dilation=draw(pairs),
        bias=(draw(st.sampled_from([0.0, 0.3])),),
        activation=draw(st.sampled_from(ACTIVATIONS)),
        flip=draw(st.booleans()),
        colour=draw(st.sampled_from(["luminance", "each channel", "sum"])),
    )
    return layer, Source(x, 1.0 if dtype == np.float32 else 1 / 255)


def bound(layer, source):
    """1e-5 * sum(|w| * |x|): the accuracy that DESIGN promises, with the slope of the steepest activation function."""
    positive = Source(np.abs(source.array.astype(np.float64)).astype(np.float32), source.scale)
    magnitudes = Operation(
        Kernel(np.abs(layer.kernel.weights)),
        layer.padding,
        layer.border,
        abs(layer.constant),
        layer.stride,
        layer.dilation,
        flip=layer.flip,
        colour=layer.colour,
    )
    total = definition(chain_of([magnitudes], positive))
    steep = {"square": lambda: 2 * (total.max() + 1), "exponential": lambda: np.exp(total.max() + 1)}
    return steep.get(layer.activation, lambda: 2)() * (1e-5 * total + 1e-6)


@given(cases(), st.integers(1, 4))
@settings(max_examples=120)
def test_every_value_is_the_reference_s(case, step):
    layer, source = case
    layer = _linear(layer) if layer.activation == "step" else layer  # it jumps at 0: rounding may fall on either side
    expected = definition(chain_of([layer], source))
    found = evaluate(chain_of([layer], source), step=step)
    assert found.dtype == np.float32
    assert np.all(np.abs(found - expected[:, ::step, ::step]) <= bound(layer, source)[:, ::step, ::step])


def _linear(layer):
    from dataclasses import replace

    return replace(layer, activation="linear")


@given(cases(), st.integers(0, 20), st.integers(0, 20), st.integers(1, 12), st.integers(1, 12))
@settings(max_examples=60)
def test_a_window_has_the_bits_of_the_whole(case, top, left, rows, cols):
    layer, source = case
    whole = evaluate(chain_of([layer], source))
    part = evaluate(chain_of([layer], source), Window(top, left, rows, cols))
    assert np.array_equal(part, whole[:, top : top + rows, left : left + cols], equal_nan=True)


@given(cases(), st.integers(2, 5))
@settings(max_examples=40)
def test_strongest_keeps_the_value_of_largest_magnitude(case, step):
    layer, source = case
    whole = evaluate(chain_of([layer], source))
    found = evaluate(chain_of([layer], source), step=step, strongest=True)
    for f, i, j in np.ndindex(found.shape):
        block = whole[f, i * step : (i + 1) * step, j * step : (j + 1) * step]
        assert found[f, i, j] in block
        assert abs(found[f, i, j]) == np.abs(block).max()


def test_one_map_is_the_same_as_among_all():
    source = Source(np.random.default_rng(0).integers(0, 255, (30, 40, 3)).astype(np.uint8), 1 / 255)
    layer = Operation(Kernel(np.random.default_rng(1).normal(size=(5, 5))), colour="each channel")
    assert np.array_equal(evaluate(chain_of([layer], source), maps=1)[0], evaluate(chain_of([layer], source))[1])


def test_large_pictures_are_cut_into_tiles_without_a_seam():
    source = Source(np.random.default_rng(3).integers(0, 255, (300, 2500)).astype(np.uint8), 1 / 255)
    layer = Operation(Kernel(np.random.default_rng(4).normal(size=(7, 6))), border="reflect")
    expected = definition(chain_of([layer], source))
    assert np.abs(evaluate(chain_of([layer], source)) - expected).max() < 1e-4


def test_threads_do_not_change_a_bit(monkeypatch):
    source = Source(np.random.default_rng(3).normal(size=(257, 1111)).astype(np.float32))
    layer = Operation(Kernel(np.random.default_rng(4).normal(size=(5, 5))))
    many = evaluate(chain_of([layer], source))
    monkeypatch.setattr(tiles, "threads", lambda: 1)
    assert np.array_equal(evaluate(chain_of([layer], source)), many)


def test_nan_and_infinity_stay_inside_their_receptive_field():
    x = np.ones((40, 40), np.float32)
    x[20, 20], x[5, 30] = np.nan, np.inf
    y = evaluate(chain_of([Operation(Kernel(np.ones((5, 5))))], Source(x)))[0]
    touched = np.zeros((40, 40), bool)
    touched[18:23, 18:23] = touched[3:8, 28:33] = True
    assert np.array_equal(~np.isfinite(y), touched)
    assert np.isposinf(y[5, 30])


def test_two_layers_follow_each_other():
    source = Source(np.arange(36, dtype=np.float32).reshape(6, 6))
    double, row = Operation(Kernel([[2.0]])), Operation(Kernel([[1, 1]]), padding="valid")
    assert np.array_equal(evaluate(chain_of([double, row], source))[0], 2 * (source.array[:, :-1] + source.array[:, 1:]))
    assert output_shape(chain_of([double, row], source)) == (1, 6, 5)


def test_progress_rises_to_one():
    seen = []
    source = Source(np.zeros((600, 600), np.uint8))
    evaluate(chain_of([Operation(Kernel(np.ones((3, 3))))], source), progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1


def test_cancel_ends_it_between_tiles():
    stop = threading.Event()
    source = Source(np.zeros((3000, 3000), np.uint8))
    calls = []

    def progress(part):
        calls.append(part)
        stop.set()

    with pytest.raises(Cancelled):
        evaluate(chain_of([Operation(Kernel(np.ones((9, 9))))], source), cancelled=stop.is_set, progress=progress)
    assert len(calls) <= tiles.threads()


def test_while_the_compiler_is_not_there_the_reference_serves(monkeypatch):
    source = Source(np.random.default_rng(0).normal(size=(40, 50)).astype(np.float32))
    layer = Operation(Kernel(np.random.default_rng(1).normal(size=(3, 3))), activation="tanh", bias=(0.2,))
    compiled = evaluate(chain_of([layer], source))
    monkeypatch.setattr(jit, "ready", lambda: None)
    monkeypatch.setattr(jit, "load", lambda: None)
    assert np.allclose(evaluate(chain_of([layer], source), wait=False), compiled, atol=1e-5)
    strongest = evaluate(chain_of([layer], source), step=3, strongest=True)
    assert np.allclose(np.abs(strongest).max(), np.abs(compiled).max(), atol=1e-5)


def test_a_kernel_that_does_not_fit_is_explained():
    with pytest.raises(ValueError, match="kernel of 7 × 7 does not fit into an input of 6 × 6"):
        evaluate(chain_of([Operation(Kernel(np.ones((7, 7))), padding="valid")], Source(np.zeros((6, 6), np.uint8))))


def test_a_fault_in_a_tile_reaches_the_caller():
    def work(tile):
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        tiles.run(tiles.cut(100, 100, Load(1, 1)), work)
