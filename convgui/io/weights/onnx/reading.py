"""How an ONNX file says that a photo becomes its input: the standard's own words in the metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convgui.engine.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Mapping

_RANGES = {"NominalRange_0_255": (255.0, 0.0), "Normalized_0_1": (1.0, 0.0), "Normalized_1_1": (2.0, -1.0)}
"""What a channel of 0 to 1 is multiplied with, and what is added."""


def reading_of(metadata: Mapping[str, str]) -> Reading | None:
    """Return the reading that metadata ask for; None if they do not say it.

    >>> reading_of({"Image.NominalPixelRange": "Normalized_1_1", "Image.BitmapPixelFormat": "Bgr8"}).matrix
    ((0.0, 0.0, 2.0), (0.0, 2.0, 0.0), (2.0, 0.0, 0.0))
    """
    known = _RANGES.get(metadata.get("Image.NominalPixelRange", ""))
    order = metadata.get("Image.BitmapPixelFormat", "").lower()
    if known is None and not order.startswith(("bgr", "rgb", "gray")):
        return None
    scale, offset = known or (1.0, 0.0)
    if order.startswith("gray"):
        return Reading("luminance") if (scale, offset) == (1.0, 0.0) else None
    places = (2, 1, 0) if order.startswith("bgr") else (0, 1, 2)
    matrix = tuple(tuple(scale if k == place else 0.0 for k in range(3)) for place in places)
    return Reading("custom", matrix=matrix, offset=(offset,) if offset else ())
