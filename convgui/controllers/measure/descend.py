"""Down to the photo: looks at the cell of the layer below that contributes most to the value that is explained."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convgui.model.descend import goes_down, looking_below, origin_of, pixel_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from convgui.controllers.context import Context
    from convgui.controllers.measure.probe import ProbeController
    from convgui.model.finding import Finding
    from convgui.model.pointed import Pointed

ACTION = "explain_below"
FIRST = "Point at a cell of the activation first, or click to pin one; then go down to where its value comes from."
OUTSIDE = "This value comes from outside the input alone: no cell below has a part in it."


class DescendController:
    """Goes down by a layer, one undoable step each; at the first layer it points out the pixel."""

    def __init__(self, context: Context, probe: ProbeController) -> None:
        self._context, self._probe = context, probe
        self._waits: Pointed | None = None
        probe.found.connect(self._found)
        context.session.changed(lambda old, new: self._offer())
        self._offer()

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do that go from layer to layer."""
        return {ACTION: self.go_down}

    def go_down(self) -> None:
        """Look at the layer below, with the cell pinned that contributes most; as soon as it is known which that is."""
        if self._probe.waiting is not None:
            self._waits = self._probe.waiting
            return
        finding = self._probe.finding()
        if finding.pointed.cell is None or finding.pointed.value_hidden:
            self._context.tell(FIRST)
            return
        origin = origin_of(finding)
        if origin is None:
            self._context.tell(OUTSIDE if finding.explanation or finding.made else FIRST)
            return
        below = looking_below(finding.state, origin)
        if below is None:
            self._probe.show_pixel(pixel_of(finding.state, origin))
            return
        looked, new = below
        self._probe.follow(looked, (origin.row, origin.col))
        self._context.session.update("explain the cell below", looked=looked, display=new.display)

    def _found(self, finding: Finding) -> None:
        waits = self._waits
        if waits is None or self._probe.waiting is not None:
            return
        self._waits = None
        if finding.pointed.cell == waits.cell:
            self.go_down()

    def _offer(self) -> None:
        self._context.window.probe.set_offered(ACTION, goes_down(self._context.state))
