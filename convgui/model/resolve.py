"""What the panes show of a document: resolved from the document, from what a pane sees, and from the theme, all at once.

Whoever shows it compares what is resolved with what was resolved before, and asks only for what differs.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import ceil, sqrt
from typing import TYPE_CHECKING

from convgui.engine.layers.geometry import Axis
from convgui.engine.network import choose
from convgui.engine.strategies.tiles import Window
from convgui.model import colouring
from convgui.model.geometry import Spread
from convgui.model.levels import axes_on, chain_on, level_for
from convgui.model.requests import Copy, MapRequest, PictureRequest
from convgui.model.speed import Speed
from convgui.model.viewport import on_source, step_at_once, step_for, visible

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from convgui.engine.looking.statistics import Statistics
    from convgui.engine.network import Chain
    from convgui.engine.network.wanted import Wanted
    from convgui.engine.source import Source
    from convgui.model.geometry import Along
    from convgui.model.inputs import Input
    from convgui.model.levels import Level
    from convgui.model.requests import Look
    from convgui.model.state import State
    from convgui.model.viewport import Viewport

WORTH = 0.8
"""Part of its cost that a sample may keep when it becomes coarser."""

SURVEYED, SURVEY = 16_000, 0.25
"""About how many values tell the limits of a map of which a part is in sight, and which part of the time they may take."""

COARSEST = 4
"""Screen pixels for each value of a sample, at most, while something is being changed."""


@dataclass(frozen=True)
class Sight:
    """What a pane sees: a viewport, the pane's width and height in pixels, and the device's pixels for each of these.

    `speed`: what can be computed until the next frame.
    """

    viewport: Viewport
    width: float
    height: float
    ratio: float = 1.0
    speed: Speed = field(default_factory=Speed)


@dataclass(frozen=True, eq=False)
class WantedMap:
    """A part of a map, the last layer's of a chain.

    Attributes
    ----------
    chain : Chain
    map : int
    window : Window
    step : int
        Of the sample that is shown at once; `finest` is that of the refined map, with the window `whole`.
    axes : (Along, Along)
        Where its cells lie on those of the other pane.
    look : Look
    copy : Copy, optional
        The smaller copy of the picture over which it is computed.
    cost : float
        Of the sample, in multiplications.
    together, overlay, survey
        See `MapRequest`.
    """

    chain: Chain
    map: int
    window: Window
    step: int
    whole: Window
    finest: int
    axes: tuple[Along, Along]
    look: Look
    copy: Copy | None = None
    cost: float = 0.0
    together: str = ""
    overlay: float | None = None
    survey: tuple[Window, int] | None = None

    def values_of(self, other: WantedMap | None) -> bool:
        """Whether another part has the same map, so that what is known of its values is known of this."""
        shown = (self.map, self.together) == (other.map, other.together) if other is not None else False
        return other is not None and shown and same_chain(self.chain, other.chain)

    def same(self, other: WantedMap | None) -> bool:
        """Whether another part looks the same."""
        return (
            other is not None
            and self.values_of(other)
            and (self.window, self.step) == (other.window, other.step)
            and (self.whole, self.finest) == (other.whole, other.finest)
            and (self.axes, self.overlay) == (other.axes, other.overlay)
            and self.look.same(other.look)
        )

    def request(self, known: Statistics | None, *, refine: bool) -> MapRequest:
        """Return the request for the sample, or for the refined map."""
        window, step = (self.whole, self.finest) if refine else (self.window, self.step)
        how = refine, self.copy, self.cost, self.together, self.overlay, None if refine else self.survey
        return MapRequest(self.chain, self.map, window, step, self.look, self.axes, known, *how)


@dataclass(frozen=True, eq=False)
class WantedPicture:
    """A part of the source as a picture, under which the plane lies that `mix` and `offset` make of its channels.

    `level` is what is looked at: the source, or a smaller copy of it, whose cells the window has.
    """

    source: Source
    level: Level
    window: Window
    step: int
    mix: NDArray[np.float64]
    offset: float
    read: Input

    def same(self, other: WantedPicture | None) -> bool:
        """Whether another part looks the same."""
        return (
            other is not None
            and self.level.source is other.level.source
            and (self.window, self.step, self.offset) == (other.window, other.step, other.offset)
            and bool((self.mix == other.mix).all())
            and (self.read.direct, self.read.place) == (other.read.direct, other.read.place)
        )

    def request(self, known: tuple[float, float] | None) -> PictureRequest:
        """Return what computes it; `known` are the stored numbers that are black and white, as soon as they are known."""
        return PictureRequest(self.level, self.window, self.step, self.mix, known, self.offset)


@dataclass(frozen=True, eq=False)
class Shown:
    """What both panes show; None where nothing of it is in sight.

    Attributes
    ----------
    why : str
        Why there is no map, in a sentence; empty if there is one.
    input : WantedPicture or WantedMap, optional
        The photo, or what the layer that is looked at reads.
    map : WantedMap, optional
        What it makes of it.
    under : WantedPicture, optional
        The photo over which the map lies.
    """

    why: str
    input: WantedPicture | WantedMap | None
    map: WantedMap | None
    under: WantedPicture | None = None


def resolve(state: State, sight: Sight, *, dark: bool) -> Shown:
    """Return what both panes show of a document."""
    if state.input.sequence:  # its row is in the middle of the pane
        sight = replace(sight, viewport=replace(sight.viewport, y=0.5))
    shown, overlay = _input(state, sight, dark=dark), state.over_photo
    if state.why:
        return Shown(state.why, shown, None)
    return Shown("", shown, _map(state, sight, dark=dark), _picture(state, sight) if overlay else None)


def _input(state: State, sight: Sight, *, dark: bool) -> WantedPicture | WantedMap | None:
    read = state.input
    if read.direct or state.display.photo:
        return _picture(state, sight)
    chain, axes, copy = _over_level(read.chain, read.axes, state, sight)
    step = step_for(sight.viewport.zoom, max(axes[0].stride, axes[1].stride) if copy else 1, sight.ratio)
    part = visible(*axes, sight.viewport, sight.width, sight.height, step)
    if not part.rows or not part.cols:
        return None
    look = colouring.look_below(state, dark)
    return WantedMap(chain, read.map, part, step, part, step, axes, look, copy)


def _over_level(
    chain: Chain, axes: tuple[Along, Along], state: State, sight: Sight
) -> tuple[Chain, tuple[Along, Along], Copy | None]:
    """Return a chain over the copy of the picture that fits the zoom, where its cells lie, and which copy it is."""
    level = _level(state, sight)
    over = chain_on(chain, level)
    if not level.how or over is None:
        return chain, axes, None
    copy = Copy(level.ratio, level.how, axes[0].outputs, axes[1].outputs)
    return over, axes_on(over, level, state.input), copy


def _level(state: State, sight: Sight) -> Level:
    return level_for(state.source, 1 / (on_source(sight.viewport, state.input).zoom * sight.ratio))


def _picture(state: State, sight: Sight) -> WantedPicture | None:
    source, read, level = state.source, state.input, _level(state, sight)
    view = on_source(sight.viewport, read)
    step = step_for(view.zoom, float(level.across), sight.ratio)
    down: Along = Axis(source.rows, 1)
    across: Along = Axis(source.cols, 1)
    if level.how:
        sides = (level.source.rows, level.down), (level.source.cols, level.across)
        down, across = (Spread(count, count, 0.0, float(factor)) for count, factor in sides)
    window = visible(down, across, view, sight.width, sight.height, step)
    if not window.rows or not window.cols:
        return None
    return WantedPicture(source, level, window, step, read.mix, read.offset if read.direct else 0.0, read)


def _map(state: State, sight: Sight, *, dark: bool) -> WantedMap | None:
    assert state.axes is not None
    chain, axes, copy = _over_level(state.looked_at, state.axes, state, sight)
    view = sight.viewport
    finest, step = (rule(view.zoom, max(axes[0].stride, axes[1].stride), sight.ratio) for rule in (step_for, step_at_once))
    whole, part = (visible(*axes, view, sight.width, sight.height, each) for each in (finest, step))
    if not part.rows or not part.cols:
        return None
    many = state.display.many
    together = many.together if state.way == "picture" else ""
    wanted = choose(chain, maps=None if together else state.map, wait=False)
    step, cost = _affordable(wanted, part, step, COARSEST * finest, sight.speed.at_once)
    part = visible(*axes, view, sight.width, sight.height, step)
    look = colouring.look(state, dark)
    overlay = many.strength if state.over_photo else None
    survey = None if together or chain.source.in_parts else _survey(wanted, part, SURVEY * sight.speed.at_once)
    return WantedMap(chain, state.map, part, step, whole, finest, axes, look, copy, cost, together, overlay, survey)


def _survey(wanted: Wanted, part: Window, most: float) -> tuple[Window, int] | None:
    """Return where and how far apart a whole map is sampled if a small part of it is in sight; None if it costs too much.

    The cells in the middle of blocks are taken, as those at the border have other values.
    """
    _, rows, cols = wanted.shape
    if 2 * part.rows * part.cols >= rows * cols:
        return None
    step = max(ceil(sqrt(rows * cols / SURVEYED)), 1)
    top, left = (min(step, count) // 2 for count in (rows, cols))
    window = Window(top, left, rows - top, cols - left)
    return (window, step) if wanted.cost(window, step) <= most else None


def _affordable(wanted: Wanted, part: Window, step: int, coarsest: int, most: float) -> tuple[int, float]:
    """Return the step and the cost of a sample that is computed before the next frame.

    A coarser one at once is worth more than a finer one late, and at rest it is refined. Where coarser ones take about as
    long, as they read as much, it stays fine.
    """
    first, cost = step, wanted.cost(part, step) if step > 1 else 0.0
    while cost > most and step + first <= coarsest and (coarser := wanted.cost(part, step + first)) < WORTH * cost:
        step, cost = step + first, coarser
    return step, cost


def same_chain(a: Chain, b: Chain) -> bool:
    """Whether two chains compute the same: layers are known by what they are, not by what they say."""
    return a is b or (a.source is b.source and a.reading == b.reading and a.layers == b.layers)
