"""A labelled sheet: many maps as tiles with their numbers, their kernels in the corners, and a title."""

from __future__ import annotations

from math import ceil, sqrt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from convgui import assets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

GAP, TEXT, TITLE = 10, 14, 18
"""Pixels between tiles, and that letters are high: numbers of the maps, and the title."""

KERNEL = 0.26
"""Part of a tile's shorter side that a kernel takes."""

WIDER = 1.5
"""How many times as wide as high a sheet is, about."""


class Tile(NamedTuple):
    """A map: what it is called, its colours, and those of its kernel, if it has one."""

    name: str
    colours: NDArray[np.uint8]
    kernel: NDArray[np.uint8] | None = None


class Inks(NamedTuple):
    """Colours of a sheet: the ground, letters, and the plate behind them."""

    ground: tuple[int, int, int] = (255, 255, 255)
    text: tuple[int, int, int] = (28, 34, 44)
    plate: tuple[int, int, int] = (255, 255, 255)


def sheet(tiles: Sequence[Tile], title: str, least: int = 96, inks: Inks | None = None) -> NDArray[np.uint8]:
    """Return the sheet as colours, shape (rows, cols, 3).

    Parameters
    ----------
    tiles : sequence of Tile
        All of one size.
    title : str
    least : int
        Pixels of a tile's longer side, at least: cells of smaller maps become squares.
    inks : Inks, optional

    >>> one = Tile("0", np.zeros((10, 20, 3), np.uint8))
    >>> sheet([one, one, one], "three maps", least=20).shape
    (76, 70, 3)
    """
    inks = inks or Inks()
    rows, cols, _ = tiles[0].colours.shape
    cell = max(ceil(least / max(rows, cols)), 1)
    high, wide = rows * cell, cols * cell
    columns = min(max(round(sqrt(WIDER * len(tiles) * high / wide)), 1), len(tiles))
    lines = ceil(len(tiles) / columns)
    head = TITLE + 2 * GAP - 2
    whole = Image.new("RGB", (GAP + columns * (wide + GAP), head + lines * (high + GAP)), inks.ground)
    draw = ImageDraw.Draw(whole)
    font, large = (ImageFont.truetype(str(assets.resource("fonts/Inter-SemiBold.ttf")), size) for size in (TEXT, TITLE))
    draw.text((GAP, GAP - 2), _fitting(title, large, whole.width - 2 * GAP), fill=inks.text, font=large)
    for place, tile in enumerate(tiles):
        left, top = GAP + place % columns * (wide + GAP), head + place // columns * (high + GAP)
        whole.paste(Image.fromarray(tile.colours).resize((wide, high), Image.Resampling.NEAREST), (left, top))
        if tile.kernel is not None:
            _paste_kernel(whole, tile.kernel, left, top, wide, high)
        _write(draw, tile.name, font, left + wide - 4, top + high - 4, inks)
    return np.asarray(whole)


def _fitting(text: str, font: ImageFont.FreeTypeFont, room: int) -> str:
    """Return as much of a text as there is room for."""
    if font.getlength(text) <= room:
        return text
    while text and font.getlength(f"{text}…") > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _paste_kernel(whole: Image.Image, kernel: NDArray[np.uint8], left: int, top: int, wide: int, high: int) -> None:
    side = KERNEL * min(wide, high)
    cell = max(round(side / max(kernel.shape[:2])), 1)
    small = Image.fromarray(kernel).resize((kernel.shape[1] * cell, kernel.shape[0] * cell), Image.Resampling.NEAREST)
    whole.paste(small, (left + 4, top + high - 4 - small.height))


def _write(draw: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont, right: int, bottom: int, inks: Inks) -> None:
    """Write a text on a plate whose lower right corner is given."""
    box = draw.textbbox((right - 4, bottom - 3), text, font=font, anchor="rb")
    draw.rounded_rectangle((box[0] - 4, box[1] - 3, right, bottom), 3, fill=inks.plate)
    draw.text((right - 4, bottom - 3), text, fill=inks.text, font=font, anchor="rb")
