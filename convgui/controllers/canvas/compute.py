"""Computation: from document and viewport to requests, and from results to the panes. Newest wins, nothing waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from convgui.controllers.afterwards import AFTER_MS
from convgui.controllers.canvas.feed import PATIENCE, Feed
from convgui.engine.shown import apart
from convgui.engine.strategies import jit
from convgui.model import texts
from convgui.model.resolve import Sight, WantedMap, WantedPicture, resolve
from convgui.model.speed import Speed
from convgui.model.viewport import from_source
from convgui.views.canvas.values import Picture
from convgui.worker.activity import Delay

if TYPE_CHECKING:
    from convgui.controllers.context import Context
    from convgui.engine.looking.statistics import Statistics
    from convgui.engine.source import Source
    from convgui.engine.strategies.tiles import Window
    from convgui.model.geometry import Along
    from convgui.model.requests import MapImage, PictureImage
    from convgui.model.resolve import Shown
    from convgui.model.state import State

COMPILES = "Preparing for first use"
"""What the status bar says while the inner loops are compiled: on a first start, and after an update."""

TASK = "map"
"""The name of the task in the status bar."""


class ComputeController(QObject):
    """Asks for what the panes show, and hands it to them.

    Attributes
    ----------
    compiled : Signal
        Told once the compiled engine serves.
    range_found : Signal
        Told when the stored numbers that the input pane shows as black and white have changed.
    shown : Signal
        Told when the panes show a map, or that there is none.
    """

    compiled = Signal()
    range_found = Signal()
    shown = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__(context.window)
        self._context = context
        self._range: tuple[float, float] | None = None
        self._range_of: Source | None = None
        self._below_limits: tuple[float, float] | None = None
        self._shown: Shown | None = None
        self._said: MapImage | None = None
        self._speed = Speed()
        self._after = Delay(context.activity, AFTER_MS, self._say, self, "after screen")
        self._map = Feed(context, "screen", "rest")
        self._below = Feed(context, "picture", "refined picture")
        self._map.arrived.connect(self._show_map)
        self._map.failed.connect(self._failed)
        self._map.grew_stale.connect(self._show_stale)
        self._map.progressed.connect(self._show_progress)
        self._below.arrived.connect(self._show_below)
        self._below.failed.connect(context.tell_error)
        context.session.changed(self._changed)
        context.afterwards.changed(lambda old, new: self._title_input())
        context.on_viewport(self._ask)
        context.on_theme(self._ask)
        context.window.status.cancelled.connect(self._cancel)
        if jit.ready() is None:
            context.window.status.set_task("compiler", COMPILES, 1.0, ends=False)
            context.runner.submit("compiler", lambda token: jit.load(), lambda _: self._compiled(), self._not_compiled)

    @property
    def known(self) -> Statistics | None:
        """The statistics of the whole map that is shown, once they have been computed."""
        return self._map.known

    @property
    def range(self) -> tuple[float, float] | None:
        """The stored numbers that the input pane shows as black and white, as soon as they are known."""
        return self._range

    @property
    def _known_range(self) -> tuple[float, float] | None:
        """The range, where it is that of the present source; a toy grid keeps the one of before while it is edited."""
        return self._range if self._range_of is self._context.state.source else None

    def start(self) -> None:
        """Ask for everything."""
        self._ask()
        self._title_input()

    # what changed

    def _changed(self, old: State, new: State) -> None:
        pair = self._context.window.pair
        if old.source is not new.source:
            if not (old.source.toy and new.source.toy and old.source.shape == new.source.shape):
                self._range = None
                for pane in pair.panes:  # an edited grid stays until the new one is there
                    pane.set_picture(None)
        else:
            if not _same_place(old, new):
                pair.input.set_picture(None)
            if old.output_shape != new.output_shape:  # a rim of the former map would look like outputs
                pair.map.set_picture(None)
        self._ask()

    def _compiled(self) -> None:
        self._context.window.status.set_task("compiler", "", None)
        self.compiled.emit()
        if jit.failure() is not None:
            self._context.tell("The compiler does not work here, so the slower reference computes: the values are the same.")
        self._ask(anew=True)

    def _not_compiled(self, error: Exception) -> None:
        self._context.window.status.set_task("compiler", "", None)
        self._context.tell_error(error)

    # asking

    def _ask(self, *, anew: bool = False) -> None:
        """Ask for what the panes do not show yet."""
        window, before = self._context.window, self._shown
        wide, high = (float(max(s)) for s in zip(*((p.width(), p.height()) for p in window.pair.panes), strict=True))
        sight = Sight(self._context.viewport, wide, high, window.devicePixelRatioF(), self._speed)
        shown = self._shown = resolve(self._context.state, sight, dark=self._context.dark)
        self._ask_input(shown.input, None if before is None else before.input)
        self._ask_under(shown.under, None if before is None else before.under)
        window.pair.map.set_hint(shown.why)
        self._map.want(shown.map, anew=anew)
        if shown.why:
            self._show_nothing()
        elif shown.map is None:  # no part of the map is visible, so no part of the former one may be shown
            window.pair.map.set_picture(None)

    def _ask_input(self, wanted: WantedPicture | WantedMap | None, before: WantedPicture | WantedMap | None) -> None:
        """Ask for what the left pane shows: the photo, or what the layer reads where that is another layer's map."""
        if isinstance(wanted, WantedMap):
            self._below.want(wanted)
            return
        self._below.want(None)
        if wanted is None or (isinstance(before, WantedPicture) and wanted.same(before) and self._known_range is not None):
            return
        if not isinstance(before, WantedPicture) or before.level.source is not wanted.level.source:
            self._title_input()
        request = wanted.request(self._known_range)
        self._context.runner.submit("picture", request, self._take_picture, self._context.tell_error, patience=PATIENCE)

    def _ask_under(self, wanted: WantedPicture | None, before: WantedPicture | None) -> None:
        """Ask for the photo under the map, where the map lies over it."""
        if wanted is None:
            self._context.window.pair.map.set_under(None)
        elif not wanted.same(before):
            request = wanted.request(self._known_range)
            self._context.runner.submit("under", request, self._take_under, self._context.tell_error, patience=PATIENCE)

    def _take_under(self, result: PictureImage) -> None:
        if self._shown is not None and self._shown.under is not None:
            self._context.window.pair.map.set_under(self._photo(result))

    def _photo(self, result: PictureImage) -> Picture:
        """Return a part of the photo as the panes draw it."""
        request, state = result.request, self._context.state
        level, step, window = request.level, request.step, request.window
        rows, cols = result.colours.shape[:2]
        down = 1 if state.source.sequence else step  # the row of a sequence is as high as it is, however far apart its steps
        wide, high = float(level.across), float(level.down)
        part = window.left * wide, window.top * high, cols * step * wide, rows * down * high
        values = result.values if state.input.direct else None
        return Picture(result.colours, from_source(part, state.input), values)

    def _show_nothing(self) -> None:
        """Show that there is no output, and clear everything that was shown of the former one."""
        window, self._said = self._context.window, None
        window.pair.map.set_picture(None)
        window.pair.map_chip.set_detail("no output")
        window.status.set_task(TASK, "", None)
        window.pair.bar.clear()
        window.display.histogram.clear()
        window.status.set_time(None)
        self.shown.emit()

    # taking

    def _take_picture(self, result: PictureImage) -> None:
        request, state, shown = result.request, self._context.state, self._shown
        source, level = state.source, request.level
        wanted = shown.input if shown is not None and isinstance(shown.input, WantedPicture) else None
        if wanted is None or wanted.source is not source or level.source is not wanted.level.source:
            return
        changed, self._range, self._range_of = self._range != result.range, result.range, source
        if changed:
            self.range_found.emit()
        window = request.window
        whole = window.rows >= level.source.rows and window.cols >= level.source.cols
        self._context.window.pair.input.set_picture(self._photo(result), whole=whole)
        if state.input.direct:  # else the arithmetic shows values of another layer's map
            low, high = (v * source.scale for v in result.range)
            self._context.window.probe.set_grey(low, high, steady=source.toy)

    def _show_below(self, result: MapImage) -> None:
        self._context.window.pair.input.set_picture(_picture(result), whole=_is_whole(result))
        self._context.window.probe.set_grey(*result.limits, steady=result.request.chain.source.toy)
        self._below_limits = result.limits
        self._title_input()

    def _title_input(self) -> None:
        """Say what the left pane shows; of a map also from where to where its colours go, which are its own."""
        shown = self._shown
        text = texts.source_text(self._context.state) + _said_of_copy(shown)
        if shown is not None and isinstance(shown.input, WantedMap) and self._below_limits is not None:
            low, high = apart(list(self._below_limits))
            self._context.window.pair.input_chip.set_detail(f"{text} · colours {low} … {high}", text)
            return
        self._context.window.pair.input_chip.set_detail(text)

    def _show_map(self, result: MapImage) -> None:
        window = self._context.window
        window.status.set_task(TASK, "", None)
        window.pair.map.set_picture(_picture(result), whole=_is_whole(result))
        first, self._said = self._said is None, result
        if first:
            self._show_scale(result)
        if not result.request.refine and result.request.step > 1:
            self._speed = self._speed.measured(result.request.cost, result.seconds)
        if not self._after.isActive():
            self._after.start()
        self.shown.emit()

    def _show_scale(self, result: MapImage) -> None:
        """Show which colour stands for which value; of principal components none does, as three numbers make one."""
        bar = self._context.window.pair.bar
        bar.clear() if result.request.together == "pca" else bar.set_scale(result.table, *result.limits)

    def _say(self) -> None:
        """Show what is known of the map that was shown last."""
        result, window = self._said, self._context.window
        if result is None:
            return
        self._show_scale(result)
        if not result.request.refine:
            window.status.set_time(result.seconds)
        known = result.known
        extremes = known.low, known.high
        window.display.histogram.set_counts(known.counts, known.left, known.right, extremes, limits=result.limits)
        window.display.set_span(known.high - known.low)
        self._show_range(result)

    def _show_range(self, result: MapImage) -> None:
        known, request = result.known, result.request
        copy = request.copy
        rows, cols = (copy.rows, copy.cols) if copy is not None else (along.outputs for along in request.axes)
        sequence = request.chain.source.sequence and rows == 1
        size = texts.steps_text(cols) if sequence else texts.size_text(rows, cols, request.chain.source.toy)
        values = " … ".join(apart([known.low, known.high])) if known.finite else "no finite value"
        other = f" · {known.other} not finite" if known.other else ""
        about = "about " if not result.whole and (request.step > 1 or request.survey is not None) else ""
        function = self._context.state.unit.coming
        short = f"{about}{values}{other}{f' · before {function.function}' if function is not None else ''}"
        if copy is not None:
            short = f"{short} · at {copy.ratio}"
        elif request.chain.source.in_parts or not (result.whole or about or _is_whole(result)):
            short = f"{short} in sight"
        forms = [f"{size} · {short}", short]
        if copy is not None:
            forms.insert(0, f"{forms[0]}, {copy.how}; zoom in for the map itself")
        if (step := request.step) > 1 and not sequence:  # what is seen is stronger than the map: bright lines may be thin
            forms.insert(0, f"{forms[0]} · {'strongest' if request.refine else 'one'} of {step} × {step} per pixel")
        self._context.window.pair.map_chip.set_detail(*forms)

    def _failed(self, error: Exception) -> None:
        self._context.window.status.set_task(TASK, "", None)
        self._context.tell_error(error)

    # what takes long

    def _show_stale(self) -> None:
        self._context.window.pair.map.set_stale(True)
        self._context.window.status.set_task(TASK, "Computing", 0.0)

    def _show_progress(self, part: float, refining: bool) -> None:
        if not refining:
            self._context.window.status.set_task(TASK, "Computing", part)
        elif part < 1:
            self._context.window.status.set_task(TASK, "Refining", part)

    def _cancel(self, name: str) -> None:
        if name == TASK:
            self._map.cancel()
            self._context.window.status.set_task(TASK, "", None)


def _said_of_copy(shown: Shown | None) -> str:
    """Say that a smaller copy is shown in place of the picture, where it is."""
    wanted = None if shown is None else shown.input
    if isinstance(wanted, WantedPicture):
        ratio = wanted.level.ratio
    else:
        ratio = "" if wanted is None or wanted.copy is None else wanted.copy.ratio
    return f" · at {ratio}" if ratio else ""


def _same_place(old: State, new: State) -> bool:
    """Whether what the left pane shows lies where it lay, so that it may stay until something new is there."""
    return old.input.place == new.input.place and (old.input.rows, old.input.cols) == (new.input.rows, new.input.cols)


def _picture(result: MapImage) -> Picture:
    request = result.request
    rect = map_part(*request.axes, request.window, request.step, result.colours.shape[:2])
    every = request.step == 1 or request.chain.source.sequence
    values = result.values if every and request.copy is None else None  # those of a copy are none of the map
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
