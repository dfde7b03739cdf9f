"""The equivalent kernel: it adds up to the value, and it is what finite differences of the definition find."""

import numpy as np
import pytest
from chains import definition, planes_of
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from convgui import assets
from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.activation import Activation
from convgui.engine.layers.affine import Affine
from convgui.engine.layers.border import BORDERS
from convgui.engine.layers.conv import Conv
from convgui.engine.layers.pad import Pad
from convgui.engine.layers.pool import Pool
from convgui.engine.layers.resize import Resize
from convgui.engine.layers.softmax import Softmax
from convgui.engine.looking.equivalent import effective, equivalent
from convgui.engine.looking.fields import receptive_field
from convgui.engine.network import Chain
from convgui.engine.reading import Reading, standardised
from convgui.engine.source import Source
from convgui.engine.strategies.tiles import Cancelled
from convgui.io.pictures.images import open_source
from convgui.io.recipe import read_recipe

STEP = 1e-6


def bank(seed, *shape):
    return Kernel(np.random.default_rng(seed).normal(size=shape))


def photo(rows=12, cols=14, channels=3, seed=0):
    array = np.random.default_rng(seed).normal(size=(rows, cols, channels))
    return Source(array[:, :, 0] if channels == 1 else array, sequence=False)


def check(chain, n, cell, tolerance=1e-9):
    """Assert all that is promised of one cell, and return what was found."""
    found = equivalent(chain, n, *cell)
    wanted = definition(chain, n)[cell]
    size = max(abs(wanted), float(np.abs(found.photo.weights * found.photo.inputs).sum()), 1e-12)
    assert found.value == pytest.approx(wanted, rel=1e-9, abs=1e-12)
    assert found.photo.total + found.bias == pytest.approx(found.value, abs=tolerance * size)
    assert found.bias == pytest.approx(found.added, abs=tolerance * max(size, 1.0))
    field = receptive_field(chain, n, *cell)
    np.testing.assert_array_equal(found.rows, field.rows)
    np.testing.assert_array_equal(found.cols, field.cols)
    stored = chain.source.cube.astype(np.float64) * chain.source.scale
    top, left, rows, cols = found.box
    patch = stored[top : top + rows, left : left + cols][:, :, found.photo.maps]
    np.testing.assert_allclose((found.kernel * patch).sum() + found.bias, found.value, atol=tolerance * size)
    return found


def differences(chain, n, cell, places):
    """Return how fast the definition's value changes with some cells of the planes."""
    planes, found = planes_before(chain), []
    for place in places:
        values = []
        for by in (STEP, -STEP):
            changed = planes.copy()
            changed[place] += by
            for bound in chain.stages(n):
                changed = bound.reference(changed)
            values.append(changed[cell])
        found.append((values[0] - values[1]) / (2 * STEP))
    return np.array(found)


def planes_before(chain):
    maps, rows, cols = chain.planes.shape
    return np.stack([chain.planes.cells(map, np.arange(rows), np.arange(cols)) for map in range(maps)])


def check_slopes(chain, n, cell, tolerance=1e-5):
    """Compare with finite differences, at cells of the planes in the field and outside."""
    found = check(chain, n, cell)
    whole = np.zeros(chain.planes.shape)
    whole[np.ix_(found.planes.maps, found.rows, found.cols)] = found.planes.weights
    strong = np.argsort(-np.abs(whole), axis=None)[:5]
    others = np.random.default_rng(1).integers(0, whole.size, 4)
    places = [tuple(np.unravel_index(at, whole.shape)) for at in (*strong, *others)]
    expected = np.array([whole[place] for place in places])
    np.testing.assert_allclose(differences(chain, n, cell, places), expected, rtol=tolerance, atol=tolerance)
    return found


def conv(seed, kh, kw, cin, cout, **settings):
    random = np.random.default_rng(seed)
    return Conv(bank(seed, kh, kw, cin, cout), bias=tuple(random.normal(size=cout).tolist()), **settings)


KINDS = {
    "convolution": (conv(1, 3, 3, 3, 4),),
    "flipped, even, constant": (conv(1, 2, 4, 3, 2, flip=True, constant=0.7),),
    "stride and dilation": (conv(1, 3, 3, 3, 2, stride=(2, 3), dilation=(2, 1)),),
    "groups": (conv(2, 3, 3, 3, 4), conv(3, 3, 2, 2, 6, groups=2), conv(4, 3, 3, 1, 6, groups=6)),
    "one kernel for each": (Conv(bank(5, 3, 3), padding=((2, 0), (1, 3)), bias=(0.25,)),),
    **{f"border {border}": (conv(6, 5, 5, 3, 2, border=border), Conv(bank(7, 7, 7), border=border)) for border in BORDERS},
    **{f"pad {border}": (Pad((2, 3), (-1, 4), border=border, constant=0.5), conv(8, 3, 3, 3, 2)) for border in BORDERS},
    "max pool": (conv(9, 3, 3, 3, 4), Pool("max", size=(2, 3)), conv(10, 2, 2, 4, 2)),
    "overlapping max": (Pool("max", size=(3, 3), stride=(1, 2), padding="same", dilation=(2, 1)), conv(11, 3, 3, 3, 2)),
    "mean pool": (conv(12, 3, 3, 3, 2), Pool("mean", size=(3, 3), stride=(2, 2), padding="same")),
    "mean, padding counts": (Pool("mean", size=(3, 2), padding=((1, 1), (1, 0)), count_padding=True, ceil=True),),
    "global": (conv(13, 3, 3, 3, 2), Activation("relu"), Pool("mean", size=None)),
    "global max": (Activation("tanh"), Pool("max", size=None), conv(14, 1, 1, 3, 2)),
    "affine": (Affine((2.0, -1.0, 0.5), (0.1, 0.2, 0.3)), conv(15, 3, 3, 3, 2)),
    "nearest": (Pool("mean"), Resize(scale=(2.0, 1.5)), conv(16, 3, 3, 3, 2)),
    "bilinear": (Resize(size=(7, 19), method="bilinear", coordinates="align_corners"), conv(17, 3, 3, 3, 2)),
    "lanczos": (Resize(size=(6, 9), method="LANCZOS"), conv(18, 3, 3, 3, 2)),
    "softmax": (conv(19, 3, 3, 3, 5), Softmax()),
    "softmax between": (conv(20, 3, 3, 3, 5), Softmax(), conv(21, 2, 2, 5, 2)),
    "prelu of maps": (
        conv(22, 3, 3, 3, 4),
        Activation("prelu", slopes=np.array([0.5, -0.25, 2, 0], np.float32).reshape(1, 1, 4)),
        conv(23, 3, 3, 4, 2),
    ),
    "prelu of places": (
        Activation("prelu", slopes=np.random.default_rng(3).normal(size=(12, 14, 1)).astype(np.float32)),
        conv(24, 3, 3, 3, 2),
    ),
    "switched off": (conv(25, 3, 3, 3, 2), Affine((3.0,), (1.0,), on=False), Activation("relu", on=False)),
    "gelu": (conv(26, 3, 3, 3, 4), Activation("gelu"), conv(27, 3, 3, 4, 2), Activation("silu")),
}


@pytest.mark.parametrize("place", ["corner", "middle", "end"])
@pytest.mark.parametrize("layers", KINDS.values(), ids=KINDS)
def test_each_kind_of_layer(layers, place):
    chain = Chain(photo(), Reading("each channel"), layers)
    maps, rows, cols = chain.shape(len(layers))
    row, col = {"corner": (0, 0), "middle": (rows // 2, cols // 2), "end": (rows - 1, cols - 1)}[place]
    check_slopes(chain, len(layers), (maps - 1, row, col))


READINGS = {
    "luminance": Reading(),
    "sum": Reading("sum"),
    "standardised": standardised((0.4, 0.5, 0.6), (0.2, 0.25, 0.3)),
    "resized": Reading("each channel", size=(9, 8), filter="BICUBIC"),
    "letterbox": Reading("each channel", size=(10, 10), fit="letterbox", filter="BOX", offset=(0.5,)),
    "crop": Reading("each channel", size=(6, 6), fit="crop"),
}


@pytest.mark.parametrize("reading", READINGS.values(), ids=READINGS)
def test_through_any_reading(reading):
    source = Source(np.random.default_rng(4).integers(0, 256, (12, 14, 3), np.uint8), scale=1 / 255)
    planes = len(reading.bind(source).mixes)
    layers = (conv(30, 3, 3, planes, 4), Activation("relu"), Pool("max"), conv(31, 2, 2, 4, 2))
    chain = Chain(source, reading, layers)
    check_slopes(chain, 4, (1, 1, 1))
    found = check(chain, 0, (planes - 1, 2, 3))
    assert found.planes.total + found.added == pytest.approx(planes_of(chain)[planes - 1, 2, 3], abs=1e-9) or any(
        reading.offset
    )


def test_a_sequence_and_its_channels():
    source = Source(np.random.default_rng(5).normal(size=(1, 20, 2)))
    layers = (
        conv(32, 1, 3, 2, 4, padding="causal"),
        Activation("elu"),
        conv(33, 1, 2, 4, 1, dilation=(1, 3), padding="causal"),
    )
    found = check_slopes(Chain(source, Reading("each channel"), layers), 3, (0, 0, 11))
    assert found.kernel.shape == (1, 6, 2) and found.box == (0, 6, 1, 6)


LAYERS = st.one_of(
    st.builds(
        lambda seed, size, stride, dilation, border, padding: ("conv", seed, size, stride, dilation, border, padding),
        st.integers(0, 99),
        st.tuples(st.integers(1, 4), st.integers(1, 4)),
        st.tuples(st.integers(1, 3), st.integers(1, 2)),
        st.tuples(st.integers(1, 2), st.integers(1, 2)),
        st.sampled_from(BORDERS),
        st.sampled_from(["same", "valid", "full"]),
    ),
    st.sampled_from(
        [
            Activation("relu"),
            Activation("leaky relu"),
            Activation("tanh"),
            Activation("gelu"),
            Affine((-1.5,), (0.25,)),
            Pool("max", padding="same"),
            Pool("max", size=(3, 3), stride=(1, 1), padding="same"),
            Pool("mean", size=(2, 3), padding="same"),
            Pad((1, 2), (0, 1), border="symmetric"),
            Pad((1, 0), (2, 1), constant=0.5),
            Resize(scale=(1.5, 2.0), method="bilinear"),
            Resize(scale=(2.0, 1.0)),
            Softmax(),
        ]
    ),
)


@settings(max_examples=60, deadline=None)
@given(kinds=st.lists(LAYERS, min_size=1, max_size=6), data=st.data())
def test_any_chain(kinds, data):
    layers, maps = [], 2
    for kind in kinds:
        if isinstance(kind, tuple):
            _, seed, size, stride, dilation, border, padding = kind
            out = 1 + seed % 4
            layers.append(conv(seed, *size, maps, out, stride=stride, dilation=dilation, border=border, padding=padding))
            maps = out
        else:
            layers.append(kind)
    chain = Chain(photo(9, 8, 2), Reading("each channel"), tuple(layers))
    assume(chain.fault is None)
    cell = tuple(data.draw(st.integers(0, size - 1)) for size in chain.shape(len(layers)))
    check(chain, len(layers), cell, 1e-8)


@pytest.mark.parametrize("reduce", ["max", "mean"])
def test_a_constant_outside_follows_nothing_through_the_layers_below(reduce):
    outside = Pad(rows=(1, 0), cols=(2, 1), constant=0.5)
    chain = Chain(photo(9, 8, 2), Reading("each channel"), (Pool(reduce, padding="same"), conv(0, 1, 1, 2, 1), outside))
    check(chain, 3, (0, 0, 0), 1e-8)
    assert equivalent(chain, 3, 0, 0, 0).value == 0.5


def test_p_net_on_the_astronaut():
    """The face's cell: what it sees of the photo, and where its weights lie."""
    recipe = read_recipe(assets.network("p-net.json"))
    chain = Chain(open_source(str(assets.photo("astronaut.webp"))), recipe.reading, recipe.layers)
    n = len(chain.layers)
    found = check(chain, n, (1, 4, 10), 1e-8)
    assert found.value >= 0.9994
    assert found.kernel.shape[2] == 3
    inside = effective(found)
    assert inside.share >= 0.95 and inside.rows <= found.box[2] and inside.cols <= found.box[3]
    across = chain.place(n)[1]
    middle = float(across.origin) + 10.5 * float(across.pitch)
    assert inside.left <= middle <= inside.left + inside.cols
    check_convolution = check(chain, 1, (3, 20, 20))
    assert check_convolution.bias == pytest.approx(check_convolution.added, abs=1e-9)


def test_behind_a_resting_relu_nothing_counts():
    layers = (conv(1, 3, 3, 3, 1), Affine((0.0,), (-1.0,)), Activation("relu"))
    found = check(Chain(photo(), Reading("each channel"), layers), 3, (0, 5, 5))
    assert found.value == 0 and not found.photo.weights.any() and effective(found) is None


def test_a_cell_that_reads_nothing_but_the_border_is_its_bias():
    found = check(Chain(photo(), Reading("each channel"), (Pad((20, 20), (20, 20), constant=3.0),)), 1, (0, 1, 1))
    assert found.box == (0, 0, 0, 0) and found.bias == found.added == 3.0 and effective(found) is None


def test_values_that_are_no_numbers_stay_that():
    array = np.zeros((6, 6))
    array[2, 2] = np.nan
    found = equivalent(Chain(Source(array), layers=(Conv(bank(1, 3, 3)),)), 1, 0, 2, 2)
    assert np.isnan(found.value) and np.isnan(found.bias) and np.isfinite(found.kernel).all()


def test_what_cannot_be_followed_is_said():
    chain = Chain(photo(), Reading("each channel"), (conv(1, 3, 3, 3, 2),))
    with pytest.raises(IndexError, match="received map 2, 0, 0"):
        equivalent(chain, 1, 2, 0, 0)
    with pytest.raises(Cancelled):
        equivalent(chain, 1, 0, 0, 0, cancelled=lambda: True)
    large = Chain(Source(np.zeros((5000, 5000), np.uint8)), Reading(), (Pool("mean", size=None),))
    with pytest.raises(ValueError, match="at most 20,000,000 cells"):
        equivalent(large, 1, 0, 0, 0)
