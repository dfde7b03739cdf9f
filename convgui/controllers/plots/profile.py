"""The profile: the line over both panes, what lies along it, and the cursor that is in the plot and the panes at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.looking.envelopes import Envelope
from convgui.engine.looking.profiles import Line
from convgui.model.lines import ProfileRequest
from convgui.views.plots.line_plot import Curve

if TYPE_CHECKING:
    from collections.abc import Callable

    from convgui.controllers.context import Context
    from convgui.model.lines import Profile
    from convgui.model.state import State

LANE = "profile"

PATIENCE = 0.25
"""Seconds for which a running request may still finish when a newer one is wanted, so that a drag shows something."""

NEAR = 12.0
"""Pixels from the line within which the cursor over a pane is marked in the plot as well."""

SEQUENCE = "A sequence is one row: its curves are in the panel Curves."


class ProfileController:
    """Draws the line, asks for what lies along it while the panel can be seen, and shows it."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._panel, self._dock = context.window.profile, context.window.docks["profile"]
        self._line: Line | None = None
        self._action = context.window.actions_by_id["profile"]
        for pane in context.window.pair.panes:
            pane.released.connect(lambda: self._action.setChecked(False))
            pane.hovered.connect(self._hover)
            pane.unhovered.connect(lambda: self._point(None))
        self._panel.placed.connect(lambda *ends: self._set(*ends))
        self._panel.widened.connect(self._widen)
        self._panel.plot.pointed.connect(self._point)
        self._panel.plot.left.connect(lambda: self._point(None))
        self._dock.seen_changed.connect(lambda _: self._refresh())
        context.session.changed(self._changed)

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do that are about the profile."""
        return {"profile_across": self.across}

    @property
    def line(self) -> Line | None:
        """Where the line lies, in cells of the input."""
        return self._line

    def across(self) -> None:
        """Draw the line through the middle of the row that the panes show in their middle, from edge to edge."""
        state = self._context.state
        if state.input.sequence:
            self._context.tell(SEQUENCE)
            return
        row = min(max(int(self._context.viewport.y), 0), max(state.input.rows - 1, 0)) + 0.5
        self.draw(0.5, row, max(state.input.cols - 0.5, 0.5), row)

    def draw(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Draw the line from one point to another, in cells of the input, and open the panel."""
        if not self._dock.seen():
            self._dock.bring()
        self._set(x0, y0, x1, y1)

    # gestures

    def arm(self, armed: bool) -> None:
        """Draw the line with the next drag over a pane, or no more."""
        if armed and self._context.state.input.sequence:
            self._action.setChecked(False)
            self._context.tell(SEQUENCE)
            return
        for pane in self._context.window.pair.panes:
            pane.line.set_armed(armed)
        if armed:
            self._dock.bring()

    def _set(self, x0: float, y0: float, x1: float, y1: float) -> None:
        width = 1 if self._line is None else self._line.width
        self._line = Line(x0, y0, x1, y1, width)
        self._refresh()

    def _widen(self, width: int) -> None:
        if self._line is not None:
            self._line = Line(self._line.x0, self._line.y0, self._line.x1, self._line.y1, width)
            self._refresh()

    def _hover(self, x: float, y: float) -> None:
        if self._line is None or not self._dock.seen():
            return
        along, aside = self._line.nearest(x, y)
        self._point(along if aside * self._context.viewport.zoom < NEAR else None)

    def _point(self, at: float | None) -> None:
        self._panel.plot.set_cursor(at)
        place = self._line.at(at) if at is not None and self._line is not None else None
        for pane in self._context.window.pair.panes:
            pane.line.set_point(place)

    # asking and showing

    def _changed(self, old: State, new: State) -> None:
        if old.source is not new.source and (old.source.rows, old.source.cols) != (new.source.rows, new.source.cols):
            self._line = None
        self._refresh()

    def _refresh(self) -> None:
        """Show the line where its panel is seen, and ask for what lies along it."""
        state, line, seen = self._context.state, self._line, self._dock.seen()
        ends = None if line is None else (line.x0, line.y0, line.x1, line.y1)
        width = 1 if line is None else line.width
        shown = ends if seen and not state.input.sequence else None
        for pane in self._context.window.pair.panes:
            pane.line.set_line(shown, width)
        if not seen:
            self._context.runner.cancel(LANE)
            return
        self._panel.set_line(ends, width)
        if line is None or state.why or state.input.sequence:
            self._context.runner.cancel(LANE)
            if state.why or state.input.sequence:
                self._panel.plot.set_hint(state.why or SEQUENCE)
            self._panel.set_detail("")
            return
        request = ProfileRequest(state, line)
        self._context.runner.submit(LANE, request, self._take, self._context.tell_error, patience=PATIENCE)

    def _take(self, found: Profile) -> None:
        state = self._context.state
        if self._line is None or found.state.source is not state.source or state.why:
            return
        apart = float(found.distance[1]) if len(found.distance) > 1 else 1.0
        curves = [
            Curve("input", Envelope(found.input), apart=apart),
            Curve("activation", Envelope(found.map), apart=apart, right=True),
        ]
        row, column = found.y - 0.5, found.x - 0.5  # whole at the middle of a cell, as in the fields
        table = {"distance": found.distance, "row": row, "column": column, "input": found.input, "activation": found.map}
        self._panel.plot.set_curves(curves, table, ("input", "activation"), keep=True)
        other = int(np.count_nonzero(~np.isfinite(found.map)))
        wide = f", mean of {found.line.width}" if found.line.width > 1 else ""
        self._panel.set_detail(f"{len(found.distance)} points{wide}{f' · {other} without a finite value' if other else ''}")
