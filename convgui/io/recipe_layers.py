"""The schema of the kinds of layer in a recipe's file: each with its own fields, their types and their bounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, NamedTuple, Protocol

import msgspec
import numpy as np
from msgspec import Meta

from convgui.engine.checks import layer_fault
from convgui.engine.kernels import catalogue as catalog
from convgui.engine.kernels.kernel import Kernel, Origin
from convgui.engine.layers.activation import Activation
from convgui.engine.layers.affine import Affine
from convgui.engine.layers.arguments import LARGEST_COUNT
from convgui.engine.layers.conv import Conv
from convgui.engine.layers.graph import Graph
from convgui.engine.layers.pad import Pad
from convgui.engine.layers.pool import Pool
from convgui.engine.layers.resize import Resize
from convgui.engine.layers.softmax import Softmax
from convgui.io.recipe_arrays import Cube, Number, array_from, array_to, weights_from
from convgui.io.strict_json import fit, lower_first, shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convgui.engine.layers.base import Layer
    from convgui.engine.layers.graph import Runs

Count = Annotated[int, Meta(ge=1, le=LARGEST_COUNT)]
Cells = Annotated[int, Meta(ge=0, le=LARGEST_COUNT)]
Word = Annotated[str, Meta(max_length=100)]
Name = Annotated[str, Meta(max_length=1000)]
Counts = Annotated[list[Count], Meta(min_length=2, max_length=2)]
Sides = Annotated[list[Cells], Meta(min_length=2, max_length=2)]
Signed = Annotated[list[Annotated[int, Meta(ge=-LARGEST_COUNT, le=LARGEST_COUNT)]], Meta(min_length=2, max_length=2)]
Pads = Annotated[list[Sides], Meta(min_length=2, max_length=2)]
Factors = Annotated[list[Number], Meta(min_length=2, max_length=2)]
Each = Annotated[list[Number], Meta(min_length=1, max_length=LARGEST_COUNT)]


class StoredKernel(msgspec.Struct, forbid_unknown_fields=True):
    """A kernel: rows of weights, or a bank's (kh, kw, cin, cout), and its place in the catalogue, or the file it is from."""

    weights: Any = None  # lists of numbers, or packed
    name: Name = "Custom"
    entry: Word = ""
    parameters: dict[Word, Number] = {}
    file: Any = None  # instead of the weights


class Either(NamedTuple):
    """What a field may hold beside a type: a word, nothing. msgspec mixes these up in a union, so it is looked at here."""

    type: Any
    word: bool = False
    null: bool = False


class StoredLayer(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What all kinds have; a field that may be of two types is `Any`, and held against the one that it has."""

    choices: ClassVar[dict[str, Either]] = {}
    name: Name = ""
    on: bool = True


class StoredConv(StoredLayer, kw_only=True):
    """A convolution."""

    choices = {"padding": Either(Pads, word=True)}
    type: Literal["conv"]
    kernel: StoredKernel
    padding: Any
    border: Word
    constant: Number
    stride: Counts
    dilation: Counts
    groups: Count
    bias: Each
    flip: bool


class StoredActivation(StoredLayer, kw_only=True):
    """An activation function."""

    choices = {"slopes": Either(Cube, null=True)}
    type: Literal["activation"]
    function: Word
    parameters: dict[Word, Number] = {}
    slopes: Any = None


class StoredPool(StoredLayer, kw_only=True):
    """The largest value of each patch, or the mean."""

    choices = {"size": Either(Counts, null=True), "stride": Either(Counts, null=True), "padding": Either(Pads, word=True)}
    type: Literal["pool"]
    reduce: Word
    size: Any
    stride: Any = None
    padding: Any = "valid"
    dilation: Counts = msgspec.field(default_factory=lambda: [1, 1])
    ceil: bool = False
    count_padding: bool = False


class StoredAffine(StoredLayer, kw_only=True):
    """A factor and an offset."""

    type: Literal["affine"]
    scale: Each
    offset: Each


class StoredPad(StoredLayer, kw_only=True):
    """Cells added around each map, or cut off."""

    type: Literal["pad"]
    rows: Signed
    cols: Signed
    border: Word = "zeros"
    constant: Number = 0.0


class StoredResize(StoredLayer, kw_only=True):
    """Another number of rows and columns."""

    choices = {"size": Either(Counts, null=True), "scale": Either(Factors, null=True)}
    type: Literal["resize"]
    size: Any = None
    scale: Any = None
    method: Word = "nearest"
    coordinates: Word = "half_pixel"
    rounding: Word = "round_prefer_floor"


class StoredGraph(StoredLayer, kw_only=True):
    """A tensor of a graph that something else runs."""

    type: Literal["graph"]
    model: Any  # the file that it is in
    tensor: Name
    beside: Annotated[str, Meta(max_length=1000)] = ""


class StoredSoftmax(StoredLayer, kw_only=True):
    """Softmax over the maps."""

    type: Literal["softmax"]


KINDS: dict[str, tuple[type[StoredLayer], type[Layer]]] = {
    "conv": (StoredConv, Conv),
    "activation": (StoredActivation, Activation),
    "pool": (StoredPool, Pool),
    "affine": (StoredAffine, Affine),
    "pad": (StoredPad, Pad),
    "resize": (StoredResize, Resize),
    "softmax": (StoredSoftmax, Softmax),
    "graph": (StoredGraph, Graph),
}


class Find(Protocol):
    """Finds what a recipe refers to, by what is stored of it and its place in the recipe."""

    def weights(self, stored: Any, place: str) -> tuple[NDArray[np.float64], Origin]:
        """Return the weights, and their origin."""
        ...

    def graph(self, stored: Any, place: str) -> Runs:
        """Return what runs a graph."""
        ...


def layer_from(document: Any, place: str, find: Find) -> Layer:
    """Return a layer; ValueError with one sentence on what is wrong and where."""
    kind = fit(document, dict, place).get("type")
    if not isinstance(kind, str) or kind not in KINDS:
        what = "has no type" if "type" not in document else f"received the type {shown(kind)}"
        raise ValueError(f"{place}: {what}: expected one of {', '.join(KINDS)}.")
    schema, layer_type = KINDS[kind]
    stored = fit(document, schema, place)
    settings = {name: _setting(stored, name, f"{place}.{name}", find) for name in stored.__struct_fields__ if name != "type"}
    try:
        layer = layer_type(**settings)
    except ValueError as error:
        raise ValueError(f"{place}: {lower_first(str(error))}") from error
    if fault := layer_fault(layer):
        raise ValueError(f"{place}: {lower_first(fault)}")
    return layer


def layer_to(layer: Layer, refer: Callable[[Kernel], Any] = lambda kernel: None) -> dict[str, Any]:
    """Return a layer as it is stored; settings that say nothing (no name, switched on) are left out.

    `refer`: what is stored instead of the weights of a kernel; None where they stand in the recipe.
    """
    schema, _ = KINDS[layer.kind]
    document: dict[str, Any] = {"type": layer.kind}
    for name in (name for name in schema.__struct_fields__ if name not in ("type", "name", "on")):
        value = getattr(layer, name)
        document[name] = value.described() if isinstance(layer, Graph) and name == "model" else plain(value)
        if isinstance(kernel := getattr(layer, name), Kernel) and (about := refer(kernel)) is not None:
            document[name] = {"name": kernel.name, "file": about}
    said = {"name": layer.name} if layer.name else {}
    return {**document, **said, **({} if layer.on else {"on": False})}


def _setting(stored: StoredLayer, name: str, place: str, find: Find) -> Any:
    value = getattr(stored, name)
    if isinstance(value, StoredKernel):
        if value.file is None:
            return _kernel(value, place)
        if value.weights is not None:
            raise ValueError(f"{place}: expected weights or the file that they are from, received both.")
        weights, origin = find.weights(value.file, f"{place}.file")
        return Kernel(weights, value.name, origin=origin)
    if isinstance(stored, StoredGraph) and name == "model":
        return find.graph(value, place)
    if name not in stored.choices:
        return dict(value) if isinstance(value, dict) else frozen(value)
    either = stored.choices[name]
    if value is None and either.null:
        return None
    if isinstance(value, str) and either.word:
        return fit(value, Word, place)
    if name == "slopes":
        return array_from(value, either.type, place).astype(np.float32)
    return frozen(fit(value, either.type, place))


def _kernel(stored: StoredKernel, place: str) -> Kernel:
    weights = weights_from(stored.weights, f"{place}.weights")
    if not stored.entry:
        if stored.parameters:
            raise ValueError(f"{place}.parameters: expected none without an entry, received {shown(stored.parameters)}.")
        return Kernel(weights, stored.name)
    try:
        made = catalog.make(stored.entry, **stored.parameters)
    except ValueError as error:
        raise ValueError(f"{place}: {lower_first(str(error))}") from error
    if made.weights.shape == weights.shape and np.allclose(made.weights, weights, rtol=1e-9, atol=1e-12):
        return Kernel(weights, stored.name, made.entry, made.parameters)
    named = stored.name if stored.name.startswith("Custom") else f"Custom, from {stored.name}"
    return Kernel(weights, named)  # the weights decide: somebody changed them, or the catalogue has changed


def frozen(value: Any) -> Any:
    """Return lists as tuples."""
    return tuple(frozen(part) for part in value) if isinstance(value, list) else value


def plain(value: Any) -> Any:
    """Return a setting as JSON has it: tuples and arrays as lists, numbers as Python's own."""
    if isinstance(value, Kernel):
        return {
            "name": value.name,
            "entry": value.entry,
            "parameters": plain(value.parameters),
            "weights": array_to(value.weights),
        }
    if isinstance(value, np.ndarray):
        return array_to(value)
    if isinstance(value, tuple | list):
        return [plain(part) for part in value]
    if isinstance(value, Mapping):
        return {name: plain(part) for name, part in value.items()}
    return value.item() if isinstance(value, np.generic) else value
