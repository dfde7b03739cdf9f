"""Recipes: the document as JSON, from which it is opened again, applied to other pictures and run without a window."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine.evaluate import evaluate
from convgui.engine.kernel import Kernel
from convgui.engine.layers import Conv
from convgui.engine.levels import Limits
from convgui.engine.source import Source, unit_scale
from convgui.io.atomic import write_atomically
from convgui.io.errors import FileError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

FORMAT, VERSION = "convgui recipe", 1
LARGEST = 16_000_000
"""Bytes beyond which a file is no recipe."""


@dataclass(frozen=True, eq=False)
class Recipe:
    """Layers, display, and of the source what is needed to know it again: name, shape and hash, not its pixels.

    Examples
    --------
    >>> recipe = Recipe((Conv(Kernel([[0, 1]])),))
    >>> recipe.apply(np.array([[0, 1, 0, 1, 1, 0]], np.float32)).tolist()
    [[1.0, 0.0, 1.0, 1.0, 0.0, 0.0]]
    """

    layers: tuple[Conv, ...]
    colours: str = "auto"
    limits: Limits = field(default_factory=Limits)
    map: int = 0
    source: dict[str, Any] = field(default_factory=dict)

    def apply(self, image: ArrayLike | Source) -> NDArray[np.float32]:
        """Return the maps that the window shows of an image.

        Parameters
        ----------
        image : array_like, shape (rows, cols) or (rows, cols, channels), or Source
            Stored numbers; bytes and 16-bit numbers are brought to 0..1 as the window does it.

        Returns
        -------
        ndarray of float32, shape (rows, cols), or (rows, cols, maps) if there are several
        """
        if isinstance(image, Source):
            source = image
        else:
            array = np.asarray(image)
            source = Source(array, unit_scale(array.dtype))
        maps = evaluate(self.layers, source)
        return maps[0] if len(maps) == 1 else np.moveaxis(maps, 0, -1)


def describe_source(source: Source) -> dict[str, Any]:
    """Return name, shape, dtype, scale and SHA-256 of a source."""
    digest = hashlib.sha256(np.ascontiguousarray(source.array).data).hexdigest()
    return {
        "name": source.name,
        "shape": list(source.array.shape),
        "dtype": str(source.array.dtype),
        "scale": source.scale,
        "sha256": digest,
    }


def save_recipe(path: str | Path, recipe: Recipe) -> None:
    """Write a recipe.

    Raises
    ------
    FileError
        If it cannot be written.
    """
    document = {
        "format": FORMAT,
        "version": VERSION,
        "layers": [_layer_to_json(layer) for layer in recipe.layers],
        "display": {"colours": recipe.colours, "limits": asdict(recipe.limits), "map": recipe.map},
        "source": recipe.source,
    }
    text = json.dumps(document, indent=1, allow_nan=False)
    write_atomically(path, lambda file: file.write(text.encode()))


def load_recipe(path: str | Path) -> Recipe:
    """Read a recipe.

    Raises
    ------
    FileError
        If the file cannot be read, is no recipe, or has a setting that is unknown.
    """
    document = _document(Path(path))
    if document.get("format") != FORMAT:
        raise FileError(
            f"{Path(path).name} is no recipe: expected the format {FORMAT!r}, received {document.get('format')!r}."
        )
    if document.get("version") != VERSION:
        raise FileError(
            f"{Path(path).name} is a recipe of version {document.get('version')!r}, this program reads version {VERSION}: "
            "update convgui."
        )
    try:
        display = document.get("display", {})
        return Recipe(
            tuple(_layer_from_json(layer) for layer in document["layers"]),
            str(display.get("colours", "auto")),
            Limits(**display.get("limits", {})),
            int(display.get("map", 0)),
            dict(document.get("source", {})),
        )
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise FileError(f"{Path(path).name} is a damaged recipe: {error}") from error


def is_recipe(path: str | Path) -> bool:
    """Whether a file says that it is a recipe; False also if it cannot be read."""
    try:
        return _document(Path(path)).get("format") == FORMAT
    except FileError:
        return False


def _document(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > LARGEST:
            raise FileError(f"{path.name} is too large for a recipe: {path.stat().st_size} bytes, expected less.")
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no JSON text"
        raise FileError(f"{path.name} could not be read: {reason}.") from error
    if not isinstance(document, dict):
        raise FileError(f"{path.name} is no recipe: expected a JSON object.")
    return document


def _layer_to_json(layer: Conv) -> dict[str, Any]:
    kernel = layer.kernel
    return {
        "type": "conv",
        "kernel": {
            "name": kernel.name,
            "entry": kernel.entry,
            "parameters": dict(kernel.parameters),
            "weights": kernel.weights.tolist(),
        },
        "padding": layer.padding,
        "border": layer.border,
        "constant": layer.constant,
        "stride": list(layer.stride),
        "dilation": list(layer.dilation),
        "groups": layer.groups,
        "bias": list(layer.bias),
        "activation": layer.activation,
        "flip": layer.flip,
        "colour": layer.colour,
    }


def _layer_from_json(data: dict[str, Any]) -> Conv:
    if data.get("type") != "conv":
        raise ValueError(f"expected a layer of type conv, received {data.get('type')!r}.")
    stored = data["kernel"]
    kernel = Kernel(
        np.asarray(stored["weights"], np.float64),
        str(stored.get("name", "Custom")),
        str(stored.get("entry", "")),
        {str(name): float(value) for name, value in stored.get("parameters", {}).items()},
    )
    padding = data["padding"]
    if not isinstance(padding, str):
        padding = tuple((int(a), int(b)) for a, b in padding)
    return Conv(
        kernel,
        padding=padding,
        border=data["border"],
        constant=float(data["constant"]),
        stride=(int(data["stride"][0]), int(data["stride"][1])),
        dilation=(int(data["dilation"][0]), int(data["dilation"][1])),
        groups=int(data["groups"]),
        bias=tuple(float(b) for b in data["bias"]),
        activation=data["activation"],
        flip=bool(data["flip"]),
        colour=data["colour"],
    )
