"""Modules of PyTorch in memory: a `Sequential` of known layers as the graph that its export would be, without exporting it.

PyTorch is never imported: whoever has a module has it. The graph is followed as that of an ONNX file is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.io.weights.onnx.fold import Constants
from convgui.io.weights.onnx.follow import network_of
from convgui.io.weights.onnx.model import Graph, Model, Node, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from convgui.io.weights.network import Network

OPSET = 24
"""Of the operations that are written here."""

_PAD_MODES = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}


class Unknown(Exception):
    """A module of which no operation is known; its text says which."""


def array_of(tensor: Any) -> NDArray[Any]:
    """Return a tensor of PyTorch, wherever it lies, or an array, as NumPy's."""
    for step in ("detach", "cpu", "float", "numpy"):
        if hasattr(tensor, step):
            tensor = getattr(tensor, step)()
    return np.asarray(tensor)


def module_network(module: Any, channels: int, rows: int, cols: int) -> Network | None:
    """Return the chain of a `torch.nn.Sequential` on a picture of that size, for evaluation.

    Parameters
    ----------
    module : torch.nn.Sequential
        Of known layers, and of others of its kind.
    channels, rows, cols : int
        Of the picture; of a sequence there is one row.

    Raises
    ------
    Unknown
        If one of its layers is none that is known here.
    """
    graph = _Graph()
    followed = "input"
    for name, one in _leaves(module, ""):
        followed = graph.add(name, one, followed)
    first = next((value for value in graph.arrays.values() if value.ndim > 2), None)
    sequence = first is not None and first.ndim == 3
    made = graph.graph
    made.inputs.append("input")
    made.outputs.append(followed)
    made.shapes["input"] = (1, channels, cols) if sequence else (1, channels, rows, cols)
    return network_of(Model(made, OPSET, {}), Constants(made, graph, OPSET))


def _leaves(module: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Yield the layers of a Sequential in their order, each with its name; also those of Sequentials inside."""
    if type(module).__name__ != "Sequential":
        yield name, module
        return
    for child, one in module.named_children():
        yield from _leaves(one, f"{name}.{child}" if name else child)


@dataclass(eq=False)
class _Graph:
    """A graph whose tensors lie in memory."""

    graph: Graph = field(default_factory=Graph)
    arrays: dict[str, NDArray[Any]] = field(default_factory=dict)

    def read(self, value: Value, *, whole: bool = False) -> NDArray[Any]:
        """Return the numbers of a tensor."""
        return self.arrays[value.name]

    def add(self, name: str, module: Any, reads: str) -> str:
        """Add a layer that reads a tensor, and return the name of what it makes."""
        kind = type(module).__name__
        if kind in _NOTHING or kind.startswith("Dropout"):
            return reads
        if kind not in _MAKERS:
            raise Unknown(f"{kind} {name!r}")
        for count, (operation, tensors, attributes) in enumerate(_MAKERS[kind](module)):
            called = f"{name}, {operation.lower()}" if count else name
            inputs = [reads]
            for key, tensor in tensors.items():
                inputs.append(f"{called}.{key}" if tensor is not None else "")
                if tensor is not None:
                    self._hold(inputs[-1], np.asarray(tensor))
            plain = {key: value for key, value in attributes.items() if value is not None}
            self.graph.nodes.append(Node(operation, called, tuple(inputs), (f"{called}:made",), plain))
            reads = f"{called}:made"
        return reads

    def _hold(self, name: str, array: NDArray[Any]) -> None:
        self.arrays[name] = array
        self.graph.values[name] = Value(name, array.shape, str(array.dtype))


Operation = tuple[str, dict[str, Any], dict[str, Any]]
"""An operation of ONNX: its kind, its tensors by their names, and its attributes."""


def _conv(module: Any) -> list[Operation]:
    weight = array_of(module.weight)
    axes = weight.ndim - 2
    dilation = _several(module.dilation, axes)
    pads = _conv_pads(module.padding, weight.shape[2:], dilation)
    before: list[Operation] = []
    mode = getattr(module, "padding_mode", "zeros")
    if mode != "zeros" and any(pads):
        before, pads = [_padded(pads, _PAD_MODES[mode])], (0,) * len(pads)
    settings = {
        "strides": _several(module.stride, axes),
        "dilations": dilation,
        "pads": pads,
        "group": int(module.groups),
    }
    return [*before, ("Conv", {"weight": weight, "bias": _optional(module.bias)}, settings)]


def _conv_pads(padding: Any, size: tuple[int, ...], dilation: tuple[int, ...]) -> tuple[int, ...]:
    """Return how much is added before each axis, then after each."""
    if padding == "valid":
        return (0,) * (2 * len(size))
    if padding == "same":
        total = [d * (k - 1) for k, d in zip(size, dilation, strict=True)]
        return (*(n // 2 for n in total), *(n - n // 2 for n in total))
    return _several(padding, len(size)) * 2


def _normalised(module: Any) -> list[Operation]:
    mean, variance = _optional(module.running_mean), _optional(module.running_var)
    if mean is None or variance is None:
        raise Unknown(f"{type(module).__name__} without statistics")
    weight, bias = _optional(module.weight), _optional(module.bias)
    tensors = {
        "weight": np.ones_like(mean) if weight is None else weight,
        "bias": np.zeros_like(mean) if bias is None else bias,
        "running_mean": mean,
        "running_var": variance,
    }
    return [("BatchNormalization", tensors, {"epsilon": float(module.eps)})]


def _pool(kind: str, axes: int) -> Callable[[Any], list[Operation]]:
    def made(module: Any) -> list[Operation]:
        if getattr(module, "divisor_override", None) or getattr(module, "return_indices", False):
            raise Unknown(f"{type(module).__name__} with a divisor or indices")
        size = _several(module.kernel_size, axes)
        settings = {
            "kernel_shape": size,
            "strides": _several(module.stride, axes) if module.stride is not None else size,
            "pads": _several(module.padding, axes) * 2,
            "ceil_mode": int(bool(module.ceil_mode)),
        }
        if kind == "MaxPool":
            settings["dilations"] = _several(module.dilation, axes)
        else:
            settings["count_include_pad"] = int(bool(module.count_include_pad))
        return [(kind, {}, settings)]

    return made


def _whole(kind: str) -> Callable[[Any], list[Operation]]:
    def made(module: Any) -> list[Operation]:
        size = module.output_size
        if size != 1 and tuple(size if isinstance(size, list | tuple) else (size,)) not in ((1,), (1, 1)):
            raise Unknown(f"{type(module).__name__} to {size}")
        return [(kind, {}, {})]

    return made


def _pad(mode: str) -> Callable[[Any], list[Operation]]:
    def made(module: Any) -> list[Operation]:
        sides = [int(n) for n in module.padding]  # the last axis first: left, right, above, below
        before, after = sides[-2::-2], sides[-1::-2]
        return [_padded((*before, *after), mode, float(getattr(module, "value", 0.0)))]

    return made


def _padded(pads: tuple[int, ...], mode: str, value: float = 0.0) -> Operation:
    half = len(pads) // 2
    around = np.array([0, 0, *pads[:half], 0, 0, *pads[half:]], np.int64)
    tensors = {"pads": around, "value": np.float32(value)} if mode == "constant" else {"pads": around}
    return "Pad", tensors, {"mode": mode.encode()}


def _upsampled(module: Any) -> list[Operation]:
    mode = module.mode
    corners = b"align_corners" if module.align_corners else b"half_pixel"
    if mode not in ("nearest", "bilinear") or module.scale_factor is None:
        raise Unknown(f"Upsample {mode}")
    factors = module.scale_factor if isinstance(module.scale_factor, tuple) else (module.scale_factor,) * 2
    settings = {
        "mode": b"nearest" if mode == "nearest" else b"linear",
        "coordinate_transformation_mode": b"asymmetric" if mode == "nearest" else corners,
        "nearest_mode": b"floor",
    }
    return [("Resize", {"roi": None, "scales": np.array([1, 1, *factors], np.float32)}, settings)]


def _linear(module: Any) -> list[Operation]:
    return [("Gemm", {"weight": array_of(module.weight), "bias": _optional(module.bias)}, {"transB": 1})]


def _flat(module: Any) -> list[Operation]:
    if int(module.start_dim) != 1 or int(module.end_dim) != -1:
        raise Unknown("Flatten of some axes")
    return [("Flatten", {}, {"axis": 1})]


def _softmax(module: Any) -> list[Operation]:
    if module.dim not in (1, -3):
        raise Unknown(f"Softmax over {module.dim}")
    return [("Softmax", {}, {"axis": 1})]


def _softplus(module: Any) -> list[Operation]:
    if float(module.beta) != 1.0:
        raise Unknown("Softplus with a beta")
    return [("Softplus", {}, {})]


def _sloped(module: Any) -> list[Operation]:
    return [("PRelu", {"weight": array_of(module.weight).reshape(-1, 1, 1)}, {})]


def _simple(kind: str, **attributes: str) -> Callable[[Any], list[Operation]]:
    """Return what makes a function of one operation; attributes are named by what the module calls them."""
    return lambda module: [(kind, {}, {name: float(getattr(module, theirs)) for name, theirs in attributes.items()})]


def _clipped(low: str | float, high: str | float) -> Callable[[Any], list[Operation]]:
    def made(module: Any) -> list[Operation]:
        ends = [float(getattr(module, end)) if isinstance(end, str) else end for end in (low, high)]
        return [("Clip", {"min": np.float32(ends[0]), "max": np.float32(ends[1])}, {})]

    return made


def _optional(tensor: Any) -> NDArray[Any] | None:
    return None if tensor is None else array_of(tensor)


def _several(value: Any, axes: int) -> tuple[int, ...]:
    found = tuple(int(n) for n in value) if isinstance(value, list | tuple) else (int(value),) * axes
    return found * axes if len(found) == 1 else found


_NOTHING = ("Identity", "AlphaDropout", "FeatureAlphaDropout")

_MAKERS: dict[str, Callable[[Any], list[Operation]]] = {
    **dict.fromkeys(("Conv1d", "Conv2d"), _conv),
    **dict.fromkeys(("BatchNorm1d", "BatchNorm2d"), _normalised),
    **{f"MaxPool{n}d": _pool("MaxPool", n) for n in (1, 2)},
    **{f"AvgPool{n}d": _pool("AveragePool", n) for n in (1, 2)},
    **{f"AdaptiveAvgPool{n}d": _whole("GlobalAveragePool") for n in (1, 2)},
    **{f"AdaptiveMaxPool{n}d": _whole("GlobalMaxPool") for n in (1, 2)},
    **{f"{name}Pad{n}d": _pad("constant") for name in ("Zero", "Constant") for n in (1, 2)},
    **{f"ReflectionPad{n}d": _pad("reflect") for n in (1, 2)},
    **{f"ReplicationPad{n}d": _pad("edge") for n in (1, 2)},
    **{f"CircularPad{n}d": _pad("wrap") for n in (1, 2)},
    "Upsample": _upsampled,
    "Linear": _linear,
    "Flatten": _flat,
    "Softmax": _softmax,
    "Softmax2d": lambda module: [("Softmax", {}, {"axis": 1})],
    "PReLU": _sloped,
    "ReLU": _simple("Relu"),
    "ReLU6": _clipped(0.0, 6.0),
    "Hardtanh": _clipped("min_val", "max_val"),
    "LeakyReLU": _simple("LeakyRelu", alpha="negative_slope"),
    "ELU": _simple("Elu", alpha="alpha"),
    "CELU": _simple("Celu", alpha="alpha"),
    "SELU": _simple("Selu"),
    "GELU": lambda module: [("Gelu", {}, {"approximate": str(module.approximate).encode()})],
    "SiLU": _simple("Swish"),
    "Hardswish": _simple("HardSwish"),
    "Hardsigmoid": lambda module: [("HardSigmoid", {}, {"alpha": 1 / 6})],
    "Sigmoid": _simple("Sigmoid"),
    "Tanh": _simple("Tanh"),
    "Softplus": _softplus,
    "Softsign": _simple("Softsign"),
    "Mish": _simple("Mish"),
}
"""The layers of `torch.nn` that are known, and the operations that they are."""
