"""Tiled and pyramidal TIFF, OME-TIFF and their kin, larger than memory: pieces are unpacked where they are looked at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine.source import unit_scale
from convgui.io.errors import FileError, complaint, open_file
from convgui.io.limits import MAX_EXPANSION, MAX_PIXELS
from convgui.io.pictures.large.chunks import LARGEST, Chunks, together
from convgui.io.pictures.large.plain import Plain, read_dtype, said_of_numbers
from convgui.io.pictures.large.reduced import with_copies
from convgui.io.pictures.numbers import as_read
from convgui.io.pictures.pages import choose
from convgui.io.pictures.tiff import HEADER_BYTES, HEADERS
from convgui.io.pictures.tiff_colours import BLACK_IS_ZERO, ICC_PROFILE, ORIENTATION, PALETTE, RGB, coloured
from convgui.io.pictures.tiff_pages import channels_apart, is_reduced

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.engine.large import Large
    from convgui.io.pictures.pixels import Picture

SMALL = 16_000_000
"""Bytes of an unpacked piece that are accepted, however few bytes it has in the file."""

MOST = 2000
"""Pictures of a file that are listed."""


@dataclass(frozen=True)
class Place:
    """Which picture of a file: a series, a copy of it (0 is the whole), a page of that, and one channel or all."""

    series: int
    level: int
    page: int
    channel: int | None = None


def open_tiff(path: Path, least: int, page: int | str | None) -> Large | None:
    """Open a picture of a TIFF of more than `least` bytes of numbers; None if it has fewer, or is not in pieces.

    Raises
    ------
    FileError
        If there is no such page, or it is of a kind that cannot be read in parts.
    """
    import tifffile

    try:
        tif: Any = tifffile.TiffFile(path)
    except Exception:  # whoever reads it as a whole says what is wrong
        return None
    with tif:
        try:
            found = _listed(tif)
        except Exception:  # damaged
            return None
        if not found or max(_bytes(tif, place) for place, _ in found) <= least:
            return None
        chosen = choose(path.name, [label for _, label in found], page, _first_whole(tif, found), "page")
        place = found[chosen.place][0]
        if not _in_pieces(_page(tif, place), path):
            return None
        levels = tif.series[place.series].levels
        if (plain := _plain(path, _page(tif, place), place)) is not None:
            note = " ".join(filter(None, [said_of_numbers(np.dtype(plain.stored)), chosen.note]))
            scale = unit_scale(plain.dtype)
            return with_copies([plain], path.name, scale, str(path), note, page=chosen.place + 1, pages=chosen.labels)
        places = [Place(place.series, k, place.page, place.channel) for k in range(len(levels))]
        stores = [TiffStore(str(path), one, _page(tif, one)) for one in places]
        about = stores[0].about
    kept = [stores[0], *(s for s in stores[1:] if s.shape[2] == stores[0].shape[2] and s.dtype == stores[0].dtype)]
    note = " ".join(filter(None, [*about.notes, said_of_numbers(stores[0].stored), chosen.note]))
    scale = 1 / about.white if about.white else unit_scale(stores[0].dtype)
    return with_copies(kept, path.name, scale, str(path), note, page=chosen.place + 1, pages=chosen.labels)  # type: ignore[arg-type]


def _listed(tif: Any) -> list[tuple[Place, str]]:
    """Return the pictures of a file, each with what a list calls it."""
    found: list[tuple[Place, str]] = []
    for s, series in enumerate(tif.series):
        pages = len(series.levels[0].pages)
        name = series.name if series.name and len(tif.series) > 1 else f"Picture {s + 1}"
        for p in range(min(pages, MOST)):
            one = series.levels[0].pages[p].aspage()
            plane = f", plane {p + 1}" if pages > 1 else ""
            for channel in channels_apart(one):
                part = "" if channel is None else f", channel {channel + 1}"
                label = f"{name}{plane}{part}: {one.imagewidth} × {one.imagelength}"
                found.append((Place(s, 0, p, channel), label))
            if len(found) >= MOST:
                return found
    return found


def _page(tif: Any, place: Place) -> Any:
    return tif.series[place.series].levels[place.level].pages[place.page].aspage()


def _known(page: Any) -> Any:
    """Return a page of which all is read that unpacking it takes, so that its file may be closed."""
    for tag in page.tags:
        _ = tag.value
    _ = page.dataoffsets, page.databytecounts, page.decode, page.jpegtables, page.jpegheader, page.colormap
    return page


def _bytes(tif: Any, place: Place) -> int:
    page = _page(tif, place)
    if page.dtype is None or page.dtype.kind not in "buif" or int(page.imagedepth) > 1:
        return 0
    samples = 1 if place.channel is not None else int(page.samplesperpixel)
    return int(page.imagewidth) * int(page.imagelength) * samples * read_dtype(page.dtype).itemsize


def _first_whole(tif: Any, found: list[tuple[Place, str]]) -> int:
    return next((k for k, (place, _) in enumerate(found) if not is_reduced(_page(tif, place))), 0)


def _piece_of(page: Any) -> tuple[int, int]:
    """Return rows and columns of a tile, or of a strip."""
    if page.is_tiled:
        return int(page.tilelength), int(page.tilewidth)
    return min(int(page.rowsperstrip), int(page.imagelength)), int(page.imagewidth)


def _in_pieces(page: Any, path: Path) -> bool:
    """Whether a page lies in the file as it is, or in pieces that can be read one by one.

    Raises
    ------
    FileError
        If it is too large to be read in any other way.
    """
    rows, cols = int(page.imagelength), int(page.imagewidth)
    high, wide = _piece_of(page)
    bytes_ = high * wide * int(page.samplesperpixel) * page.dtype.itemsize
    if page.is_contiguous and int(page.compression) == 1:
        return True
    least = min((count for count in page.databytecounts if count), default=1)
    if bytes_ <= LARGEST and (bytes_ <= SMALL or bytes_ <= MAX_EXPANSION * least):
        return True
    if rows * cols <= MAX_PIXELS or bytes_ > MAX_EXPANSION * path.stat().st_size:
        return False
    raise FileError(
        f"{path.name}: has pieces of {wide:,} × {high:,} pixels, too large to be read one by one; save it in tiles, of "
        "512 × 512 say."
    )


def _plain(path: Path, page: Any, place: Place) -> Plain | None:
    """Return a page whose numbers lie in the file one after the other as they are read, where that is so."""
    samples, kind = int(page.samplesperpixel), int(page.photometric)
    upright = page.tags.get(ORIENTATION) is None or page.tags.valueof(ORIENTATION) == 1
    as_it_is = page.is_contiguous and int(page.compression) == int(page.predictor) == int(page.fillorder) == 1 and upright
    whole_bytes = isinstance(page.bitspersample, int) and page.bitspersample == 8 * page.dtype.itemsize
    grey, colour = kind == BLACK_IS_ZERO and samples == 1, kind == RGB and samples == 3 and int(page.planarconfig) == 1
    if page.is_tiled or not (as_it_is and whole_bytes and (grey or colour)) or place.channel is not None:
        return None
    if page.tags.get(ICC_PROFILE) is not None and colour:
        return None
    stored = page.dtype.newbyteorder(page.parent.byteorder).str
    return Plain(str(path), int(page.dataoffsets[0]), stored, (int(page.imagelength), int(page.imagewidth), samples))


class TiffStore(Chunks):
    """The pieces of one page of a TIFF.

    Parameters
    ----------
    path : str
    place : Place
    page : tifffile.TiffPage, optional
        The page if the file is open.

    Raises
    ------
    FileError
        If its pieces are too large, or its colours cannot be read.
    """

    def __init__(self, path: str, place: Place, page: Any = None) -> None:
        self.path, self.place = path, place
        if page is not None:
            vars(self)["_page"] = _known(page)
        page = self._page
        self.name, self.stored = Path(path).name, page.dtype
        rows, cols = int(page.imagelength), int(page.imagewidth)
        self._piece = _piece_of(page)
        self._check(rows, cols)
        high = together(self._piece[0], rows)
        self.chunk = high, together(self._piece[1], cols)
        self.about = self._coloured(np.full((1, 1, int(page.samplesperpixel)), self._opaque(), self.stored))
        sample = as_read(self.about.array, self.name)[0]
        self.dtype = sample.dtype
        self.shape = rows, cols, sample.shape[2] if sample.ndim == 3 else 1

    def __getstate__(self) -> dict[str, Any]:
        """Return what it is, without what was read of the file: it is opened anew."""
        return {name: value for name, value in vars(self).items() if name != "_page"}

    @cached_property
    def _page(self) -> Any:
        import tifffile

        with tifffile.TiffFile(self.path) as tif:
            return _known(_page(tif, self.place))

    def _opaque(self) -> float:
        """Return a number that is opaque where it is alpha, and in any palette."""
        page = self._page
        return 0 if int(page.photometric) == PALETTE or page.dtype.kind != "u" else np.iinfo(page.dtype).max

    def _check(self, rows: int, cols: int) -> None:
        page, (high, wide) = self._page, self._piece
        if page.tags.get(ORIENTATION) is not None and page.tags.valueof(ORIENTATION) != 1:
            raise FileError(f"{self.name}: is larger than memory and turned by its orientation; expected an upright one.")
        count = -(-rows // high) * -(-cols // wide)
        if len(page.dataoffsets) < count:
            raise FileError(f"{self.name}: is cut off: it has {len(page.dataoffsets):,} of the {count:,} pieces it needs.")

    def load(self, row: int, col: int, cancelled: object = None) -> NDArray[np.generic]:
        """Return a chunk: the pieces of it side by side."""
        (high, wide), (tall, broad) = self.chunk, self._piece
        rows, cols = self.cells(row, col)
        if (high, wide) == (tall, broad):
            return self._piece_at(row, col, len(rows), len(cols))
        out = np.empty((len(rows), len(cols), self.shape[2]), self.dtype)
        for top in range(0, len(rows), tall):
            for left in range(0, len(cols), broad):
                part = out[top : top + tall, left : left + broad]
                part[...] = self._piece_at((rows.start + top) // tall, (cols.start + left) // broad, *part.shape[:2])
        return out

    def _piece_at(self, row: int, col: int, rows: int, cols: int) -> NDArray[np.generic]:
        """Return a piece of the file as the engine reads it, what lies beyond the edges left out."""
        page = self._page
        across = -(-self.shape[1] // self._piece[1])
        down = -(-self.shape[0] // self._piece[0])
        separate = int(page.planarconfig) == 2 and int(page.samplesperpixel) > 1
        try:
            if separate:
                parts = [self._samples(row * across + col + s * across * down) for s in range(int(page.samplesperpixel))]
                samples = np.concatenate(parts, axis=2)
            else:
                samples = self._samples(row * across + col)
            array = self._coloured(samples[:rows, :cols]).array
            read = as_read(array, self.name)[0].reshape(rows, cols, self.shape[2])
        except (FileError, MemoryError):
            raise
        except Exception as error:
            raise FileError(f"{self.name}: the piece at ({row}, {col}) is damaged ({complaint(error)}).") from error
        if read.dtype != self.dtype:
            raise FileError(f"{self.name}: the piece at ({row}, {col}) holds {read.dtype}, expected {self.dtype}.")
        return read

    def _samples(self, index: int) -> NDArray[Any]:
        """Return a piece as it is stored, shape (rows, cols, samples)."""
        page = self._page
        offset, count = int(page.dataoffsets[index]), int(page.databytecounts[index])
        if not count:  # a piece that was never written
            samples = 1 if int(page.planarconfig) == 2 else int(page.samplesperpixel)
            return np.full((*self._piece, samples), page.nodata, page.dtype)
        with open_file(self.path) as stream:
            stream.seek(offset)
            data = stream.read(count)
        header = HEADERS.get(int(page.compression))
        declared = header(data[:HEADER_BYTES]) if header else None
        if declared and (declared.rows > self._piece[0] + 64 or declared.cols > self._piece[1] + 64):
            raise FileError(f"{self.name}: holds a piece of {declared.cols:,} × {declared.rows:,} pixels; not opened.")
        segment, _, shape = page.decode(data, index, jpegtables=page.jpegtables, jpegheader=page.jpegheader)
        found: NDArray[Any] = segment[0, : shape[1], : shape[2]]
        return found.astype(found.dtype.newbyteorder("="), copy=False)

    def _coloured(self, samples: NDArray[Any]) -> Picture:
        return coloured(self._page, samples, self.place.channel, self.name)
