"""Weights by reference: a recipe names the file, the tensor and the hash of its weights, from which they are found again."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, TypeVar

import msgspec
import numpy as np
from msgspec import Meta

from convgui.engine.kernels.kernel import Kernel, Origin
from convgui.engine.layers.conv import Conv
from convgui.io.errors import FileError
from convgui.io.strict_json import fit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from convgui.engine.layers.base import Layer
    from convgui.io.weights.files import WeightsFile
    from convgui.io.weights.runtime import Runtime
    from convgui.io.weights.tensor import Tensor

Found = TypeVar("Found")

LEAST = 64
"""Weights up to which they stand in the recipe: a kernel is read by people, and no file can get lost."""

Text = Annotated[str, Meta(min_length=1, max_length=4096)]


class StoredOrigin(msgspec.Struct, forbid_unknown_fields=True):
    """Where the weights of a bank are: a file, one of its tensors, how its axes are read, and the hash of the weights."""

    path: Text
    tensor: Text
    layout: Text
    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class StoredGraph(msgspec.Struct, forbid_unknown_fields=True):
    """Where a graph is that is run as it is: its file, and the hash of that and of what it has beside itself."""

    path: Text
    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


def with_origins(layers: Sequence[Layer], names: Sequence[Sequence[str]], file: WeightsFile) -> tuple[Layer, ...]:
    """Return the layers of a file, each bank with the tensor that it is made of; those that several are made of have none.

    Parameters
    ----------
    layers : sequence of Layer
    names : sequence of sequence of str
        For each layer the tensors that it was made of.
    file : WeightsFile
    """
    tensors = {tensor.name: tensor for tensor in file.tensors}
    made = []
    for layer, parts in zip(layers, names, strict=True):
        if isinstance(layer, Conv) and layer.kernel.weights.ndim == 4:
            found = (_origin(layer.kernel, tensors[name], file.path) for name in parts if name in tensors)
            origin = next((each for each in found if each is not None), None)
            layer = replace(layer, kernel=replace(layer.kernel, origin=origin))
        made.append(layer)
    return tuple(made)


def _origin(kernel: Kernel, tensor: Tensor, path: Path) -> Origin | None:
    if tensor.layout is None:
        return None
    bank, _ = tensor.bank()
    same = bank.shape == kernel.weights.shape and np.array_equal(bank, kernel.weights)
    return Origin(str(path.absolute()), tensor.name, tensor.layout) if same else None


def referred(kernel: Kernel, most: int = LEAST) -> dict[str, str] | None:
    """Return what a recipe stores instead of the weights; None where they stand in it: up to `most` always."""
    origin = kernel.origin
    if origin is None or kernel.weights.size <= most:
        return None
    return {"path": origin.path, "tensor": origin.tensor, "layout": origin.layout, "sha256": digest(kernel.weights)}


def digest(weights: NDArray[np.float64]) -> str:
    """Return the SHA-256 of weights: their shape, and their numbers in float32, the last axis fastest."""
    with np.errstate(over="ignore"):
        numbers = np.ascontiguousarray(weights, "<f4")
    return hashlib.sha256(f"{weights.shape}".encode() + numbers.tobytes()).hexdigest()


class Referred(NamedTuple):
    """Finds what a recipe refers to: in the file where it was, or in one of its name beside the recipe.

    Parameters
    ----------
    folder : Path, optional
        Where the recipe is.
    """

    folder: Path | None

    def weights(self, stored: Any, place: str) -> tuple[NDArray[np.float64], Origin]:
        """Return the weights that are referred to.

        Raises
        ------
        ValueError
            One sentence with the place in the recipe: the file is not there, or has other weights by now.
        """
        from convgui.io.weights.tensor import LAYOUTS

        about = fit(stored, StoredOrigin, place)
        if about.layout not in LAYOUTS:
            raise ValueError(f"{place}.layout: expected one of {', '.join(LAYOUTS)}, received {about.layout!r}.")

        def read(path: Path) -> tuple[NDArray[np.float64], Origin]:
            weights = _read(path, about)
            if digest(weights) != about.sha256:
                raise ValueError(f"the tensor {about.tensor} of {path.name} has other weights by now")
            return weights, Origin(str(path.absolute()), about.tensor, about.layout)

        return self._first(about.path, place, read)

    def graph(self, stored: Any, place: str) -> Runtime:
        """Return the graph that is referred to, which is going to be run; ValueError as `weights`."""
        from convgui.io.weights.runtime import reopened

        about = fit(stored, StoredGraph, place)
        return self._first(about.path, place, lambda path: reopened(path, about.sha256))

    def _first(self, path: str, place: str, read: Callable[[Path], Found]) -> Found:
        """Return what is read from the first file that holds it."""
        was, name = Path(path), Path(path.replace("\\", "/")).name
        beside = None if self.folder is None else self.folder / name
        places = [each for each in (beside, was if was.is_absolute() else None, bundled(name)) if each]
        there = [each for each in places if each.is_file()]
        if not there:
            where = " or ".join(str(each.parent) for each in places) or "beside the recipe"
            raise ValueError(f"{place}: expected the file of weights {name} in {where}: it is not there.")
        faults = []
        for each in there:
            try:
                return read(each)
            except (FileError, ValueError) as error:
                faults.append(str(error).rstrip("."))
        raise ValueError(f"{place}: expected the weights with which the recipe was made: {faults[0]}.")


def bundled(name: str) -> Path | None:
    """Return where weights lie that come with the program, None if there are none of that name."""
    from convgui import assets

    path = assets.resource("weights") / name
    return path if path.is_file() else None


def _read(path: Path, about: StoredOrigin) -> NDArray[np.float64]:
    from convgui.io.weights.files import open_weights  # here: a start needs none of it
    from convgui.io.weights.tensor import bank_of

    for tensor in open_weights(path).tensors:
        if tensor.name == about.tensor:
            return bank_of(tensor.read(), about.layout)[0].astype(np.float64)  # type: ignore[arg-type]
    raise ValueError(f"{path.name} has no tensor {about.tensor}")
