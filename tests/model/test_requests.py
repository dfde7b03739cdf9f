"""Requests: what a worker gives is what the library gives, whole or in parts, and what the screen shows of it."""

import gc
import pickle
from weakref import ref

import numpy as np
import pytest
from documents import chain_of, document
from hypothesis import given, settings
from hypothesis import strategies as st

import convgui
from convgui.engine.kernels.catalogue import make
from convgui.engine.kernels.kernel import Kernel
from convgui.engine.looking.statistics import statistics_of
from convgui.engine.network import evaluate
from convgui.engine.source import Source
from convgui.engine.strategies.tiles import Cancelled, Window
from convgui.model import colouring
from convgui.model.levels import Level
from convgui.model.requests import MapRequest, PictureRequest
from convgui.model.thumbnails import THUMBNAIL, ThumbnailsRequest, thumbnail_window


class Token:
    """A worker that notes what it is told."""

    def __init__(self, cancelled=False):
        self.parts, self.delivered = [], []
        self._cancelled = cancelled

    def cancelled(self):
        return self._cancelled

    def progress(self, part):
        self.parts.append(part)

    def deliver(self, result):
        self.delivered.append(result)


pytestmark = pytest.mark.usefixtures("compiled")


def photo(rows=60, cols=80):
    array = np.random.default_rng(3).integers(0, 256, (rows, cols, 3), np.uint8)
    return Source(array, scale=1 / 255, name="photo")


def made(kernel, **settings):
    """Return what an operation is made of."""
    return {"kernel": kernel, **settings}


def ask(source, operation, window=None, step=1, map=0, **options):
    state = document(source, **operation)
    window = window or Window(0, 0, *state.output_shape[1:])
    return MapRequest(state.chain, map, window, step, colouring.look(state, dark=False), state.axes, **options)


def whole(source, operation):
    """Return what the library gives for the same operation."""
    settings = dict(operation)
    x = convgui.as_input(source.array, settings.pop("colour", "luminance"), source.scale)
    for name, keras in (("stride", "strides"), ("dilation", "dilation_rate")):
        if name in settings:
            settings[keras] = settings.pop(name)
    return convgui.conv2d(x, settings.pop("kernel").weights, **{"padding": "same", **settings})


# maps


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"padding": "valid", "stride": (2, 2)},
        {"padding": "full", "dilation": (2, 2)},
        {"border": "reflect", "flip": True, "colour": "sum"},
        {"activation": "relu", "border": "wrap"},
    ],
)
def test_a_map_is_exactly_what_conv2d_gives(settings):
    source, layer = photo(), made(make("sobel-x"), **settings)
    found = ask(source, layer)(Token())
    np.testing.assert_array_equal(found.values, whole(source, layer))
    assert found.values.dtype == np.float32


def test_each_channel_is_exactly_what_conv2d_gives():
    source, layer = photo(), made(make("laplacian-4"), colour="each channel")
    expected = whole(source, layer)
    for map in range(3):
        np.testing.assert_array_equal(ask(source, layer, map=map)(Token()).values, expected[:, :, map])


@settings(max_examples=25)
@given(st.integers(0, 59), st.integers(0, 79), st.integers(1, 60), st.integers(1, 80), st.integers(1, 7))
def test_a_part_is_that_part_of_the_whole(top, left, rows, cols, step):
    """Exactly where each cell is shown; a sample may add its products in another order."""
    source, layer = photo(), made(make("sobel-x"))
    found = ask(source, layer, Window(top, left, rows, cols), step)(Token())
    expected = whole(source, layer)[top : top + rows, left : left + cols][::step, ::step]
    np.testing.assert_allclose(found.values, expected, rtol=0, atol=0 if step == 1 else 1e-6)


def test_a_quick_look_is_a_sample_with_limits_of_what_is_seen():
    source, layer = photo(), made(make("sobel-x"))
    found = ask(source, layer, Window(0, 0, 20, 20), 4)(Token())
    assert not found.whole
    assert (found.known.low, found.known.high) == (found.values.min(), found.values.max())


@pytest.mark.parametrize("step", [2, 3, 5])
def test_refined_it_has_the_strongest_of_each_block_and_keeps_its_sign(step):
    source, layer = photo(), made(make("sobel-x"))
    found = ask(source, layer, step=step, refine=True)(Token())
    all_values = whole(source, layer)
    assert found.values.shape == (-(-60 // step), -(-80 // step))
    for i, j in np.ndindex(found.values.shape):
        block = all_values[i * step : (i + 1) * step, j * step : (j + 1) * step]
        assert np.abs(found.values[i, j]) == np.abs(block).max()
        assert found.values[i, j] in block


def test_refined_it_has_the_limits_of_the_whole_map_though_a_part_is_shown():
    array = np.zeros((60, 80), np.float32)
    array[50, 70] = 9  # far from the part that is shown
    source, layer = Source(array), made(Kernel([[0, 0, 0], [0, 2, 0], [0, 0, -1]]))
    found = ask(source, layer, Window(0, 0, 10, 10), refine=True)(Token())
    assert found.whole
    assert (found.known.low, found.known.high) == (-9, 18)
    assert found.known.finite == 60 * 80
    assert found.limits[0] == -found.limits[1]
    assert not found.values.any()


def test_limits_that_are_known_already_are_kept():
    source, layer = photo(), made(make("sobel-x"))
    known = statistics_of(np.array([[-8.0, 8.0]], np.float32))
    found = ask(source, layer, Window(0, 0, 10, 10), known=known)(Token())
    assert found.known is known
    assert found.whole
    assert found.limits == (-8, 8)


def test_colours_belong_to_values_and_limits():
    source, layer = photo(), made(make("sobel-x"))
    found = ask(source, layer, refine=True)(Token())
    assert found.colours.shape == (60, 80, 3)
    assert found.colours.dtype == np.uint8
    above, below = found.values >= found.limits[1], found.values <= found.limits[0]
    assert above.any()
    assert below.any()
    assert (found.colours[above] == found.table[-2]).all()
    assert (found.colours[below] == found.table[0]).all()


@pytest.mark.parametrize("refine", [False, True])
def test_progress_rises_to_the_end(refine):
    token = Token()
    ask(photo(900, 1200), made(make("gaussian")), refine=refine)(token)
    assert token.parts == sorted(token.parts)
    assert token.parts[0] > 0
    assert token.parts[-1] == 1


@pytest.mark.parametrize("refine", [False, True])
def test_what_nobody_wants_any_more_is_not_computed(refine):
    with pytest.raises(Cancelled):
        ask(photo(), made(make("sobel-x")), refine=refine)(Token(cancelled=True))


def test_nan_stays_in_its_receptive_field_and_has_a_colour_of_its_own():
    array = np.ones((9, 9), np.float32)
    array[4, 4] = np.nan
    found = ask(Source(array), made(Kernel(np.ones((3, 3)))))(Token())
    assert np.argwhere(np.isnan(found.values)).min() == 3
    assert np.isnan(found.values).sum() == 9
    assert (found.colours[3:6, 3:6] == found.table[-1]).all()
    assert np.isfinite(found.limits).all()


# the input


def test_the_input_is_shown_as_it_is():
    source = photo()
    mix = np.array([1 / 3] * 3) / 255
    found = PictureRequest(Level(source), Window(10, 20, 5, 6), 1, mix)(Token())
    np.testing.assert_array_equal(found.colours, source.array[10:15, 20:26])
    assert found.range == (0, 255)
    np.testing.assert_allclose(found.values, source.array[10:15, 20:26].mean(axis=2) / 255, rtol=1e-6)


def test_zoomed_out_blocks_are_averaged_and_have_no_numbers():
    array = np.arange(64, dtype=np.uint8).reshape(8, 8)
    found = PictureRequest(Level(Source(array)), Window(0, 0, 8, 8), 4, np.array([1.0]))(Token())
    expected = array.reshape(2, 4, 2, 4).mean(axis=(1, 3))
    assert np.abs(found.colours[:, :, 0] - expected).max() <= 0.5
    assert found.values is None


def test_a_given_range_is_black_and_white():
    array = np.array([[0.0, 5.0, 10.0]], np.float32)
    found = PictureRequest(Level(Source(array)), Window(0, 0, 1, 3), 1, np.array([1.0]), (0.0, 10.0))(Token())
    assert found.colours[0, :, 0].tolist() == [0, 128, 255]
    assert found.values.tolist() == [[0, 5, 10]]


# thumbnails


def all_of(source):
    return Window(0, 0, source.rows, source.cols)


def thumbnails(source, names, token=None):
    token = token or Token()
    return ThumbnailsRequest(source, tuple(names), all_of(source))(token), token.delivered


def test_each_thumbnail_is_delivered_in_turn():
    names = ("sobel-x", "gaussian", "laplacian-4")
    token = Token()
    count, arrived = thumbnails(photo(400, 600), names, token)
    assert count == 3
    assert [name for name, _ in arrived] == list(names)
    assert token.parts == pytest.approx([1 / 3, 2 / 3, 1])
    for _, colours in arrived:
        assert colours.dtype == np.uint8
        assert colours.shape[2] == 3
        assert max(colours.shape[:2]) <= THUMBNAIL
    assert not np.array_equal(arrived[0][1], arrived[2][1])


def test_a_thumbnail_of_the_identity_is_the_picture():
    source = Source(np.random.default_rng(0).integers(0, 256, (40, 60), np.uint8), scale=1 / 255)
    _, arrived = thumbnails(source, ["identity"])
    assert arrived[0][1].shape == (40, 60, 3)


def test_cancelled_no_further_thumbnail_comes():
    class Impatient(Token):
        def cancelled(self):
            return bool(self.parts)  # as soon as the first is there

    token = Impatient()
    with pytest.raises(Cancelled):
        ThumbnailsRequest(photo(), ("sobel-x", "sobel-y", "gaussian"), all_of(photo()))(token)
    assert [name for name, _ in token.delivered] == ["sobel-x"]


def test_thumbnails_can_be_asked_for_from_another_process():
    own = (("mine:a", Kernel([[1.0, -1.0]], name="a")),)
    request = ThumbnailsRequest(photo(), ("gaussian",), all_of(photo()), own, colour="each channel", dark=True)
    here, there = Token(), Token()
    assert request(here) == pickle.loads(pickle.dumps(request))(there) == 2
    for (name, colours), (other_name, other_colours) in zip(here.delivered, there.delivered, strict=True):
        assert name == other_name and np.array_equal(colours, other_colours)


@pytest.mark.parametrize(("rows", "cols"), [(400, 600), (153, 20), (1, 500), (1, 100_000), (6, 6), (3000, 4000), (5000, 30)])
@pytest.mark.parametrize("place", [(0.5, 0.5), (0.0, 0.0), (1.0, 1.0), (-3.0, 7.0)])
def test_thumbnails_are_made_of_a_part_of_the_source_around_the_view(rows, cols, place):
    source = Source(np.broadcast_to(np.uint8(7), (rows, cols)))
    part = thumbnail_window(source, place[0] * cols, place[1] * rows)
    assert part.rows > 0 and part.cols > 0 and part.rows * part.cols < 2_000_000
    assert 0 <= part.top <= rows - part.rows and 0 <= part.left <= cols - part.cols
    if rows <= 400 and cols <= 600:
        assert (part.rows, part.cols) == (rows, cols)


def test_a_thumbnail_shows_what_the_map_shows():
    """Fine detail that a reduced copy of the photo would blur away, and a lone line that a sample would miss."""
    picture = np.zeros((1500, 2000), np.uint8)
    picture[:, ::2] = 255
    picture[700:760, 900:1100] = 128
    source = Source(picture, scale=1 / 255)
    part = thumbnail_window(source, 1000, 750)
    token = Token()
    ThumbnailsRequest(source, ("sobel-x", "laplacian-4"), part)(token)
    (_, sobel), (_, laplacian) = token.delivered
    values = evaluate(chain_of(source, make("laplacian-4"), border="replicate"), part, maps=0)[0]
    assert np.abs(values).max() > 1
    strong = np.abs(laplacian.astype(int) - laplacian[laplacian.shape[0] // 2, laplacian.shape[1] // 2].astype(int)).sum(
        axis=2
    )
    assert (strong > 60).mean() > 0.5, "the stripes are seen, though each is one pixel wide"
    assert len(np.unique(sobel.reshape(-1, 3), axis=0)) >= 1


def test_of_a_long_sequence_every_step_th_value_is_shown():
    source = Source(np.arange(100_000, dtype=np.float32)[None])
    request = PictureRequest(Level(source), Window(0, 500, 1, 9_000), 50, np.array([1.0]))
    image = request(Token(lambda part: None))
    assert image.values.shape[1] == image.colours.shape[1] == 180
    assert image.values[0].tolist() == list(range(500, 9_500, 50))


def test_thumbnails_of_a_picture_that_comes_back_are_there_at_once(monkeypatch):
    source, others = photo(), [photo() for _ in range(2)]
    own = (("mine:a", Kernel([[1.0, -1.0]], name="a")),)

    def request(source, **rest):
        return ThumbnailsRequest(source, ("gaussian",), all_of(source), **rest)

    asked = [{"own": own}, {"dark": True}, {"own": own, "colour": "each channel"}]
    first = [Token() for _ in asked]
    for token, rest in zip(first, asked, strict=True):
        assert not request(source, **rest).kept()
        request(source, **rest)(token)
    assert not any(request(other, own=own).kept() for other in others)
    assert not request(source, own=(("mine:a", Kernel([[1.0, 1.0]], name="a")),)).kept()

    def compute(*_, **__):
        raise AssertionError("computed again")

    monkeypatch.setattr("convgui.model.thumbnails.evaluate", compute)
    for token, rest in zip(first, asked, strict=True):
        assert request(source, **rest).kept()
        again = Token()
        request(source, **rest)(again)
        assert [name for name, _ in again.delivered] == [name for name, _ in token.delivered]
        assert all(np.array_equal(a, b) for (_, a), (_, b) in zip(again.delivered, token.delivered, strict=True))


def test_thumbnails_that_were_broken_off_are_not_kept():
    source = photo()
    with pytest.raises(Cancelled):
        ThumbnailsRequest(source, ("gaussian",), all_of(source))(Token(cancelled=True))
    assert not ThumbnailsRequest(source, ("gaussian",), all_of(source)).kept()


def test_thumbnails_do_not_keep_their_picture_alive():
    source = photo()
    ThumbnailsRequest(source, ("gaussian",), all_of(source))(Token())
    there = ref(source)
    del source
    gc.collect()
    assert there() is None
