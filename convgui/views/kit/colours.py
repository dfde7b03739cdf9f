"""Colours: of values on a signed colour table, blended, and the ink that is legible on each."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QColor

if TYPE_CHECKING:
    from numpy.typing import NDArray

SOFT = 0.84
"""Part of the colour table that cells use: its ends are too dark for an area as large as a cell."""


DARK_INK, LIGHT_INK = "#1c222c", "#ffffff"

LEGIBLE = 3.0
"""Contrast that a large number needs at the least, by WCAG's definition."""


def inks(colours: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return for each cell of a map, shape (rows, cols, 3), whether its number is written in dark ink.

    Digits keep one colour across a map where contrast allows: that which is legible on most cells.

    >>> inks(np.array([[[255, 255, 255], [200, 110, 70], [90, 0, 8]]], np.uint8)).tolist()
    [[True, True, False]]
    """
    light = ((colours / 255.0) ** 2.2) @ np.array([0.2126, 0.7152, 0.0722])
    dark_is_legible = (light + 0.05) / (0.0156 + 0.05) >= LEGIBLE
    light_is_legible = 1.05 / (light + 0.05) >= LEGIBLE
    if dark_is_legible.sum() >= light_is_legible.sum():
        return dark_is_legible
    return ~light_is_legible


def contrast(colour: QColor) -> QColor:
    """Return the ink, dark or light, that is legible on a colour."""
    light = 0.2126 * colour.redF() ** 2.2 + 0.7152 * colour.greenF() ** 2.2 + 0.0722 * colour.blueF() ** 2.2
    return QColor(DARK_INK if light > 0.22 else LIGHT_INK)


def blended(colour: QColor, ground: QColor, part: float) -> QColor:
    """Return a colour that lies on a ground with an opacity.

    >>> blended(QColor(0, 0, 0), QColor(200, 100, 0), 0.5).name()
    '#643200'
    """
    over, under = ((c.red(), c.green(), c.blue()) for c in (colour, ground))
    return QColor(*(round(part * a + (1 - part) * b) for a, b in zip(over, under, strict=True)))


def signed_colour(value: float, largest: float, table: NDArray[np.uint8]) -> QColor:
    """Return the colour of a value on a signed table whose ends stand for -largest and +largest."""
    if math.isnan(value):
        return QColor(*(int(c) for c in table[-1]))
    place = 0.5 if largest <= 0 else 0.5 + 0.5 * SOFT * max(-1.0, min(1.0, value / largest))
    return QColor(*(int(c) for c in table[round(place * 254.49)]))


def signed_colours(values: NDArray[np.floating], largest: float, table: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return what `signed_colour` returns, for each of many finite values.

    >>> table = np.repeat(np.arange(257, dtype=np.uint8)[:, None], 3, axis=1)
    >>> values = np.array([-2.0, 0.0, 1.0])
    >>> signed_colours(values, 2, table)[:, 0].tolist() == [signed_colour(v, 2, table).red() for v in values]
    True
    """
    part = np.clip(values / largest, -1.0, 1.0) if largest > 0 else np.zeros_like(values)
    return table[np.rint((0.5 + 0.5 * SOFT * part) * 254.49).astype(np.intp)]
