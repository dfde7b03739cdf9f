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
from convgui.io.pictures.npy import ZIP_EXPANSION, ZIP_HARMLESS
from convgui.io.weights.h5_walk import Refused, check, child, walked_apart
from convgui.io.weights.numbers import BITS, count_of, exact
from convgui.io.weights.tensor import Tensor, layouts_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from convgui.io.weights.spans import Stored


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
            stream = BytesIO(self.inside()) if self.member else open_file(self.stored.path)
            with stream, h5py.File(stream, "r") as file:  # a stream, so that the package opens no file itself, nor locks one
                yield file
        except FileError:
            raise
        except Refused as error:
            raise FileError(f"{self.name}: {error}.") from error
        except MemoryError as error:
            raise FileError(f"{self.name}: needs more memory than is free.") from error
        except Exception as error:  # damaged ones raise nearly everything
            raise FileError(f"{self.name}: is damaged, expected an HDF5 file ({complaint(error)}).") from error

    def inside(self) -> bytes:
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
    _check_signature(source)
    try:
        found = walked_apart(str(source.stored.path), source.inside() if source.member else None)
    except Refused as error:
        raise FileError(f"{source.name}: {error}.") from error
    if not found["tensors"]:
        raise FileError(f"{source.name}: holds no tensor, expected weights.")
    texts = {(group, key): text for group, key, text in found["texts"]}
    lists = {(group, key): texts for group, key, texts in found["lists"]}
    return Listed([_tensor(source, kind, *entry) for entry in found["tensors"]], texts, lists)


SIGNATURE, PLACES = b"\x89HDF\r\n\x1a\n", (0, 512, 1024, 2048)
"""How an HDF5 file begins, and where: something else may stand before it."""


def _check_signature(source: Source) -> None:
    """Refuse what is no HDF5 file before a process is started for it."""
    if source.member:
        found = any(source.inside()[place : place + 8] == SIGNATURE for place in PLACES)
    else:
        size = source.stored.size
        found = any(source.stored.bytes(place, place + len(SIGNATURE)) == SIGNATURE for place in PLACES if place + 8 <= size)
    if not found:
        raise FileError(f"{source.name}: is no HDF5 file, expected weights of Keras.")


def _tensor(source: Source, kind: str, name: str, sizes: list[int], dtype: str) -> Tensor:
    shape = tuple(sizes)
    layouts = layouts_of(shape, kind, name) if dtype in BITS and not name.startswith("optimizer") else ()
    return Tensor(name, shape, dtype, layouts[0] if layouts else None, partial(_read, source, name), layouts)


def _read(source: Source, name: str) -> NDArray[Any]:
    """Return the numbers of a tensor, link by link, as one on the way would be followed otherwise."""
    with source.opened() as file:
        item = file
        for key in name.split("/"):
            item, _ = child(item, key, name)
        check(item, name)
        if item.dtype.kind not in "buif":
            raise Refused(f"{name} holds {item.dtype} entries, expected real numbers")
        check_memory(source.name, count_of(item.shape) * (item.dtype.itemsize + 8))
        return exact(item[()])
