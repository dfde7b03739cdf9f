"""Requests: frozen descriptions of what is to be computed; called with a token, on a worker's thread, they compute it."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

from convgui.engine.large import Large
from convgui.engine.looking.colours import colourise, display_range, picture, zero_centred
from convgui.engine.looking.limits import Limits, limits_of
from convgui.engine.looking.many import USUAL_STRENGTH, Many
from convgui.engine.looking.statistics import Statistics, output_statistics, statistics_of, statistics_of_sample
from convgui.engine.looking.together import together
from convgui.engine.network import evaluate
from convgui.engine.source import Source, mix_plane
from convgui.model.bases import basis_of
from convgui.model.totals import known_totals, totals_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.engine.network import Chain
    from convgui.engine.strategies.tiles import Window
    from convgui.model.geometry import Along
    from convgui.model.levels import Level


class Token(Protocol):
    """How a running request learns whether it is cancelled, and reports its progress."""

    def cancelled(self) -> bool:
        """Whether nobody wants the result any more."""
        ...

    def progress(self, part: float) -> None:
        """Say which part is done, from 0 to 1."""
        ...

    def deliver(self, result: Any) -> None:
        """Hand over a part of the result."""
        ...


class Tables(NamedTuple):
    """Colour tables for signed maps, for maps without negative values, and for maps that are pictures like the input."""

    signed: NDArray[np.uint8]
    sequential: NDArray[np.uint8]
    picture: NDArray[np.uint8]
    diverging: bool = True

    def choose(self, known: Statistics, is_picture: bool) -> NDArray[np.uint8]:
        """Return the table that suits a map."""
        if is_picture:
            return self.picture
        return self.signed if known.signed else self.sequential


@dataclass(frozen=True, eq=False)
class Look:
    """How a map is coloured: the rule for its limits, the tables, and the input's range if the map is a picture too."""

    rule: Limits
    tables: Tables
    picture: tuple[float, float] | None = None

    def same(self, other: Look) -> bool:
        """Whether another one gives every value the same colour."""
        tables = zip(self.tables[:3], other.tables[:3], strict=True)
        rules = (self.rule, self.picture, self.tables.diverging) == (other.rule, other.picture, other.tables.diverging)
        return rules and all(mine is others for mine, others in tables)

    def limits(self, known: Statistics) -> tuple[float, float]:
        """Return the ends of the colour map for a map of which this is known."""
        return limits_of(self.rule, known, self.picture)

    def apply(self, values: NDArray[np.float32], known: Statistics) -> tuple[NDArray[np.uint8], tuple[float, float]]:
        """Return the colours of the values, and the limits."""
        limits = self.limits(known)
        return colourise(values, *limits, self.table(known, limits)), limits

    def table(self, known: Statistics, limits: tuple[float, float]) -> NDArray[np.uint8]:
        """Return the colour table for a map of which this is known; a diverging one keeps its middle at zero."""
        table = self.tables.choose(known, self.picture is not None)
        signed = self.tables.diverging and table is self.tables.signed
        return zero_centred(table, *limits) if signed else table


@dataclass(frozen=True, eq=False)
class MapImage:
    """A part of a map as it is shown.

    Attributes
    ----------
    request : MapRequest
        What it was computed for.
    values : ndarray of float32, shape (rows, cols)
        At every step-th cell of the window, or the strongest of each block.
    colours : ndarray of uint8, shape (rows, cols, 3)
    limits : (float, float)
    known : Statistics
        Of the whole map if `whole`, else of these values.
    seconds : float
        How long the evaluation took.
    """

    request: MapRequest
    values: NDArray[np.float32]
    colours: NDArray[np.uint8]
    limits: tuple[float, float]
    table: NDArray[np.uint8]
    known: Statistics
    whole: bool
    seconds: float


class Copy(NamedTuple):
    """What is looked at in place of a picture that is larger than memory: how coarse it is, and how it was made.

    Attributes
    ----------
    ratio, how : str
    rows, cols : int
        Of the whole map at full resolution.
    """

    ratio: str
    how: str
    rows: int
    cols: int


@dataclass(frozen=True, eq=False)
class MapRequest:
    """The part of a map that a pane shows, the last layer's of a chain, whose cells lie where `axes` puts them.

    `refine`: with the limits of the whole map and the strongest values; of a picture that is larger than memory, with the
    limits of what is in sight. `copy`: the smaller copy of it that is looked at. `cost`: of a sample, in multiplications.
    `survey`: from where and with which step the whole map is sampled for its limits, where only a part of it is in sight.
    `together`: all maps are shown as one picture, in which way; else empty. `overlay`: colours get an alpha channel, so that
    what lies below is seen where the map says little, see `veiled`; None if nothing lies below.
    """

    chain: Chain
    map: int
    window: Window
    step: int
    look: Look
    axes: tuple[Along, Along]
    known: Statistics | None = None
    refine: bool = False
    copy: Copy | None = None
    cost: float = 0.0
    together: str = ""
    overlay: float | None = None
    survey: tuple[Window, int] | None = None

    def __call__(self, token: Token) -> MapImage:
        """Compute it."""
        if (map := self._strongest(token)) is not None:
            image = replace(replace(self, map=map)._one(token), request=self)
        else:
            image = self._together(token) if self.together else self._one(token)
        if self.overlay is None:
            return image
        return replace(image, colours=veiled(image.colours, image.values, image.limits, self.overlay))

    def _strongest(self, token: Token) -> int | None:
        """Return the map with the largest sum over the whole picture, where it is the one to show.

        Until it is known, which takes all values of all maps, the one with the largest sum in sight is shown.
        """
        if self.together != "select_max":
            return None
        sums = totals_of(self.chain, token.cancelled, token.progress) if self.refine else known_totals(self.chain)
        return None if sums is None else Many(order="total").shown(None, sums, sums)[0]

    def _together(self, token: Token) -> MapImage:
        """Show all maps as one picture; what is known of it is what is in sight."""
        begun = time.perf_counter()
        maps = evaluate(
            self.chain, self.window, self.step, wait=self.refine, cancelled=token.cancelled, progress=token.progress
        )
        basis = basis_of(self.chain, token.cancelled) if self.together == "pca" else None
        values = together(maps, self.together) if basis is None else basis.first(maps)
        seconds, seen = time.perf_counter() - begun, statistics_of(values)
        colours, limits = self.look.apply(values, seen)
        if basis is not None:
            colours = basis.colours(maps)
        return MapImage(self, values, colours, limits, self.look.table(seen, limits), seen, False, seconds)

    def _one(self, token: Token) -> MapImage:
        begun = time.perf_counter()
        strongest = self.refine and self.step > 1
        progress = token.progress if not self.refine else (lambda part: token.progress(part / 2))
        values = evaluate(
            self.chain,
            self.window,
            self.step,
            maps=self.map,
            strongest=strongest,
            wait=self.refine,
            cancelled=token.cancelled,
            progress=progress,
        )[0]
        seconds = time.perf_counter() - begun
        known = self.known
        if known is None and self.refine and not self.chain.source.in_parts:
            known = output_statistics(
                self.chain,
                self.map,
                cancelled=token.cancelled,
                progress=lambda part: token.progress(0.5 + part / 2),
            )
        whole = known is not None
        seen = known if known is not None else self._about(values, token)
        colours, limits = self.look.apply(values, seen)
        return MapImage(self, values, colours, limits, self.look.table(seen, limits), seen, whole, seconds)

    def _about(self, values: NDArray[np.float32], token: Token) -> Statistics:
        """Return about what is known of the map from what is in sight, or from a sample of all of it."""
        if self.survey is None:
            if self.step == 1 or min(values.shape) < 2:
                return statistics_of(values)
            return statistics_of_sample(values[1:, 1:], values)  # the border is one row of the map, not one of `step` rows
        window, step = self.survey
        sample = evaluate(self.chain, window, step, maps=self.map, wait=False, cancelled=token.cancelled)[0]
        return statistics_of_sample(sample, values)


MOST_SEEN, ALL_SEEN = 235, 255
"""How opaque a map is at its limits, of 255, where it lies over the photo: as usual, and where all of it is seen."""

VEIL = 0.6
"""The power that makes weak values seen as well, at the usual strength."""


def veiled(
    colours: NDArray[np.uint8], values: NDArray[np.float32], limits: tuple[float, float], strength: float = USUAL_STRENGTH
) -> NDArray[np.uint8]:
    """Return colours with an alpha channel: the farther a value is from 0, the less is seen of what lies below.

    `strength` goes from 0, where only what reaches the limits is seen, to 1, where nothing is seen of what lies below.

    >>> pair = np.zeros((1, 2, 3), np.uint8), np.array([[0.2, -2]], np.float32), (-2, 2)
    >>> [veiled(*pair, strength)[0, :, 3].tolist() for strength in (0, 0.5, 1)]
    [[0, 235], [59, 235], [255, 255]]
    """
    largest = max(abs(limits[0]), abs(limits[1])) or 1.0
    power = VEIL * ((1 - strength) / strength) ** 1.5 if strength > 0 else np.inf
    most = MOST_SEEN + (ALL_SEEN - MOST_SEEN) * max(2 * strength - 1, 0)
    with np.errstate(invalid="ignore", over="ignore", under="ignore"):
        part = np.nan_to_num(np.minimum(np.abs(values) / np.float32(largest), 1), nan=1.0)
        alpha = (most * part**power).round().astype(np.uint8)
    return np.ascontiguousarray(np.dstack([colours, alpha]))


MOST_NUMBERS = 20_000
"""Cells of which the values are kept, so that a pane can show them."""


@dataclass(frozen=True, eq=False)
class PictureImage:
    """A part of the input as it is shown, and the stored numbers that are black and white."""

    request: PictureRequest
    colours: NDArray[np.uint8]
    range: tuple[float, float]
    values: NDArray[np.float32] | None


@dataclass(frozen=True, eq=False)
class PictureRequest:
    """The part of the input that a pane shows, each `step` pixels averaged; the level is the input, or a copy of it."""

    level: Level
    window: Window
    step: int
    mix: NDArray[np.float64]
    range: tuple[float, float] | None = None
    offset: float = 0.0

    @property
    def source(self) -> Source:
        """What is read."""
        return self.level.source

    def __call__(self, token: Token) -> PictureImage:
        """Compute it."""
        if isinstance(self.source, Large):  # which may take a while, and be given up
            top, left, rows, cols = self.window
            self.source.holding(range(top, top + rows), range(left, left + cols), token.cancelled)
        shown = self.range or display_range(self.source)
        parts = channels_of(self.source) if self.source.sequence else (self.source,)
        colours = np.concatenate([picture(part, self.window, self.step, *shown) for part in parts])
        return PictureImage(self, colours, shown, self._values())

    def _values(self) -> NDArray[np.float32] | None:
        """Return the values that the layer reads, where they are few enough to be written into the cells.

        Of a sequence every step-th of each channel is returned, which is drawn as a stem.
        """
        top, left, rows, cols = self.window
        if self.source.sequence:
            stored = self.source.cube[0, left : left + cols : self.step].T
            return mix_plane(stored[:, :, None], np.array([self.source.scale]))
        if self.step > 1 or rows * cols > MOST_NUMBERS or self.level.how:
            return None
        plane = mix_plane(self.source.part(range(top, top + rows), range(left, left + cols)), self.mix)
        return plane + np.float32(self.offset) if self.offset else plane


def channels_of(source: Source) -> list[Source]:
    """Return each channel of a source as a source of its own, without a copy where it has only one."""
    if source.channels == 1:
        return [source]
    return [Source(source.cube[:, :, c], source.scale, toy=source.toy) for c in range(source.channels)]
