"""Where the time goes between a gesture and the pixels: when each stage of an edit begins, and how long it takes."""

from __future__ import annotations

import gc
import statistics
import time
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from convgui.controllers.canvas.compute import ComputeController
from convgui.model import requests
from convgui.model.session import Session
from convgui.views.canvas.image_pane import ImagePane
from convgui.worker.runner import Runner

if TYPE_CHECKING:
    from collections.abc import Callable

WIDE = 48
"""Characters that the longest frame is drawn in."""


class Waterfall:
    """Notes when the stages of a frame begin and end; `lap` begins a frame, and `table` says what was seen.

    The stages run on two threads, so that some lie over others: what counts is where each ends.
    """

    def __init__(self) -> None:
        self._begun = self._searching = 0.0
        self._laps: list[dict[str, list[tuple[float, float]]]] = []
        self._around(Session, "replace", "document and all who listen")
        self._around(Runner, "submit", "request is handed over", only=lambda args: args[1] == "screen")
        self._around(requests.MapRequest, "__call__", "request", only=lambda args: not args[0].refine)
        self._around(requests, "evaluate", "· values")
        self._around(requests, "statistics_of", "· statistics")
        self._around(requests, "colourise", "· colours")
        self._around(ComputeController, "_show_map", "result is taken")
        self._around(ImagePane, "paintEvent", "map is painted", only=lambda args: args[0].objectName() == "map_pane")
        self._around(ImagePane, "paintEvent", "input is painted", only=lambda args: args[0].objectName() == "input_pane")

        gc.callbacks.append(self._garbage)

    def _garbage(self, phase: str, _: dict[str, int]) -> None:
        """Time the search for garbage."""
        if phase == "start":
            self._searching = time.perf_counter()
        elif self._laps:
            self._laps[-1]["search for garbage"].append(
                (self._searching - self._begun, time.perf_counter() - self._searching)
            )

    def _around(self, owner: Any, name: str, stage: str, only: Callable[[tuple[Any, ...]], bool] | None = None) -> None:
        """Time a function from now on."""
        original = getattr(owner, name)

        def timed(*args: Any, **kwargs: Any) -> Any:
            begun = time.perf_counter()
            try:
                return original(*args, **kwargs)
            finally:
                if self._laps and (only is None or only(args)):
                    self._laps[-1][stage].append((begun - self._begun, time.perf_counter() - begun))

        setattr(owner, name, timed)

    def lap(self) -> None:
        """Begin a frame."""
        self._laps.append(defaultdict(list))
        self._begun = time.perf_counter()

    def forget(self) -> None:
        """Begin a new row."""
        self._laps.clear()

    def table(self, frame: int | None = None) -> str:
        """Return the stages in the order in which they begin: begin and length in ms, drawn; medians, or of one frame."""
        seen: dict[str, list[tuple[float, float]]] = defaultdict(list)
        laps = self._laps if frame is None else self._laps[frame : frame + 1]
        for lap in laps:
            for stage, spans in lap.items():
                seen[stage].append((spans[0][0], sum(length for _, length in spans)))
        found = [
            (1e3 * statistics.median(b for b, _ in spans), 1e3 * statistics.median(n for _, n in spans), stage)
            for stage, spans in seen.items()
            if 2 * len(spans) > len(laps)  # others belong to what follows the frame
        ]
        whole = max((begin + length for begin, length, _ in found), default=1.0)
        lines = []
        for begin, length, stage in sorted(found):
            left = round(WIDE * begin / whole)
            bar = " " * left + "█" * max(round(WIDE * length / whole), 1)
            lines.append(f"    {stage:30} {begin:6.1f} {length:6.1f}  {bar}")
        return "\n".join(lines)
