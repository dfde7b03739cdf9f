"""What an export would write: format, size and limits, and what prevents it, as its dialog says them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from convgui.engine.looking.limits import limits_of
from convgui.engine.shown import apart
from convgui.io.export.formats import NUMBER_FORMATS, describe_export, number_paths
from convgui.views.take.export_dialog import Plan
from convgui.views.take.figure import FORMATS as FIGURE_FORMATS
from convgui.views.take.figure import PNG_SCALE, page_size

if TYPE_CHECKING:
    from convgui.engine.looking.statistics import Statistics
    from convgui.model.requests import Look
    from convgui.model.state import State
    from convgui.worker.runner import Token

NAMELESS = "Give the file a name."


@dataclass(frozen=True, eq=False)
class PlanRequest:
    """An export as it is chosen in the dialog; the statistics of the maps are empty as long as they are computed."""

    kind: str
    extension: str
    path: str
    state: State
    look: Look
    statistics: tuple[Statistics, ...] = ()

    def __call__(self, token: Token) -> Plan:
        """Return what the dialog says; looks into the file system."""
        return _plan(self)


def _plan(wanted: PlanRequest) -> Plan:
    kind, extension, target, statistics = wanted.kind, wanted.extension, Path(wanted.path), wanted.statistics
    shape = wanted.state.output_shape
    assert shape is not None
    targets = number_paths(target, shape[0]) if kind == "numbers" and target.name else [target]
    existing = [t.name for t in targets if t.is_file()]
    named = not wanted.path.endswith(os.sep)
    warning, possible = _warning(wanted, target, existing) if named else (NAMELESS, False)
    low, high = _limits(wanted)
    if not statistics:
        sentence = "Computing the range …"
    elif kind == "figure":
        width, height = _figure_size(wanted.state, extension)
        kind_of = dict(FIGURE_FORMATS)[extension].split(",")[0]
        sentence = f"{kind_of}, {width}, {height}, colours from {' to '.join(apart([low, high]))}."
    else:
        sentence = describe_export(kind, extension, shape if kind == "numbers" else (1, *shape[1:]), low, high)
    return Plan(sentence, warning, possible and bool(statistics), "Replace" if existing else "Export")


def _limits(wanted: PlanRequest) -> tuple[float, float]:
    """Return least and largest value of numbers, or what stands at the ends of the colour map of a picture."""
    if not wanted.statistics:
        return 0.0, 1.0
    if wanted.kind == "numbers":
        return min(known.low for known in wanted.statistics), max(known.high for known in wanted.statistics)
    return limits_of(wanted.look.rule, wanted.statistics[0], wanted.look.picture)


def _figure_size(state: State, extension: str) -> tuple[str, str]:
    shape = state.output_shape
    assert shape is not None
    size = page_size((state.input.rows, state.input.cols), shape[1:])
    if extension == ".png":
        return f"{size.width() * PNG_SCALE:.0f} × {size.height() * PNG_SCALE:.0f} pixels", "8-bit RGB"
    return f"{size.width():.0f} × {size.height():.0f} points", "vector"


def _warning(wanted: PlanRequest, target: Path, existing: list[str]) -> tuple[str, bool]:
    """Return what stands in the way or has to be known, and whether the export is possible."""
    extension = wanted.extension
    if not target.name or target.name.startswith("."):
        return NAMELESS, False
    if not target.suffix or target.suffix.lower() != extension.lower()[-len(target.suffix) :]:
        return f"The name should end in {extension}, so that other programs know the format.", True
    if not target.parent.is_dir():
        return f"There is no folder {target.parent}.", False
    if not os.access(target.parent, os.W_OK):
        return f"The folder {target.parent} cannot be written to; choose another one.", False
    if target.is_dir():
        return f"{target.name} is a folder; choose another name.", False
    sixteen_bits = wanted.kind == "numbers" and "16" in dict(NUMBER_FORMATS).get(extension, "")
    if sixteen_bits and any(known.other for known in wanted.statistics):
        return "The map has values that are not finite, which 16-bit PNG cannot hold; choose another format.", False
    if existing:
        return f"{' and '.join(existing)} {'exists' if len(existing) == 1 else 'exist'} and will be replaced.", True
    return "", True
