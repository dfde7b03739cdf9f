"""Cells: numbers as people write them, and ink that can be read on any colour."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter

from convgui.engine.shown import decimals_for, fixed, number
from convgui.views.kit.cells import draw_cell, fitted_font
from convgui.views.kit.colours import contrast, signed_colour

NUMBERS = st.floats(-1e30, 1e30, allow_subnormal=False)


def value_of(text):
    return float(text.replace("−", "-").replace("∞", "inf"))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (1.0, "1"),
        (-1.0, "−1"),
        (0.12345, "0.123"),
        (1234.5, "1234"),
        (65535.0, "65535"),
        (-999_999.6, "−1000000"),
        (12_345_678.0, "1.23e7"),
        (1.5e-7, "1.5e−7"),
        (float("nan"), "NaN"),
        (float("inf"), "∞"),
        (float("-inf"), "−∞"),
    ],
)
def test_a_number_in_three_digits(value, text):
    assert number(value) == text


@pytest.mark.parametrize(("value", "text"), [(2.5, "+2.5"), (-2.5, "−2.5"), (0.0, "0"), (math.inf, "+∞")])
def test_a_number_with_its_sign(value, text):
    assert number(value, sign=True) == text


@given(NUMBERS, st.integers(1, 7))
def test_a_number_is_right_to_its_digits(value, digits):
    assert value_of(number(value, digits)) == pytest.approx(value, rel=0.51 * 10 ** (1 - digits), abs=0)
    assert len(number(value)) <= 10


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(0.5, 2, "0.50"), (-3.0, 2, "−3"), (0.126, 2, "0.13"), (250.25, 0, "250"), (1e5, 2, "100000"), (math.nan, 2, "NaN")],
)
def test_numbers_of_a_column_have_the_same_decimals(value, decimals, text):
    assert fixed(value, decimals) == text


@given(st.floats(-9999, 9999), st.integers(0, 6))
def test_fixed_is_right_to_its_decimals(value, decimals):
    assert value_of(fixed(value, decimals)) == pytest.approx(value, rel=1e-6, abs=0.51 * 10**-decimals)


@pytest.mark.parametrize(
    ("values", "expected"),
    [([0.0123, -0.5], 3), ([250.5], 0), ([1.5, 0.1], 2), ([0.0], 0), ([np.nan, np.inf], 0), ([1e-20], 6), ([], 0)],
)
def test_decimals_that_give_the_largest_three_digits(values, expected):
    assert decimals_for(np.array(values, float)) == expected


@given(st.integers(0, 255), st.integers(0, 255), st.integers(0, 255))
def test_ink_can_be_read_on_any_colour(red, green, blue):
    """At least the contrast of 3 to 1 that WCAG asks of large and bold text."""

    def luminance(colour):
        parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour.getRgbF()[:3]]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    colour = QColor(red, green, blue)
    low, high = sorted((luminance(colour), luminance(contrast(colour))))
    assert (high + 0.05) / (low + 0.05) >= 3


@pytest.mark.parametrize("largest", [1.0, 1e-20, 1e20])
def test_the_signs_of_weights_have_the_colours_of_the_map(vik, largest):
    negative, zero, positive = (signed_colour(v * largest, largest, vik) for v in (-1, 0, 1))
    assert negative.blue() > negative.red()
    assert positive.red() > positive.blue()
    assert zero.lightness() > max(negative.lightness(), positive.lightness())


@given(st.floats(-10, 10), st.floats(0, 5))
def test_colour_grows_stronger_with_the_value(value, largest):
    table = np.repeat(np.arange(257)[:, None].clip(0, 255), 3, axis=1).astype(np.uint8)
    here, beyond = signed_colour(value, largest, table).red(), signed_colour(value + 1, largest, table).red()
    assert here <= beyond


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_any_value_has_a_colour(vik, value):
    assert signed_colour(value, 1.0, vik).isValid()


def test_nan_has_a_colour_of_its_own(vik):
    assert signed_colour(math.nan, 1.0, vik).getRgb()[:3] == tuple(vik[-1].tolist())


@pytest.mark.parametrize("width", [20, 40, 80, 300])
def test_a_fitted_text_fits(qapp, width):
    font = fitted_font(QFont(), "−0.125", width, 40)
    if font is not None:
        assert QFontMetricsF(font).horizontalAdvance("−0.125") <= width
        assert 8 <= font.pixelSize() <= 17
    else:
        assert width < 60


def test_a_text_that_does_not_fit_is_not_drawn_at_all(qapp):
    assert fitted_font(QFont(), "−0.125", 10, 40) is None
    assert fitted_font(QFont(), "1", 100, 10) is None


@pytest.mark.parametrize("side", [1, 2, 8, 40])
def test_a_cell_of_any_size_has_its_colour(qapp, side):
    from PySide6.QtCore import QRectF

    image = QImage(60, 60, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    draw_cell(painter, QRectF(10, 10, side, side), QColor(10, 20, 200))
    painter.end()
    assert image.pixelColor(10 + side // 2, 10 + side // 2) == QColor(10, 20, 200)
    assert image.pixelColor(10 + side + 2, 30) == QColor("white")
