"""What a strategy is told: a convolution, and how the planes are read that it is applied to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.engine.layers.conv import BoundConv
    from convgui.engine.layers.geometry import Axis
    from convgui.engine.reading import Planes


@dataclass(frozen=True, eq=False)
class Plan:
    """A convolution over the planes of a source, or over planes that lie in memory as they are.

    Attributes
    ----------
    rows, cols : Axis
    border : str
    constant : float
    weights : ndarray of float64, shape (maps, taps, kh, kw)
    reads : ndarray of int64, shape (maps, taps)
        The plane that each of these reads.
    bias : ndarray of float64, shape (maps,)
    mixes : ndarray of float64, shape (planes, channels)
        How a plane is made from the stored channels, the source's scale included.
    offsets : ndarray of float64, shape (planes,)
        What is added to each plane.
    dtype : dtype
        Of the stored numbers.
    pitch : int
        Cells from one row in memory to the next.
    """

    rows: Axis
    cols: Axis
    border: str
    constant: float
    weights: NDArray[np.float64]
    reads: NDArray[np.int64]
    bias: NDArray[np.float64]
    mixes: NDArray[np.float64]
    offsets: NDArray[np.float64]
    dtype: np.dtype
    pitch: int

    @classmethod
    def over(cls, bound: BoundConv, planes: Planes | None = None) -> Plan:
        """Return the plan of a convolution over the planes of a source, or over planes of float32 in memory."""
        count = bound.input.maps
        return cls(
            rows=bound.down,
            cols=bound.across,
            border=bound.layer.border,
            constant=bound.layer.constant,
            weights=bound.weights,
            reads=bound.inputs,
            bias=bound.bias,
            mixes=np.eye(count) if planes is None else planes.mixes,
            offsets=np.zeros(count) if planes is None else planes.offsets,
            dtype=np.dtype(np.float32) if planes is None else planes.source.dtype,
            pitch=bound.across.size if planes is None else planes.source.pitch,
        )

    @property
    def shape(self) -> tuple[int, int, int]:
        """Maps, rows and columns of the output."""
        return len(self.weights), self.rows.outputs, self.cols.outputs

    @property
    def channels(self) -> int:
        """Stored numbers of each cell."""
        return self.mixes.shape[1]

    def only(self, maps: NDArray[np.int64]) -> Plan:
        """Return the plan for some of the maps, which reads no plane that these do not need."""
        planes, reads = np.unique(self.reads[maps], return_inverse=True)
        return replace(
            self,
            weights=np.ascontiguousarray(self.weights[maps]),
            reads=reads.reshape(len(maps), -1),
            bias=self.bias[maps],
            mixes=self.mixes[planes],
            offsets=self.offsets[planes],
        )
