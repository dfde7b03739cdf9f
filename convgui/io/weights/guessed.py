"""A chain from tensors alone: convolutions in their order with their biases, what normalises, and the slopes of PReLU."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.layers.activation import Activation
from convgui.engine.layers.activations import PRELU
from convgui.engine.layers.affine import Affine
from convgui.engine.layers.conv import Conv
from convgui.engine.reading import Reading
from convgui.io.weights.named import applied, best_start, for_maps, grouped, next_of, role_of
from convgui.io.weights.network import MOST_WEIGHTS, Asked, Network, kernel_of
from convgui.io.weights.tensor import bank_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from convgui.engine.layers.base import Layer
    from convgui.io.weights.named import Parts
    from convgui.io.weights.tensor import Tensor


EPSILON = 1e-5, 1e-3
"""What PyTorch and Keras add to a variance."""


@dataclass
class Guess:
    """What has been found so far."""

    layers: list[Layer] = field(default_factory=list)
    names: list[tuple[str, ...]] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    titles: Mapping[str, str] = field(default_factory=dict)
    late: dict[str, Parts] = field(default_factory=dict)
    maps: int = 0
    weights: int = 0

    def add(self, layer: Layer, *tensors: Tensor | None) -> None:
        """Add a layer made of tensors."""
        self.layers.append(layer)
        self.names.append(tuple(tensor.name for tensor in tensors if tensor is not None))


def guess(
    tensors: Iterable[Tensor], *, keras: bool = False, ordered: bool = False, titles: Mapping[str, str] | None = None
) -> Network | None:
    """Return the chain that tensors suggest; None if there is no convolution among them.

    Parameters
    ----------
    tensors : iterable of Tensor
        In the order of the file.
    keras : bool
        Whether they are Keras's.
    ordered : bool
        Whether the file keeps the order in which layers are applied, even where it is that of the alphabet.
    titles : mapping of str to str, optional
        What the user calls the layers, by the groups of their variables.

    Raises
    ------
    FileError
        If one cannot be read.
    """
    groups = grouped(tensors)
    names = list(groups)
    if names == sorted(names) and not ordered:  # sorted by whoever saved it, so that the order says nothing
        names = sorted(names, key=applied)
    found = Guess(titles=titles or {})
    start = best_start([groups[name] for name in names])
    for name in names[:start]:
        found.left += [tensor.name for tensor in groups[name].values() if len(tensor.shape) > 2]
    waiting = {name: groups[name] for name in names[start:]}
    while waiting:
        name = next(iter(waiting)) if not (keras and not ordered) else next_of(waiting, found.maps)
        parts = waiting.pop(name)
        if found.maps and for_maps(parts) not in (None, 1, found.maps):
            found.late[name] = parts  # a norm or slopes of a convolution that comes later
            continue
        _take(found, name, parts, keras)
        for later in [one for one, late in found.late.items() if for_maps(late) == found.maps]:
            _take(found, later, found.late.pop(later), keras)
    found.left += [tensor.name for parts in found.late.values() for tensor in parts.values()]
    if not any(isinstance(layer, Conv) for layer in found.layers):
        return None
    first = next(layer for layer in found.layers if isinstance(layer, Conv))
    channels = first.kernel.weights.shape[2] * first.groups
    rest = f"Left out, as they do not follow one another: {', '.join(found.left[:5])}{', …' if len(found.left) > 5 else ''}."
    sequence = all(layer.kernel.size[0] == 1 for layer in found.layers if isinstance(layer, Conv))
    single = all(layer.kernel.size == (1, 1) for layer in found.layers if isinstance(layer, Conv))
    return Network(
        tuple(found.layers),
        tuple(found.names),
        channels,
        reading=_reading(groups, channels),
        asked=tuple(found.asked),
        rest=rest if found.left else "",
        sequence=sequence and not single,
    )


def _take(found: Guess, name: str, parts: Parts, keras: bool) -> None:
    """Add what the tensors of one name are, unless their numbers are none that a layer can have (NaN, infinity)."""
    try:
        with np.errstate(all="ignore"):
            _add(found, name, parts, keras)
    except ValueError:
        found.left += [tensor.name for tensor in parts.values()]


def _add(found: Guess, name: str, parts: Parts, keras: bool) -> None:
    weight = role_of(parts, "weight")
    mean, variance = role_of(parts, "mean"), role_of(parts, "variance")
    if {"0", "1", "2", "3"} <= set(parts) and all(len(parts[k].shape) == 1 for k in "0123"):  # Keras 3 numbers its variables
        _normalised(found, parts["0"], parts["1"], parts["2"], parts["3"], EPSILON[1])
    elif mean is not None and variance is not None and weight is not None and len(weight.shape) != 1:
        _convolved(found, name, weight, role_of(parts, "bias"), _stride(parts))
    elif mean is not None and variance is not None:
        scale, offset = role_of(parts, "gamma") or weight, role_of(parts, "beta") or role_of(parts, "bias")
        _normalised(found, scale, offset, mean, variance, EPSILON[keras])
    elif weight is not None and len(weight.shape) in (3, 4) and weight.layout is not None:
        _convolved(found, name, weight, role_of(parts, "bias"), _stride(parts))
        _scaled(found, parts)
    elif (slopes := _slopes(name, parts, weight)) is not None:
        _sloped(found, slopes)
    else:
        norm = set(parts) == {"0", "1", "2"}  # a norm without gamma, or without beta: which one is not said
        found.left += [tensor.name for tensor in parts.values() if norm or len(tensor.shape) > 1]


def _slopes(name: str, parts: Parts, weight: Tensor | None) -> Tensor | None:
    if re.search(r"p_?re_?lu", name, re.IGNORECASE):
        return weight or role_of(parts, "slopes") or next(iter(parts.values()))
    return role_of(parts, "slopes")


MOST_STRIDE = 64


def _stride(parts: Parts) -> tuple[int, int] | None:
    """Return the stride, where an array beside the weights says it; None where none does."""
    stored = parts.get("stride") or parts.get("strides")
    if stored is None or stored.shape not in ((), (1,), (2,)):
        return None
    rows, cols = np.resize(stored.read(), 2).astype(float).tolist()
    whole = rows == int(rows) and cols == int(cols) and 1 <= min(rows, cols) and max(rows, cols) <= MOST_STRIDE
    return (int(rows), int(cols)) if whole else None


def _convolved(found: Guess, name: str, weight: Tensor, bias: Tensor | None, stride: tuple[int, int] | None = None) -> None:
    """Add a convolution, if its channels are what the one before makes."""
    if weight.layout is None or "transposed" in _kind(weight) or found.weights + np.prod(weight.shape) > MOST_WEIGHTS:
        found.left.append(weight.name)
        return
    bank, groups = bank_of(weight.read(), weight.layout)
    channels = bank.shape[2] * groups
    guessed = bank.shape[2] == 1 < found.maps and groups == 1 and bank.shape[3] % found.maps == 0
    if guessed:  # one channel for each filter: depthwise
        groups = channels = found.maps
    if found.maps not in (0, channels):
        found.left.append(weight.name)
        return
    usable = bias is not None and bias.shape == (bank.shape[3],)
    offsets = tuple(bias.read().astype(float).tolist()) if bias is not None and usable else (0.0,)
    layer = Conv(
        kernel_of(bank, weight.name),
        padding="valid",
        stride=stride or (1, 1),
        groups=groups,
        bias=offsets,
        name=found.titles.get(name) or weight.name[: len(name)] or weight.name,
    )
    found.add(layer, weight, bias if usable else None)
    at = len(found.layers) - 1
    found.asked += [Asked(at, "groups", str(groups))] * guessed
    found.asked += [Asked(at, "stride", "1 × 1")] * (stride is None)
    found.asked += [Asked(at, "padding", "valid"), Asked(at, "activation", "none")]
    found.maps, found.weights = bank.shape[3], found.weights + bank.size


def _kind(weight: Tensor) -> str:
    return "transposed" if weight.layout in ("IOHW", "HWOI", "IOW", "WOI") else ""


def _normalised(
    found: Guess, scale: Tensor | None, offset: Tensor | None, mean: Tensor, variance: Tensor, epsilon: float
) -> None:
    """Add batch normalisation as a scale and an offset."""
    if mean.shape != (found.maps,) or variance.shape != mean.shape:
        found.left.append(mean.name)
        return
    usable = [one if one is not None and one.shape == mean.shape else None for one in (scale, offset)]
    factors = (usable[0].read() if usable[0] else np.ones(found.maps)) / np.sqrt(
        variance.read().astype(np.float64) + epsilon
    )
    offsets = (usable[1].read() if usable[1] else 0.0) - mean.read() * factors
    found.add(
        Affine(tuple(factors.tolist()), tuple(offsets.tolist()), name=mean.name.rpartition(".")[0]), *usable, mean, variance
    )
    found.asked.append(Asked(len(found.layers) - 1, "activation", "none"))


def _no_activation(found: Guess) -> None:
    """Take back the question what follows the last layer, which is known now."""
    if found.asked and found.asked[-1].setting == "activation" and found.asked[-1].layer == len(found.layers) - 1:
        found.asked.pop()


def _scaled(found: Guess, parts: Parts) -> None:
    """Add a scale and a shift that stand beside the weights."""
    scale, shift = role_of(parts, "gamma"), role_of(parts, "beta")
    if scale is None or scale.shape != (found.maps,):
        return
    offsets = shift.read() if shift is not None and shift.shape == scale.shape else np.zeros(1)
    _no_activation(found)
    found.add(Affine(tuple(scale.read().astype(float).tolist()), tuple(offsets.astype(float).tolist())), scale, shift)
    found.asked.append(Asked(len(found.layers) - 1, "activation", "none"))


def _sloped(found: Guess, slopes: Tensor) -> None:
    """Add PReLU, which is what follows the layer before."""
    if slopes.shape not in ((found.maps,), (1,), (1, 1, found.maps)):
        found.left.append(slopes.name)
        return
    _no_activation(found)
    found.add(Activation(PRELU, slopes=slopes.read().astype(np.float32).reshape(1, 1, -1)), slopes)


def _reading(groups: Mapping[str, Parts], channels: int) -> Reading | None:
    """Return how the numbers of a photo become the input, where arrays beside the weights say it: (x - mean) / divide."""
    parts = groups.get("", {})
    mean, divide = parts.get("mean_rgb") or parts.get("mean"), parts.get("divide") or parts.get("std")
    if mean is None or divide is None or mean.shape != (channels,) or divide.shape not in ((), (1,), mean.shape):
        return None
    less, spread = mean.read().astype(float), np.resize(divide.read().astype(float), channels)
    if not (spread > 0).all():
        return None
    full = 255.0 if less.max(initial=0) > 2 else 1.0  # which the photo's brightest number is
    matrix = tuple(tuple(row) for row in np.diag(full / spread).tolist())
    return Reading("custom", matrix=matrix, offset=tuple((-less / spread).tolist()))
