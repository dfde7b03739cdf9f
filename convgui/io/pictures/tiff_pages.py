"""What a TIFF holds: pages, the planes stacked in them, and channels that are no colours, each of which can be read."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_PAGES = 2000
"""Pictures that are listed; a file may hold more, which nobody would look for in a menu."""

NEW_SUBFILE_TYPE, SUBFILE_TYPE = 254, 255
REDUCED, MASK = 1, 4

ALPHA = (1, 2)
"""Extra samples that are alpha: premultiplied, and not."""

COLOURS = {2: 3, 5: 4, 6: 3, 8: 3, 9: 3, 10: 3, 34892: 3}
"""Channels of each photometric interpretation that has more than one: RGB, CMYK, YCbCr, three of Lab, linear raw."""


class Leaf(NamedTuple):
    """One picture of the file.

    Attributes
    ----------
    page : int
        Which directory of the main chain, counted from 0.
    sub : int
        Which of the directories below that page, counted from 1; 0 for the page itself.
    plane : int
        Which of the planes stacked in the page, or of the frames that follow it without directories.
    channel : int or None
        Which channel alone; None for grey or colour as a whole.
    label : str
        What a list of choices calls it.
    reduced : bool
        Whether it is a thumbnail or a mask of another page.
    """

    page: int
    sub: int
    plane: int
    channel: int | None
    label: str
    reduced: bool


def leaves(tif: Any) -> list[Leaf]:
    """Return the pictures of an open `tifffile.TiffFile`, in the order of the file."""
    found: list[Leaf] = []
    frames = _frames_without_directory(tif)
    for index in range(MOST_PAGES):
        try:
            page = tif.pages[index]
        except Exception:  # the chain ends, or is damaged from here on
            break
        found.extend(_of_page(page, index, 0, frames if index == 0 else 1))
        for number, below in enumerate(_below(page), 1):
            found.extend(_of_page(below, index, number, 1))
        if len(found) >= MOST_PAGES:
            break
    return found[:MOST_PAGES]


def _below(page: Any) -> list[Any]:
    """Return the directories below a page: thumbnails, or the picture of which the page is the thumbnail."""
    try:
        return list(page.pages)[:MOST_PAGES] if page.subifds else []
    except Exception:  # damaged ones are left out
        return []


def first_whole(found: list[Leaf]) -> int:
    """Return the place of the first picture that is no thumbnail; the first one if all are."""
    return next((place for place, leaf in enumerate(found) if not leaf.reduced), 0)


def is_reduced(page: Any) -> bool:
    """Whether a directory says that it is a thumbnail or a mask of another one."""
    new, old = page.tags.valueof(NEW_SUBFILE_TYPE), page.tags.valueof(SUBFILE_TYPE)
    if isinstance(new, int):
        return bool(int(new) & (REDUCED | MASK))
    return isinstance(old, int) and int(old) == 2


def _of_page(page: Any, index: int, sub: int, frames: int) -> Iterator[Leaf]:
    name = f"Page {index + 1}" + (f".{sub}" if sub else "")
    size = f"{page.imagewidth} × {page.imagelength}"
    reduced = is_reduced(page)
    what = " (reduced)" if reduced else ""
    planes = max(int(page.imagedepth), 1) if frames == 1 else frames
    for plane in range(min(planes, MOST_PAGES)):
        part = f", plane {plane + 1}" if planes > 1 else ""
        for channel in channels_apart(page):
            one = "" if channel is None else f", channel {channel + 1}"
            yield Leaf(index, sub, plane, channel, f"{name}{part}{one}: {size}{what}", reduced)


def channels_apart(page: Any) -> list[int | None]:
    """Return the channels that can only be read one at a time, or [None] for grey, colour, and either with alpha."""
    samples, colours = int(page.samplesperpixel), COLOURS.get(int(page.photometric), 1)
    extra = [int(kind) for kind in page.extrasamples]
    alpha = bool(extra) and extra[0] in ALPHA
    if samples == colours or colours > 1 or (samples == 2 and alpha) or (samples == 3 and not alpha):
        return [None]
    return list(range(samples))


def _frames_without_directory(tif: Any) -> int:
    """Return how many frames the first directory stands for: ImageJ writes one for a whole stack that is not compressed."""
    try:
        page = tif.pages[0]
        if not (tif.is_imagej or tif.is_shaped) or not page.is_contiguous or int(page.imagedepth) > 1:
            return 1
        series = tif.series[0]
        frames = prod(series.shape) // max(prod(page.shape), 1)
        there = (tif.filehandle.size - page.dataoffsets[0]) // max(page.nbytes, 1)
        return int(min(frames, there)) if frames > len(series.pages) or series.is_truncated else 1
    except Exception:  # a description that is damaged describes nothing
        return 1
