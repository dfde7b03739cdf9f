"""Small pictures of files, for a film strip: of a JPEG only as much is decoded as they show, in a tenth of the time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from convgui.io.pictures.pixels import pillow

if TYPE_CHECKING:
    from os import PathLike

    from numpy.typing import NDArray


def small_picture(path: str | PathLike[str], side: int) -> NDArray[np.uint8] | None:
    """Return a small picture of a JPEG, upright, shape (rows, cols, 3); None if the file is none, or cannot be read.

    Parameters
    ----------
    path : path-like
    side : int
        Pixels of the longer side at most.
    """
    from PIL import ImageOps

    try:
        with Path(path).open("rb") as stream, pillow().open(stream, formats=["JPEG"]) as image:
            image.draft("RGB", (2 * side, 2 * side))
            image.thumbnail((side, side))
            return np.asarray(ImageOps.exif_transpose(image).convert("RGB"))
    except Exception:  # whatever a damaged file makes a decoder raise: it is opened as all others are, which says why
        return None
