"""What an export would write: format, size and limits, and what prevents it, as its dialog says them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from convgui.controllers.take.names import free_name
from convgui.engine.looking.limits import limits_of
from convgui.engine.shown import apart
from convgui.io.export.animation import animation_fault
from convgui.io.export.formats import NUMBER_FORMATS, describe_export, map_paths, number_paths
from convgui.views.take.export_dialog import Plan
from convgui.views.take.figure_parts import AS_USUAL, GROUNDS, FigureOptions

if TYPE_CHECKING:
    from collections.abc import Callable

    from convgui.engine.looking.statistics import Statistics
    from convgui.model.requests import Look
    from convgui.model.state import State
    from convgui.worker.runner import Token

NAMELESS = "Give the file a name."

FEW = 3
"""Files that exist up to which all are named."""


class Place(NamedTuple):
    """Where an export is to go, as it is chosen in the dialog.

    Attributes
    ----------
    extension, path : str
    free : bool
        Whether the name is only suggested, so that one that is not taken may be suggested instead.
    """

    extension: str
    path: str
    free: bool = False


@dataclass(frozen=True, eq=False)
class PlanRequest:
    """An export as it is chosen in the dialog; the statistics of the maps are empty as long as they are computed.

    `pixels` are those of a cell of a picture, `size` width and height: of a figure in points, of a picture of many maps in
    pixels. `maps` are those of a grid of which each becomes a picture of its own; none if there is one file.
    """

    kind: str
    place: Place
    state: State
    look: Look
    statistics: tuple[Statistics, ...] = ()
    pixels: int = 1
    options: FigureOptions = AS_USUAL
    size: tuple[float, float] = (1.0, 1.0)
    maps: tuple[int, ...] = ()

    def __call__(self, token: Token) -> Plan:
        """Return what the dialog says; looks into the file system."""
        plan = _placed(self.place, self.statistics, self.kind, self._paths)
        if not self.statistics:
            return plan._replace(sentence="Computing the range …", possible=False)
        return plan._replace(sentence=self._sentence())

    def _paths(self, target: Path) -> list[Path]:
        """Return the files that become of a name."""
        if self.maps:
            return map_paths(target, self.maps)
        return number_paths(target, self.state.shown_maps) if self.kind == "numbers" else [target]

    def _sentence(self) -> str:
        low, high = self._limits()
        if self.kind == "figure":
            return f"{self._figure()}, colours from {' to '.join(apart([low, high]))}."
        shape = self.state.output_shape
        assert shape is not None
        given = self.state.shown_maps, shape.rows, shape.cols
        if self.kind == "picture":
            given = len(self.maps) or 1, shape.rows * self.pixels, shape.cols * self.pixels
        if self.kind == "picture" and self.state.over_photo:
            given = 1, self.state.source.rows * self.pixels, self.state.source.cols * self.pixels
        elif self.kind == "picture" and self.state.way == "grid" and not self.maps:
            given = 1, round(self.size[1]), round(self.size[0])
        own = bool(self.maps) and not self.state.display.many.shared
        named = f", named …{map_paths('x' + self.place.extension, self.maps)[0].name[1:]} and so on" if self.maps else ""
        return f"{describe_export(self.kind, self.place.extension, given, low, high, own=own)}{named}."

    def _limits(self) -> tuple[float, float]:
        """Return least and largest value of numbers, or what stands at the ends of the colour map of a picture."""
        if self.kind == "numbers":
            return min(known.low for known in self.statistics), max(known.high for known in self.statistics)
        return limits_of(self.look.rule, self.statistics[0], self.look.picture)

    def _figure(self) -> str:
        (width, height), options = self.size, self.options
        clear = "" if GROUNDS[options.ground].fill else ", transparent"
        if self.place.extension == ".png":
            size = f"{width * options.scale:.0f} × {height * options.scale:.0f} pixels, {96 * options.scale:.0f} dpi"
            return f"PNG, {size}{clear}"
        return f"{self.place.extension[1:].upper()}, vector, {width:.0f} × {height:.0f} points{clear}"


@dataclass(frozen=True, eq=False)
class AnimationPlanRequest:
    """An animation as it is chosen in the dialog; the sentence says how long and how large it will be."""

    place: Place
    sentence: str

    def __call__(self, token: Token) -> Plan:
        """Return what the dialog says; looks into the file system."""
        plan = _placed(self.place, (), "animation")._replace(sentence=self.sentence)
        if plan.possible and (fault := animation_fault(self.place.path)):
            return plan._replace(warning=fault, possible=False)
        return plan


def _one(target: Path) -> list[Path]:
    return [target]


def _placed(place: Place, statistics: tuple[Statistics, ...], kind: str, paths: Callable[[Path], list[Path]] = _one) -> Plan:
    """Return what can be said of a place: what stands in the way, and the name that is suggested.

    `paths`: the files that become of a name.
    """
    target = Path(place.path)
    if place.path.endswith(os.sep) or not target.name or target.name.startswith("."):
        return Plan("", NAMELESS, False, "Export")
    if place.free:
        target = free_name(target, lambda path: any(os.path.lexists(one) for one in paths(path)))
    existing = [path.name for path in paths(target) if path.is_file()]
    warning, possible = _warning(place.extension, target, existing)
    sixteen_bits = kind == "numbers" and "16" in dict(NUMBER_FORMATS).get(place.extension, "")
    if possible and sixteen_bits and any(known.other for known in statistics):
        warning = "The map has values that are not finite, which 16-bit PNG cannot hold; choose another format."
        possible = False
    return Plan("", warning, possible, "Replace" if existing else "Export", target.name if place.free else "")


def _warning(extension: str, target: Path, existing: list[str]) -> tuple[str, bool]:
    """Return what stands in the way or has to be known, and whether the export is possible."""
    if not target.suffix or target.suffix.lower() != extension.lower()[-len(target.suffix) :]:
        return f"The name should end in {extension}, so that other programs know the format.", True
    if not target.parent.is_dir():
        return f"There is no folder {target.parent}.", False
    if not os.access(target.parent, os.W_OK):
        return f"The folder {target.parent} cannot be written to; choose another one.", False
    if target.is_dir():
        return f"{target.name} is a folder; choose another name.", False
    if existing:
        few = existing if len(existing) <= FEW else [existing[0], f"{len(existing) - 1:,} more"]
        return f"{' and '.join(few)} {'exists' if len(existing) == 1 else 'exist'} and will be replaced.", True
    return "", True
