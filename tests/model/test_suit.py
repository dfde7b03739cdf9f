"""What a new input asks of the layer."""

import numpy as np
import pytest
from documents import document

from convgui.engine.kernels import catalogue as catalog
from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.conv import Conv
from convgui.engine.layers.pool import Pool
from convgui.engine.reading import Reading
from convgui.engine.source import Source
from convgui.model.state import State
from convgui.model.suit import usual_reading, with_source

PHOTO, GREY = Source(np.zeros((5, 6, 3), np.uint8)), Source(np.zeros((5, 6), np.uint8))
SEQUENCE, SENSORS = Source(np.zeros((1, 9), np.float32)), Source(np.zeros((1, 9, 2), np.float32))
SOBEL = catalog.make("sobel-x")


def state_of(source, kernel=SOBEL, **layer):
    return document(source, kernel, **layer)


def test_a_sequence_gets_a_kernel_of_one_row_and_it_is_said():
    state, note = with_source(state_of(PHOTO, stride=(2, 2), dilation=(3, 3)), SEQUENCE)
    assert state.kernel.size == (1, 3)
    assert (state.conv.stride, state.conv.dilation) == ((1, 2), (1, 3))
    assert note == "A sequence is one row: Central difference took the place of Sobel x, 3 × 3."


@pytest.mark.parametrize("source", [PHOTO, GREY, SEQUENCE])
def test_a_kernel_of_one_row_stays(source):
    kernel = Kernel([[1.0, 2.0]])
    state, note = with_source(state_of(PHOTO, kernel), source)
    assert state.kernel is kernel and note == ""


def test_causal_is_for_sequences():
    state = state_of(SEQUENCE, Kernel([[1.0, 2.0]]), padding="causal")
    assert with_source(state, SENSORS)[0].conv.padding == "causal"
    assert with_source(state, PHOTO)[0].conv.padding == "same"


def test_channels_of_a_sequence_are_summed_and_those_of_a_photo_read_as_its_luminance():
    sensors, _ = with_source(state_of(PHOTO), SENSORS)
    assert sensors.reading.colour == "sum"
    assert with_source(sensors, PHOTO)[0].reading.colour == "luminance"


def test_what_was_chosen_for_a_photo_stays():
    assert with_source(state_of(GREY, colour="sum"), PHOTO)[0].reading.colour == "sum"
    assert with_source(state_of(PHOTO, colour="each channel"), SENSORS)[0].reading.colour == "each channel"


def chain_on(source, *layers, **reading):
    return State(source, Reading(**reading), layers)


def test_layers_above_the_first_stay_as_they_are():
    sobel, upper, pool = Conv(SOBEL, padding="causal"), Conv(SOBEL, padding="causal", stride=(2, 2)), Pool()
    state, note = with_source(chain_on(SEQUENCE, sobel, upper, pool), SENSORS)
    assert state.layers[1:] == (upper, pool) and "took the place" in note
    state, note = with_source(state, PHOTO)
    assert [layer.padding for layer in state.layers[:2]] == ["same", "same"] and state.layers[1].kernel is SOBEL
    assert state.layers[2] is pool and note == ""


@pytest.mark.parametrize(
    "reading",
    [{"colour": "custom", "matrix": ((0.0, 0.0, 1.0),)}, {"colour": "each channel", "offset": (0.5,)}, {"colour": "sum"}],
)
def test_a_reading_that_was_chosen_stays(reading):
    state, _ = with_source(chain_on(PHOTO, Conv(SOBEL), **reading), GREY)
    assert state.reading == Reading(**reading)


def test_size_and_offset_stay_where_the_colour_mode_follows_the_source():
    state, _ = with_source(chain_on(PHOTO, Conv(Kernel([[1.0, 2.0]])), offset=(-0.5,)), SENSORS)
    assert state.reading == Reading("sum", offset=(-0.5,))


def test_a_bank_reads_each_channel():
    bank = Conv(Kernel(np.ones((3, 3, 3, 2))))
    assert usual_reading((bank,), PHOTO) == Reading("each channel")
    assert usual_reading((Conv(SOBEL),), PHOTO) == Reading("luminance")
    assert usual_reading((Conv(SOBEL),), SENSORS) == Reading("sum")
