"""The grid of maps without a window: the values are those of the layer, whatever else is asked for."""

from __future__ import annotations

import numpy as np
import pytest

from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.activation import Activation
from convgui.engine.layers.conv import Conv
from convgui.engine.looking.limits import Limits
from convgui.engine.looking.many import Many
from convgui.engine.network import Chain, evaluate
from convgui.engine.reading import Reading
from convgui.engine.source import Source
from convgui.engine.strategies.tiles import Window
from convgui.model.bases import basis_of
from convgui.model.colouring import look_for
from convgui.model.filters import bank_of_maps, colour_order
from convgui.model.map_grid import GridRequest
from convgui.model.requests import MapRequest
from convgui.model.state import Display, State

RNG = np.random.default_rng(0)
PHOTO = Source(RNG.integers(0, 255, (60, 90, 3), np.uint8), 1 / 255)
BANK = Conv(Kernel(RNG.normal(size=(5, 5, 3, 12))), stride=(2, 2))
LAYERS = (BANK, Activation("relu"))


class Token:
    def cancelled(self):
        return False

    def progress(self, part):
        pass

    def deliver(self, result):
        pass


def chain(reading=None):
    return Chain(PHOTO, reading or Reading("each channel"), LAYERS)


def test_tiles_show_the_values_of_the_maps(compiled):
    look = look_for(chain(), Display(limits=Limits("min-max")), dark=False)
    made = GridRequest(chain(), (7, 2), 15, look)(Token())
    whole = evaluate(chain())[:, ::3, ::3]
    assert set(made.colours) == {7, 2}
    low, high = made.limits[7]
    assert made.limits[2] == (low, high)
    for map, colours in made.colours.items():
        expected, _ = look.apply(whole[map], made.glance.known)
        assert (colours == expected).all()


def test_each_map_has_its_own_limits_where_they_are_not_shared(compiled):
    look = look_for(chain(), Display(limits=Limits("min-max")), dark=False)
    made = GridRequest(chain(), (0, 1), 100, look, shared=False)(Token())
    whole = evaluate(chain())
    for map in (0, 1):
        assert made.limits[map] == pytest.approx((float(whole[map].min()), float(whole[map].max())))


def test_a_refined_tile_keeps_the_strongest_of_each_block(compiled):
    look = look_for(chain(), Display(limits=Limits("fixed", low=0, high=4)), dark=False)
    made = GridRequest(chain(), (3,), 15, look, refine=True)(Token())
    strongest = evaluate(chain(), step=3, maps=3, strongest=True)[0]
    assert (made.colours[3] == look.apply(strongest, made.glance.known)[0]).all()


def test_the_strength_of_a_map_is_its_root_mean_square(compiled):
    look = look_for(chain(), Display(), dark=False)
    made = GridRequest(chain(), (), 15, look)(Token())
    expected = np.sqrt(np.square(evaluate(chain())).mean(axis=(1, 2)))
    assert np.corrcoef(made.glance.strength, expected)[0, 1] > 0.9


def test_filters_that_read_red_green_and_blue_are_known_whatever_the_order():
    bgr = Reading("custom", matrix=((0, 0, 2.0), (0, 2.0, 0), (2.0, 0, 0)), offset=(-1.0, -1.0, -1.0))
    assert colour_order(State(PHOTO, Reading("each channel"), LAYERS), 0, BANK.kernel) == (0, 1, 2)
    assert colour_order(State(PHOTO, bgr, LAYERS), 0, BANK.kernel) == (2, 1, 0)
    assert colour_order(State(PHOTO, Reading("each channel"), (BANK, BANK)), 1, BANK.kernel) is None


def test_maps_belong_to_the_filters_of_the_last_bank_below():
    state = State(PHOTO, Reading("each channel"), LAYERS, looked=1)
    assert bank_of_maps(state) == (0, BANK.kernel)


def picture(way, window=None, refine=False):
    state = State(PHOTO, Reading("each channel"), LAYERS, 1, Display(many=Many(way="picture", together=way)))
    look = look_for(state.looked_at, state.display, dark=False)
    window = window or Window(0, 0, 30, 45)
    return MapRequest(state.looked_at, 0, window, 1, look, state.axes, refine=refine, together=way)(Token())


def test_one_picture_of_all_maps_has_their_values(compiled):
    np.testing.assert_allclose(picture("mean").values, evaluate(chain()).mean(axis=0), rtol=1e-5, atol=1e-6)
    part = picture("max", Window(3, 5, 10, 20))
    assert (part.values == evaluate(chain()).max(axis=0)[3:13, 5:25]).all()


def test_the_strongest_map_is_that_of_the_whole_picture_in_any_part_of_it(compiled):
    whole = evaluate(chain())
    strongest = int(whole.sum(axis=(1, 2)).argmax())
    for window in (Window(0, 0, 3, 4), Window(20, 30, 5, 5)):
        part = picture("select_max", window, refine=True)
        assert (part.values == whole[strongest][window.top :, window.left :][: window.rows, : window.cols]).all()
        assert part.request.together == "select_max" and part.known.high == whole[strongest].max()


def test_components_keep_their_basis_on_the_next_picture(compiled):
    other = Chain(Source(255 - PHOTO.array, 1 / 255), Reading("each channel"), LAYERS)
    assert basis_of(chain(), lambda: False) is basis_of(other, lambda: False)
    assert picture("pca").colours.shape == (30, 45, 3)
