"""The recipe that a file carries: put where its format has a place for such things; `io.carrying` finds it again.

PNG has it in an iTXt chunk, TIFF in the description, JPEG and WebP in their XMP packet, GIF and MP4 in the comment, SVG
and PDF in their metadata, npz in a member of its own, zarr in its attributes. CSV and npy have no place.
"""

from __future__ import annotations

import base64
import html
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from convgui.io.export.png import with_text

if TYPE_CHECKING:
    from os import PathLike

KEY = "recipe"
"""What the recipe is called in a PNG's text, a TIFF's description, and an npz (with .json)."""

MEMBER = f"{KEY}.json"

PLACES = (".png", ".tif", ".tiff", ".jpg", ".jpeg", ".webp", ".gif", ".svg", ".pdf", ".mp4", ".npz", ".zarr")
"""Endings of files that may carry one."""

ROOM = {".jpg": 64_000, ".jpeg": 64_000, ".mp4": 120_000}
"""Bytes that one segment of a JPEG, and one argument of the program that makes videos, can take."""

PACKED = "zlib:"
"""What a recipe begins with that is compressed."""

_XMP = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:convgui="urn:convgui">{}</rdf:Description>'
    '</rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
)


def no_room(path: str | PathLike[str], text: str) -> str:
    """Return why a file of that name does not carry its recipe, empty if it does.

    >>> no_room("map.csv", "{}"), no_room("map.png", "{}")
    ('CSV has no place for it', '')
    """
    ending = Path(path).suffix.lower()
    if ending not in PLACES:
        return f"{ending[1:].upper()} has no place for it"
    return "" if element(path, text) else f"{ending[1:].upper()} has no room for one of this size"


def element(path: str | PathLike[str], text: str) -> str:
    """Return the XML element that holds a recipe in a file of that name: packed where it is long, empty without room."""
    plain = f"<convgui:recipe>{html.escape(text, quote=False)}</convgui:recipe>"
    most = ROOM.get(Path(path).suffix.lower(), len(plain))
    if len(plain) <= most:
        return plain
    packed = base64.b64encode(zlib.compress(text.encode(), 9)).decode()
    found = f"<convgui:recipe>{PACKED}{packed}</convgui:recipe>"
    return found if len(found) <= most else ""


def xmp(path: str | PathLike[str], text: str) -> bytes:
    """Return the XMP packet that holds a recipe in a file of that name, empty where there is none or no room for it."""
    return _XMP.format(inside).encode() if text and (inside := element(path, text)) else b""


def into(data: bytes, extension: str, text: str) -> bytes:
    """Return the contents of a PNG or SVG with a recipe in them, of another file as they are."""
    if extension == ".png":
        return with_text(data, KEY, text)
    return _into_svg(data, text) if extension == ".svg" else data


def _into_svg(data: bytes, text: str) -> bytes:
    start = data.index(b"<svg")
    end = data.index(b">", start) + 1
    inside = f'<metadata xmlns:convgui="urn:convgui">{element("figure.svg", text)}</metadata>'
    return data[:end] + inside.encode() + data[end:]
