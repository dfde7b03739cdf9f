"""The receptive field: found for the cell that is pinned or hovered once the cursor rests, while its panel is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from convgui.model import colouring
from convgui.model.equivalents import CodeRequest, FieldRequest
from convgui.model.texts import place_text
from convgui.model.viewport import from_source
from convgui.views.canvas.values import Picture
from convgui.views.measure.field_canvas import FieldPicture
from convgui.views.measure.field_panel import HINT
from convgui.worker.activity import Delay

if TYPE_CHECKING:
    from collections.abc import Callable

    from convgui.controllers.context import Context
    from convgui.controllers.measure.probe import ProbeController
    from convgui.model.equivalents import FieldImages
    from convgui.model.state import State

LANE, COPY = "field", "field copy"

REST_MS = 120
"""Milliseconds for which the cursor rests before a field is found: hovering costs nothing."""

FIRST = "Pin a cell of the activation first, with the panel Receptive field open; then its kernel can be copied."
HIDDEN = "The value is to be predicted: press Reveal, then this shows what it is made of."


class FieldController(QObject):
    """Fills the panel, lays the kernel over the photo, and copies it."""

    def __init__(self, context: Context, probe: ProbeController) -> None:
        super().__init__(context.window)
        self._context, self._probe = context, probe
        self._panel, self._dock = context.window.field, context.window.docks["field"]
        self._over = context.window.actions_by_id["field_over"]
        self._rest = Delay(context.activity, REST_MS, self._ask, self, f"before {LANE}")
        self._wanted: FieldRequest | None = None
        self._shown: FieldImages | None = None
        self._dock.seen_changed.connect(lambda seen: self._follow())
        probe.found.connect(lambda finding: self._follow())
        context.on_theme(self._follow)

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do that are about the field."""
        return {"copy_field": self.copy}

    def copy(self) -> None:
        """Put the kernel on the clipboard as an array of NumPy."""
        if self._shown is None:
            self._dock.bring()
            self._context.tell(FIRST)
            return
        source = self._shown.request.chain.source
        request = CodeRequest(self._shown.found, source.scale, source.sequence)
        self._context.runner.submit(COPY, request, self._put, self._context.tell_error)

    def _put(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._context.succeeded("The equivalent kernel was copied as an array of NumPy")

    # asking

    def _follow(self) -> None:
        """Want the field of what is pointed at; what was found of the same document stays while nothing is."""
        if not self._dock.seen():
            if self._wanted is not None or self._shown is not None:
                self._forget()
            return
        state, cell = self._context.state, self._probe.cell
        if self._probe.finding().pointed.value_hidden:
            self._forget(HIDDEN)
            return
        wanted = None if cell is None else self._request(state, cell)
        if wanted is None:
            if not self._stays(state):
                self._forget()
            return
        if not wanted.is_of(self._wanted):
            self._wanted = wanted
            self._rest.start()

    def _request(self, state: State, cell: tuple[int, int]) -> FieldRequest | None:
        shape = state.output_shape
        if shape is None or cell[0] >= shape.rows or cell[1] >= shape.cols:
            return None
        table = colouring.signed_table(self._context.dark)
        return FieldRequest(state.chain, state.looked + 1, state.map, *cell, table)

    def _stays(self, state: State) -> bool:
        """Whether what is shown is of this document, and of the layer and map that are looked at."""
        now = self._wanted
        return now is not None and (now.chain, now.n, now.map) == (state.chain, state.looked + 1, state.map)

    def _ask(self) -> None:
        if self._wanted is not None:
            self._context.runner.submit(LANE, self._wanted, self._take, self._fail)

    def _forget(self, hint: str = HINT) -> None:
        self._rest.stop()
        self._context.runner.cancel(LANE)
        self._wanted = self._shown = None
        self._panel.set_nothing(hint)
        self._lay_over()

    # showing

    def _take(self, result: FieldImages) -> None:
        if not result.request.is_of(self._wanted):
            return
        self._shown, state = result, self._context.state
        found, where = result.found, result.effective
        top, left, high, wide = found.box
        frame = None
        if where is not None and (where.rows, where.cols) != (high, wide):
            frame = ((where.left - left) / wide, (where.top - top) / high, where.cols / wide, where.rows / high)
        shape = state.output_shape
        which = f"map {found.map} · " if shape is not None and shape.maps > 1 else ""
        pictures = [FieldPicture(*shown) for shown in result.pictures]
        self._panel.set_field(f"{which}{place_text(state, found.row, found.col)}", pictures, frame, result.texts)
        self._lay_over()

    def _fail(self, error: Exception) -> None:
        if isinstance(error, ValueError):  # a field that is too large is nothing that went wrong
            self._shown = None
            self._panel.set_nothing(str(error))
            self._lay_over()
        else:
            self._context.tell_error(error)

    def switch(self, on: bool) -> None:
        """Lay the kernel over the photo, which opens the panel, or no more."""
        if on:
            self._dock.bring()
        self._lay_over()

    def _lay_over(self) -> None:
        """Show the kernel over the photo, where that is wanted."""
        shown, pane = self._shown, self._context.window.pair.input
        if shown is None or shown.over is None or not self._over.isChecked():
            pane.set_over(None)
            return
        top, left, high, wide = shown.found.box
        rect = from_source((float(left), float(top), float(wide), float(high)), self._context.state.input)
        pane.set_over(Picture(shown.over, rect))
