"""The frequency response of the kernel that is looked at, while its panel is seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from convgui import assets
from convgui.engine.kernels.response import Response, response
from convgui.engine.shown import number

if TYPE_CHECKING:
    from convgui.controllers.context import Context
    from convgui.engine.kernels.kernel import Kernel
    from convgui.model.state import State
    from convgui.worker.runner import Token

LANE = "response"


@dataclass(frozen=True, eq=False)
class ResponseRequest:
    """Add up the response of a kernel."""

    kernel: Kernel

    def __call__(self, token: Token) -> tuple[Kernel, Response]:
        """Compute it."""
        return self.kernel, response(self.kernel.weights)


class ResponseController:
    """Fills the panel of the response."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._panel, self._dock = context.window.response, context.window.docks["response"]
        self._shown: Kernel | None = None
        self._dock.seen_changed.connect(lambda seen: self._refresh() if seen else None)
        context.afterwards.changed(self._changed)
        context.on_theme(self._refresh_colours)

    def _changed(self, old: State, new: State) -> None:
        if old.kernel is not new.kernel:
            self._refresh()

    def _refresh_colours(self) -> None:
        self._shown = None
        self._refresh()

    def _refresh(self) -> None:
        """Ask for the response where it is seen and not there yet."""
        kernel = self._context.state.kernel
        if not self._dock.seen() or (kernel is self._shown and kernel is not None):
            return
        self._shown = kernel
        if kernel is None:
            self._panel.set_none()
            return
        self._context.runner.submit(LANE, ResponseRequest(kernel), self._take, self._context.tell_error)

    def _take(self, found: tuple[Kernel, Response]) -> None:
        kernel, waves = found
        least, most = float(waves.gain.min()), float(waves.gain.max())
        alike = most - least <= 1e-6 * most
        words = f"everything passes alike, × {number(most)}" if alike else f"factors from {number(least)} to {number(most)}"
        table = assets.colour_map(assets.SEQUENTIAL[0], self._context.dark)
        self._panel.set_response(waves.gain, waves.along, waves.x, waves.y, table, f"{kernel.name} · {words}")
