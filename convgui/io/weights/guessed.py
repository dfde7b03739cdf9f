"""A chain from tensors alone: convolutions in their order with their biases, what normalises, and the slopes of PReLU."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.activation import Activation
from convgui.engine.layers.activations import PRELU
from convgui.engine.layers.affine import Affine
from convgui.engine.layers.conv import Conv
from convgui.engine.reading import Reading
from convgui.io.weights.network import MOST_WEIGHTS, Asked, Network
from convgui.io.weights.numbers import count_of
from convgui.io.weights.tensor import bank_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from convgui.engine.layers.base import Layer
    from convgui.io.weights.tensor import Tensor

Parts = dict[str, "Tensor"]

_WORDS = {
    "weight": "weight weights w kernel kernel:0 filters filter depthwise_kernel depthwise_kernel:0 0".split(),
    "bias": "bias biases b bias:0 1".split(),
    "gamma": "gamma gamma:0 scale".split(),
    "beta": "beta beta:0 shift offset".split(),
    "mean": "running_mean moving_mean moving_mean:0 mean".split(),
    "variance": "running_var moving_variance moving_variance:0 var variance".split(),
    "slopes": "alpha alpha:0 slope slopes prelu".split(),
}
_ROLE = {word: role for role, words in _WORDS.items() for word in words}

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
    groups = _grouped(tensors)
    names = list(groups)
    if names == sorted(names) and not ordered:  # sorted by whoever saved it, so that the order says nothing
        names = sorted(names, key=applied)
    found = Guess(titles=titles or {})
    start = _best_start([groups[name] for name in names])
    for name in names[:start]:
        found.left += [tensor.name for tensor in groups[name].values() if len(tensor.shape) > 2]
    waiting = {name: groups[name] for name in names[start:]}
    while waiting:
        name = next(iter(waiting)) if not (keras and not ordered) else _next_of(waiting, found.maps)
        parts = waiting.pop(name)
        if found.maps and _for_maps(parts) not in (None, 1, found.maps):
            found.late[name] = parts  # a norm or slopes of a convolution that comes later
            continue
        _take(found, name, parts, keras)
        for later in [one for one, late in found.late.items() if _for_maps(late) == found.maps]:
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


def applied(name: str) -> list[tuple[list[int], int, str]]:
    """Return by what names are sorted so that they follow one another as layers do: numbers first, then what they are.

    >>> sorted(["bn1", "bn2", "conv1", "conv10", "conv2", "fc", "prelu1"], key=applied)
    ['conv1', 'bn1', 'prelu1', 'conv2', 'bn2', 'conv10', 'fc']
    """
    found = []
    for part in re.split(r"[./]", name):
        numbers = [int(digits) for digits in re.findall(r"\d{1,18}", re.sub(r"(?<=[a-z])[123]d", "", part))]
        numbers = numbers or [0 if re.search(r"stem|first|stft|conv(2d|1d)?$|input|layers|norm|re_?lu", part) else 10**18]
        kind = next((k for k, words in enumerate(_KINDS) if re.search(words, part, re.IGNORECASE)), len(_KINDS))
        found.append((numbers, kind, part))
    return found


def _next_of(waiting: Mapping[str, Parts], maps: int) -> str:
    """Return what Keras, whose names count each kind by itself, has next: what has a number for each map, if it may be."""
    kernels = [name for name, parts in waiting.items() if _kernel(parts) is not None]
    if maps and (fitting := [name for name, parts in waiting.items() if name not in kernels and _for_maps(parts) == maps]):
        return fitting[0]
    return kernels[0] if kernels else next(iter(waiting))


def _for_maps(parts: Parts) -> int | None:
    """Return for how many maps tensors that are no convolution have numbers, if they are one for each map."""
    if any(len(tensor.shape) > 1 and max(tensor.shape) != count_of(tensor.shape) for tensor in parts.values()):
        return None
    counts = {count_of(tensor.shape) for tensor in parts.values() if tensor.shape}
    return counts.pop() if len(counts) == 1 else None


def _best_start(groups: list[Parts]) -> int:
    """Return which group to begin with, so that the most convolutions follow one another."""
    kernels = [(place, weight) for place, parts in enumerate(groups) if (weight := _kernel(parts)) is not None]
    best, start = 0, 0
    for begin in range(min(len(kernels), MOST_STARTS)):
        maps, count = 0, 0
        for _, weight in kernels[begin:]:
            reads, makes = _channels(weight)
            if maps in (0, reads) or (reads == 1 and makes % maps == 0):
                maps, count = makes, count + 1
        if count > best:
            best, start = count, kernels[begin][0] if begin else 0
    return start


def _kernel(parts: Parts) -> Tensor | None:
    weight = _role(parts, "weight")
    return weight if weight is not None and len(weight.shape) in (3, 4) and weight.layout is not None else None


def _channels(weight: Tensor) -> tuple[int, int]:
    """Return how many channels a convolution reads and makes."""
    sizes = dict(zip(str(weight.layout).replace("C1", "OI"), weight.shape, strict=True))
    if "M" in sizes:
        return sizes["C"], sizes["C"] * sizes["M"]
    return (sizes["O"], sizes["O"]) if "C1" in str(weight.layout) else (sizes["I"], sizes["O"])


MOST_STARTS = 8
"""Convolutions from which the longest run is looked for."""

_KINDS = ("conv", r"bn|norm", r"relu|act")
"""What follows what at the same number."""


def _grouped(tensors: Iterable[Tensor]) -> dict[str, Parts]:
    """Return tensors by what they belong to: names that differ in their last part alone (a.weight, or a_w)."""
    found: dict[str, Parts] = {}
    for tensor in tensors:
        *before, last = re.split(r"[./]", tensor.name)
        if last.lower() not in _ROLE and not last.isdecimal():
            apart = re.fullmatch(r"(.+)_([a-zA-Z]+)", last)
            if apart and apart[2].lower() in _ROLE:
                before, last = [*before, apart[1]], apart[2]
            elif len(tensor.shape) in (3, 4) and tensor.layout is not None:
                before, last = [*before, last], "weight"
        found.setdefault("/".join(before), {})[last] = tensor
    return found


def _role(parts: Parts, role: str) -> Tensor | None:
    return next((tensor for name, tensor in parts.items() if _ROLE.get(name.lower()) == role), None)


def _take(found: Guess, name: str, parts: Parts, keras: bool) -> None:
    """Add what the tensors of one name are."""
    weight = _role(parts, "weight")
    mean, variance = _role(parts, "mean"), _role(parts, "variance")
    if {"0", "1", "2", "3"} <= set(parts) and all(len(parts[k].shape) == 1 for k in "0123"):  # Keras 3 numbers its variables
        _normalised(found, parts["0"], parts["1"], parts["2"], parts["3"], EPSILON[1])
    elif mean is not None and variance is not None and weight is not None and len(weight.shape) != 1:
        _convolved(found, name, weight, _role(parts, "bias"))
    elif mean is not None and variance is not None:
        scale, offset = _role(parts, "gamma") or weight, _role(parts, "beta") or _role(parts, "bias")
        _normalised(found, scale, offset, mean, variance, EPSILON[keras])
    elif weight is not None and len(weight.shape) in (3, 4) and weight.layout is not None:
        _convolved(found, name, weight, _role(parts, "bias"))
        _scaled(found, parts)
    elif (slopes := _slopes(name, parts, weight)) is not None:
        _sloped(found, slopes)
    else:
        norm = set(parts) == {"0", "1", "2"}  # a norm without gamma, or without beta: which one is not said
        found.left += [tensor.name for tensor in parts.values() if norm or len(tensor.shape) > 1]


def _slopes(name: str, parts: Parts, weight: Tensor | None) -> Tensor | None:
    if re.search(r"p_?re_?lu", name, re.IGNORECASE):
        return weight or _role(parts, "slopes") or next(iter(parts.values()))
    return _role(parts, "slopes")


def _convolved(found: Guess, name: str, weight: Tensor, bias: Tensor | None) -> None:
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
        Kernel(bank, name=weight.name),
        padding="valid",
        groups=groups,
        bias=offsets,
        name=found.titles.get(name) or name or weight.name,
    )
    found.add(layer, weight, bias if usable else None)
    at = len(found.layers) - 1
    found.asked += [Asked(at, "groups", str(groups))] * guessed
    found.asked += [Asked(at, "stride", "1 × 1"), Asked(at, "padding", "valid"), Asked(at, "activation", "none")]
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
    scale, shift = _role(parts, "gamma"), _role(parts, "beta")
    if scale is None or scale.shape != (found.maps,):
        return
    offsets = shift.read() if shift is not None and shift.shape == scale.shape else np.zeros(1)
    _no_activation(found)
    found.add(Affine(tuple(scale.read().astype(float).tolist()), tuple(offsets.astype(float).tolist())), scale, shift)
    found.asked.append(Asked(len(found.layers) - 1, "activation", "none"))


def _sloped(found: Guess, slopes: Tensor) -> None:
    """Add PReLU, and ask what pool may follow it: those have no weights."""
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
