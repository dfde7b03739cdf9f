"""What the names of tensors say: which of them belong together, as what, and in which order layers are applied."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from convgui.io.weights.numbers import count_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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


def grouped(tensors: Iterable[Tensor]) -> dict[str, Parts]:
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


def role_of(parts: Parts, role: str) -> Tensor | None:
    """Return the tensor that is what is asked for: weight, bias, gamma, beta, mean, variance or slopes."""
    return next((tensor for name, tensor in parts.items() if _ROLE.get(name.lower()) == role), None)


_KINDS = ("conv", r"bn|norm", r"relu|act")
"""What follows what at the same number."""


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


def for_maps(parts: Parts) -> int | None:
    """Return for how many maps tensors that are no convolution have numbers, if they are one for each map."""
    if any(len(tensor.shape) > 1 and max(tensor.shape) != count_of(tensor.shape) for tensor in parts.values()):
        return None
    counts = {count_of(tensor.shape) for tensor in parts.values() if tensor.shape}
    return counts.pop() if len(counts) == 1 else None


def kernel_in(parts: Parts) -> Tensor | None:
    """Return the weights of a convolution, if they are among some tensors."""
    weight = role_of(parts, "weight")
    return weight if weight is not None and len(weight.shape) in (3, 4) and weight.layout is not None else None


def next_of(waiting: Mapping[str, Parts], maps: int) -> str:
    """Return what Keras, whose names count each kind by itself, has next: what has a number for each map, if it may be."""
    kernels = [name for name, parts in waiting.items() if kernel_in(parts) is not None]
    if maps and (fitting := [name for name, parts in waiting.items() if name not in kernels and for_maps(parts) == maps]):
        return fitting[0]
    return kernels[0] if kernels else next(iter(waiting))


MOST_STARTS = 8
"""Convolutions from which the longest run is looked for."""


def best_start(groups: list[Parts]) -> int:
    """Return which group to begin with, so that the most convolutions follow one another."""
    kernels = [(place, weight) for place, parts in enumerate(groups) if (weight := kernel_in(parts)) is not None]
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


def _channels(weight: Tensor) -> tuple[int, int]:
    """Return how many channels a convolution reads and makes."""
    sizes = dict(zip(str(weight.layout).replace("C1", "OI"), weight.shape, strict=True))
    if "M" in sizes:
        return sizes["C"], sizes["C"] * sizes["M"]
    return (sizes["O"], sizes["O"]) if "C1" in str(weight.layout) else (sizes["I"], sizes["O"])
