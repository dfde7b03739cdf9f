"""The manifest: what a folder of results holds and what it was made of, a line a picture, by which a run is resumed."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from convgui.io.digests import file_digest, files_of
from convgui.io.errors import file_error

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

NAME = ".convgui-manifest.jsonl"


@dataclass(frozen=True)
class Stamp:
    """What tells a file from its former or later self: size and time, and its digest where the time has changed only.

    A copied folder has other times, a touched file too; the digest says whether the content is the same.
    """

    name: str
    size: int
    time: int
    digest: str

    @classmethod
    def of(cls, path: Path, name: str, digest: str = "") -> Stamp:
        """Return that of a file, or of a folder with all that is in it, called by a name; the digest, if it is known."""
        return cls(name, *_size_and_time(path), digest or file_digest(path))

    def holds(self, path: Path) -> bool:
        """Whether a file is still this one."""
        with suppress(OSError, ValueError):
            size, time = _size_and_time(path)
            return size == self.size and (time == self.time or file_digest(path) == self.digest)
        return False


@dataclass(frozen=True)
class Entry:
    """A picture that is done.

    Attributes
    ----------
    input : Stamp
        Its absolute path.
    what : str
        A digest of all that decides what is written: recipe, format, page.
    written : tuple of Stamp
        The files that it became, named from the folder on.
    rows : tuple of dict
        What was measured of its maps.
    threshold : float, optional
        The one that the share was measured with; None if nothing was measured.
    """

    input: Stamp
    what: str
    written: tuple[Stamp, ...] = ()
    rows: tuple[dict[str, Any], ...] = ()
    threshold: float | None = None


@dataclass(eq=False)
class Manifest:
    """The entries of a folder: read once, and each that is new is added to the file at once.

    Parameters
    ----------
    folder : Path
        Where the results are.
    """

    folder: Path
    _entries: dict[tuple[str, str], Entry] = field(default_factory=dict)
    _of_input: dict[str, list[Entry]] = field(default_factory=dict)
    _bases: dict[str, str] = field(default_factory=dict)
    _stream: TextIO | None = None

    @property
    def path(self) -> Path:
        """Where it is."""
        return self.folder / NAME

    def read(self) -> None:
        """Read what is there; lines that are damaged, as the last one of a run that was killed, are passed over."""
        with suppress(FileNotFoundError):
            try:
                text = self.path.read_text("utf-8", errors="replace")
            except FileNotFoundError:
                raise
            except OSError as error:
                raise file_error(self.path, error) from error
            for line in text.splitlines():
                with suppress(ValueError, TypeError, KeyError):
                    stored = json.loads(line)
                    if "basis" in stored:
                        self._bases[str(stored["what"])] = str(stored["basis"])
                        continue
                    entry = _entry_of(stored)
                    self._entries[entry.input.name, entry.what] = entry
                    self._of_input.setdefault(entry.input.name, []).append(entry)

    def done(self, path: str, target: Path, what: str, threshold: float | None) -> Entry | None:
        """Return the entry of an input that is done, if neither it nor any of its results has changed, else None."""
        entry = self._entries.get((os.path.abspath(path), what))
        if entry is None or not entry.written or (threshold is not None and threshold != entry.threshold):
            return None
        placed = entry.written[0].name.startswith(os.path.relpath(target.with_suffix(""), self.folder))
        whole = all(stamp.holds(self.folder / stamp.name) for stamp in entry.written)
        return entry if placed and whole and entry.input.holds(Path(path)) else None

    def made_of(self, path: str) -> tuple[Stamp, ...]:
        """Return the files that former runs made of an input, whatever they did to it."""
        return tuple(stamp for entry in self._of_input.get(os.path.abspath(path), ()) for stamp in entry.written)

    def basis(self, what: str) -> str:
        """Return the basis with which the pictures of a job were coloured, empty if none is noted."""
        return self._bases.get(what, "")

    def add_basis(self, what: str, basis: str) -> None:
        """Note the basis of a job, to the file too."""
        self._write({"what": what, "basis": basis})

    def add(self, entry: Entry) -> None:
        """Add an entry, to the file too."""
        self._write(asdict(entry))

    def _write(self, stored: dict[str, Any]) -> None:
        try:
            if self._stream is None:
                self._stream = self.path.open("a+", encoding="utf-8")
                self._stream.write(self._end_of_line())
            self._stream.write(json.dumps(stored) + "\n")
            self._stream.flush()
        except OSError as error:
            raise file_error(self.path, error, writing=True) from error

    def _end_of_line(self) -> str:
        """Return what ends the last line, where a run was killed in the middle of it."""
        with self.path.open("rb") as stream:
            size = stream.seek(0, os.SEEK_END)
            stream.seek(max(size - 1, 0))
            return "\n" if stream.read(1) not in (b"", b"\n") else ""

    def close(self) -> None:
        """Close the file."""
        if self._stream is not None:
            with suppress(OSError):
                self._stream.close()
            self._stream = None


def _size_and_time(path: Path) -> tuple[int, int]:
    """Return the bytes of a file and when it was changed; of a folder of all in it, and when the last was."""
    found = [file.stat() for file in files_of(path)]
    return sum(status.st_size for status in found), max((status.st_mtime_ns for status in found), default=0)


def _entry_of(stored: dict[str, Any]) -> Entry:
    written = tuple(Stamp(**stamp) for stamp in stored["written"])
    rows: Sequence[dict[str, Any]] = stored["rows"]
    return Entry(Stamp(**stored["input"]), str(stored["what"]), written, tuple(rows), stored["threshold"])
