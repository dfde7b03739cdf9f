"""The session file: the last document, and what is needed to open its input again, kept beside the settings.

What stands in it is read as carefully as a recipe that others have altered. An input without a file of its own is kept as
an array beside it, written before the file that names it: so the two belong together whenever the program is ended.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from convgui.engine.source import READ_AS_STORED, Source
from convgui.io.atomic import write_atomically, write_bytes
from convgui.io.errors import FileError, file_error
from convgui.io.pictures.npy import read_npy
from convgui.io.recipe import LARGEST, Recipe, from_document, to_document
from convgui.io.strict_json import fit, read_object, shown

if TYPE_CHECKING:
    from numpy.typing import NDArray

FORMAT, VERSION = "convgui session", 1
NAME = "session.json"
MOST_WEIGHTS = 200_000
"""Weights of a bank up to which they are kept here, though a file has them; more would be written at each change."""

MOST_PIXELS = 400_000_000
"""Bytes of an input without a file beyond which it is not kept."""

TRIES = 2
"""Starts that may end before the document is shown; after that the file is renamed, as it may be the cause."""


class StoredInput(msgspec.Struct, forbid_unknown_fields=True):
    """Where the input comes from: a file, or an array that is kept beside the session file."""

    name: str
    path: str = ""
    page: int = 0
    reading: str = ""
    pixels: str = ""
    scale: float = 1.0
    toy: bool = False
    sequence: bool = True
    """Whether one row is a sequence; of several rows it says nothing."""


class StoredSession(msgspec.Struct, forbid_unknown_fields=True):
    """What the session file holds."""

    format: str
    version: int
    recipe: dict[str, Any]
    input: StoredInput


@dataclass(frozen=True, eq=False)
class Session:
    """The document as it was last: layers and display, and its input or where to find it."""

    recipe: Recipe
    input: StoredInput
    source: Source | None = None


def save_session(folder: Path, recipe: Recipe, source: Source, pixels: str = "") -> str:
    """Write the document, and its input where that has no file.

    Parameters
    ----------
    folder : Path
        It is made if need be.
    recipe : Recipe
    source : Source
    pixels : str
        What was returned for the same source before, so that it is not written again.

    Returns
    -------
    str
        The name of the array that is kept, empty if there is none.

    Raises
    ------
    FileError
        If it cannot be written; what was there before stays.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise file_error(folder, error, writing=True) from error
    if source.path or source.nbytes > MOST_PIXELS:
        pixels = ""
    elif not pixels or not (folder / pixels).exists():
        pixels = f"session-{secrets.token_hex(4)}.npy"
        array = source.array
        write_atomically(folder / pixels, lambda file: np.lib.format.write_array(file, array, allow_pickle=False))
    kept = StoredInput(
        name=source.name,
        path=source.path,
        page=source.page if source.pages else 0,
        reading=source.reading,
        pixels=pixels,
        scale=source.scale,
        toy=source.toy,
        sequence=source.sequence or source.rows > 1,
    )
    document = StoredSession(FORMAT, VERSION, to_document(recipe, most=MOST_WEIGHTS), kept)
    text = json.dumps(msgspec.to_builtins(document), allow_nan=False)
    write_bytes(folder / NAME, text.encode("utf-8", "surrogatepass"))
    _sweep(folder, pixels)
    return pixels


def load_session(folder: Path) -> Session | None:
    """Read the document as it was last; None if there is none.

    Raises
    ------
    FileError
        If it is damaged, or the array beside it is.
    """
    if not os.path.lexists(folder / NAME):
        return None
    document = read_object(folder / NAME, 2 * LARGEST)
    try:
        stored = fit(document, StoredSession)
        if stored.format != FORMAT or not 1 <= stored.version <= VERSION:
            received = f"{shown(stored.format)}, version {shown(stored.version)}"
            raise ValueError(f"expected {FORMAT!r} up to version {VERSION}, received {received}.")
        source = _kept(folder, stored.input) if stored.input.pixels else None
    except ValueError as error:
        raise FileError(f"{NAME}: {error}") from error
    return Session(from_document(stored.recipe, NAME), stored.input, source)


def forget_session(folder: Path) -> None:
    """Delete the session file: the next start is like the first one."""
    for path in (folder / NAME, _tries(folder)):
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
    _sweep(folder, "")


def set_session_aside(folder: Path) -> str:
    """Rename a session file, so that nothing in it is lost, and return the sentence that says where."""
    with contextlib.suppress(OSError):
        _tries(folder).unlink(missing_ok=True)
    try:
        os.replace(folder / NAME, folder / f"{NAME}.bad")
    except OSError:
        return f"{NAME} could not be put aside."
    return f"It was put aside as {NAME}.bad."


def begin_restoring(folder: Path) -> bool:
    """Count a start that restores the document; return False if it has been tried too often without coming to an end."""
    try:
        count = int(_tries(folder).read_bytes()[:4] or b"0")
    except (OSError, ValueError):
        count = 0
    if count >= TRIES:
        return False
    with contextlib.suppress(OSError):
        _tries(folder).write_bytes(b"%d" % (count + 1))
    return True


def end_restoring(folder: Path) -> None:
    """Note that the document has been shown."""
    with contextlib.suppress(OSError):
        _tries(folder).unlink(missing_ok=True)


def _tries(folder: Path) -> Path:
    return folder / "session.tries"


def _kept(folder: Path, stored: StoredInput) -> Source:
    """Return the input that is kept as an array."""
    if Path(stored.pixels).name != stored.pixels or not stored.pixels.endswith(".npy"):
        raise ValueError(f"input.pixels: expected the name of an array beside it, received {shown(stored.pixels)}.")
    if not 0 < stored.scale < 1e6:
        raise ValueError(f"input.scale: expected a number above 0, received {shown(stored.scale)}.")
    array: NDArray[Any] = read_npy(folder / stored.pixels, _check)
    return Source(array, stored.scale, stored.name, toy=stored.toy, sequence=stored.sequence and len(array) == 1)


def _check(shape: tuple[int, ...], dtype: np.dtype, file: str) -> None:
    size = int(np.prod(shape, dtype=object)) * dtype.itemsize
    if dtype not in [np.dtype(kind) for kind in READ_AS_STORED] or len(shape) not in (2, 3) or not 0 < size <= MOST_PIXELS:
        raise FileError(f"{file}: holds {dtype} of shape {shape}, expected an input that was kept.")


def _sweep(folder: Path, kept: str) -> None:
    """Delete the arrays of former inputs."""
    with contextlib.suppress(OSError):
        for path in folder.glob("session-*.npy"):
            if path.name != kept:
                path.unlink(missing_ok=True)
