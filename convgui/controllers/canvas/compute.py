"""Computation: from document and viewport to requests, and from results to the panes. Newest wins, nothing waits."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from convgui.engine.layers.geometry import Axis
from convgui.engine.network import choose
from convgui.engine.network.single import chain_of
from convgui.engine.shown import apart
from convgui.engine.strategies import jit
from convgui.model import colouring, derive, input_values, texts
from convgui.model.requests import MapImage, MapRequest, PictureImage, PictureRequest
from convgui.model.state import changed_fields
from convgui.model.viewport import step_for, visible
from convgui.views.canvas.values import Picture
from convgui.worker.activity import Delay

if TYPE_CHECKING:
    from convgui.controllers.context import Context
    from convgui.engine.looking.statistics import Statistics
    from convgui.engine.strategies.tiles import Window
    from convgui.model.state import State
    from convgui.model.viewport import Viewport

REST_MS = 90
"""Milliseconds without a change after which the map is refined: strongest values, limits of the whole map."""

SLOW_MS = 100
"""Milliseconds after which the old map is shown as stale, with the progress of the new one."""

AT_ONCE = 0.6e9
"""Multiplications that can be computed between two frames of the screen."""

COARSEST = 4
"""Screen pixels for each value of a sample, at most, while something is being changed."""

TASK = "map"
"""The name of the task in the status bar."""

PATIENCE = 0.25
"""Seconds for which a running computation may still finish when a newer one is wanted, so that a drag shows something."""


class ComputeController(QObject):
    """Asks for what the panes show, and hands it to them.

    Attributes
    ----------
    compiled : Signal
        Told once the compiled engine serves.
    range_found : Signal
        Told when the stored numbers that the input pane shows as black and white have changed.
    """

    compiled = Signal()
    range_found = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__(context.window)
        self._context = context
        self._known: Statistics | None = None
        self._range: tuple[float, float] | None = None
        self._range_known = False
        self._rest = Delay(context.activity, REST_MS, self._refine, self)
        self._slow = Delay(context.activity, SLOW_MS, self._show_stale, self)
        context.session.changed(self._changed)
        context.on_viewport(self._view_changed)
        context.on_theme(self._ask_map)
        context.window.status.cancelled.connect(self._cancel)
        context.runner.submit("compiler", lambda token: jit.load(), lambda _: self._compiled(), context.tell_error)

    @property
    def known(self) -> Statistics | None:
        """The statistics of the whole map that is shown, once they have been computed."""
        return self._known

    def start(self) -> None:
        """Ask for everything."""
        self._ask_picture()
        self._ask_map()

    # what changed

    def _changed(self, old: State, new: State) -> None:
        parts = changed_fields(old, new)
        reading = old.layer.colour != new.layer.colour or old.display.map != new.display.map
        if parts & {"source", "layers"} or old.display.map != new.display.map:
            self._known = None
        if "source" in parts:
            self._range_known = False
            if not (old.source.toy and new.source.toy and old.source.array.shape == new.source.array.shape):
                self._range = None
                for pane in self._context.window.pair.panes:  # an edited grid stays until the new one is there
                    pane.set_picture(None)
        elif derive.output_shape(old) != derive.output_shape(new):  # its edge would look like outputs
            self._context.window.pair.map.set_picture(None)
        if "source" in parts or reading:
            self._ask_picture()
        if parts:
            self._ask_map()

    def _view_changed(self) -> None:
        self._ask_picture()
        self._ask_map()

    def _compiled(self) -> None:
        self.compiled.emit()
        if jit.failure() is not None:
            self._context.tell("The compiler does not work here, so the slower reference computes: the values are the same.")
        self._ask_map()

    @property
    def range(self) -> tuple[float, float] | None:
        """The stored numbers that the input pane shows as black and white, as soon as they are known."""
        return self._range

    # asking

    def _size(self) -> tuple[float, float]:
        pane = self._context.window.pair.input
        return float(pane.width()), float(pane.height())

    def _ask_picture(self) -> None:
        state = self._context.state
        source, view = state.source, self._context.viewport
        step = step_for(view.zoom, ratio=self._context.window.devicePixelRatioF())
        window = visible(Axis(source.rows, 1), Axis(source.cols, 1), self._sized(), *self._size(), step)
        if not window.rows or not window.cols:
            return
        request = PictureRequest(
            source, window, step, input_values.input_mix(state), self._range if self._range_known else None
        )
        runner = self._context.runner
        runner.submit("picture", request, self._take_picture, self._context.tell_error, patience=PATIENCE)

    def _sized(self) -> Viewport:
        """Return the viewport, for a sequence one that has its row in the middle."""
        view = self._context.viewport
        return replace(view, y=0.5) if self._context.state.source.sequence else view

    def _ask_map(self, refine: bool = False) -> None:
        state, window = self._context.state, self._context.window
        sentence = derive.fault(state)
        window.pair.map.set_hint(sentence)
        if sentence:
            self._context.runner.cancel("screen")
            self._context.runner.cancel("rest")
            self._show_nothing()
            return
        request = self._map_request(state, refine)
        if request is None:  # no part of the map is visible, so no part of the former one may be shown
            window.pair.map.set_picture(None)
            return
        self._context.runner.cancel("rest")
        if refine:
            self._context.runner.submit("rest", request, self._take_whole, self._failed, self._show_progress)
            return
        self._rest.start()
        if not self._slow.isActive():
            self._slow.start()
        self._context.runner.submit("screen", request, self._take_map, self._failed, self._show_progress, patience=PATIENCE)

    def _show_nothing(self) -> None:
        """Show that there is no output, and clear everything that was shown of the former one."""
        window = self._context.window
        self._rest.stop()
        self._slow.stop()
        window.pair.map.set_picture(None)
        window.pair.map_card.set_detail("no output")
        window.pair.bar.clear()
        window.display.histogram.clear()
        window.status.set_time(None)

    def _map_request(self, state: State, refine: bool) -> MapRequest | None:
        plan, view = state.layer.plan(state.source), self._context.viewport
        wanted = choose(chain_of(state.layers, state.source), maps=0, wait=False)
        stride = max(plan.rows.stride, plan.cols.stride)
        ratio = self._context.window.devicePixelRatioF()
        step = finest = step_for(view.zoom, stride, ratio)
        part = visible(plan.rows, plan.cols, self._sized(), *self._size(), step)
        if not part.rows or not part.cols:
            return None
        while not refine and 1 < step < COARSEST * finest and wanted.cost(part, step) > AT_ONCE:
            step *= 2  # a coarser sample at once is better than a finer one late; it is refined later
            part = visible(plan.rows, plan.cols, self._sized(), *self._size(), step)
        look = colouring.look(state, self._context.dark)
        shown = derive.shown_map(state)
        return MapRequest(state.layers, state.source, shown, part, step, look, self._known, refine)

    def _refine(self) -> None:
        if self._context.runner.busy("screen"):
            self._rest.start()
            return
        self._ask_map(refine=True)

    # taking

    def _take_picture(self, result: PictureImage) -> None:
        request, source = result.request, self._context.state.source
        if request.source is not source:
            return
        changed, self._range, self._range_known = self._range != result.range, result.range, True
        if changed:
            self.range_found.emit()
        step, window = request.step, request.window
        rows, cols = result.colours.shape[:2]
        down = 1 if source.sequence else step  # the row of a sequence is as high as it is, however far apart its steps
        rect = (float(window.left), float(window.top), float(cols * step), float(rows * down))
        whole = window.rows >= source.rows and window.cols >= source.cols
        self._context.window.pair.input.set_picture(Picture(result.colours, rect, result.values), whole=whole)
        low, high = (v * source.scale for v in result.range)
        self._context.window.probe.set_grey(low, high)

    def _take_map(self, result: MapImage) -> None:
        self._slow.stop()
        self._context.window.status.set_task(TASK, "", None)
        if result.request.source is self._context.state.source:
            self._context.window.status.set_time(result.seconds)
            self._show_map(result)

    def _take_whole(self, result: MapImage) -> None:
        self._context.window.status.set_task(TASK, "", None)
        request, state = result.request, self._context.state
        if request.source is not state.source or request.layers is not state.layers:
            return
        self._known = result.known
        self._show_map(result)

    def _show_map(self, result: MapImage) -> None:
        window, request = self._context.window, result.request
        plan = request.layers[0].plan(request.source)
        rect = map_part(plan.rows, plan.cols, request.window, request.step, result.colours.shape[:2])
        values = result.values if request.step == 1 or request.source.sequence else None
        whole = request.window.rows >= plan.rows.outputs and request.window.cols >= plan.cols.outputs
        window.pair.map.set_picture(Picture(result.colours, rect, values), whole=whole)
        window.pair.bar.set_scale(result.table, *result.limits)
        window.display.histogram.set_counts(result.known.counts, result.known.left, result.known.right)
        window.display.histogram.set_limits(*result.limits)
        window.display.set_span(result.known.high - result.known.low)
        self._show_range(result)

    def _show_range(self, result: MapImage) -> None:
        known, shape = result.known, result.request.layers[0].plan(result.request.source).shape
        size = texts.size_text(shape[1], shape[2], result.request.source.toy) if shape[1] > 1 else texts.steps_text(shape[2])
        values = " … ".join(apart([known.low, known.high])) if known.finite else "no finite value"
        other = f" · {known.other} not finite" if known.other else ""
        about = "" if result.whole or result.request.step == 1 else "about "
        self._context.window.pair.map_card.set_detail(f"{size} · {about}{values}{other}")

    def _failed(self, error: Exception) -> None:
        self._slow.stop()
        self._context.window.status.set_task(TASK, "", None)
        self._context.tell_error(error)

    # what takes long

    def _show_stale(self) -> None:
        if self._context.runner.busy("screen"):
            self._context.window.pair.map.set_stale(True)
            self._context.window.status.set_task(TASK, "Computing", 0.0)

    def _show_progress(self, part: float) -> None:
        if self._slow.isActive() or not self._context.runner.busy("screen", "rest"):
            return
        if self._context.runner.busy("screen"):
            self._context.window.status.set_task(TASK, "Computing", part)
        elif part < 1:
            self._context.window.status.set_task(TASK, "Refining", part)

    def _cancel(self, name: str) -> None:
        if name != TASK:
            return
        for lane in ("screen", "rest"):
            self._context.runner.cancel(lane)
        self._rest.stop()
        self._slow.stop()
        self._context.window.status.set_task(TASK, "", None)


def map_part(rows: Axis, cols: Axis, window: Window, step: int, shape: tuple[int, int]) -> tuple[float, float, float, float]:
    """Return the rectangle in input coordinates of a part of a map that was computed with a step."""
    left = cols.origin + window.left * cols.stride
    top = rows.origin + window.top * rows.stride
    down = rows.stride if rows.outputs == 1 else step * rows.stride  # a single row is as high as it is
    return left, top, float(shape[1] * step * cols.stride), float(shape[0] * down)
