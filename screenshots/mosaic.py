"""Makes a picture that is larger than memory, of the photos of the program: a tiled TIFF with copies, 1.4 gigapixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import imagecodecs
import numpy as np
import tifffile
from PIL import Image, ImageOps

from convgui.assets import PHOTOS, photo

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TILE, TILES, LEVELS = 512, 72, 6


def write_mosaic(path: Path) -> None:
    """Write it: each tile is a photo, in an order that seems to be none."""
    which = np.random.default_rng(4).integers(0, len(PHOTOS), (TILES, TILES))
    pictures = [ImageOps.fit(Image.open(photo(name)).convert("RGB"), (TILE, TILE)) for name in PHOTOS]
    with tifffile.TiffWriter(path) as tif:
        for level in range(LEVELS):
            side = TILE >> level
            small = [np.asarray(picture.resize((side, side), Image.Resampling.BOX)) for picture in pictures]
            tif.write(
                _tiles(which, small, 1 << level),
                shape=(TILES * side, TILES * side, 3),
                dtype=np.uint8,
                tile=(TILE, TILE),
                photometric="ycbcr",
                compression="jpeg",
                subifds=LEVELS - 1 if not level else None,
                subfiletype=1 if level else 0,
            )


def _tiles(which: np.ndarray, small: list[np.ndarray], many: int) -> Iterator[bytes]:
    """Return the tiles of a copy, in each of which lie `many` photos beside and below each other."""
    known: dict[bytes, bytes] = {}
    for top in range(0, TILES, many):
        for left in range(0, TILES, many):
            inside = np.zeros((many, many), which.dtype)
            part = which[top : top + many, left : left + many]
            inside[: part.shape[0], : part.shape[1]] = part
            key = inside.tobytes()
            if key not in known:
                tile = np.vstack([np.hstack([small[p] for p in row]) for row in inside])
                known[key] = imagecodecs.jpeg_encode(tile, level=88, colorspace="RGB", outcolorspace="YCbCr")
            yield known[key]
