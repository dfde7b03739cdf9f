"""Facts of a kernel: what it does to flat areas and noise, whether it is separable, and its symmetry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.shown import number

if TYPE_CHECKING:
    from numpy.typing import NDArray

TOLERANCE = 4e-7
"""Relative to the largest weight: what is smaller counts as nothing."""


@dataclass(frozen=True)
class KernelFacts:
    """What can be said of a kernel without a picture.

    Attributes
    ----------
    sum, magnitudes : float
        Sum of the weights, and of their magnitudes.
    rank : int
        Of the matrix: 1 if two one-dimensional passes do the same.
    noise_gain : float
        Standard deviation of the output for independent noise of deviation 1: the root of the sum of squares.
    symmetry, flat_text, rank_text : str
        What mirroring does, what becomes of flat areas, and how many products one output cell takes, in words.
    """

    sum: float
    magnitudes: float
    rank: int
    noise_gain: float
    symmetry: str
    flat_text: str
    rank_text: str


NEARLY = 0.05
"""A sum below which a flat area leaves next to nothing."""


def kernel_facts(weights: NDArray[np.float64]) -> KernelFacts:
    """Return the facts of weights of shape (rows, cols).

    Examples
    --------
    >>> facts = kernel_facts(np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]]))
    >>> facts.rank_text, facts.symmetry, round(facts.noise_gain, 2)
    ('rank 1 · 9 → 6 products', 'odd in x, even in y', 3.46)
    """
    weights = np.asarray(weights, np.float64)
    total, magnitudes = float(weights.sum()), float(np.abs(weights).sum())
    rank = matrix_rank(weights)
    return KernelFacts(
        sum=total,
        magnitudes=magnitudes,
        rank=rank,
        noise_gain=float(np.hypot.reduce(weights, axis=None)),
        symmetry=_symmetry(weights),
        flat_text=_flat_text(total, magnitudes),
        rank_text=_rank_text(weights, rank),
    )


def symmetric(weights: NDArray[np.float64]) -> bool:
    """Whether a turn by 180 degrees changes nothing, so that correlation and convolution are the same."""
    return bool(np.abs(weights - weights[::-1, ::-1]).max() <= 1e-9 * np.abs(weights).max())


def matrix_rank(weights: NDArray[np.float64]) -> int:
    """Return how many one-dimensional pairs the kernel is a sum of, by its singular values."""
    values = np.linalg.svd(weights, compute_uv=False)
    return int((values > values[0] * TOLERANCE).sum()) if values[0] > 0 else 0


def _alike(a: NDArray[np.float64], b: NDArray[np.float64]) -> bool:
    return bool(np.abs(a - b).max() <= TOLERANCE * max(float(np.abs(a).max()), 1e-300))


def _symmetry(weights: NDArray[np.float64]) -> str:
    across = _parity(weights, weights[:, ::-1])
    down = _parity(weights, weights[::-1])
    if weights.shape[0] == 1:
        return f"{across} in x" if across else "none"
    if weights.shape[1] == 1:
        return f"{down} in y" if down else "none"
    if across and across == down:
        return f"{across} in x and y"
    if across and down:
        return f"{across} in x, {down} in y"
    if across or down:
        return f"{across} in x" if across else f"{down} in y"
    turned = _parity(weights, weights[::-1, ::-1])
    return f"{turned} under a half turn" if turned else "none"


def _parity(weights: NDArray[np.float64], mirrored: NDArray[np.float64]) -> str:
    if _alike(weights, mirrored):
        return "even"
    return "odd" if _alike(weights, -mirrored) else ""


def _flat_text(total: float, magnitudes: float) -> str:
    if abs(total) <= 1e-9 * max(magnitudes, 1e-300):
        return "0 · blind to flat areas"
    if abs(total - 1) < 1e-6:
        return "1 · keeps brightness"
    word = (
        "brightens" if total > 1 else "inverts" if total < 0 else "darkens" if total > 0.05 else "nearly blind to flat areas"
    )
    return f"{number(total, 4)} · {word}"


def _rank_text(weights: NDArray[np.float64], rank: int) -> str:
    rows, cols = weights.shape
    whole, passes = rows * cols, rank * (rows + cols)
    if min(rows, cols) == 1:
        return f"one row · {whole} products" if rows == 1 else f"one column · {whole} products"
    if rank == 0:
        return "nothing but zeros"
    if passes < whole:
        return f"rank {rank} · {whole} → {passes} products"
    return f"rank {rank} · not separable" if rank > 1 else f"rank 1 · {whole} products"
