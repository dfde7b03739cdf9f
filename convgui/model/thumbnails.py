"""Thumbnails: the maps of many kernels over the visible part of the input, computed at full resolution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import ref

import numpy as np
from numpy.typing import NDArray

from convgui.engine.kernels import catalogue as catalog
from convgui.engine.layers.conv import Conv
from convgui.engine.looking.statistics import statistics_of
from convgui.engine.network import Chain, evaluate, keep_strongest
from convgui.engine.reading import Reading
from convgui.engine.strategies.recent import Recent
from convgui.engine.strategies.tiles import Window
from convgui.model.colouring import look_for
from convgui.model.state import Display

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

    from convgui.engine.kernels.kernel import Kernel
    from convgui.engine.source import Source
    from convgui.model.requests import Token

Thumbnail = tuple[str, NDArray[np.uint8]]

THUMBNAIL = 152
"""Pixels of a thumbnail's longer side: twice what it measures on the screen."""

ROWS, COLS, STEPS = 870, 1200, 40_000
"""Largest part of the input that thumbnails show: more would take seconds for each new picture."""


KEPT = 4
"""Sets of thumbnails that are cached, so that they are shown at once when opening another picture is undone."""

QUICK = 8
"""While the compiler runs, the sides are shorter by this factor."""


def thumbnail_window(source: Source, x: float, y: float, *, quick: bool = False) -> Window:
    """Return the part of a source of which thumbnails are made: all of it, or what lies around a point in its middle.

    Parameters
    ----------
    x, y : float
        The point, in input coordinates.
    quick : bool
        Whether there is only the slow reference to compute them.
    """
    most_rows, most_cols = ROWS, STEPS if source.sequence else COLS
    if quick:
        most_rows, most_cols = most_rows // QUICK, most_cols // QUICK
    rows, cols = min(source.rows, most_rows), min(source.cols, most_cols)
    top = min(max(round(y - rows / 2), 0), source.rows - rows)
    left = min(max(round(x - cols / 2), 0), source.cols - cols)
    return Window(top, left, rows, cols)


_made: Recent[Hashable, tuple[Callable[[], Source | None], object, list[Thumbnail]]] = Recent(KEPT)
"""What was computed last, with a weak reference to its source, and the kernels, whose ids are part of the key."""


@dataclass(frozen=True, eq=False)
class ThumbnailsRequest:
    """The effect of each of some kernels on a part of the source; each is delivered as soon as it is there.

    It is the map itself, at full resolution, reduced as the pane reduces it: the strongest value of each block.

    Attributes
    ----------
    entries : tuple of str
        Kernels of the catalogue.
    part : Window
        From `thumbnail_window`.
    own : tuple of (str, Kernel)
        Other kernels, each with the name under which its picture is delivered.
    colour : str
        How several channels are read.
    dark : bool
        Whether the colours are those of the dark theme.
    """

    source: Source
    entries: tuple[str, ...]
    part: Window
    own: tuple[tuple[str, Kernel], ...] = ()
    colour: str = "luminance"
    dark: bool = False

    def __call__(self, token: Token) -> int:
        """Compute them, or take those that are kept; deliver each as (name, colours), and return how many there are."""
        made: list[Thumbnail] = []
        count = len(self.entries) + len(self.own)
        for done, one in enumerate(self._kept() or self._compute(token), 1):
            made.append(one)
            token.deliver(one)
            token.progress(done / count)
        _made.keep(self._key(), (ref(self.source), self.own, made))
        return count

    def kept(self) -> bool:
        """Whether they are kept from before, so that nothing has to be computed."""
        return self._kept() is not None

    def _compute(self, token: Token) -> Iterator[Thumbnail]:
        for name, kernel in self._kernels():
            chain = Chain(self.source, Reading(self.colour), (Conv(kernel, border="replicate"),))
            values = evaluate(chain, self.part, maps=0, wait=False, cancelled=token.cancelled)[0]
            look = look_for(chain, Display(), self.dark)
            yield name, look.apply(reduced(values), statistics_of(values))[0]

    def _key(self) -> Hashable:
        own = tuple((name, id(kernel)) for name, kernel in self.own)
        return id(self.source), self.entries, self.part, own, self.colour, self.dark

    def _kept(self) -> list[Thumbnail] | None:
        source, _, made = _made.get(self._key()) or (lambda: None, (), None)
        return made if source() is self.source else None

    def _kernels(self) -> Iterator[tuple[str, Kernel]]:
        for name in self.entries:
            yield name, catalog.make(name)
        yield from self.own


def reduced(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the strongest value of each block, so that no side is longer than a thumbnail's."""
    rows, cols = values.shape
    step = -(-max(rows, cols) // THUMBNAIL)
    if step <= 1:
        return values
    out = np.empty((1, -(-rows // step), -(-cols // step)), np.float32)
    keep_strongest(np.ascontiguousarray(values)[None], out, 0, 0, step)
    return out[0]
