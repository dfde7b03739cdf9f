"""What a worker does for an export: it computes maps at full resolution and writes them as picture, numbers or figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from convgui.controllers.recipes import Written, carried_by
from convgui.controllers.take.figures import Material, figure, material, strongest
from convgui.controllers.take.many import colours_of_many, kept_maps
from convgui.engine.looking.statistics import statistics_of_map
from convgui.engine.network import evaluate
from convgui.io.atomic import write_atomically
from convgui.io.export.carried import KEY, into, no_room, xmp
from convgui.io.export.formats import save_numbers, save_picture
from convgui.model.layer_words import chain_words
from convgui.views.take.figure_preview import preview_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.engine.looking.statistics import Statistics
    from convgui.model.requests import Look
    from convgui.model.state import State
    from convgui.views.take.figure_parts import FigureOptions
    from convgui.worker.runner import Token

LONGEST = 500
"""Pixels that the longer side of a preview has at least, where the map has so many."""


def all_values(state: State, token: Token, only: int | list[int] | None = None) -> NDArray[np.float32]:
    """Return all maps, or some of them, at full resolution."""
    return evaluate(state.looked_at, maps=only, cancelled=token.cancelled, progress=token.progress)


@dataclass(frozen=True, eq=False)
class MapsRequest:
    """The maps that are taken away as numbers, or one of all maps, at full resolution, and the statistics of each."""

    state: State
    only: int | None = None

    def __call__(self, token: Token) -> tuple[NDArray[np.float32], list[Statistics]]:
        """Compute them."""
        maps = all_values(self.state, token, kept_maps(self.state, token) if self.only is None else self.only)
        return maps, [statistics_of_map(values) for values in maps]  # exactly the limits that the window shows


class Preview(NamedTuple):
    """An export as it will look, reduced, and the statistics of the maps.

    `size`: width and height, of a figure in points, of a picture of several maps in pixels. `maps`: those of a grid.
    """

    colours: NDArray[np.uint8]
    statistics: tuple[Statistics, ...]
    size: tuple[float, float] = (1.0, 1.0)
    maps: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class PreviewRequest:
    """Draw what an export of a kind (picture, numbers) will look like."""

    kind: str
    state: State
    look: Look

    def __call__(self, token: Token) -> Preview:
        """Compute and draw it."""
        if self.kind == "picture" and (many := colours_of_many(self.state, self.look, token)) is not None:
            rows, cols, _ = many.colours.shape
            step = max(max(rows, cols) // (2 * LONGEST), 1)
            small = np.ascontiguousarray(many.colours[::step, ::step])
            return Preview(small, (many.known,), (float(cols), float(rows)), many.maps)
        only = None if self.kind == "numbers" else self.state.map
        maps, statistics = MapsRequest(self.state, only)(token)
        values, known = maps[0], statistics[0]
        step = max(max(values.shape) // LONGEST, 1)
        colours, _ = self.look.apply(strongest(values, step) if step > 1 else values, known)
        return Preview(colours, tuple(statistics))


@dataclass(frozen=True, eq=False)
class FigurePreviewRequest:
    """Draw a figure as large as it fits into a room of so many pixels."""

    material: Material
    options: FigureOptions
    room: tuple[int, int]

    def __call__(self, token: Token) -> Preview:
        """Draw it."""
        drawn = figure(self.material, self.options, token.cancelled)
        size = drawn.size
        return Preview(preview_of(drawn, self.room), (self.material.known,), (size.width(), size.height()))


@dataclass(frozen=True, eq=False)
class ColoursRequest:
    """Colour the shown map at full resolution; each value becomes a square of `pixels` x `pixels`, of exactly its colour."""

    state: State
    look: Look
    pixels: int = 1

    def __call__(self, token: Token) -> NDArray[np.uint8]:
        """Compute and colour it; of several maps that are looked at together, all of them."""
        if (many := colours_of_many(self.state, self.look, token)) is not None:
            return many.colours if self.state.way == "grid" else enlarged(many.colours, self.pixels)
        maps, known = MapsRequest(self.state, self.state.map)(token)
        return enlarged(self.look.apply(maps[0], known[0])[0], self.pixels)


def enlarged(colours: NDArray[np.uint8], pixels: int) -> NDArray[np.uint8]:
    """Return colours with a square of so many pixels for each."""
    return np.repeat(np.repeat(colours, pixels, axis=0), pixels, axis=1) if pixels > 1 else colours


@dataclass(frozen=True, eq=False)
class PictureExport:
    """Write the shown map, coloured."""

    colours: ColoursRequest
    path: str

    def __call__(self, token: Token) -> Written:
        """Compute and write it."""
        colours, recipe = self.colours(token), carried_by(self.colours.state)
        save_picture(self.path, colours, token.cancelled, recipe=recipe)
        return Written(self.path, no_room(self.path, recipe))


@dataclass(frozen=True, eq=False)
class NumbersExport:
    """Write the values of all maps, or of those that a grid of the strongest shows, which is noted."""

    state: State
    path: str

    def __call__(self, token: Token) -> Written:
        """Compute and write them."""
        about, kept = describe(self.state), kept_maps(self.state, token)
        if kept is not None:
            about["maps"] = ", ".join(map(str, kept))
        first, *others = save_numbers(self.path, all_values(self.state, token, kept), about, token.cancelled)
        return Written(str(first), no_room(self.path, about[KEY]), len(others))


@dataclass(frozen=True, eq=False)
class FigureExport:
    """Draw the figure and write it; what it shows is computed, unless it is known."""

    state: State
    options: FigureOptions
    path: str
    extension: str
    material: Material | None = None

    def __call__(self, token: Token) -> Written:
        """Compute, draw and write it."""
        known = self.material or material(self.state, token.cancelled, token.progress)
        recipe = carried_by(self.state)
        drawn = figure(known, self.options, token.cancelled).encoded(self.extension, xmp(self.path, recipe))
        data = into(drawn, self.extension, recipe)
        write_atomically(self.path, lambda file: file.write(data), token.cancelled)
        return Written(self.path, no_room(self.path, recipe))


def describe(state: State) -> dict[str, str]:
    """Return the settings with which the numbers can be computed again."""
    conv, function = state.conv, state.unit.applied
    about = {"source": state.source.name, "kernel": chain_words(state.looked_at.layers)}
    if conv is not None and state.unit.start == 0 and conv.kernel.weights.ndim == 2:
        about |= {
            "kernel": conv.kernel.name,
            "weights": str(conv.kernel.weights.tolist()),
            "padding": str(conv.padding),
            "border": conv.border,
            "constant": str(conv.constant),
            "stride": str(list(conv.stride)),
            "dilation": str(list(conv.dilation)),
            "bias": str(list(conv.bias)),
            "activation": function.function if function is not None else "linear",
            "flip": str(conv.flip),
        }
    about[KEY] = carried_by(state)
    return {**about, "colour": state.reading.colour, "scale": repr(state.source.scale), "software": "convgui"}
