"""Computation: from document and viewport to requests, and from results to the panes. Newest wins, nothing waits."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from convgui.engine.layers.geometry import Axis
from convgui.engine.network import choose
from convgui.engine.shown import apart
from convgui.engine.strategies import jit
from convgui.model import colouring, texts
from convgui.model.requests import MapImage, MapRequest, PictureImage, PictureRequest
from convgui.model.state import changed_fields
from convgui.model.viewport import from_source, on_source, step_for, visible
from convgui.views.canvas.values import Picture
from convgui.worker.activity import Delay

if TYPE_CHECKING:
    from convgui.controllers.context import Context
    from convgui.engine.looking.statistics import Statistics
    from convgui.engine.strategies.tiles import Window
    from convgui.model.geometry import Along
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
        self._known_below: Statistics | None = None
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
        if parts & {"source", "reading", "layers", "looked"} or old.map != new.map:
            self._known = None
        same_input = old.input.same(new.input) and old.display.photo == new.display.photo
        if not same_input or old.display.colours != new.display.colours:
            self._known_below = None
        if "source" in parts:
            self._range_known = False
            if not (old.source.toy and new.source.toy and old.source.array.shape == new.source.array.shape):
                self._range = None
                for pane in self._context.window.pair.panes:  # an edited grid stays until the new one is there
                    pane.set_picture(None)
        else:
            if not _same_place(old, new):
                self._context.window.pair.input.set_picture(None)
            if old.output_shape != new.output_shape:  # a rim of the former map would look like outputs
                self._context.window.pair.map.set_picture(None)
        if not same_input or old.display.colours != new.display.colours:
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

    def _ask_picture(self, refine: bool = False) -> None:
        """Ask for what the left pane shows: the photo, or what the layer reads where that is another layer's map."""
        state = self._context.state
        if not (state.input.direct or state.display.photo):
            self._ask_below(state, refine)
            return
        if refine:
            return
        source, view = state.source, on_source(self._sized(), state.input)
        step = step_for(view.zoom, ratio=self._context.window.devicePixelRatioF())
        window = visible(Axis(source.rows, 1), Axis(source.cols, 1), view, *self._size(), step)
        if not window.rows or not window.cols:
            return
        read, known = state.input, self._range if self._range_known else None
        request = PictureRequest(source, window, step, read.mix, known, read.offset if read.direct else 0.0)
        runner = self._context.runner
        runner.submit("picture", request, self._take_picture, self._context.tell_error, patience=PATIENCE)

    def _ask_below(self, state: State, refine: bool) -> None:
        """Ask for the map of the layers below that the shown map reads; it has limits of its own."""
        read = state.input
        step = step_for(self._context.viewport.zoom, ratio=self._context.window.devicePixelRatioF())
        part = visible(*read.axes, self._sized(), *self._size(), step)
        if not part.rows or not part.cols:
            return
        look = colouring.look_below(state, self._context.dark)
        request = MapRequest(read.chain, read.map, part, step, look, read.axes, self._known_below, refine)
        lane = "refined picture" if refine else "picture"
        if not refine:
            self._context.runner.cancel("refined picture")
            self._rest.start()
        self._context.runner.submit(lane, request, self._take_below, self._context.tell_error, patience=PATIENCE)

    def _sized(self) -> Viewport:
        """Return the viewport, for a sequence one that has its row in the middle."""
        view = self._context.viewport
        return replace(view, y=0.5) if self._context.state.input.sequence else view

    def _ask_map(self, refine: bool = False) -> None:
        state, window = self._context.state, self._context.window
        sentence = state.why
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
        assert state.axes is not None
        axes, view = state.axes, self._context.viewport
        wanted = choose(state.looked_at, maps=state.map, wait=False)
        stride = max(axes[0].stride, axes[1].stride)
        ratio = self._context.window.devicePixelRatioF()
        step = finest = step_for(view.zoom, stride, ratio)
        part = visible(*axes, self._sized(), *self._size(), step)
        if not part.rows or not part.cols:
            return None
        while not refine and 1 < step < COARSEST * finest and wanted.cost(part, step) > AT_ONCE:
            step *= 2  # a coarser sample at once is worth more than a finer one late; at rest it is refined
            part = visible(*axes, self._sized(), *self._size(), step)
        look = colouring.look(state, self._context.dark)
        return MapRequest(state.looked_at, state.map, part, step, look, axes, self._known, refine)

    def _refine(self) -> None:
        if self._context.runner.busy("screen"):
            self._rest.start()
            return
        self._ask_map(refine=True)
        self._ask_picture(refine=True)

    # taking

    def _take_picture(self, result: PictureImage) -> None:
        request, state = result.request, self._context.state
        source = state.source
        if request.source is not source or not (state.input.direct or state.display.photo):
            return
        changed, self._range, self._range_known = self._range != result.range, result.range, True
        if changed:
            self.range_found.emit()
        step, window = request.step, request.window
        rows, cols = result.colours.shape[:2]
        down = 1 if source.sequence else step  # the row of a sequence is as high as it is, however far apart its steps
        rect = from_source((float(window.left), float(window.top), float(cols * step), float(rows * down)), state.input)
        whole = window.rows >= source.rows and window.cols >= source.cols
        values = result.values if state.input.direct else None
        self._context.window.pair.input.set_picture(Picture(result.colours, rect, values), whole=whole)
        low, high = (v * source.scale for v in result.range)
        self._context.window.probe.set_grey(low, high)

    def _take_below(self, result: MapImage) -> None:
        request, state = result.request, self._context.state
        if not (request.chain is state.input.chain or request.chain.layers == state.input.chain.layers) or (
            request.map != state.input.map or request.chain.source is not state.source or state.display.photo
        ):
            return
        if result.whole:
            self._known_below = result.known
        pane = self._context.window.pair.input
        pane.set_picture(_picture(result), whole=_is_whole(result))
        self._context.window.probe.set_grey(*result.limits)

    def _take_map(self, result: MapImage) -> None:
        self._slow.stop()
        self._context.window.status.set_task(TASK, "", None)
        request, state = result.request, self._context.state
        if request.chain.source is state.source and len(request.chain.layers) == state.looked + 1:
            self._context.window.status.set_time(result.seconds)
            self._show_map(result)

    def _take_whole(self, result: MapImage) -> None:
        self._context.window.status.set_task(TASK, "", None)
        request, state = result.request, self._context.state
        if request.chain is not state.looked_at:
            return
        self._known = result.known
        self._show_map(result)

    def _show_map(self, result: MapImage) -> None:
        window = self._context.window
        window.pair.map.set_picture(_picture(result), whole=_is_whole(result))
        window.pair.bar.set_scale(result.table, *result.limits)
        window.display.histogram.set_counts(result.known.counts, result.known.left, result.known.right)
        window.display.histogram.set_limits(*result.limits)
        window.display.set_span(result.known.high - result.known.low)
        self._show_range(result)

    def _show_range(self, result: MapImage) -> None:
        known, request = result.known, result.request
        rows, cols = (along.outputs for along in request.axes)
        size = texts.size_text(rows, cols, request.chain.source.toy) if rows > 1 else texts.steps_text(cols)
        values = " … ".join(apart([known.low, known.high])) if known.finite else "no finite value"
        other = f" · {known.other} not finite" if known.other else ""
        about = "" if result.whole or request.step == 1 else "about "
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


def _same_place(old: State, new: State) -> bool:
    """Whether what the left pane shows lies where it lay, so that it may stay until something new is there."""
    return old.input.place == new.input.place and (old.input.rows, old.input.cols) == (new.input.rows, new.input.cols)


def _picture(result: MapImage) -> Picture:
    request = result.request
    rect = map_part(*request.axes, request.window, request.step, result.colours.shape[:2])
    values = result.values if request.step == 1 or request.chain.source.sequence else None
    return Picture(result.colours, rect, values)


def _is_whole(result: MapImage) -> bool:
    rows, cols = result.request.axes
    return result.request.window.rows >= rows.outputs and result.request.window.cols >= cols.outputs


def map_part(
    rows: Along, cols: Along, window: Window, step: int, shape: tuple[int, int]
) -> tuple[float, float, float, float]:
    """Return the rectangle in input coordinates of a part of a map that was computed with a step."""
    left = cols.origin + window.left * cols.stride
    top = rows.origin + window.top * rows.stride
    down = rows.stride if rows.outputs == 1 else step * rows.stride  # a single row is as high as it is
    return left, top, float(shape[1] * step * cols.stride), float(shape[0] * down)
