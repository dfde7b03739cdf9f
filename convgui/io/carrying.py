"""The recipe that a file carries, found again: in pictures, figures, animations and archives that convgui wrote."""

from __future__ import annotations

import base64
import html
import json
import re
import struct
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from convgui.io.errors import FileError, open_file, read_bytes
from convgui.io.export.carried import KEY, MEMBER, PACKED, PLACES
from convgui.io.export.png import SIGNATURE
from convgui.io.recipe import FORMAT, LARGEST, Recipe, from_document, read_recipe, read_version
from convgui.io.zarr_folder import is_zarr

if TYPE_CHECKING:
    from os import PathLike

MOST_TEXT = 64_000_000
"""Bytes of an SVG, PDF or MP4 that are looked through at either end."""

_ELEMENT = re.compile(r"<convgui:recipe>(.*?)</convgui:recipe>", re.S)


def load_recipe(path: str | PathLike[str]) -> Recipe:
    """Read a recipe from its own file, or the one that a picture, figure, animation or archive carries.

    Raises
    ------
    FileError
        If the file cannot be read, is no recipe and carries none, or has one that cannot be understood.
    """
    name = Path(path).name
    if not name.lower().endswith(PLACES):
        return read_recipe(Path(path))
    if not is_zarr(Path(path)):
        open_file(path).close()  # it says why it cannot be read
    if (found := carried(path)) is None:
        raise FileError(f"{name} carries no recipe: expected one that convgui wrote and no program has changed.")
    return found


def carried(path: str | PathLike[str]) -> Recipe | None:
    """Return the recipe that a file carries; None if it carries none, or cannot be read.

    Raises
    ------
    FileError
        If it carries one that cannot be understood: of a later version, or damaged.
    """
    text = carried_text(path)
    if text is None:
        return None
    name = Path(path).name
    try:
        document = json.loads(text)
    except ValueError as error:
        raise FileError(f"{name} carries a recipe that is damaged: {error}.") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        return None
    read_version(document, name)
    return from_document(document, f"The recipe in {name}", Path(path).absolute().parent)


def carried_text(path: str | PathLike[str]) -> str | None:
    """Return the text of the recipe that a file carries, None if there is none."""
    if not str(path).lower().endswith(PLACES):
        return None
    try:
        if is_zarr(Path(path)):
            return _from_zarr(Path(path))
        with open_file(Path(path)) as stream:
            head = stream.read(16)
            stream.seek(0)
            return _finder(head)(stream)
    except FileError:
        return None
    except Exception:  # whatever a damaged file makes a reader raise: it carries nothing that can be read
        return None


def _from_zarr(folder: Path) -> str | None:
    """Return what stands in the attributes of a zarr array."""
    found = json.loads(read_bytes(folder / "zarr.json", MOST_TEXT)).get("attributes", {}).get(KEY)
    return found if isinstance(found, str) else None


def _finder(head: bytes) -> Any:
    if head.startswith(SIGNATURE):
        return _from_png
    if head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return _from_tiff
    if head.startswith((b"\xff\xd8", b"RIFF", b"GIF8")):
        return _from_pillow
    return _from_zip if head.startswith(b"PK") else _from_text


def _from_png(stream: BinaryIO) -> str | None:
    stream.seek(len(SIGNATURE))
    while len(head := stream.read(8)) == 8:
        size, kind = struct.unpack(">I4s", head)
        if kind not in (b"iTXt", b"tEXt") or size > LARGEST:
            stream.seek(size + 4, 1)
            continue
        keyword, _, rest = stream.read(size).partition(b"\0")
        stream.seek(4, 1)
        if keyword == KEY.encode():
            return _of_chunk(kind, rest)
    return None


def _of_chunk(kind: bytes, rest: bytes) -> str:
    if kind == b"tEXt":
        return rest.decode("latin-1")
    squeezed, content = rest[0], rest[2:].split(b"\0", 2)[2]
    return (_expanded(content) if squeezed else content).decode()


def _expanded(data: bytes) -> bytes:
    """Return compressed bytes expanded, not further than a recipe may be large."""
    found = zlib.decompressobj().decompress(data, LARGEST + 1)
    if len(found) > LARGEST:
        raise ValueError("too large")
    return found


def _from_tiff(stream: BinaryIO) -> str | None:
    import tifffile

    with tifffile.TiffFile(stream) as tif:
        description = tif.pages.first.description
    about = json.loads(description) if description.startswith("{") else {}
    return str(about[KEY]) if KEY in about else None


def _from_pillow(stream: BinaryIO) -> str | None:
    from convgui.io.pictures.pixels import pillow

    with pillow().open(stream, formats=["JPEG", "WEBP", "GIF"]) as image:
        kept = image.info.get("xmp") or image.info.get("comment") or b""
    return _in_text(kept if isinstance(kept, str) else bytes(kept).decode(errors="replace"))


def _from_zip(stream: BinaryIO) -> str | None:
    with zipfile.ZipFile(stream) as archive:
        if MEMBER not in archive.namelist() or archive.getinfo(MEMBER).file_size > LARGEST:
            return None
        return archive.read(MEMBER).decode()


def _from_text(stream: BinaryIO) -> str | None:
    begin = stream.read(MOST_TEXT)
    stream.seek(0, 2)
    rest = max(stream.tell() - len(begin), 0)
    stream.seek(-min(rest, MOST_TEXT), 2)
    found = _in_text(begin.decode("latin-1"))
    return found if found or not rest else _in_text(stream.read().decode("latin-1"))


def _in_text(text: str) -> str | None:
    if (found := _ELEMENT.search(text)) is None:
        return None
    inside = found[1]
    if inside.startswith(PACKED):
        return _expanded(base64.b64decode(inside.removeprefix(PACKED))).decode()
    return html.unescape(inside)
