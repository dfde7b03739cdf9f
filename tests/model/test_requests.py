"""Requests: what the panes show is what the definition says, limits and strongest values included."""

import numpy as np
import pytest

from convgui import as_input, conv2d
from convgui.engine import catalog, jit
from convgui.engine.colours import colour_table
from convgui.engine.layers import Conv
from convgui.engine.levels import Limits
from convgui.engine.source import Source
from convgui.engine.tiles import Cancelled, Window
from convgui.model import derive
from convgui.model.requests import Look, MapRequest, PictureRequest, Tables, ThumbnailsRequest, small_source
from convgui.model.state import State


@pytest.fixture(scope="module", autouse=True)
def compiled():
    """Let the compiled loops serve both sides, whose last bit the reference rounds otherwise."""
    jit.load()


class Token:
    def __init__(self, stop=False):
        self.stop, self.parts = stop, []

    def cancelled(self):
        return self.stop

    def progress(self, part):
        self.parts.append(part)


@pytest.fixture(scope="module")
def image():
    return np.random.default_rng(3).integers(0, 256, (90, 130, 3), np.uint8)


@pytest.fixture(scope="module")
def state(image):
    return State(Source(image, scale=1 / 255), (Conv(catalog.make("sobel-x")),))


@pytest.fixture(scope="module")
def truth(image):
    return conv2d(as_input(image), catalog.make("sobel-x").weights, padding="same")


def request(state, window, step, **more):
    return MapRequest(state.layers, state.source, 0, window, step, derive.look(state, False), **more)


def test_cell_by_cell_it_is_the_convolution(state, truth):
    shown = request(state, Window(10, 20, 30, 40), 1)(Token())
    assert np.array_equal(shown.values, truth[10:40, 20:60])
    assert not shown.whole


def test_with_a_step_it_is_every_nth_value(state, truth):
    shown = request(state, Window(0, 0, 90, 130), 4)(Token())
    assert np.allclose(shown.values, truth[::4, ::4], atol=1e-6)


def test_at_rest_it_is_the_strongest_value_under_each_pixel_and_the_limits_of_the_whole_map(state, truth):
    token = Token()
    shown = request(state, Window(0, 0, 88, 128), 4, refine=True)(token)
    blocks = truth[:88, :128].reshape(22, 4, 32, 4).transpose(0, 2, 1, 3).reshape(22, 32, 16)
    strongest = np.take_along_axis(blocks, np.abs(blocks).argmax(-1)[..., None], -1)[..., 0]
    assert np.array_equal(np.abs(shown.values), np.abs(strongest))
    assert shown.whole
    assert (shown.known.low, shown.known.high) == (truth.min(), truth.max())
    assert token.parts == sorted(token.parts) and token.parts[-1] >= 0.5


def test_nobody_wants_it(state):
    with pytest.raises(Cancelled):
        request(state, Window(0, 0, 90, 130), 1, refine=True)(Token(stop=True))


def test_a_diverging_map_keeps_its_middle_at_zero():
    ramp = np.repeat(np.arange(256)[:, None], 3, axis=1)
    table = colour_table(ramp)
    values = np.array([[-1.0, 0.0, 3.0]], np.float32)
    state = State(Source(values), (Conv(catalog.make("identity")),))
    known = MapRequest(state.layers, state.source, 0, Window(0, 0, 1, 3), 1, derive.look(state, False))(Token()).known
    colours, limits = Look(Limits("min-max"), Tables(table, table, table)).apply(values, known)
    assert limits == (-1, 3)
    assert colours[0, :, 0].tolist()[1:] in ([128, 255], [127, 255])
    assert 80 <= colours[0, 0, 0] <= 90


def test_the_input_is_shown_as_it_is(image):
    source = Source(image, scale=1 / 255)
    shown = PictureRequest(source, Window(5, 6, 20, 30), 1, derive.channel_mixes("luminance", 3, 1 / 255)[0])(Token())
    assert np.array_equal(shown.colours, image[5:25, 6:36])
    assert np.array_equal(shown.values, as_input(image)[5:25, 6:36])


def test_thumbnails_come_one_by_one(state):
    arrived = {}
    names = tuple((name, lambda name=name: catalog.make(name)) for name in ("sobel-x", "box", "laplacian-4"))
    look = derive.look(state, False)
    count = ThumbnailsRequest(state.source, names, state.layer, lambda k, s: look, arrived.__setitem__)(Token())
    assert count == 3 and list(arrived) == ["sobel-x", "box", "laplacian-4"]
    assert all(colours.dtype == np.uint8 and colours.shape[2] == 3 for colours in arrived.values())


def test_a_toy_grid_is_its_own_thumbnail():
    toy = Source(np.zeros((6, 6)), toy=True)
    assert small_source(toy) is toy
    large = small_source(Source(np.zeros((900, 1300, 3), np.uint8)))
    assert max(large.rows, large.cols) <= 152
