"""Layers in words: what each is called, what it does, and its settings as short as can be. Pure functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convgui.engine.layers.activation import Activation
from convgui.engine.layers.affine import Affine
from convgui.engine.layers.conv import Conv
from convgui.engine.layers.graph import Graph
from convgui.engine.layers.pad import Pad
from convgui.engine.layers.pool import Pool
from convgui.engine.layers.resize import Resize
from convgui.engine.layers.softmax import Softmax

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from convgui.engine.layers.base import Layer, Shape
    from convgui.engine.looking.effort import Effort
    from convgui.engine.source import Source


def shape_words(shape: Shape, source: Source) -> str:
    """Return size and maps: of a photo width and height, of a grid rows and columns, of a sequence steps.

    >>> import numpy as np
    >>> from convgui.engine.layers.base import Shape
    >>> from convgui.engine.source import Source
    >>> photo, row = Source(np.zeros((20, 40))), Source(np.zeros((1, 6)))
    >>> shape_words(Shape(32, 10, 20), photo), shape_words(Shape(4, 1, 6), row), shape_words(Shape(4, 1, 1), photo)
    ('20 × 10 × 32', '6 × 4', '1 × 1 × 4')
    """
    if source.sequence and shape.rows == 1:
        sides = [shape.cols]
    else:
        sides = [shape.rows, shape.cols] if source.toy else [shape.cols, shape.rows]
    return " × ".join(str(n) for n in [*sides, *([shape.maps] if shape.maps > 1 else [])])


def effort_words(found: Effort) -> str:
    """Return what a layer, or several, cost; a multiply-add is 2 FLOPs.

    >>> from convgui.engine.looking.effort import Effort
    >>> effort_words(Effort(43200, 224, 6400)), effort_words(Effort(0, 0, 2_500_000))
    ('43.2 k multiply-adds · 224 parameters · 6.4 kB', '2.5 MB')
    """
    products = f"{_amount(found.products)} multiply-adds" if found.products else ""
    parameters = f"{_amount(found.parameters)} parameter{'s' * (found.parameters != 1)}" if found.parameters else ""
    memory = _amount(found.memory)
    return " · ".join(part for part in (products, parameters, f"{memory}{'' if ' ' in memory else ' '}B") if part)


def _amount(count: int) -> str:
    """Return a count in three digits: thousands, millions and so on by their letters."""
    for power, letter in ((12, "T"), (9, "G"), (6, "M"), (3, "k")):
        if count >= 10**power:
            return f"{float(f'{count / 10**power:.3g}'):g} {letter}"
    return str(count)


def title(layer: Layer) -> str:
    """Return what a layer is called: by its user, else by its kernel, its function or its kind.

    >>> title(Pool()), title(Activation("tanh")), title(Pad(name="frame"))
    ('max pooling', 'tanh', 'frame')
    """
    if layer.name:
        return layer.name
    if isinstance(layer, Graph):
        return layer.tensor
    return layer.kernel.name if isinstance(layer, Conv) else kind_words(layer)


def chain_words(layers: Sequence[Layer]) -> str:
    """Return what layers are called together; an activation function belongs to the layer before it.

    >>> from convgui.engine.kernels.kernel import Kernel
    >>> chain_words([Conv(Kernel([[1]], name="one")), Activation("relu"), Pool()])
    'one, max pooling'
    """
    return ", ".join(title(layer) for k, layer in enumerate(layers) if not (k and isinstance(layer, Activation)))


def kind_words(layer: Layer) -> str:
    """Return what a layer does, in a word or two."""
    if isinstance(layer, Activation):
        return layer.function
    if isinstance(layer, Pool):
        return f"{'global ' if layer.size is None else ''}{'max' if layer.reduce == 'max' else 'average'} pooling"
    return layer.model.label if isinstance(layer, Graph) else _KINDS.get(layer.kind, layer.kind)


def settings_words(layer: Layer) -> str:
    """Return the settings of a layer that say more than its kind.

    >>> from convgui.engine.kernels.kernel import Kernel
    >>> settings_words(Conv(Kernel([[1, 2], [3, 4]]), stride=(2, 2), padding="valid"))
    '2 × 2 / 2, valid'
    >>> settings_words(Resize(scale=(2.0, 2.0))), settings_words(Affine((0.5,), (1.0,)))
    ('× 2, nearest', '× 0.5 + 1')
    """
    words = _WORDS.get(type(layer))
    return ", ".join(word for word in words(layer) if word) if words else ""


_KINDS = {
    "conv": "convolution",
    "affine": "scale and offset",
    "pad": "padding",
    "resize": "resizing",
    "softmax": "softmax",
}


def _conv(layer: Conv) -> list[str]:
    weights = layer.kernel.weights
    return [
        _patch(layer.kernel.size, layer.stride, (1, 1)),
        f"{weights.shape[3]} filters" if weights.ndim == 4 else "",
        f"{layer.groups} groups" if layer.groups > 1 else "",
        _padding(layer.padding, "same"),
        layer.border if layer.border != "zeros" else f"outside {layer.constant:g}" if layer.constant else "",
        f"dilation {_pair(layer.dilation)}" if layer.dilation != (1, 1) else "",
        "flipped" if layer.flip else "",
        f"bias {layer.bias[0]:g}" if len(layer.bias) == 1 and layer.bias[0] else "",
    ]


def _activation(layer: Activation) -> list[str]:
    slopes = [] if layer.slopes is None else [f"{layer.slopes.size:,} slopes"]
    return [*(f"{name.replace('_', ' ')} {value:g}" for name, value in layer.parameters.items()), *slopes]


def _pool(layer: Pool) -> list[str]:
    if layer.size is None:
        return []
    return [
        _patch(layer.size, layer.stride or layer.size, layer.size),
        _padding(layer.padding, "valid"),
        f"dilation {_pair(layer.dilation)}" if layer.dilation != (1, 1) else "",
        "last patch in part" if layer.ceil else "",
    ]


def _affine(layer: Affine) -> list[str]:
    if len(layer.scale) > 1 or len(layer.offset) > 1:
        return [f"{max(len(layer.scale), len(layer.offset)):,} maps"]
    offset = layer.offset[0]
    return [f"× {layer.scale[0]:g}" + (f" {'+' if offset >= 0 else '−'} {abs(offset):g}" if offset else "")]


def _pad(layer: Pad) -> list[str]:
    sides = [f"{what} {a} + {b}" for what, (a, b) in (("rows", layer.rows), ("columns", layer.cols)) if a or b]
    return [*sides, layer.border if layer.border != "zeros" else f"{layer.constant:g}" if layer.constant else ""]


def _resize(layer: Resize) -> list[str]:
    return [f"to {layer.size[0]} × {layer.size[1]}" if layer.size else f"× {_pair(layer.scale or (1, 1))}", layer.method]


_WORDS: dict[type[Any], Callable[[Any], list[str]]] = {
    Conv: _conv,
    Activation: _activation,
    Pool: _pool,
    Affine: _affine,
    Pad: _pad,
    Resize: _resize,
    Softmax: lambda layer: [],
    Graph: lambda layer: [layer.model.name],
}


def _pair(pair: tuple[float, float]) -> str:
    return f"{pair[0]:g}" if pair[0] == pair[1] else f"{pair[0]:g}, {pair[1]:g}"


def _patch(size: tuple[int, int], stride: tuple[int, int], usual: tuple[int, int]) -> str:
    by = "" if stride == usual else f" / {_pair(stride)}"
    return f"{size[0]} × {size[1]}{by}"


def _padding(padding: Any, usual: str) -> str:
    if isinstance(padding, str):
        return "" if padding == usual else padding
    (top, bottom), (left, right) = padding
    return f"padding {top} + {bottom}, {left} + {right}"
