"""Banks: which slice of one is edited as a kernel, and the bank with another kernel in its place."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.kernels.kernel import Kernel

if TYPE_CHECKING:
    from convgui.engine.layers.conv import Conv


def inputs_of(conv: Conv, map: int) -> range:
    """Return which maps of its input a map of a bank reads."""
    _, _, channels, maps = conv.kernel.weights.shape
    first = map // max(maps // conv.groups, 1) * channels
    return range(first, first + channels)


@lru_cache(maxsize=256)
def strongest(bank: Kernel, map: int) -> int:
    """Return which of the input channels of a filter has the largest weights.

    >>> strongest(Kernel([[[[1.0], [-3.0], [2.0]]]]), 0)
    1
    """
    return int(np.square(bank.weights[:, :, :, map]).sum(axis=(0, 1)).argmax())


@lru_cache(maxsize=256)
def kernel_in(bank: Kernel, channel: int, map: int) -> Kernel:
    """Return the kernel with which a filter of a bank weighs one of its input channels; the same object each time."""
    return Kernel(bank.weights[:, :, channel, map], f"{bank.name} [{channel}, {map}]")


def with_kernel(bank: Kernel, channel: int, map: int, kernel: Kernel) -> Kernel:
    """Return the bank with another kernel in that place.

    Raises
    ------
    ValueError
        If it has not the size of the others.
    """
    if kernel.size != bank.size:
        (rows, cols), (high, wide) = bank.size, kernel.size
        raise ValueError(
            f"Expected a kernel of {rows} × {cols} as all of {bank.name} are, received {kernel.name} of {high} × {wide}."
        )
    weights = bank.weights.copy()
    weights[:, :, channel, map] = kernel.weights
    return replace(bank, weights=weights, origin=None)
