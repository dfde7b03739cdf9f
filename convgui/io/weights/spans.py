"""Stretches of bytes of a file: read when they are wanted, and only if the file is still the one that was opened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from convgui.io.errors import FileError, file_error, open_file
from convgui.io.limits import check_memory
from convgui.io.weights.numbers import bytes_of, count_of, decoded

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


@dataclass(frozen=True)
class Stored:
    """A file as it was when it was opened."""

    path: Path
    size: int
    changed: int

    @classmethod
    def of(cls, path: Path) -> Stored:
        """Return a file as it is now; FileError as `open_file` has it."""
        with open_file(path):
            pass
        try:
            status = path.stat()
        except OSError as error:
            raise file_error(path, error) from error
        return cls(path, status.st_size, status.st_mtime_ns)

    def bytes(self, start: int, stop: int) -> bytes:
        """Return some of its bytes.

        Raises
        ------
        FileError
            If the file is another one by now, cannot be read, or ends before.
        """
        if not 0 <= start <= stop <= self.size:
            raise FileError(f"{self.path.name}: is cut off: bytes up to {stop:,} are declared, {self.size:,} are there.")
        if Stored.of(self.path) != self:
            raise FileError(f"{self.path.name}: has changed since it was opened; open it again.")
        try:
            with open_file(self.path) as stream:
                stream.seek(start)
                data = stream.read(stop - start)
        except OSError as error:
            raise file_error(self.path, error) from error
        if len(data) != stop - start:
            raise FileError(f"{self.path.name}: is cut off: {stop - start:,} bytes are declared, {len(data):,} are there.")
        return data

    def array(
        self, name: str, start: int, stop: int, dtype: str, shape: tuple[int, ...], *, whole: bool = False
    ) -> NDArray[Any]:
        """Return the numbers of a tensor, whose bytes must be as many as its shape needs; see `decoded`."""
        try:
            needed = bytes_of(shape, dtype)
            if needed != stop - start:
                raise ValueError(f"has {stop - start:,} bytes, expected {needed:,} for the shape {shape}")
            check_memory(self.path.name, needed + 8 * count_of(shape))
            return decoded(self.bytes(start, stop), dtype, shape, whole=whole)
        except ValueError as error:
            raise FileError(f"{self.path.name}: the tensor {name} {error}.") from error
