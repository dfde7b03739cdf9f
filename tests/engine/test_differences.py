"""Two models on the same photo, layer by layer, and models with rounded numbers."""

import numpy as np
import pytest

from convgui import assets
from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.activation import Activation
from convgui.engine.layers.affine import Affine
from convgui.engine.layers.conv import Conv
from convgui.engine.layers.pool import Pool
from convgui.engine.looking import differences as module
from convgui.engine.looking.differences import differences, rounded
from convgui.engine.network import Chain, evaluate
from convgui.engine.reading import Reading
from convgui.engine.source import Source
from convgui.engine.strategies.tiles import Cancelled
from convgui.io.pictures.images import open_source
from convgui.io.recipe import read_recipe


def chain(layers, seed=0):
    source = Source(np.random.default_rng(seed).normal(size=(20, 24, 2)))
    return Chain(source, Reading("each channel"), layers)


def conv(seed, cin, cout):
    return Conv(Kernel(np.random.default_rng(seed).normal(size=(3, 3, cin, cout))))


def test_the_first_layer_that_differs_is_found_with_its_cell(monkeypatch):
    layers = (conv(1, 2, 4), Activation("relu"), Pool("max"), conv(2, 4, 3))
    changed = (*layers[:3], conv(3, 4, 3))
    one, other = chain(layers), chain(changed)
    found = list(differences(one, other))
    assert [part.beyond(1e-6) for part in found] == [False, False, False, True]
    apart = np.abs(evaluate(one) - evaluate(other))
    last = found[-1]
    assert last.largest == apart.max() == apart[last.map, last.row, last.col]
    assert last.magnitude == np.abs(evaluate(one)).max()
    monkeypatch.setattr(module, "AT_ONCE", 100)
    assert list(differences(one, other)) == found


def test_what_is_no_number_in_one_of_both_differs_by_infinity():
    layers = (Affine((1.0,), (0.0,)),)
    array = np.ones((4, 4), np.float32)
    array[1, 2] = np.nan
    one, other = Chain(Source(array), layers=layers), Chain(Source(np.ones((4, 4))), layers=layers)
    (found,) = differences(one, other)
    assert found.largest == np.inf and (found.row, found.col) == (1, 2) and found.beyond(1e9)
    (same,) = differences(one, one)
    assert same.largest == 0 and not same.beyond(0)


def test_another_shape_is_said():
    with pytest.raises(ValueError, match="after layer 1 of both models, received 4 maps of 20 × 24 and 3 maps"):
        list(differences(chain((conv(1, 2, 4),)), chain((conv(1, 2, 3),))))


def test_it_can_be_cancelled():
    with pytest.raises(Cancelled):
        list(differences(chain((conv(1, 2, 4),)), chain((conv(2, 2, 4),)), cancelled=lambda: True))


def test_rounding_is_that_of_the_formats():
    layers = (conv(1, 2, 4), Affine((0.1,), (1e9,)), Activation("prelu", slopes=np.full((1, 1, 4), 0.3, np.float32)))
    halves, steps = rounded(layers, "float16"), rounded(layers, "int8")
    np.testing.assert_array_equal(halves[0].kernel.weights, layers[0].kernel.weights.astype(np.float16))
    assert halves[1].scale == (float(np.float16(0.1)),) and halves[1].offset == (65504.0,)
    assert halves[2].slopes[0, 0, 0] == np.float32(np.float16(0.3))
    for f in range(4):
        weights = steps[0].kernel.weights[..., f]
        assert len(np.unique(weights)) <= 255
        step = np.abs(layers[0].kernel.weights[..., f]).max() / 127
        assert np.abs(weights - layers[0].kernel.weights[..., f]).max() <= step / 2 * (1 + 1e-9)
    assert steps[1:] == layers[1:]
    with pytest.raises(ValueError, match="Expected a rounding of float16, int8"):
        rounded(layers, "bfloat16")


def test_p_net_survives_float16_better_than_int8():
    recipe = read_recipe(assets.network("p-net.json"))
    photo = open_source(str(assets.photo("astronaut.webp")))
    net = Chain(photo, recipe.reading, recipe.layers)
    half, byte = (
        list(differences(net, Chain(photo, recipe.reading, rounded(recipe.layers, how)))) for how in ("float16", "int8")
    )
    assert len(half) == len(recipe.layers)
    assert half[0].part < 2e-3 and half[0].part < byte[0].part < 0.05
