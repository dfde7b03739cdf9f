"""What the tensors of a graph are used for: the weights of which operation, and with which axes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from convgui.io.weights.tensor import BANKS

if TYPE_CHECKING:
    from convgui.io.weights.onnx.fold import Constants
    from convgui.io.weights.onnx.model import Graph, Node
    from convgui.io.weights.tensor import Layout


class Use(NamedTuple):
    """How a tensor is read.

    Attributes
    ----------
    layout : str or None
        Its axes; None where ours have no name for them.
    layouts : tuple of str
        What it may be as well, the likeliest first.
    groups : int
    shape : tuple of int or None
        The shape of weights that are computed from others.
    """

    layout: Layout | None
    layouts: tuple[Layout, ...]
    groups: int
    shape: tuple[int, ...] | None = None


_WEIGHTS = ("Conv", "ConvTranspose", "Gemm", "MatMul")


def uses_of(graph: Graph, constants: Constants) -> dict[str, Use]:
    """Return how weights are used, by their names; those of a graph, and what the graphs inside it read of it."""
    found: dict[str, Use] = {}
    for _, _, inner in graph.subgraphs:
        inside = uses_of(inner, constants.inside(inner))
        own = {name for node in inner.nodes for name in node.outputs} | set(inner.values)
        found |= {name: use for name, use in inside.items() if name not in own}
    for node in graph.nodes:
        if node.kind not in _WEIGHTS or len(node.inputs) < 2:
            continue
        name = node.inputs[1] if node.kind != "MatMul" or constants.stored(node.inputs[1]) else node.inputs[0]
        if (stored := constants.stored(name)) is not None:
            found.setdefault(name, _use(node, stored.shape))
        elif "Conv" in node.kind and (made := constants.get(name)) is not None:
            found.setdefault(name, _use(node, made.shape)._replace(shape=made.shape))
            _trace(found, constants, name, found[name])
    return found


def _use(node: Node, shape: tuple[int, ...]) -> Use:
    groups, axes = node.whole("group", 1), len(shape)
    layout: Layout | None = None
    if node.kind == "Conv" and axes in (3, 4):
        depthwise = shape[1] == 1 and groups == shape[0] > 1
        layout = ("C1W" if depthwise else "OIW") if axes == 3 else ("C1HW" if depthwise else "OIHW")
    elif node.kind == "ConvTranspose" and axes in (3, 4):
        layout = "IOW" if axes == 3 else "IOHW"
    elif axes == 2:
        layout = "OI" if node.kind == "Gemm" and node.whole("transB", 0) else "IO"
    others = tuple(one for one in BANKS.get(axes, ()) if one != layout and (not one.startswith("C1") or shape[1] == 1))
    return Use(layout, (layout, *others) if layout else others, groups)


def _trace(found: dict[str, Use], constants: Constants, name: str, use: Use) -> None:
    """Give the layout of weights that are made by exchanging axes alone to the stored tensor that they are made of."""
    axes: str | None = use.layout
    node = constants.maker(name)
    while node is not None and axes is not None and node.kind in ("Transpose", "Identity", "Cast", "DequantizeLinear"):
        if node.kind == "Transpose":
            order = node.wholes("perm") or tuple(reversed(range(len(axes))))
            if sorted(order) != list(range(len(axes))):
                return
            axes = "".join(axes[order.index(k)] for k in range(len(axes)))
        stored = constants.stored(node.input(0))
        if stored is not None:
            known = {"".join(layout): layout for layout in BANKS.get(len(axes), ())}
            if (layout := known.get(axes)) is not None:
                others = tuple(one for one in use.layouts if one != layout)
                found.setdefault(node.input(0), Use(layout, (layout, *others), use.groups))
            return
        node = constants.maker(node.input(0))
