"""What the layer that is looked at reads, as the left pane shows it: the picture itself, or a map of the layers below."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.layers.base import Needs, Place
from convgui.engine.layers.geometry import Axis
from convgui.engine.looking.below import present
from convgui.engine.network import pull
from convgui.engine.source import mix_plane

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.engine.network import Chain
    from convgui.engine.source import Source
    from convgui.model.geometry import Along


@dataclass(frozen=True, eq=False)
class Input:
    """The input of a unit.

    Attributes
    ----------
    chain : Chain
        The layers below.
    map : int
        Which of its maps is under the map that is shown.
    rows, cols : int
        Of its cells.
    direct : bool
        Whether these are the cells of the source: nothing lies between.
    """

    chain: Chain
    map: int
    rows: int
    cols: int
    direct: bool

    @classmethod
    def of(cls, chain: Chain, map: int) -> Input:
        """Return the output of a chain as an input; of one that does not fit, the source."""
        source = chain.source
        if chain.fault is not None:
            return cls(chain, 0, source.rows, source.cols, True)
        _, rows, cols = chain.shape(len(chain.layers))
        direct = present(chain, len(chain.layers)) == 0 and not chain.sized
        return cls(chain, map, rows, cols, direct)

    def same(self, other: Input) -> bool:
        """Whether another one has the same values."""
        mine, others = self.chain, other.chain
        below = mine.source is others.source and mine.reading == others.reading and mine.layers == others.layers
        return below and self.map == other.map

    @property
    def axes(self) -> tuple[Along, Along]:
        """Its rows and columns, on themselves."""
        return Axis(self.rows, 1), Axis(self.cols, 1)

    @property
    def source(self) -> Source:
        """The source that lies below."""
        return self.chain.source

    @property
    def place(self) -> tuple[Place, Place]:
        """Where its rows and columns lie on the source."""
        return (Place(), Place()) if self.chain.fault is not None else self.chain.place(len(self.chain.layers))

    @property
    def sequence(self) -> bool:
        """Whether it is one row of steps."""
        return self.source.sequence and self.rows == 1

    @property
    def toy(self) -> bool:
        """Whether it is so small that each cell is shown with its number."""
        return self.source.toy

    @property
    def lanes(self) -> int:
        """Rows of the pane: of a sequence one for each channel, of a layer's map one."""
        return self.source.channels if self.sequence and self.direct else 1

    @property
    def shown_rows(self) -> int:
        """Rows that can be pointed at."""
        return self.lanes if self.sequence else self.rows

    def lane(self, channel: int) -> int | None:
        """Return the row in which a channel of a sequence is shown, None where it is not."""
        if self.direct:
            return channel
        return 0 if channel == self.map else None

    def channel(self, row: int) -> int:
        """Return the channel of a sequence that a row of the pane shows."""
        return row if self.direct else self.map

    @property
    def mix(self) -> NDArray[np.float64]:
        """How the plane under the shown map is mixed from the stored channels, where these are the cells of the source."""
        if self.chain.fault is not None:
            return np.full(self.source.channels, self.source.scale / self.source.channels)
        mixes = self.chain.planes.mixes
        chosen: NDArray[np.float64] = mixes[min(self.map, len(mixes) - 1)]
        return chosen

    @property
    def offset(self) -> float:
        """What is added to that plane."""
        if self.chain.fault is not None:
            return 0.0
        offsets = self.chain.planes.offsets
        return float(offsets[min(self.map, len(offsets) - 1)])

    def value(self, row: int, col: int) -> float | None:
        """Return the value that the layer reads at a cell, None outside; the rows of a sequence are its channels."""
        if not (0 <= row < self.shown_rows and 0 <= col < self.cols):
            return None
        if self.sequence and self.direct:
            return float(channel_values(self.source, row, slice(col, col + 1))[0, 0])
        row = 0 if self.sequence else row
        if self.chain.fault is not None:
            return float(mix_plane(self.source.part(range(row, row + 1), range(col, col + 1)), self.mix)[0, 0])
        here = Needs(np.array([self.map]), range(row, row + 1), range(col, col + 1))
        if not self.direct:
            return float(pull(self.chain, len(self.chain.layers), here).values[0, 0, 0])
        out = np.empty((1, 1, 1), np.float32)
        self.chain.planes.fill(*here, out)
        return float(out[0, 0, 0])


def channel_values(source: Source, channel: int, steps: slice) -> NDArray[np.float32]:
    """Return values of one channel of a sequence, shape (1, steps)."""
    return mix_plane(source.cube[:, steps, channel : channel + 1], np.array([source.scale]))
