"""The Fourier strategy: large kernels by transforms along one axis, in float64, over blocks that overlap.

The columns of a block are transformed; at each frequency what is left is a sum along the row, with as many products as
the kernel has columns instead of cells. Two columns are transformed as one, as real and imaginary part. A sequence is laid
into the columns of a block, one stretch of it beside the other. Blocks lie on a grid of their own, whatever the tile, so
that a value does not depend on what else is computed.

A transform rounds as the largest value of its block has it. So values that are too small beside that for the bound which
every strategy keeps are computed directly instead: what borders on black, say, and all of a block with NaN or infinity.

Where only every so many outputs are wanted, for a screen that shows a large map in small, there is no use for transforms:
`direct` serves then, whose values differ from these in their last bits; both keep the bound.

Cost: two transforms of log2(n) steps each, and the products along the rows, all in float64; and that for all of each block,
though blocks overlap by the kernel and reach beyond the edge.
"""

from __future__ import annotations

import threading
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from convgui.engine.address import address
from convgui.engine.strategies.direct import Direct, output
from convgui.engine.strategies.gather import Reading, joined, moved, tile_parts
from convgui.engine.strategies.work import Floats, Work

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.engine.strategies.gather import Parts
    from convgui.engine.strategies.plan import Plan


LENGTHS, HALVES = (128, 256, 512, 1024, 2048, 4096), (32, 64, 128, 256)
"""Steps of a transform, and columns of half a block, among which the cheapest are chosen."""

FEW = (8, 16)
"""Columns of half a block, too, that a sequence is laid into: they do not overlap, and fewer stay nearer."""

CELLS = 1 << 17
"""Steps times columns of half a block, at most: what lies between the transforms stays in the cache."""

MAPS = 8
"""Kernels of a layer, at most; beyond it their spectra take the place of everything else in the cache."""


class Block(NamedTuple):
    """The size of a block: steps of a transform, outputs of it, columns of one half, and whether a sequence is folded."""

    n: int
    hop: int
    half: int
    folded: bool

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns of its outputs."""
        return (1, 2 * self.half * self.hop) if self.folded else (self.hop, 2 * self.half)


def blocks(plan: Plan) -> list[Block]:
    """Return the sizes that blocks of a plan may have; none if transforms are not for it."""
    maps, taps, _, _ = plan.weights.shape
    if plan.rows.stride > 1 or plan.cols.stride > 1 or maps * taps > MAPS or not np.isfinite(plan.weights).all():
        return []
    folded = plan.rows.kernel == 1 and plan.rows.outputs == 1
    span = plan.cols.span if folded else plan.rows.span
    halves = FEW + HALVES if folded else HALVES
    sizes = [(n, half) for n in LENGTHS for half in halves if n * half * len(plan.mixes) <= CELLS and 2 * span <= n]
    return [Block(n, n - span + 1, half, folded) for n, half in sizes]


class Fourier:
    """A plan made ready for the compiled transforms; see `Direct`. `cost` is what all outputs cost, in multiplications."""

    def __init__(self, plan: Plan, compiled: Any, block: Block, cost: float) -> None:
        self.compiled, self.block, self.total = compiled, block, int(cost)
        self.direct = Direct(plan, compiled)
        self.reading = Reading(plan)
        self.reading.reach = self.reading.reach._replace(in_place=False)
        self.outputs = plan.shape[1:]
        weights = plan.weights if not block.folded else plan.weights.transpose(0, 1, 3, 2)
        down, across = (plan.cols, plan.rows) if block.folded else (plan.rows, plan.cols)
        maps, taps, _, columns = weights.shape
        record = self.record = np.zeros(1, compiled.TRANSFORM)
        record["n"], record["hop"], record["half"], record["folded"] = block
        record["planes"], record["maps"], record["taps"], record["columns"] = len(plan.mixes), maps, taps, columns
        record["apart"] = across.dilation
        self._held = {
            "twiddles": _twiddles(block.n),
            "reads": np.ascontiguousarray(plan.reads, np.int64),
            "shares": np.abs(weights).sum(axis=(1, 2, 3)) * 1e5 * 8 * np.log2(block.n) * np.finfo(np.float64).eps,
            "anchors": _anchors(weights, plan.reads, down.dilation, across.dilation),
            "largest": np.abs(weights).max(axis=(1, 2, 3)),
            "bias": plan.bias.astype(np.float32),
        }
        for name, array in self._held.items():
            record[name] = array.ctypes.data
        record["direct"] = address(self.direct.kernels)
        self._plan, self._weights, self._dilation, self._lock = plan, weights, down.dilation, threading.Lock()
        width = block.half + (columns - 1) * across.dilation + 32
        self._between = block.n * (4 * (block.half + 16) + 4 * width * len(plan.mixes) + 128 + 2 * (block.half + 16))
        self._between += 2 * block.half * block.n * len(plan.mixes) if block.folded else 0
        self._between += 2 * compiled.BAND * block.size[1]  # for what is computed again, and the marks on it

    @cached_property
    def work(self) -> Work:
        """All outputs as a work."""
        self._make_spectra()
        (rows, cols), (height, width) = self.outputs, self.block.size
        found = []
        for top in range(0, rows, height):
            for left in range(0, cols, width):
                block = moved(self._parts(top, left), top, left)
                block.table["height"], block.table["width"] = min(height, rows - top), min(width, cols - left)
                found.append(block)
        parts = joined(found)
        return Work(
            self.compiled,
            self.compiled.shared_transforms,
            self.total,
            self._floats(parts),
            parts,
            reading=self.reading.address,
            transform=address(self.record),
            out_row=cols,
            apart=rows * cols,
        )

    def _parts(self, top: int, left: int) -> Parts:
        """Return what the block whose first output is (top, left) reads."""
        height, width = self.block.size
        return tile_parts(self.reading.reach, range(top, top + height), range(left, left + width))

    def _floats(self, parts: Parts) -> Floats:
        """Return what memory a thread needs for a block."""
        return Floats(parts.floats, self._plan.cols.size, self._between)

    def __call__(self, source: int, rows: range, cols: range, out: NDArray[np.float32], top: int, left: int) -> None:
        """Compute one tile, block by block."""
        self._make_spectra()
        height, width = self.block.size
        for first_row in range(rows.start // height * height, rows.stop, height):
            for first_col in range(cols.start // width * width, cols.stop, width):
                down = range(max(rows.start, first_row), min(rows.stop, first_row + height))
                across = range(max(cols.start, first_col), min(cols.stop, first_col + width))
                at = top + down.start - rows.start, left + across.start - cols.start
                self._part(source, (first_row, first_col), down, across, out, *at)

    def _make_spectra(self) -> None:
        """Transform the weights, when it is known that they are needed: a sample does without."""
        with self._lock:
            if "spectra" not in self._held:
                self._held["spectra"] = _spectra(self._weights, self._dilation, self.block.n)
                self.record["spectra"] = self._held["spectra"].ctypes.data

    def _part(
        self,
        source: int,
        first: tuple[int, int],
        down: range,
        across: range,
        out: NDArray[np.float32],
        top: int,
        left: int,
    ) -> None:
        """Compute a part of the block that begins at `first`."""
        parts = self._parts(*first)
        self.compiled.fourier_tile(
            *(source, self.reading.address, parts.address, address(self.record), *self._floats(parts).of_this_thread()),
            *output(out, top, left),
            *(down.start - first[0], down.stop - first[0], across.start - first[1], across.stop - first[1]),
        )


def _twiddles(n: int) -> NDArray[np.float64]:
    """Return the factors of each pass: powers 1, 2 and 3 of the roots of one."""
    found = []
    while n >= 4:
        angle = -2j * np.pi / n * np.arange(n // 4)
        factors = np.exp(angle[:, None] * np.array([1, 2, 3]))
        found.append(factors.view(np.float64).ravel())
        n //= 4
    return np.concatenate([*found, np.zeros(6)])


def _spectra(weights: NDArray[np.float64], dilation: int, n: int) -> NDArray[np.float64]:
    """Return the spectra of weights (maps, taps, rows, columns), shape (maps, taps, n, columns), divided by `n`."""
    maps, taps, rows, columns = weights.shape
    spread = np.zeros((maps, taps, (rows - 1) * dilation + 1, columns))
    spread[:, :, ::dilation] = weights
    spectra = np.conj(np.fft.fft(spread, n, axis=2)) / n
    return np.ascontiguousarray(spectra).view(np.float64)


def _anchors(weights: NDArray[np.float64], reads: NDArray[np.int64], down: int, across: int) -> NDArray[np.int64]:
    """Return plane, row and column, from the first cell of a patch on, of the largest weight of each map."""
    found = []
    for kernels, planes in zip(weights, reads, strict=True):
        tap, row, col = np.unravel_index(int(np.abs(kernels).argmax()), kernels.shape)
        found.append((planes[tap], row * down, col * across))
    return np.array(found, np.int64)
