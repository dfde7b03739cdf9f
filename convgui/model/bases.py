"""The bases in which the maps of layers are shown as colours: found on the first picture, and kept for the next ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convgui.engine.looking.together import Basis
from convgui.engine.network import evaluate
from convgui.engine.strategies.recent import Recent
from convgui.model.levels import step_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from convgui.engine.layers.base import Layer
    from convgui.engine.network import Chain

LOOKED_AT = 64
"""Cells of the longer side from which a basis is found."""

KEPT = 32
"""Layers whose bases are kept."""

_found: Recent[tuple[Layer, ...], Basis] = Recent(KEPT)


def basis_of(chain: Chain, cancelled: Callable[[], bool]) -> Basis:
    """Return the basis of the last layer of a chain: the same one for other pictures, as long as the layers are the same."""
    if (known := _found.get(chain.layers)) is not None:
        return known
    _, rows, cols = chain.shape(len(chain.layers))
    values = evaluate(chain, None, step_of(rows, cols, LOOKED_AT), wait=False, cancelled=cancelled)
    return _found.keep(chain.layers, Basis.of(values))
