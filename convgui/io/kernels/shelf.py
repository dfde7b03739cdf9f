"""The shelf: the folder of the user's own kernels."""

from __future__ import annotations

import os
import re
import unicodedata
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from convgui.io.atomic import write_bytes
from convgui.io.errors import FileError, file_error
from convgui.io.folders import data_folder
from convgui.io.kernels.stored import load_json, to_json, too_large

if TYPE_CHECKING:
    from os import PathLike

    from convgui.engine.kernels.kernel import Kernel


class KernelShelf:
    """The user's own kernels, one JSON file each, in a folder that outlives updates of the program.

    It answers from memory as long as nothing has changed in the folder, where other windows keep and delete kernels as
    well. A name is one kernel, in however many files it may be. A damaged file is passed over, named in `problems` and
    left where it is.

    Parameters
    ----------
    folder : path-like, optional
        By default `kernels` in the user's data folder.

    Examples
    --------
    >>> import tempfile
    >>> from convgui.engine.kernels.kernel import Kernel
    >>> shelf = KernelShelf(tempfile.mkdtemp())
    >>> shelf.save(Kernel([[1, 2, 1]], name="a/b"))
    >>> shelf.names()
    ['a/b']
    """

    def __init__(self, folder: str | PathLike[str] | None = None) -> None:
        self.folder = Path(folder) if folder is not None else data_folder() / "kernels"
        self._problems: list[str] = []
        self._kernels: dict[str, tuple[Kernel, list[Path]]] = {}
        self._seen: list[tuple[str, int, int]] | None = None

    @property
    def problems(self) -> list[str]:
        """One sentence for each file that could not be read."""
        self._read()
        return list(self._problems)

    def names(self) -> list[str]:
        """Return the names of the kernels in the order of the alphabet."""
        return sorted(self._read(), key=str.casefold)

    def load(self, name: str) -> Kernel:
        """Return a kernel; FileError if there is none of this name."""
        try:
            return self._read()[name][0]
        except KeyError as error:
            raise FileError(f"No own kernel is called {name!r}.") from error

    def save(self, kernel: Kernel) -> None:
        """Keep a kernel under its name, in place of one of the same name; FileError if it is too large or not written."""
        if not kernel.name.strip():
            raise FileError("The kernel has no name, expected one to save it by.")
        if fault := too_large(kernel):
            raise FileError(f"{kernel.name} is not kept: it {fault}; Save the bank keeps it with the others.")
        kernels = self._read()
        path, *others = kernels[kernel.name][1] if kernel.name in kernels else [self._free_path(kernel.name)]
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise file_error(self.folder, error, writing=True) from error
        write_bytes(path, to_json(kernel))
        self._remove(others)

    def delete(self, name: str) -> None:
        """Remove a kernel; FileError if there is none of this name or its file cannot be removed."""
        self.load(name)
        self._remove(self._read()[name][1])

    def _remove(self, paths: list[Path]) -> None:
        for path in paths:
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise file_error(path, error, writing=True) from error

    def _read(self) -> dict[str, tuple[Kernel, list[Path]]]:
        """Return the kernels, read anew if the folder has changed."""
        try:
            seen = self._look()
        except OSError as error:
            self._kernels, self._seen = {}, None
            self._problems = [f"Your own kernels cannot be shown. {file_error(self.folder, error)}"]
            return self._kernels
        if seen != self._seen:
            self._seen, self._kernels, self._problems = seen, {}, []
            for name, _, _ in seen:
                self._take(self.folder / name)
        return self._kernels

    def _look(self) -> list[tuple[str, int, int]]:
        """Return name, time and size of each file on the shelf."""
        try:
            with os.scandir(self.folder) as entries:
                found = [(entry.name, entry.stat()) for entry in entries if entry.name.endswith(".json")]
        except FileNotFoundError:
            return []
        return sorted((name, known.st_mtime_ns, known.st_size) for name, known in found)

    def _take(self, path: Path) -> None:
        try:
            kernel = load_json(path)
        except FileError as error:
            self._problems.append(str(error))
            return
        _, paths = self._kernels.setdefault(kernel.name, (kernel, []))
        paths.append(path)

    def _free_path(self, name: str) -> Path:
        """Return a file that no other kernel has, damaged ones included."""
        stem = file_stem(name)
        path, number = self.folder / f"{stem}.json", 1
        while path.exists():
            number += 1
            path = self.folder / f"{stem}-{number}.json"
        return path


def file_stem(name: str) -> str:
    """Return a file name without ending that every system accepts, and that differs for each name.

    >>> file_stem("Kante / schräg")
    'kante-schrag-a01a94cb'
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40] or "kernel"
    return f"{words}-{sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
