"""Collapse: one kernel gives what several layers give, to rounding; what is no sum of products is named and refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.activation import Activation
from convgui.engine.layers.affine import Affine
from convgui.engine.layers.base import Shape
from convgui.engine.layers.conv import Conv
from convgui.engine.layers.pad import Pad
from convgui.engine.layers.pool import Pool
from convgui.engine.layers.resize import Resize
from convgui.engine.layers.softmax import Softmax
from convgui.engine.looking.collapse import breaks, collapse

RANDOM = np.random.default_rng(0)


def padded(x, layer, rows, cols):
    """Return planes with their padding: zeros, or what the border of a convolution has."""
    modes = {"replicate": "edge", "reflect": "reflect", "symmetric": "symmetric", "wrap": "wrap"}
    around = ((0, 0), rows, cols)
    border = getattr(layer, "border", "zeros")
    if border == "zeros":
        return np.pad(x, around, constant_values=getattr(layer, "constant", 0.0))
    return np.pad(x, around, mode=modes[border])


def applied(layer, x):
    """Apply a layer to planes (maps, rows, cols), by its definition and by loops."""
    if isinstance(layer, Affine):
        scale, offset = (np.broadcast_to(v, len(x))[:, None, None] for v in (layer.scale, layer.offset))
        return x * scale + offset
    if isinstance(layer, Pad):
        return np.pad(x, ((0, 0), layer.rows, layer.cols))
    if isinstance(layer, Pool):
        pads = ((0, 0), (0, 0)) if layer.padding == "valid" else layer.padding
        mean = Conv(Kernel(np.full(layer.size, 1 / np.prod(layer.size))), pads, stride=layer.stride or layer.size)
        return applied(mean, x)
    down, across = layer.axes(*x.shape[1:])
    x = padded(x, layer, (down.before, down.after), (across.before, across.after))
    weights = layer.kernel.weights[::-1, ::-1] if layer.flip else layer.kernel.weights
    maps = len(x) if weights.ndim == 2 else weights.shape[3]
    out = np.zeros((maps, down.outputs, across.outputs))
    for u in range(weights.shape[0]):
        for v in range(weights.shape[1]):
            top, left = u * layer.dilation[0], v * layer.dilation[1]
            part = x[:, top :: layer.stride[0], left :: layer.stride[1]][:, : down.outputs, : across.outputs]
            for f in range(maps):
                if weights.ndim == 2:
                    out[f] += weights[u, v] * part[f]
                    continue
                first = f // (maps // layer.groups) * weights.shape[2]
                for c in range(weights.shape[2]):
                    out[f] += weights[u, v, c, f] * part[first + c]
    return out + np.broadcast_to(layer.bias, maps)[:, None, None]


def chain(layers, x):
    for layer in layers:
        x = applied(layer, x) if layer.on else x
    return x


def bank(*shape, **more):
    return Conv(Kernel(RANDOM.normal(size=shape)), **{"padding": "valid", **more})


def check(layers, x):
    one = collapse(layers, Shape(*x.shape))
    expected, received = chain(layers, x), applied(one.layer, x)
    assert received.shape == expected.shape
    difference = np.abs(received - expected) / max(np.abs(expected).max(), 1)
    if one.exact:
        assert difference.max() < 1e-12
    else:
        inner = tuple(slice(size // 3, size - size // 3) for size in expected.shape[1:])
        assert difference[(slice(None), *inner)].max() < 1e-12
    return one


@pytest.mark.parametrize(
    "layers",
    [
        [bank(3, 3), bank(3, 3)],
        [bank(3, 3, padding="same"), bank(3, 3)],
        [bank(2, 3, padding="full", border="reflect"), bank(1, 4, flip=True)],
        [bank(3, 3, stride=(2, 1)), bank(2, 2, dilation=(2, 3)), bank(2, 2, stride=(2, 2))],
        [bank(3, 3, bias=(0.5,)), Affine((2.0,), (-1.0,)), bank(3, 3, bias=(3.0,))],
        [Pad((1, 2), (0, 3)), bank(3, 3)],
        [bank(3, 3), Pool("mean", (2, 2))],
        [Pool("mean", (2, 3), (1, 1)), bank(2, 2)],
        [bank(3, 3, 2, 4, bias=(1.0, 2.0, 3.0, 4.0)), bank(2, 2, 4, 3)],
        [bank(3, 3, 1, 4, groups=2), bank(1, 1, 4, 2)],
        [bank(3, 3, 2, 3), Affine((1.0, 2.0, 3.0), (0.0, 1.0, 0.0)), bank(3, 3)],
        [Affine((1.0, -2.0), (0.5, 0.0)), bank(3, 3, 2, 2, stride=(2, 2))],
        [bank(3, 3), Softmax(on=False), bank(2, 2)],
    ],
    ids=str,
)
def test_one_kernel_gives_the_same_everywhere(layers):
    assert check(layers, RANDOM.normal(size=(2, 30, 33))).exact


@pytest.mark.parametrize("border", ["zeros", "wrap", "symmetric"])
def test_with_padding_behind_the_first_layer_it_is_the_same_but_for_the_edge(border):
    layers = [bank(3, 3, padding="same", border=border), bank(5, 5, padding="same", border=border)]
    assert not check(layers, RANDOM.normal(size=(1, 40, 40))).exact


SMALL, FEW = st.integers(1, 3), st.integers(1, 2)


@given(st.lists(st.tuples(SMALL, SMALL, FEW, FEW, st.booleans()), min_size=2, max_size=4), st.integers(0, 2**32 - 1))
@settings(max_examples=60)
def test_any_row_of_convolutions(layers, seed):
    random = np.random.default_rng(seed)
    row = [
        Conv(Kernel(random.normal(size=(kh, kw))), "valid", stride=(s, 1), dilation=(1, d), flip=flip)
        for kh, kw, s, d, flip in layers
    ]
    check(row, random.normal(size=(1, 120, 40)))


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (Activation("relu"), "no sum of products"),
        (Activation("abs"), "no sum of products"),
        (Pool("max"), "largest"),
        (Pool("mean", padding="same"), "edge"),
        (Pool("mean", ceil=True), "edge"),
        (Resize(scale=(2.0, 2.0)), "place to place"),
        (Softmax(), "divided"),
        (Pad(border="wrap"), "no sum of products"),
        (Pad((-1, 0)), "cuts"),
        (Activation("relu", name="mine"), "mine"),
    ],
)
def test_what_breaks_it_is_named_with_its_place(layer, words):
    assert breaks(layer)
    with pytest.raises(ValueError, match=r"Layer 2 of them, .*no single kernel does the same") as refused:
        collapse([bank(3, 3), layer, bank(3, 3)], Shape(1, 40, 40))
    assert words in str(refused.value)


@pytest.mark.parametrize("layers", [[], [bank(3, 3)], [bank(3, 3), Softmax(on=False)]])
def test_one_layer_is_nothing_to_collapse(layers):
    with pytest.raises(ValueError, match="two layers"):
        collapse(layers, Shape(1, 20, 20))


def test_a_kernel_that_would_be_too_large_is_refused():
    with pytest.raises(ValueError, match=r"at most 63 × 63, .* 81 × 81"):
        collapse([bank(41, 41), bank(41, 41)], Shape(1, 200, 200))
