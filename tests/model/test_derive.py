"""What follows from the document: shapes, words, colours, and the value that the layer reads."""

from fractions import Fraction

import numpy as np
import pytest
from documents import document

import convgui
from convgui.engine.kernels import facts
from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.conv import Conv
from convgui.engine.layers.pool import Pool
from convgui.engine.looking.limits import Limits
from convgui.engine.looking.many import Many
from convgui.engine.source import Source
from convgui.model import colouring, derive, texts
from convgui.model.chains import add
from convgui.model.state import Display, State
from convgui.model.suit import usual_reading
from convgui.model.viewport import Rect


def grey(rows=5, cols=7, **settings):
    return Source(np.arange(rows * cols, dtype=np.uint8).reshape(rows, cols), scale=1 / 255, name="grey.png", **settings)


def photo(rows=5, cols=7):
    array = np.random.default_rng(1).integers(0, 256, (rows, cols, 3), np.uint8)
    return Source(array, scale=1 / 255, name="holiday.png")


def state(source=None, kernel=None, display=None, **settings):
    return document(source or grey(), kernel, display=display, **settings)


# shapes


def test_a_layer_that_fits_has_no_fault():
    assert state().why == ""
    assert state(padding="valid").output_shape == (1, 3, 5)


def test_a_kernel_that_does_not_fit_is_a_sentence_and_not_an_exception():
    bad = state(kernel=Kernel(np.ones((9, 9))), padding="valid")
    assert "9 × 9 does not fit into an input of 5 × 7" in bad.why
    assert bad.output_shape is None
    assert bad.map == 0
    assert derive.names_of_maps(bad) == ("",)
    assert derive.extent(bad) == Rect(0, 0, 7, 5)
    assert texts.shape_text(bad).endswith("→ no output")


def test_maps_of_a_photo_are_named_by_its_channels():
    assert derive.names_of_maps(state(photo(), colour="each channel")) == ("red", "green", "blue")
    assert derive.names_of_maps(state(photo())) == ("",)


@pytest.mark.parametrize(("colour", "chosen", "expected"), [("each channel", 2, 2), ("luminance", 2, 0), ("sum", 1, 0)])
def test_the_last_map_is_shown_where_there_are_fewer_than_chosen(colour, chosen, expected):
    assert state(photo(), colour=colour, display=Display(map=chosen)).map == expected


def test_the_extent_holds_the_map_where_it_is_larger_than_the_input():
    assert derive.extent(state(padding="valid")) == Rect(0, 0, 7, 5)
    assert derive.extent(state(padding="full")) == Rect(-1, -1, 9, 7)


@pytest.mark.parametrize("shown", [{"photo": True}, {"many": Many(overlay=True)}])
def test_the_extent_holds_the_photo_where_it_is_shown_beside_or_under_the_map_of_a_later_layer(shown):
    """Three valid convolutions and a pool leave a border out, in which the photo goes on."""
    wide, narrow = (Conv(Kernel(np.ones((side, side))), padding="valid") for side in (5, 3))
    layers = (wide, Pool("max"), narrow, narrow)
    source = grey(40, 60)
    deep = State(source, usual_reading(layers, source), layers, display=Display(**shown))
    rows, cols = deep.input.place
    extent = derive.extent(deep)
    left, top = (float(axis.origin + Fraction(at) * axis.pitch) for axis, at in ((cols, extent.left), (rows, extent.top)))
    size = extent.width * float(cols.pitch), extent.height * float(rows.pitch)
    assert (left, top, *size) == (0, 0, 60, 40)
    assert derive.extent(deep.with_display(photo=False, many=Many())).width < extent.width


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (state(padding="valid"), "(5, 7) uint8 → (3, 5) float32"),
        (state(photo()), "(5, 7, 3) uint8 → (5, 7) float32"),
        (state(photo(), colour="each channel"), "(5, 7, 3) uint8 → (5, 7, 3) float32"),
    ],
)
def test_shapes_as_the_status_bar_says_them(given, expected):
    assert texts.shape_text(given) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (state(), "grey.png · 7 × 5 · grey"),
        (state(grey(toy=True)), "grey.png · 5 × 7 · toy grid"),
        (state(photo()), "holiday.png · 7 × 5 · RGB, as luminance"),
        (state(photo(), colour="each channel"), "holiday.png · 7 × 5 · RGB, each channel"),
        (state(photo(), colour="sum"), "holiday.png · 7 × 5 · RGB, channels summed"),
        (state(Source(np.zeros((1, 9), np.float32), name="ramp")), "ramp · 9 steps · sequence"),
        (state(Source(np.zeros((4, 4, 5), np.float32), name="net")), "net · 4 × 4 · 5 channels, as luminance"),
    ],
)
def test_the_source_in_words(given, expected):
    assert texts.source_text(given) == expected


def test_what_a_deep_layer_reads_in_words():
    deep = add(add(state(photo(40, 60), colour="each channel"), Pool()), Conv(Kernel([[1.0, 2.0]])))
    deep = deep.with_display(map=2)
    assert texts.source_text(deep) == "max pooling · 30 × 20 · map 2 of 3"
    assert texts.source_text(deep.with_display(photo=True)) == "holiday.png · 60 × 40 · RGB, each channel"
    assert texts.shape_text(deep) == "(20, 30, 3) float32 → (20, 30, 3) float32"
    assert derive.names_of_maps(deep) == ("red", "green", "blue")
    mixed = add(deep, Conv(Kernel(np.ones((1, 1, 3, 3)))))
    assert derive.names_of_maps(mixed) == ("0", "1", "2")


# colours


def colours_of(values, look):
    from convgui.engine.looking.statistics import statistics_of

    values = np.asarray(values, np.float32)
    return look.apply(values, statistics_of(values))


@pytest.mark.parametrize("dark", [False, True])
def test_zero_is_the_middle_of_a_signed_map(dark):
    colours, (low, high) = colours_of([[-2.0, 0.0, 1.0]], colouring.look(state(), dark))
    assert low == -high
    middle = colouring.signed_table(dark)[127:129].astype(int)
    assert np.abs(middle - colours[0, 1].astype(int)).max() <= 3
    assert not np.array_equal(colours[0, 0], colours[0, 2])


def test_a_map_without_negative_values_gets_a_sequential_map_from_its_least_value():
    colours, limits = colours_of([[0.0, 1.0, 3.0]], colouring.look(state(), False))
    assert limits == (0.0, 3.0)
    assert colours[0, 2].tolist() == colouring.table("warm", False)[255].tolist()


def test_light_and_dark_have_colour_maps_of_their_own():
    assert not np.array_equal(colouring.signed_table(False), colouring.signed_table(True))


def test_a_chosen_colour_map_is_used_for_every_map():
    found = colouring.tables("batlow", False)
    for table in found[:3]:
        np.testing.assert_array_equal(table, colouring.table("batlow", False))


def test_a_blurred_photo_is_shown_as_the_photo_is():
    box = Kernel(np.full((3, 3), 1 / 9))
    colours, limits = colours_of([[0.25, 0.5]], colouring.look(state(photo(), box), False))
    assert limits == (0.0, 1.0)
    assert colours[0].tolist() == [[64] * 3, [128] * 3]


@pytest.mark.parametrize(
    "given",
    [
        state(photo()),  # weights that sum to 0
        state(photo(), Kernel(np.full((3, 3), 1 / 9)), activation="sigmoid"),
        state(photo(), Kernel(np.full((3, 3), 1 / 9)), bias=(0.5,)),
        state(photo(), Kernel(np.full((3, 3), 1 / 9)), display=Display(colours="vik")),
        state(grey(toy=True), Kernel(np.full((3, 3), 1 / 9))),
        state(Source(np.zeros((4, 4), np.float32)), Kernel(np.full((3, 3), 1 / 9))),
    ],
)
def test_what_is_no_picture_any_more_has_limits_of_its_own(given):
    _, limits = colours_of([[0.25, 0.75]], colouring.look(given, False))
    assert limits == (0.25, 0.75)


def test_fixed_limits_stay_whatever_the_map_holds():
    display = Display(limits=Limits("fixed", low=-4.0, high=8.0))
    assert colours_of([[100.0, -3.0]], colouring.look(state(display=display), False))[1] == (-4.0, 8.0)


@pytest.mark.parametrize(("dtype", "most"), [(np.uint8, 1.0), (np.uint16, 1.0)])
def test_black_and_white_of_the_input(dtype, most):
    source = Source(np.zeros((3, 3), dtype), scale=1 / np.iinfo(dtype).max)
    assert colouring.picture_range(source) == (0.0, pytest.approx(most))
    assert colouring.stored_range(source) == (0.0, np.iinfo(dtype).max)


# values


@pytest.mark.parametrize("colour", ["luminance", "each channel", "sum"])
def test_the_value_under_the_cursor_is_what_the_layer_reads(colour):
    source = photo()
    given = state(source, colour=colour, display=Display(map=1))
    expected = convgui.as_input(source.array, colour)
    for row, col in ((0, 0), (4, 6), (2, 3)):
        cell = expected[row, col] if expected.ndim == 2 else expected[row, col, 1]
        assert given.input.value(row, col) == cell


@pytest.mark.parametrize(("row", "col"), [(-1, 0), (0, -1), (5, 0), (0, 7)])
def test_there_is_no_value_outside_the_input(row, col):
    assert state().input.value(row, col) is None


@pytest.mark.parametrize(
    ("weights", "symmetric"),
    [
        ([[1, 2, 1]], True),
        ([[1, 0, -1]], False),
        ([[1, 2], [2, 1]], True),
        ([[1, 2], [3, 4]], False),
        ([[1e-14, 0, -1e-14]], False),
        ([[0.1 + 0.2, 1, 0.3]], True),
        ([[0, 0, 0]], True),
    ],
)
def test_when_convolution_and_correlation_are_the_same(weights, symmetric):
    kernel = Kernel(weights)
    assert facts.symmetric(kernel.weights) is symmetric
    x = np.random.default_rng(0).random((6, 6))
    turned = convgui.conv2d(x, weights, flip=True)
    same = np.allclose(convgui.conv2d(x, weights), turned, atol=1e-6 * np.abs(turned).max())
    assert same is symmetric


@pytest.mark.parametrize(
    ("weights", "expected"), [([[0.5, 0.5]], True), ([[1, 1]], False), ([[1]], False), ([[-1, 3, -1]], True)]
)
def test_which_kernels_keep_the_brightness(weights, expected):
    assert colouring.keeps_brightness(Kernel(weights)) is expected
