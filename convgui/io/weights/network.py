"""What a file of weights says about its network: the layers of a chain, and what it does not say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from convgui.engine.kernels.kernel import Kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.engine.layers.base import Layer
    from convgui.engine.reading import Reading

MOST_WEIGHTS = 60_000_000
"""Weights of all layers of a chain; each takes eight bytes."""


def kernel_of(bank: NDArray[Any], name: str) -> Kernel:
    """Return weights as what a convolution takes.

    Raises
    ------
    ValueError
        If there are too many, or one is no finite number.
    """
    if bank.size > MOST_WEIGHTS:
        raise ValueError(f"it has {bank.size:,} weights; a layer here has at most {MOST_WEIGHTS:,}")
    if not np.isfinite(bank).all():
        raise ValueError("one of its weights is NaN or infinite")
    return Kernel(bank, name=name[:200] or "Weights")


class Asked(NamedTuple):
    """A setting that the file does not hold, and what was taken for it.

    Attributes
    ----------
    layer : int
        Which of the network's layers it belongs to, from 0 on.
    setting : str
        ``stride``, ``padding``, ``activation`` (what follows the layer) or ``groups``.
    taken : str
        What the chain has at present, in words.
    """

    layer: int
    setting: str
    taken: str


@dataclass(frozen=True)
class Network:
    """A chain of layers made from a file.

    Attributes
    ----------
    layers : tuple of Layer
        In the order in which they are applied.
    names : tuple of tuple of str
        For each layer the tensors of the file that it was made of.
    channels : int
        Channels that the first layer reads.
    size : (int, int) or None
        Rows and columns of the input, where the file fixes them.
    reading : Reading or None
        How the file says that a photo becomes the input; None where it says nothing.
    asked : tuple of Asked
        What the file does not say.
    rest : str
        What of the network is not in the chain, as a sentence; empty if all of it is.
    begins, ends : str
        The names of the tensors of a graph that the chain reads and makes; of a Keras model the names of layers.
    axes, ends_axes : str
        The axes of these two, of N (the batch), C, H, W, in the order in which they are stored, such as NCHW; those of the
        end may be F, all numbers one after the other. Empty where the file has no graph.
    any_size : bool
        Whether the layers take an input of another size than `size` as well.
    sequence : bool
        Whether its input is a sequence: one row.
    """

    layers: tuple[Layer, ...]
    names: tuple[tuple[str, ...], ...]
    channels: int
    size: tuple[int, int] | None = None
    reading: Reading | None = None
    asked: tuple[Asked, ...] = ()
    rest: str = ""
    begins: str = ""
    ends: str = ""
    axes: str = ""
    ends_axes: str = ""
    any_size: bool = True
    sequence: bool = False
