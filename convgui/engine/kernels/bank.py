"""Facts of a bank's filters: size, direction and fineness of each, those that do nothing, those that are nearly alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

DEAD = 1e-4
"""A filter whose norm is a smaller part of the bank's median is dead."""

ALIKE = 0.95
"""Cosine of the angle between two filters above which they are nearly duplicates; of opposite sign, too."""

MOST_COMPARED = 4096
"""Filters up to which each is compared with each."""

GRID = 32
"""Rows and columns of the spectrum in which directions and frequencies are looked for."""


@dataclass(frozen=True, eq=False)
class BankFacts:
    """What can be said of each filter of a bank, without a picture; arrays have an entry for each filter.

    Attributes
    ----------
    low, high, mean : ndarray of float64
        The least, the largest and the mean weight.
    zeros : ndarray of float64
        Part of the weights that are 0, from 0 to 1.
    norm : ndarray of float64
        The root of the sum of their squares.
    direction : ndarray of float64
        In degrees from 0 to 180: along which its waves go, 0 to the right, 90 downwards; 0 where there is none.
    frequency : ndarray of float64
        The mean frequency that it lets pass, in cycles a pixel along that direction.
    dead : ndarray of bool
        Whether it does next to nothing.
    like : ndarray of int64
        An earlier filter that it nearly repeats, -1 where there is none.
    """

    low: Numbers
    high: Numbers
    mean: Numbers
    zeros: Numbers
    norm: Numbers
    direction: Numbers
    frequency: Numbers
    dead: NDArray[np.bool_]
    like: NDArray[np.int64]


def bank_facts(weights: Numbers) -> BankFacts:
    """Return the facts of the filters of a bank, shape (kh, kw, cin, cout).

    Examples
    --------
    >>> wave = np.cos(np.pi / 2 * np.arange(4.0))
    >>> bank = np.stack([np.tile(wave, (4, 1)), np.tile(wave, (4, 1)).T, -np.tile(wave, (4, 1))], axis=-1)[:, :, None]
    >>> facts = bank_facts(bank)
    >>> facts.direction.round().tolist(), facts.frequency.round(1).tolist(), facts.like.tolist()
    ([0.0, 90.0, 0.0], [0.3, 0.3, 0.3], [-1, -1, 0])
    """
    flat = weights.reshape(-1, weights.shape[3]).astype(np.float64)
    norm = np.sqrt(np.square(flat).sum(axis=0))
    dead = norm <= DEAD * np.median(norm)
    direction, frequency = _waves(weights)
    return BankFacts(
        low=flat.min(axis=0),
        high=flat.max(axis=0),
        mean=flat.mean(axis=0),
        zeros=(flat == 0).mean(axis=0),
        norm=norm,
        direction=direction,
        frequency=frequency,
        dead=dead,
        like=_like(flat, norm, dead),
    )


def _waves(weights: Numbers) -> tuple[Numbers, Numbers]:
    """Return direction and frequency of each filter: the axis and the mean of its spectrum's energy, flat parts left out."""
    rows, cols = (max(GRID, side) for side in weights.shape[:2])
    energy = np.zeros((rows, cols, weights.shape[3]))
    for channel in range(weights.shape[2]):
        plane = weights[:, :, channel].astype(np.float64)
        spectrum = np.fft.fft2(plane - plane.mean(axis=(0, 1)), (rows, cols), axes=(0, 1))
        energy += np.square(spectrum.real) + np.square(spectrum.imag)
    down, across = np.fft.fftfreq(rows)[:, None], np.fft.fftfreq(cols)[None]
    total = energy.sum(axis=(0, 1))
    known = np.where(total > 0, total, 1.0)
    xx, yy, xy = (
        np.einsum("ij,ijk->k", part, energy) for part in (across**2 + 0 * down, down**2 + 0 * across, across * down)
    )
    direction = np.degrees(0.5 * np.arctan2(2 * xy, xx - yy)) % 180.0
    frequency = np.einsum("ij,ijk->k", np.hypot(across, down), energy) / known
    nothing = (total <= 0) | (np.hypot(xx - yy, 2 * xy) <= 1e-9 * (xx + yy))
    return np.where(nothing, 0.0, np.where(direction > 180 - 1e-6, 0.0, direction)), frequency


def _like(flat: Numbers, norm: Numbers, dead: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return for each filter the first earlier one that points the same way, or the opposite one."""
    like = np.full(flat.shape[1], -1, np.int64)
    if not 1 < flat.shape[1] <= MOST_COMPARED or flat.shape[0] < 2:
        return like
    unit = flat / np.where(dead, np.inf, norm)
    near = np.triu(np.abs(unit.T @ unit) > ALIKE, 1)
    found = near.any(axis=0)
    like[found] = near.argmax(axis=0)[found]
    return like


ORDERS = ("index", "norm", "strength", "total", "direction", "frequency")
"""By what the filters of a bank, or the maps of a layer, are sorted."""


def order_of(by: str, facts: BankFacts | None, strength: Numbers, total: Numbers | None = None) -> NDArray[np.int64]:
    """Return the maps in that order: by index and direction upwards, else the largest first.

    Parameters
    ----------
    by : str
        One of `ORDERS`.
    facts : BankFacts, optional
        None where there is no bank: what needs one is by index then.
    strength : ndarray of float64
        How strongly each map responds; NaN comes last.
    total : ndarray of float64, optional
        The sum of each map; None where it is not known: by index then.

    >>> order_of("strength", None, np.array([1.0, 3.0, np.nan, 2.0])).tolist()
    [1, 3, 0, 2]
    """
    keys: dict[str, Numbers] = {"strength": -strength}
    if total is not None:
        keys["total"] = -total
    if facts is not None:
        keys |= {"norm": -facts.norm, "direction": facts.direction, "frequency": -facts.frequency}
    return np.argsort(keys[by], kind="stable") if by in keys else np.arange(len(strength))
