"""Values as 16-bit grey PNG, with the offset and scale recorded that turn stored numbers back into values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.strategies.tiles import never
from convgui.io.atomic import write_encoded
from convgui.io.errors import FileError, open_file
from convgui.io.export.png import write_png
from convgui.io.pictures.pixels import pillow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

STORED_MAX = 65_535


def load_png_numbers(path: Path) -> NDArray[np.float64]:
    """Read the values back from a 16-bit PNG of `save_png_numbers`; FileError if it has no scale recorded."""
    with open_file(path) as stream:
        try:
            with pillow().open(stream, formats=["PNG"]) as image:
                image.load()
                offset, scale = float(image.text["offset"]), float(image.text["scale"])
                stored = np.asarray(image).astype(np.float64)
        except Exception as error:
            raise FileError(f"{path.name}: is no 16-bit PNG with offset and scale recorded.") from error
    return offset + scale * stored


def save_png_numbers(
    path: Path, values: NDArray[np.float32], meta: Mapping[str, str], cancelled: Callable[[], bool] = never
) -> None:
    """Write finite values, shape (rows, cols); FileError if any is not finite or the file cannot be written."""
    wrong = int(values.size - np.count_nonzero(np.isfinite(values)))
    if wrong:
        fault = f"a PNG has no place for NaN and infinity, of which there are {wrong:,}"
        raise FileError(f"{path.name}: {fault}; choose TIFF, npy or CSV.")
    offset, scale = stored_range(values)
    stored = np.rint((values.astype(np.float64) - offset) / scale).astype(np.uint16)
    recorded = {"offset": repr(offset), "scale": repr(scale), "formula": "value = offset + scale * stored number"}
    write_encoded(path, lambda stream: write_png(stream, stored, {**meta, **recorded}, cancelled), cancelled)


def stored_range(values: NDArray[np.float32]) -> tuple[float, float]:
    """Return offset and scale that spread finite values over 16 bits; whole numbers that fit are stored exactly.

    >>> stored_range(np.array([-3, 7], np.float32))
    (-3.0, 1.0)
    """
    lo, hi = float(values.min()), float(values.max())
    whole = hi - lo <= STORED_MAX and bool((values == np.rint(values)).all())
    return lo, 1.0 if whole or lo == hi else (hi - lo) / STORED_MAX
