"""The sums of all maps of a chain: found once, and kept for as long as the chain lives."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from convgui.engine.looking.totals import totals
from convgui.engine.network import Chain, evaluate
from convgui.model.levels import coarsest

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    Sums = NDArray[np.float64]

_found: WeakKeyDictionary[Chain, Sums] = WeakKeyDictionary()


def known_totals(chain: Chain) -> Sums | None:
    """Return the sum of each map of the last layer, where it has been asked for before."""
    return _found.get(chain)


def totals_of(chain: Chain, cancelled: Callable[[], bool], progress: Callable[[float], None] | None = None) -> Sums:
    """Return the sum of each map of the last layer over all of its cells.

    Of a picture that is larger than memory it is that on its smallest copy.
    """
    if (known := known_totals(chain)) is not None:
        return known
    over = chain.over(coarsest(chain.source)) if chain.source.in_parts else chain
    sums = totals(over.shape(len(over.layers)), lambda window: evaluate(over, window, cancelled=cancelled), progress)
    _found[chain] = sums
    return sums
