"""The frequency response of a kernel: by what factor waves pass, at any frequency, as the exact sum over its weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

FINEST = 0.5
"""Cycles per pixel of the finest wave that pixels can hold."""


class Response(NamedTuple):
    """The factors of a kernel, and the frequencies that they belong to, in cycles per pixel.

    Attributes
    ----------
    frequencies : ndarray, shape (n,)
        From -0.5 to 0.5, in both directions.
    gain : ndarray, shape (n, n)
        Row i is for waves of `frequencies[i]` downwards, column j for `frequencies[j]` to the right.
    along : ndarray, shape (m,)
        From 0 to 0.5.
    x, y : ndarray, shape (m,)
        The factors of waves that run only to the right, and only downwards.
    """

    frequencies: NDArray[np.float64]
    gain: NDArray[np.float64]
    along: NDArray[np.float64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]


def gain(weights: NDArray[np.float64], down: NDArray[np.float64], across: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return by what factor waves pass: the magnitude of sum w[u, v] exp(-2 pi i (down u + across v)).

    Parameters
    ----------
    weights : ndarray, shape (rows, cols)
    down, across : ndarray, shapes (m,) and (n,)
        Frequencies in cycles per pixel.

    Returns
    -------
    ndarray of float64, shape (m, n)

    Examples
    --------
    >>> gain(np.array([[-1.0, 0, 1]]), np.array([0.0]), np.array([0.0, 0.25, 0.5])).round(9).tolist()
    [[0.0, 2.0, 0.0]]
    """
    rows, cols = weights.shape
    first = np.exp(-2j * np.pi * np.outer(down, np.arange(rows)))
    second = np.exp(-2j * np.pi * np.outer(np.arange(cols), across))
    found: NDArray[np.float64] = np.abs(first @ weights @ second)
    return found


def frequency_response(weights: NDArray[np.float64], size: int = 64) -> NDArray[np.float64]:
    """Return by what factor waves pass that fit into so many pixels, shape (size, size).

    Cell (i, j) is for i - size // 2 cycles downwards and j - size // 2 to the right.

    Examples
    --------
    >>> frequency_response(np.ones((3, 3)) / 9)[32, 32].round(6)
    np.float64(1.0)
    """
    waves = (np.arange(size) - size // 2) / size
    return gain(weights, waves, waves)


def response(weights: NDArray[np.float64], size: int = 129, fine: int = 513) -> Response:
    """Return the response of a kernel on a grid of frequencies, and along both axes.

    Examples
    --------
    >>> found = response(np.ones((3, 3)) / 9)
    >>> found.x[0].round(9), found.along[-1], found.gain.shape
    (np.float64(1.0), np.float64(0.5), (129, 129))
    """
    frequencies, along = np.linspace(-FINEST, FINEST, size), np.linspace(0.0, FINEST, fine)
    none = np.zeros(1)
    return Response(
        frequencies,
        gain(weights, frequencies, frequencies),
        along,
        gain(weights, none, along)[0],
        gain(weights, along, none)[:, 0],
    )
