"""Small pictures of a bank: its first filters side by side, in colour where they read red, green and blue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.looking.colours import colourise
from convgui.model.colouring import signed_table
from convgui.model.filters import bank_of_maps, colour_order
from convgui.model.map_grid import kernel_picture

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.model.state import State

MOST = 8
"""Filters that are shown."""


def kernel_sheet(bank: NDArray[np.float64], table: NDArray[np.uint8], ground: int) -> NDArray[np.uint8]:
    """Return the first filters of a bank (kh, kw, cin, cout) as colours, with a cell of the ground between them.

    >>> kernel_sheet(np.ones((3, 3, 1, 2)), np.zeros((256, 3), np.uint8), 255).shape
    (3, 7, 3)
    """
    high, wide, channels, count = bank.shape
    shown = min(count, MOST)
    sheet = np.full((high, shown * (wide + 1) - 1, 3), ground, np.uint8)
    for k in range(shown):
        weights = np.nan_to_num(bank[..., k].astype(np.float64))
        sheet[:, k * (wide + 1) : k * (wide + 1) + wide] = kernel_colours(weights, rgb=channels == 3, table=table)
    return sheet


def kernel_colours(weights: NDArray[np.float64], *, rgb: bool, table: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the colours of a filter (kh, kw, cin)."""
    picture = kernel_picture(weights, rgb)
    if rgb:
        return (picture * 255).round().astype(np.uint8)
    return colourise(picture.astype(np.float32), -1.0, 1.0, table)


CHANNELS = 4
"""Channels of a filter up to which each has a picture of its own."""

COLOURS = ("red", "green", "blue")


def filter_pictures(
    weights: NDArray[np.float64], order: tuple[int, ...] | None, table: NDArray[np.uint8]
) -> list[tuple[int, str, NDArray[np.uint8]]]:
    """Return pictures of a filter: all of it in colour where it reads red, green and blue, and its channels.

    Parameters
    ----------
    weights : ndarray of float64, shape (kh, kw, cin)
    order : tuple of int, optional
        Which channels read red, green and blue.
    table : ndarray of uint8, shape (256, 3)

    Returns
    -------
    list of (int, str, ndarray of uint8, shape (kh, kw, 3))
        The channel (-1: all of them), what it is called, and its colours; where there are many channels, the strongest.
    """
    channels = weights.shape[2]
    if order is not None:
        together = kernel_colours(weights[:, :, list(order)], rgb=True, table=table)
        names = {channel: COLOURS[place] for place, channel in enumerate(order)}
        shown, found = list(order), [(-1, "together", together)]
    else:
        energy = np.square(weights).sum(axis=(0, 1))
        shown, found = np.sort(np.argsort(-energy, kind="stable")[: CHANNELS + 2]).tolist(), []
        names = {channel: str(channel) for channel in range(channels)}
    largest = float(np.abs(weights).max(initial=0.0)) or 1.0
    for channel in shown:
        part = (weights[:, :, channel] / largest).astype(np.float32)
        found.append((channel, names[channel], colourise(part, -1.0, 1.0, table)))
    return found


def kernels_of_maps(state: State, *, dark: bool) -> dict[int, NDArray[np.uint8]]:
    """Return the colours of the filter that each map that is looked at belongs to; none of kernels of a single cell."""
    found = bank_of_maps(state)
    if found is None or max(found[1].size) == 1:
        return {}
    order, table, weights = colour_order(state, *found), signed_table(dark), found[1].weights
    read = weights if order is None else weights[:, :, list(order)]
    return {map: kernel_colours(read[..., map], rgb=order is not None, table=table) for map in range(weights.shape[3])}
