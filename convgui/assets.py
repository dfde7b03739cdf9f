"""The only door to `resources/`: photos, icons and colour maps that come with the program."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

PHOTOS = {
    "coffee.webp": "Cup of coffee",
    "astronaut.webp": "Astronaut",
    "camera.png": "Cameraman",
    "chelsea.webp": "Cat",
    "rocket.webp": "Rocket at night",
    "brick.png": "Brick wall",
}
"""The bundled photos: file name and what the window calls them."""

NETWORKS = {
    "face-kernels.json": (
        "32 colour kernels of a face network",
        "The first layer of a trained face-recognition network, on the astronaut",
    ),
    "p-net.json": (
        "P-Net, a whole face detector",
        "Nine layers from edges to a face: where is one, and how sure is the network?",
    ),
}
"""The bundled networks: recipes whose weights lie beside them, what the window calls them, and what they are."""

NETWORK_PHOTO = "astronaut.webp"
"""The bundled photo on which they are opened."""

SIGNED = ("vik", "berlin", "broc", "lisbon")
"""Colour maps with a middle, for values on both sides of zero."""

SEQUENTIAL = ("warm", "grey", "batlow", "oslo", "lajolla", "bamako")
"""Colour maps from low to high."""


def resource(name: str) -> Path:
    """Return the path of a file in `resources/`, in an installed wheel as in a checkout.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    """
    places = [folder / name for folder in _folders()]
    for path in places:
        if path.exists():
            return path
    raise FileNotFoundError(f"Expected the resource {name} in {' or '.join(str(path.parent) for path in places)}.")


@cache
def _folders() -> tuple[Path, Path]:
    """Return where resources may lie: in the package, or beside it."""
    package = Path(str(files("convgui")))
    return package / "resources", package.parent / "resources"


def photo(name: str) -> Path:
    """Return the path of a bundled photo, by the name of its file."""
    return resource(f"photos/{name}")


def network(name: str) -> Path:
    """Return the path of a bundled network's recipe, by the name of its file."""
    return resource(f"weights/{name}")


@cache
def icon(name: str) -> str:
    """Return the text of an icon's SVG, drawn in ``currentColor``."""
    return resource(f"icons/{name}.svg").read_text(encoding="utf-8")


@cache
def _stored_colours() -> dict[str, NDArray[np.uint8]]:
    with np.load(resource("colourmaps.npz"), allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}


@cache
def colour_map(name: str, dark: bool = False) -> NDArray[np.uint8]:
    """Return the 256 colours of a colour map, shape (256, 3), low to high.

    `warm` is the half of the theme's signed map that stands for values above zero, so that a map without negative
    values has the colours that its values would have in a signed one.

    Raises
    ------
    KeyError
        If there is no such colour map.
    """
    if name == "grey":
        return np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)
    if name == "warm":
        half = colour_map("berlin" if dark else "vik")[128:]
        place = np.linspace(0, len(half) - 1, 256)
        stretched = [np.interp(place, np.arange(len(half)), half[:, c]) for c in range(3)]
        return np.stack(stretched, axis=1).round().astype(np.uint8)
    return _stored_colours()[name]
