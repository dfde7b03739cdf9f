"""Pan and zoom: keeps both panes on the same viewport."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from convgui.model import derive
from convgui.model.viewport import MARGIN, Viewport, fitted, moved

if TYPE_CHECKING:
    from collections.abc import Callable

    from convgui.controllers.context import Context
    from convgui.model.state import State


class NavigateController:
    """Turns gestures on either pane and zoom commands into one viewport."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._pair = context.window.pair
        for pane in self._pair.panes:
            pane.panned.connect(self._pan)
            pane.zoomed.connect(self._zoom)
            pane.fit_asked.connect(self.fit)
        for pane in self._pair.panes:
            pane.resized.connect(self._resized)
        context.window.stage.insets_changed.connect(self._keep_free)
        context.on_viewport(self._show)
        context.session.changed(self._changed)
        self._resized()

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do that are about pan and zoom."""
        return {
            "zoom_fit": self.fit,
            "zoom_one": lambda: self.scale_to(1.0 / self._context.window.devicePixelRatioF()),
            "zoom_double": lambda: self.scale_by(2.0),
            "zoom_half": lambda: self.scale_by(0.5),
        }

    def fit(self) -> None:
        """Show the whole picture, also after the window is resized."""
        extent, (width, height) = derive.extent(self._context.state), self._size()
        toy = self._context.state.input.toy
        self._context.look_at(fitted(extent, width, height, MARGIN if toy else 1.0, self._insets() if toy else (0, 0)))
        self._show()

    def scale_to(self, zoom: float) -> None:
        """Show `zoom` pixels for each input cell."""
        view = self._context.viewport
        extent = derive.extent(self._context.state)
        zoomed = replace(view.zoomed(zoom / view.zoom, view.x, view.y), zoom=zoom)  # exactly, however it is reached
        self._look(zoomed.centred(extent, *self._size()))

    def scale_by(self, factor: float) -> None:
        """Zoom about the middle."""
        view = self._context.viewport
        self._look(view.zoomed(factor, view.x, view.y))

    def _size(self) -> tuple[float, float]:
        """Return the room that both panes have."""
        wide, high = (min(sizes) for sizes in zip(*((p.width(), p.height()) for p in self._pair.panes), strict=True))
        return float(max(wide, 1)), float(max(high, 1))

    def _insets(self) -> tuple[int, int]:
        return self._context.window.stage.insets()

    def _pan(self, dx: float, dy: float) -> None:
        self._look(self._context.viewport.panned(dx, dy))

    def _zoom(self, factor: float, x: float, y: float) -> None:
        view = self._context.viewport
        zoomed = view.zoomed(factor, x, y).limited(derive.extent(self._context.state), *self._size())
        if zoomed.zoom != view.zoom:  # at the largest or smallest zoom the picture does not move
            self._look(view.zoomed(zoomed.zoom / view.zoom, x, y))

    def _look(self, viewport: Viewport) -> None:
        limited = viewport.limited(derive.extent(self._context.state), *self._size())
        self._context.look_at(limited)

    def _keep_free(self) -> None:
        self._resized()
        self._show()

    def _resized(self) -> None:
        if self._context.viewport.fit:
            self.fit()
        else:
            self._look(self._context.viewport)

    def _changed(self, old: State, new: State) -> None:
        same_size = (old.input.rows, old.input.cols) == (new.input.rows, new.input.cols)
        if old.source is not new.source:
            if not same_size or self._context.viewport.fit:
                self.fit()
        elif not same_size and not self._context.viewport.fit:
            self._look(moved(self._context.viewport, old, new))
        elif self._context.viewport.fit and derive.extent(old) != derive.extent(new):
            self.fit()
        self._kind()

    def _kind(self) -> None:
        state = self._context.state
        read, lanes = state.input, state.input.lanes
        if not read.sequence:
            for pane in self._pair.panes:
                pane.set_kind(toy=read.toy)
            return
        self._pair.input.set_kind(toy=read.toy, rows=(0, lanes), names=read.source.channel_names if lanes > 1 else ())
        self._pair.map.set_kind(toy=read.toy, rows=derive.map_rows(state))

    def _show(self) -> None:
        view, (above, below) = self._context.viewport, self._insets()
        self._kind()
        self._pair.input.set_insets(above, 0)
        self._pair.map.set_insets(above, below)
        for pane in self._pair.panes:
            pane.set_viewport(view.x, view.y, view.zoom)
        percent = f"{view.zoom * 100:.0f} %" if view.zoom >= 0.1 else f"{view.zoom * 100:.2g} %"
        self._context.window.status.set_zoom("fit" if view.fit else percent)
        self._context.window.actions_by_id["zoom_fit"].setChecked(view.fit)
