"""One convolution, made ready for other sources of the same form: what a script calls over and over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from convgui.engine.address import address
from convgui.engine.network.evaluate import choose
from convgui.engine.strategies import jit, memory
from convgui.engine.strategies.tiles import Tile, run

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from convgui.engine.network.chain import Chain
    from convgui.engine.strategies.prepared import OverSource


class Again(NamedTuple):
    """What `evaluate` does to a whole source, without what depends on its shape and dtype alone.

    Attributes
    ----------
    convolution : OverSource
    shape : (int, int, int)
        Of the output: maps, rows and columns.
    """

    convolution: OverSource
    shape: tuple[int, int, int]

    @classmethod
    def of(cls, chain: Chain) -> Again | None:
        """Return what does it to sources like the chain's; None where it is no convolution that reads the source itself.

        Raises
        ------
        ValueError
            If the layers do not fit the source.
        """
        wanted = choose(chain)
        convolution = wanted.alone() if jit.ready() is not None else None
        return None if convolution is None else cls(convolution, wanted.shape)

    def __call__(self, array: NDArray[Any]) -> NDArray[np.float32]:
        """Return the maps of an array that is stored as the source was: C-contiguous, of the same shape and dtype."""
        out, source = memory.empty(self.shape), address(array)
        rows, cols = (range(count) for count in self.shape[1:])

        def work(tile: Tile) -> None:
            part = out[:, tile.top : tile.bottom, tile.left : tile.right]
            self.convolution(source, rows[tile.top : tile.bottom], cols[tile.left : tile.right], part)

        run(self.convolution.tiles(rows, cols), work)
        return out
