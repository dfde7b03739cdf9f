"""The definition read the other way round: which outputs read an input cell, and through which kernel cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.layers.border import border_index

if TYPE_CHECKING:
    from convgui.engine.layers.geometry import Axis


def readers(axis: Axis, position: int, border: str) -> dict[int, list[int]]:
    """Return the outputs along an axis that read a position, ascending, each with the kernel cells through which it does.

    Output i reads position i * s + u * d - before through kernel cell u. So a position is read by those i and u whose sum
    it is, or whose sum lies outside and is one for which the border rule takes the value of this position.
    """
    end = (axis.outputs - 1) * axis.stride - axis.before + axis.span
    outside = np.arange(-axis.before, 0), np.arange(axis.size, max(end, axis.size))  # only these can have its value as well
    raw = np.concatenate([outside[0], [position], outside[1]]).astype(np.int64)
    found: dict[int, list[int]] = {}
    for at in raw[border_index(raw, axis.size, border) == position].tolist():
        for u in range(axis.kernel):
            output, rest = divmod(at + axis.before - u * axis.dilation, axis.stride)
            if rest == 0 and 0 <= output < axis.outputs:
                found.setdefault(output, []).append(u)
    return dict(sorted(found.items()))
