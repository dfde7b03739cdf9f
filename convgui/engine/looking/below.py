"""What lies below a convolution: the values that it reads, by the definition where that is the source itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.distinct import distinct
from convgui.engine.layers.activation import BoundActivation
from convgui.engine.layers.base import Needs
from convgui.engine.layers.border import OUTSIDE, border_index
from convgui.engine.layers.conv import BoundConv
from convgui.engine.layers.passing import Passing
from convgui.engine.layers.reference import Around, cells_of, read
from convgui.engine.network import pull
from convgui.engine.strategies.tiles import never

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convgui.engine.layers.base import Bound
    from convgui.engine.network import Chain
    from convgui.engine.reading import Planes


def below(chain: Chain, n: int) -> int:
    """Return the number of the last layer before n that is switched on; 0 if there is none."""
    while n > 1 and isinstance(chain.bounds[n - 2], Passing):
        n -= 1
    return n - 1


def present(chain: Chain, n: int) -> int:
    """Return the number of the last layer up to n that is switched on; 0 if there is none."""
    return below(chain, n + 1)


def looked_at(chain: Chain, n: int) -> tuple[int, Bound | None, BoundActivation | None]:
    """Return the layer whose cells are explained at layer n: its number, itself, and the function that is applied to it.

    An activation function right after a convolution belongs to the convolution's sum. 0 and None are the planes.
    """
    chain.check(n)
    n = present(chain, n)
    if not n:
        return 0, None, None
    bound, before = chain.bounds[n - 1], below(chain, n)
    if isinstance(bound, BoundActivation) and before and isinstance(chain.bounds[before - 1], BoundConv):
        return before, chain.bounds[before - 1], bound
    return n, bound, None


@dataclass(frozen=True, eq=False)
class Beneath:
    """A convolution with the values that it reads.

    Attributes
    ----------
    weights : ndarray of float64, shape (maps, taps, kh, kw)
    inputs : ndarray of int64, shape (maps, taps)
        The input map that each of these reads.
    planes : Planes, optional
        The planes of the source, where it reads these.
    """

    chain: Chain
    n: int
    bound: BoundConv
    weights: NDArray[np.float64]
    inputs: NDArray[np.int64]
    around: Around
    planes: Planes | None
    cancelled: Callable[[], bool] = never

    @classmethod
    def of(cls, chain: Chain, n: int, cancelled: Callable[[], bool] = never) -> Beneath:
        """Return convolution n of a chain; the channels of a sequence are read one by one, also where they are added up."""
        bound = chain.bounds[n - 1]
        assert isinstance(bound, BoundConv)
        planes = chain.planes if below(chain, n) == 0 and not chain.sized else None
        whole = cls(chain, n, bound, bound.weights, bound.inputs, bound.around, planes, cancelled)
        return whole._unmixed() if planes is not None and planes.source.sequence else whole

    def _unmixed(self) -> Beneath:
        """Return the same sums channel by channel: where a plane is mixed, each channel is read with a weight of its own.

        A constant outside is shared out, so that the sums stay the same.
        """
        assert self.planes is not None
        mixes = self.planes.mixes[self.inputs[:, 0]]
        if self.inputs.shape[1] > 1 or np.count_nonzero(mixes[0]) < 2 or self.planes.offsets.any():
            return self
        source = self.planes.source
        coefficients = mixes / source.scale
        around = self.around._replace(constant=self.around.constant / float(coefficients[0].sum()))
        planes = replace(self.planes, mixes=np.eye(source.channels) * source.scale, offsets=np.zeros(source.channels))
        inputs = np.tile(np.arange(source.channels), (len(mixes), 1))
        weights = self.weights * coefficients[:, :, None, None]
        return replace(self, around=around, weights=weights, inputs=inputs, planes=planes)

    def read(self, maps: NDArray[np.int64], rows: NDArray[np.int64], cols: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return values of maps at input positions rows x cols, those outside as the border rule has them."""
        if self.planes is not None:
            return np.stack([read(self.planes.cells, self.around, int(map), rows, cols) for map in maps])
        down, across = (self._inside(at, axis.size) for at, axis in ((rows, self.around.down), (cols, self.around.across)))
        needs = Needs(distinct(maps), down, across)
        block = pull(self.chain, self.n - 1, needs, self.cancelled)
        cells = cells_of(block.values, block.maps, block.top, block.left)
        return np.stack([read(cells, self.around, int(map), rows, cols) for map in maps])

    def _inside(self, positions: NDArray[np.int64], size: int) -> range:
        """Return the stretch of cells whose values are taken at these positions; of none, the first cell."""
        at = border_index(positions, size, self.around.border)
        at = at[at != OUTSIDE]
        return range(int(at.min()), int(at.max()) + 1) if at.size else range(1)
