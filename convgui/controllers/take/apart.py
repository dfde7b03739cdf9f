"""Each map of a grid as a picture of its own: all of them are written, or none is left."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from convgui.controllers.recipes import Written, carried_by
from convgui.controllers.take.many import maps_of_grid
from convgui.controllers.take.requests import enlarged
from convgui.engine.looking.statistics import statistics_of_map
from convgui.engine.looking.totals import HELD
from convgui.engine.network import evaluate
from convgui.io.export.carried import no_room
from convgui.io.export.formats import map_paths, save_picture
from convgui.model.map_grid import glance_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from convgui.model.map_grid import Glance
    from convgui.model.requests import Look
    from convgui.model.state import State
    from convgui.worker.runner import Token


@dataclass(frozen=True, eq=False)
class PicturesExport:
    """Write a picture for each map that the grid shows, with the limits that it has there: shared, or its own.

    Each value becomes a square of `pixels` x `pixels`, of exactly its colour. `maps` are those of the grid, where they are
    known.
    """

    state: State
    look: Look
    path: str
    pixels: int = 1
    maps: tuple[int, ...] = ()

    def __call__(self, token: Token) -> Written:
        """Compute and write them; where that ends early, those that were not there before are removed."""
        glance, recipe = glance_at(self.state.looked_at, token), carried_by(self.state)
        maps = self.maps or tuple(maps_of_grid(self.state, glance, token))
        paths = map_paths(self.path, maps)
        new = [path for path in paths if not os.path.lexists(path)]
        try:
            for path, colours in zip(paths, self._coloured(maps, glance, token), strict=True):
                save_picture(path, colours, token.cancelled, recipe=recipe)
        except BaseException:
            for path in new:
                with contextlib.suppress(OSError):
                    path.unlink(missing_ok=True)
            raise
        return Written(str(paths[0]), no_room(paths[0], recipe), len(paths) - 1)

    def _coloured(self, maps: tuple[int, ...], glance: Glance, token: Token) -> Iterator[NDArray[np.uint8]]:
        """Return the colours of each map; as many maps are computed at a time as can be held."""
        assert self.state.output_shape is not None
        _, rows, cols = self.state.output_shape
        many = max(HELD // (4 * rows * cols), 1)
        for start in range(0, len(maps), many):
            some = maps[start : start + many]
            computed = evaluate(
                self.state.looked_at,
                maps=some,
                cancelled=token.cancelled,
                progress=partial(_tell, token, start, len(some) / 2, len(maps)),
            )
            for k, values in enumerate(computed, 1):
                known = glance.known if self.state.display.many.shared else statistics_of_map(values)
                yield enlarged(self.look.apply(values, known)[0], self.pixels)
                _tell(token, start, (len(some) + k) / 2, len(maps))


def _tell(token: Token, before: int, of_these: float, count: int, part: float = 1.0) -> None:
    """Say how far it is: computing a map, and writing it, are half of it each."""
    token.progress((before + of_these * part) / count)
