"""What independent decoders make of a file: OpenCV, and tifffile's raw pages, where their reading is plain."""

from __future__ import annotations

import cv2
import numpy as np
import tifffile

PLAIN = (b"\x89PNG", b"\xff\xd8\xff", b"BM", b"RIFF", b"P5", b"P6", b"#?")
"""Beginnings of files that OpenCV reads as they are stored."""

LOSSY = 3
"""Steps by which two decoders of a lossy format may differ."""

WORDS = ("white", "profile", "frame", "page", "LAB", "CMYK", "first", "channels", "spread", "sRGB", "8 bits", "0 is white")
"""Words of notes that say that more was done than reading."""


def agrees(path, source):
    """Return whether an independent decoder reads the same; None if there is none, or if it reads something else."""
    if any(word in source.note for word in WORDS) or source.path == "":
        return None
    data = path.read_bytes()
    try:
        found = _tiff(path) if data[:2] in (b"II", b"MM") else _opencv(data, source.channels)
    except Exception:  # it may well refuse what opens here
        return None
    if found is None or found.shape != source.array.shape:
        return None
    lossy = data[:3] == b"\xff\xd8\xff" or data[:4] == b"RIFF" or data[:2] == b"#?"
    return bool(np.allclose(found, source.array, atol=LOSSY if lossy else 0, rtol=0.01 if lossy else 1e-6, equal_nan=True))


def _opencv(data, channels):
    """Return OpenCV's reading; of animations and transparent colours it has none, and some damaged ones end it."""
    if not data.startswith(PLAIN) or b"gAMA" in data[:400] or b"tRNS" in data or b"acTL" in data:
        return None
    if data[:2] == b"BM" and (data[28:30] == b"\x10\0" or data[14] != 40):  # it leaves lower bits of five or six empty
        return None
    if data[:4] == b"RIFF" and b"EXIF" in data:  # it turns no WebP
        return None
    flags = cv2.IMREAD_COLOR | cv2.IMREAD_ANYDEPTH if channels == 3 else cv2.IMREAD_GRAYSCALE | cv2.IMREAD_ANYDEPTH
    before = cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    try:
        found = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    finally:
        cv2.utils.logging.setLogLevel(before)
    if found is None or (found.ndim == 3 and found.shape[2] == 4):
        return None
    return found[..., ::-1] if found.ndim == 3 else found


def _tiff(path):
    with tifffile.TiffFile(path) as tif:
        page = tif.pages[0]
        if (
            int(page.photometric) not in (1, 2)
            or page.tags.valueof(274) not in (None, 1)
            or page.bitspersample not in (8, 16, 32)
        ):
            return None
        found = page.asarray(squeeze=False)
    if found.shape[1] != 1:
        return None
    found = np.moveaxis(found[:, 0, ..., 0], 0, -1) if found.shape[0] > 1 else found[0, 0]
    return found[..., 0] if found.shape[-1] == 1 else found
