"""What a network sees: presets are what their libraries make of a photo, and numbers are read back as they were set."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convgui.engine.network import Chain, evaluate
from convgui.engine.reading import Reading
from convgui.engine.source import Source
from convgui.model.preparation import PRESETS, Preparation, PreparedRequest, outside, preset_of

PHOTO = np.random.default_rng(0).integers(0, 256, (6, 8, 3), np.uint8)
SOURCE = Source(PHOTO, 1 / 255)


def prepared(reading):
    return np.moveaxis(evaluate(Chain(SOURCE, reading), upto=0), 0, -1)


BYTES = PHOTO.astype(np.float64)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("0 … 1", BYTES / 255),
        ("0 … 255", BYTES),
        ("-1 … 1", BYTES / 127.5 - 1),
        ("imagenet", (BYTES / 255 - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]),
        ("caffe", BYTES[..., ::-1] - [103.939, 116.779, 123.68]),
    ],
)
def test_presets_are_what_libraries_make_of_a_photo(name, expected, compiled):
    reading = PRESETS[name][2].reading(Reading())
    np.testing.assert_allclose(prepared(reading), expected, rtol=1e-5, atol=1e-4)
    assert preset_of(reading, 3) == name


numbers = st.tuples(*[st.floats(-200, 200, allow_nan=False).map(lambda x: round(x, 3))] * 3)
spreads = st.tuples(*[st.floats(0.01, 300, allow_nan=False).map(lambda x: round(x, 3))] * 3)


@given(st.sampled_from([1.0, 255.0]), numbers, spreads, st.booleans())
def test_numbers_are_read_back_as_the_same_preparation(full, mean, divide, backwards):
    set_ = Preparation(full, mean, divide, backwards)
    reading = set_.reading(Reading())
    back = Preparation.of(reading, 3)
    assert back is not None and back.reversed == backwards
    again = back.reading(Reading())
    if reading.colour == "custom":
        np.testing.assert_allclose(again.matrix, reading.matrix, rtol=1e-9)
    np.testing.assert_allclose(again.offset or (0.0,) * 3, reading.offset or (0.0,) * 3, rtol=1e-9, atol=1e-12)
    assert back.mean == pytest.approx(np.array(mean) * back.full / full, rel=1e-9, abs=1e-9)


def test_what_mixes_channels_is_no_preset():
    assert preset_of(Reading("luminance"), 3) == "brightness"
    assert preset_of(Reading("custom", matrix=((1.0, 1.0, 0.0),)), 3) == "mixed"
    assert preset_of(Reading("custom", matrix=((2.0, 0, 0), (0, 3.0, 0), (0, 0, 1.0))), 3) == "own"


def test_another_range_than_the_trained_one_is_told():
    trained = PRESETS["-1 … 1"][2].reading(Reading())
    assert outside(trained, trained, SOURCE) == "" == outside(Reading("each channel"), None, SOURCE)
    said = outside(PRESETS["0 … 255"][2].reading(Reading()), trained, SOURCE)
    assert "−1 … 1 there" in said and "0 … 255 here" in said
    turned = Preparation(1.0, (0.5,) * 3, (0.5,) * 3, reversed=True).reading(Reading())
    assert "red first" in outside(turned, trained, SOURCE)
    assert "3 planes" in outside(Reading("luminance"), trained, SOURCE)


class Token:
    def cancelled(self):
        return False


def test_pictures_show_the_planes_as_rgb_and_as_bgr(compiled):
    rgb, bgr = PreparedRequest(Chain(SOURCE, PRESETS["caffe"][2].reading(Reading())))(Token())
    np.testing.assert_allclose(bgr, PHOTO, atol=1)
    assert (rgb == bgr[..., ::-1]).all()
    (grey,) = PreparedRequest(Chain(SOURCE, Reading("luminance")))(Token())
    assert grey.shape == (6, 8, 3)
