"""Zarr arrays and OME-Zarr pictures, by the package zarr: folders of chunks, which may be larger than any memory."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from convgui.engine.source import unit_scale
from convgui.io.errors import FileError, complaint
from convgui.io.pictures.large.chunks import LARGEST, Chunks, together
from convgui.io.pictures.large.plain import read_dtype, said_of_numbers
from convgui.io.pictures.large.reduced import with_copies
from convgui.io.pictures.pages import choose
from convgui.io.pictures.readings import MAX_CHANNELS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.engine.large import Large

MOST = 2000
"""Pictures of a folder that are listed."""

DEEP = 4
"""How many groups lie in each other, at most."""


class Plane(NamedTuple):
    """One picture in a folder: the arrays that hold it and its smaller copies, and how it is read from them.

    Attributes
    ----------
    arrays : tuple of str
        Paths inside the folder, the finest first.
    axes : (int, int, int or None)
        Which axes are rows, columns and channels.
    at : tuple of int
        The place along every axis; those of rows, columns and channels are not used.
    label : str
    """

    arrays: tuple[str, ...]
    axes: tuple[int, int, int | None]
    at: tuple[int, ...]
    label: str


def open_zarr(path: Path, page: int | str | None) -> Large:
    """Open a picture of a zarr folder, of any size.

    Raises
    ------
    FileError
        If the package is missing, or the folder holds no picture of real numbers.
    """
    try:
        import zarr
    except ImportError as error:
        raise FileError(f"{path.name}: is a zarr folder, which needs one more package: pip install zarr.") from error
    try:
        root = zarr.open(str(path), mode="r")
        planes = _listed(root)
    except FileError:
        raise
    except Exception as error:  # damaged metadata raises nearly everything
        raise FileError(f"{path.name}: the zarr folder is damaged ({complaint(error)}).") from error
    if not planes:
        raise FileError(f"{path.name}: holds no array of at least two axes of real numbers, expected a picture.")
    chosen = choose(path.name, [plane.label for plane in planes], page, kind="picture")
    plane = planes[chosen.place]
    stores = [ZarrStore(str(path), name, plane.axes, plane.at) for name in plane.arrays]
    note = " ".join(filter(None, [said_of_numbers(stores[0].stored), chosen.note]))
    about: dict[str, Any] = {"page": chosen.place + 1, "pages": chosen.labels}
    return with_copies(_smaller_each(stores), path.name, unit_scale(stores[0].dtype), str(path), note, **about)  # type: ignore[arg-type]


def _smaller_each(stores: list[ZarrStore]) -> list[ZarrStore]:
    """Return the stores that are smaller than the one before, and alike in all else."""
    kept = stores[:1]
    for store in stores[1:]:
        alike = store.shape[2] == kept[0].shape[2] and store.dtype == kept[0].dtype
        if alike and store.shape[0] < kept[-1].shape[0] and store.shape[1] < kept[-1].shape[1]:
            kept.append(store)
    return kept


def _listed(root: Any) -> list[Plane]:
    """Return the pictures of a folder."""
    found: list[Plane] = []
    if hasattr(root, "shape"):
        return _planes(root, ("",), None, "Array")
    for name, scales in _multiscales(root):
        names = tuple(str(one["path"]) for one in scales["datasets"])
        axes = [one if isinstance(one, str) else str(one.get("name")) for one in scales.get("axes", ())]
        found += _planes(root[names[0]], names, axes or None, name)
    if found:
        return found[:MOST]
    for name, array in _arrays(root, "", DEEP):
        found += _planes(array, (name,), None, name)
    return found[:MOST]


def _multiscales(root: Any) -> list[tuple[str, dict[str, Any]]]:
    """Return what OME-Zarr says of pictures and their smaller copies, in its versions 0.1 to 0.5."""
    attributes = dict(root.attrs)
    said = attributes.get("ome", attributes).get("multiscales", [])
    return [(str(scales.get("name") or f"Picture {k}"), scales) for k, scales in enumerate(said, 1)]


def _arrays(group: Any, path: str, deep: int) -> list[tuple[str, Any]]:
    """Return the arrays of a group and of those in it."""
    found = []
    for name, member in sorted(group.members()):
        whole = f"{path}/{name}" if path else name
        if hasattr(member, "shape"):
            found.append((whole, member))
        elif deep:
            found += _arrays(member, whole, deep - 1)
    return found


def _planes(array: Any, names: tuple[str, ...], axes: list[str] | None, label: str) -> list[Plane]:
    """Return the pictures in an array: three channels are one picture, other axes hold several."""
    shape, dtype = tuple(array.shape), np.dtype(array.dtype)
    if len(shape) < 2 or 0 in shape or dtype.kind not in "buif" or dtype.itemsize > 8:
        return []
    rows, cols, channels = _meaning(shape, axes)
    colours = channels is not None and shape[channels] == 3
    apart = [axis for axis in range(len(shape)) if axis not in (rows, cols) and not (colours and axis == channels)]
    size = f"{shape[cols]} × {shape[rows]}"
    found = []
    for at in np.ndindex(*(shape[axis] for axis in apart)):
        place = [0] * len(shape)
        for axis, index in zip(apart, at, strict=True):
            place[axis] = index
        several = [(axis, index) for axis, index in zip(apart, at, strict=True) if shape[axis] > 1]
        words = "".join(f", {_called(axes, axis, channels)} {index + 1}" for axis, index in several)
        found.append(Plane(names, (rows, cols, channels if colours else None), tuple(place), f"{label}{words}: {size}"))
        if len(found) >= MOST:
            break
    return found


def _called(axes: list[str] | None, axis: int, channels: int | None) -> str:
    if axis == channels:
        return "channel"
    return axes[axis] if axes else f"axis {axis + 1}"


def _meaning(shape: tuple[int, ...], axes: list[str] | None) -> tuple[int, int, int | None]:
    """Return which axes are rows, columns and channels: by their names, else as arrays in memory are read."""
    if axes is not None and len(axes) == len(shape) and {"y", "x"} <= set(axes):
        return axes.index("y"), axes.index("x"), axes.index("c") if "c" in axes else None
    if len(shape) == 3 and shape[2] <= MAX_CHANNELS:
        return 0, 1, 2
    channels = len(shape) - 3 if len(shape) > 2 and shape[-3] <= MAX_CHANNELS else None
    if len(shape) == 5:  # time, channel, depth, rows, columns: what early versions of OME-Zarr have without saying so
        channels = 1
    return len(shape) - 2, len(shape) - 1, channels


class ZarrStore(Chunks):
    """One picture of a zarr array."""

    def __init__(self, path: str, array: str, axes: tuple[int, int, int | None], at: tuple[int, ...]) -> None:
        self.path, self.array, self.axes, self.at = path, array, axes, at
        opened = self._opened
        rows, cols, channels = axes
        self.stored = np.dtype(opened.dtype)
        self.dtype = read_dtype(self.stored)
        self.shape = opened.shape[rows], opened.shape[cols], 1 if channels is None else opened.shape[channels]
        chunk = opened.chunks
        self.chunk = together(chunk[rows], self.shape[0]), together(chunk[cols], self.shape[1])
        if int(np.prod(chunk, dtype=object)) * self.stored.itemsize > LARGEST:
            size = " × ".join(f"{side:,}" for side in chunk)
            raise FileError(f"{Path(path).name}: has chunks of {size}, too large to be read one by one.")

    def __getstate__(self) -> dict[str, Any]:
        """Return what it is, without what is open: it is opened anew."""
        return {name: value for name, value in vars(self).items() if name not in ("_opened", "_there")}

    @cached_property
    def _opened(self) -> Any:
        import zarr

        root: Any = zarr.open(self.path, mode="r")
        return root[self.array] if self.array else root

    @cached_property
    def _there(self) -> set[tuple[int, int]] | None:
        """The chunks along rows and columns that were ever written, where the folder can say so; None if it cannot."""
        return _written(Path(self.path) / self.array, self._opened, self.axes)

    def is_blank(self, rows: range, cols: range) -> bool:
        """Whether none of these cells was ever written, so that all have the array's fill value."""
        there = self._there
        if there is None:
            return False
        high, wide = (self._opened.chunks[axis] for axis in self.axes[:2])
        down, across = range(rows.start // high, -(-rows.stop // high)), range(cols.start // wide, -(-cols.stop // wide))
        if len(down) * len(across) > len(there):
            return not any(row in down and col in across for row, col in there)
        return not any((row, col) in there for row in down for col in across)

    def load(self, row: int, col: int, cancelled: object = None) -> NDArray[np.generic]:
        """Return a chunk; one that was never written takes no memory."""
        rows, cols = self.cells(row, col)
        if self.is_blank(rows, cols):
            fill = np.zeros(1, self.stored) if self._opened.fill_value is None else np.full(1, self._opened.fill_value)
            return np.broadcast_to(fill.astype(self.dtype), (len(rows), len(cols), self.shape[2]))
        index: list[Any] = list(self.at)
        index[self.axes[0]], index[self.axes[1]] = slice(rows.start, rows.stop), slice(cols.start, cols.stop)
        if self.axes[2] is not None:
            index[self.axes[2]] = slice(None)
        try:
            cells = np.asarray(self._opened[tuple(index)])
        except Exception as error:
            name = Path(self.path).name
            raise FileError(f"{name}: the chunk at ({row}, {col}) is damaged ({complaint(error)}).") from error
        return self._in_order(cells).astype(self.dtype)

    def _in_order(self, cells: NDArray[Any]) -> NDArray[Any]:
        """Return cells as rows, columns and channels."""
        rows, cols, channels = self.axes
        if channels is None:
            return (cells if rows < cols else cells.T)[:, :, None]
        kept = sorted((rows, cols, channels))
        return cells.transpose([kept.index(axis) for axis in (rows, cols, channels)])


def _written(folder: Path, array: Any, axes: tuple[int, int, int | None]) -> set[tuple[int, int]] | None:
    """Return places along rows and columns of the chunks whose files are there; None where the layout is another one."""
    metadata = array.metadata
    encoding = getattr(metadata, "chunk_key_encoding", None)
    if metadata.zarr_format == 3 and getattr(encoding, "name", "") == "default":
        prefix, mark = "c", getattr(encoding, "separator", "/")
    elif metadata.zarr_format == 2:
        prefix, mark = "", metadata.dimension_separator
    else:
        return None
    if getattr(array, "shards", None):
        return None
    found = set()
    start = folder / "c" if prefix and mark == "/" else folder
    for file in start.rglob("*") if start.is_dir() else ():
        parts = str(file.relative_to(start)).replace("\\", "/").replace("/", mark).split(mark)
        parts = parts[1:] if prefix and mark != "/" and parts[0] == prefix else parts
        if len(parts) == len(array.shape) and all(part.isdecimal() for part in parts):
            found.add((int(parts[axes[0]]), int(parts[axes[1]])))
    return found
