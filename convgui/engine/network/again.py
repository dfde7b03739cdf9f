"""One convolution, made ready for other sources of the same form: what a script calls over and over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from convgui.engine.network.evaluate import choose

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from convgui.engine.network.chain import Chain
    from convgui.engine.strategies.channels_last import ChannelsLast
    from convgui.engine.strategies.prepared import OverSource


class Again(NamedTuple):
    """What `evaluate` does to a whole source, without what depends on its shape and dtype alone."""

    convolution: ChannelsLast | OverSource

    @classmethod
    def of(cls, chain: Chain) -> Again | None:
        """Return what does it to sources like the chain's; None where it is no convolution that reads the source itself.

        Raises
        ------
        ValueError
            If the layers do not fit the source.
        """
        convolution = choose(chain).alone()
        return None if convolution is None else cls(convolution)

    def __call__(self, array: NDArray[Any]) -> NDArray[np.float32]:
        """Return the maps of an array that is stored as the source was: C-contiguous, of the same shape and dtype."""
        return self.convolution.whole(array)
