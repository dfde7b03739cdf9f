"""Changing the kernel: picking one, its parameters, painting and typing weights, edits of all weights at once."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from convgui.controllers.own_kernels import OWN
from convgui.engine.kernels import catalogue as catalog
from convgui.model import edits

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    import numpy as np
    from numpy.typing import NDArray

    from convgui.controllers.context import Context
    from convgui.engine.kernels.kernel import Kernel

NUDGE_SECONDS = 0.7
"""Turns of the wheel on one cell within this time are one undo step."""


SHOW_LAYERS = "Show the layers"


class KernelController(QObject):
    """Puts kernels and edits of weights into the document."""

    def __init__(self, context: Context) -> None:
        super().__init__(context.window)
        self._context = context
        self._stroke: tuple[Hashable | None, Kernel | None] = (None, None)
        self._nudge: tuple[tuple[int, int], float, int] = ((-1, -1), 0.0, 0)
        card = context.window.kernel_card
        context.window.gallery.chosen.connect(self.pick)
        for entry in catalog.ENTRIES:  # the finder knows them as well
            action = QAction(entry.label, self)
            action.setProperty("menu", "Catalogue")
            action.setToolTip(f"{entry.text} {entry.tags}")
            action.triggered.connect(lambda _=False, name=entry.id: self.pick(name))
            context.window.kernels.append(action)
        card.grid.painted.connect(lambda i, j, value, stroke: self._set(i, j, value, "paint", ("paint", stroke)))
        card.grid.scrubbed.connect(lambda i, j, value, stroke: self._set(i, j, value, "scrub", ("scrub", stroke)))
        card.grid.nudged.connect(self._nudged)
        card.grid.typed.connect(lambda i, j, value: self._set(i, j, value, "type a weight", None))
        card.size_picked.connect(self._resize)
        context.window.messages.followed.connect(self._followed)
        card.parameters.changed.connect(self._parameter)

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do that change all weights."""
        return {name: partial(self.edit, label, change) for name, (label, change) in KERNEL_EDITS.items()}

    def pick(self, name: str) -> None:
        """Make a kernel of the catalogue, or one of the user's own, the present one."""
        if name.startswith(OWN):
            own = self._context.own.kernels.get(name.removeprefix(OWN))
            if own is None:
                self._context.tell_error(f"No own kernel is called {name.removeprefix(OWN)!r}.")
                return
            kernel = own
        else:
            kernel = catalog.make(name)
        present = self.present()
        if present is None:
            return
        same = kernel.entry == present.entry if kernel.entry else kernel.same_weights(present)
        if not (same and kernel.name == present.name):
            self.take(kernel, f"pick {kernel.name}")
            largest = float(f"{abs(kernel.weights).max():.2g}")
            self._context.window.kernel_card.set_brush(largest or 1.0)

    def present(self) -> Kernel | None:
        """Return the kernel that is edited; where what is looked at has none, say so."""
        state = self._context.state
        if state.kernel is None:
            self._context.window.messages.show_message(state.without_kernel, "error", SHOW_LAYERS)
        return state.kernel

    def take(self, kernel: Kernel, label: str, merge_key: Hashable | None = None, **settings: Any) -> bool:
        """Make a kernel the present one, and return whether it was taken; what cannot be applied is refused."""
        if self._context.state.conv is None:
            self.present()  # says why there is none
            return False
        try:
            new = self._context.state.with_conv(kernel=kernel, **settings)
        except ValueError as error:
            self._context.tell_error(error)
            return False
        return self._context.session.replace(label, new, merge_key)

    def edit(self, label: str, change: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> None:
        """Change all weights at once; what cannot be done is said."""
        kernel = self.present()
        if kernel is None:
            return
        try:
            weights = change(kernel.weights)
        except ValueError as error:
            self._context.tell_error(error)
            return
        if not kernel.same_weights(changed := kernel.with_weights(weights)):
            self.take(changed, label)

    def _set(self, row: int, col: int, value: float, label: str, merge_key: Hashable | None) -> None:
        kernel = self.present()
        if kernel is None:
            return
        rows, cols = kernel.size
        if row < rows and col < cols and kernel.weights[row, col] != value:
            if merge_key is None or merge_key != self._stroke[0]:
                self._stroke = (merge_key, kernel)
            changed = kernel.with_weights(edits.set_cell(kernel.weights, row, col, value))
            before = self._stroke[1]  # a stroke that takes itself back, as a double click does, leaves the kernel its name
            same = before is not None and changed.same_weights(before)
            self.take(before if before is not None and same else changed, label, merge_key)

    def _nudged(self, row: int, col: int, value: float) -> None:
        cell, last, group = self._nudge
        now = time.monotonic()
        if cell != (row, col) or now - last > NUDGE_SECONDS:
            group += 1
        self._nudge = ((row, col), now, group)
        self._set(row, col, value, "nudge", ("nudge", group))

    def _followed(self) -> None:
        if self._context.window.messages.button.text() == SHOW_LAYERS:
            self._context.window.docks["layers"].bring()

    def _resize(self, rows: int, cols: int) -> None:
        """Resize the kernel: one that has a size among its parameters is made anew, others keep their weights."""
        kernel = self._context.state.kernel
        known = catalog.entry(kernel.entry).parameters if kernel is not None and kernel.entry else ()
        size = next((p for p in known if p.name == "size"), None)
        if kernel is not None and size is not None and rows == cols and size.low <= rows <= size.high:
            made = catalog.make(kernel.entry, **{**kernel.parameters, "size": float(rows)})
            if made.size == (rows, cols):  # some are made for odd sizes only
                self.take(made, "resize")
                return
        self.edit("resize", lambda weights: edits.resize(weights, rows, cols))

    def _parameter(self, name: str, value: float, gesture: int) -> None:
        kernel = self._context.state.kernel
        if kernel is None or not kernel.entry:
            return
        parameters = {**kernel.parameters, name: value}
        caption = next(p.label for p in catalog.entry(kernel.entry).parameters if p.name == name)
        try:
            self.take(catalog.make(kernel.entry, **parameters), caption.lower(), ("parameter", name, gesture))
        except ValueError as error:
            self._context.tell_error(error)


KERNEL_EDITS: dict[str, tuple[str, Callable[..., NDArray[np.float64]]]] = {
    "kernel_rotate": ("rotate right", edits.rotate_right),
    "kernel_rotate_left": ("rotate left", edits.rotate_left),
    "kernel_rotate_45": ("rotate by 45 degrees", edits.rotate_45),
    "kernel_flip_h": ("flip horizontally", edits.flip_horizontal),
    "kernel_flip_v": ("flip vertically", edits.flip_vertical),
    "kernel_transpose": ("transpose", edits.transpose),
    "kernel_negate": ("negate", edits.negate),
    "kernel_normalise": ("normalise", edits.normalise),
    "kernel_zero_sum": ("make zero-sum", edits.zero_sum),
    "kernel_double": ("scale by 2", lambda weights: edits.scale(weights, 2.0)),
    "kernel_half": ("scale by ½", lambda weights: edits.scale(weights, 0.5)),
    "kernel_clear": ("clear", lambda weights: edits.scale(weights, 0.0)),
}
