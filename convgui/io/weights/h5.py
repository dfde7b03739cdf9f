"""HDF5 files: the tensors in them, by hard links alone; no other file is ever opened, and sizes are checked first."""

from __future__ import annotations

import zipfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Any

from convgui.io.errors import FileError, complaint, open_file
from convgui.io.limits import check_memory
from convgui.io.pictures.arrays import ZIP_EXPANSION, ZIP_HARMLESS
from convgui.io.weights.numbers import count_of, dtype_name, exact
from convgui.io.weights.tensor import Tensor, layouts_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from convgui.io.weights.spans import Stored

DEEPEST, MOST_ITEMS = 32, 100_000
"""Groups inside groups, and groups and tensors of a file."""

LONGEST_TEXT = 50_000_000
"""Letters of an attribute, such as a model's settings."""


@dataclass(frozen=True, eq=False)
class Source:
    """A file of HDF5, by itself or inside a zip archive (`member`), as it was when it was opened."""

    stored: Stored
    member: str = ""
    _unpacked: list[bytes] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The file's name, for sentences."""
        return self.stored.path.name

    @contextmanager
    def opened(self) -> Iterator[Any]:
        """Return the file, open; FileError for whatever the package finds wrong."""
        import h5py

        self.stored.bytes(0, 0)  # still the same file?
        try:
            stream = BytesIO(self._inside()) if self.member else open_file(self.stored.path)
            with stream, h5py.File(stream, "r") as file:  # a stream, so that the package opens no file itself, nor locks one
                yield file
        except FileError:
            raise
        except MemoryError as error:
            raise FileError(f"{self.name}: needs more memory than is free.") from error
        except Exception as error:  # damaged ones raise nearly everything
            raise FileError(f"{self.name}: is damaged, expected an HDF5 file ({complaint(error)}).") from error

    def _inside(self) -> bytes:
        """Return the member of the archive, unpacked once."""
        if not self._unpacked:
            self._unpacked.append(unpacked(self.stored, self.member))
        return self._unpacked[0]


def unpacked(stored: Stored, member: str, most: int | None = None) -> bytes:
    """Return a member of a zip archive, after its size has been checked.

    Raises
    ------
    FileError
        If it is not there, expands to very much more than the archive has bytes, or to more than `most`.
    """
    name = stored.path.name
    try:
        with zipfile.ZipFile(stored.path) as archive:
            item = archive.getinfo(member)
            if item.file_size > max(ZIP_HARMLESS, ZIP_EXPANSION * stored.size) or item.file_size > (most or item.file_size):
                raise FileError(
                    f"{name}: its {member} expands to {item.file_size:,} bytes: a decompression bomb, not opened."
                )
            check_memory(name, item.file_size)
            with archive.open(item) as stream:
                return stream.read(item.file_size)
    except FileError:
        raise
    except KeyError:
        raise FileError(f"{name}: holds no {member}, expected a Keras model.") from None
    except Exception as error:  # damaged zip files raise nearly everything
        raise FileError(f"{name}: is damaged ({complaint(error)}).") from error


@dataclass(frozen=True)
class Listed:
    """What was found: the tensors in the order of their groups, attributes of groups, and the groups' own order.

    Attributes
    ----------
    tensors : list of Tensor
    texts : dict of (str, str) to str
        Attributes that are text, by the group's name and theirs.
    lists : dict of (str, str) to list of str
        Attributes that are lists of texts.
    """

    tensors: list[Tensor]
    texts: dict[tuple[str, str], str]
    lists: dict[tuple[str, str], list[str]]


def listed(source: Source, kind: str) -> Listed:
    """Return the tensors of a file.

    Raises
    ------
    FileError
        If it is damaged, links to another file, nests too deeply, or holds tensors that are not wholly in it.
    """
    found = Listed([], {}, {})
    with source.opened() as file:
        _walk(source, kind, file, "", found, [0], 0)
    if not found.tensors:
        raise FileError(f"{source.name}: holds no tensor, expected weights.")
    return found


def _walk(source: Source, kind: str, group: Any, path: str, found: Listed, count: list[int], depth: int) -> None:
    import h5py

    if depth > DEEPEST:
        raise FileError(f"{source.name}: nests groups more than {DEEPEST} deep.")
    _attributes(group, path, found)
    for key in group:
        count[0] += 1
        if count[0] > MOST_ITEMS:
            raise FileError(f"{source.name}: holds more than {MOST_ITEMS:,} groups and tensors.")
        name = f"{path}/{key}" if path else str(key)
        if not isinstance(group.get(key, getlink=True), h5py.HardLink):
            raise FileError(f"{source.name}: {name} is a link to another place or file, which is not followed.")
        item = group[key]
        if isinstance(item, h5py.Group):
            _walk(source, kind, item, name, found, count, depth + 1)
        elif isinstance(item, h5py.Dataset):
            found.tensors.append(_tensor(source, kind, item, name))


def _attributes(group: Any, path: str, found: Listed) -> None:
    for key in ("name", "model_config", "keras_version", "backend", "layer_names", "weight_names"):
        if key not in group.attrs:
            continue
        value = group.attrs[key]
        value = value.tolist() if hasattr(value, "tolist") else value
        if isinstance(value, list):
            found.lists[path, key] = [_text(one) for one in value]
        elif len(text := _text(value)) <= LONGEST_TEXT:
            found.texts[path, key] = text


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _tensor(source: Source, kind: str, item: Any, name: str) -> Tensor:
    shape, dtype = tuple(int(n) for n in item.shape or ()), item.dtype
    _check(source, item, name)
    bank = dtype.kind in "buif" and not name.startswith("optimizer")
    layouts = layouts_of(shape, kind, name) if bank else ()
    return Tensor(name, shape, dtype_name(dtype), layouts[0] if layouts else None, partial(_read, source, name), layouts)


def _check(source: Source, item: Any, name: str) -> None:
    """Refuse a tensor that is not wholly in the file, or expands to very much more than it stores."""
    if item.is_virtual or item.external:
        raise FileError(f"{source.name}: {name} lies in another file, which is not opened.")
    needed, stored = count_of(item.shape or ()) * item.dtype.itemsize, item.id.get_storage_size()
    packed = item.chunks is not None or item.compression is not None
    if needed > (max(ZIP_HARMLESS, ZIP_EXPANSION * stored) if packed and stored else stored):
        raise FileError(f"{source.name}: {name} declares {needed:,} bytes, and {stored:,} are stored.")


def _read(source: Source, name: str) -> NDArray[Any]:
    with source.opened() as file:
        item = file
        for key in name.split("/"):  # one by one, as a link on the way would be followed otherwise
            import h5py

            if not isinstance(item.get(key, getlink=True), h5py.HardLink):
                raise FileError(f"{source.name}: {name} is a link to another place or file, which is not followed.")
            item = item[key]
        _check(source, item, name)
        if item.dtype.kind not in "buif":
            raise FileError(f"{source.name}: {name} holds {item.dtype} entries, expected real numbers.")
        check_memory(source.name, count_of(item.shape) * (item.dtype.itemsize + 8))
        return exact(item[()])
