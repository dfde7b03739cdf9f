"""Toy grids and sequences from and to the clipboard, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from convgui.controllers.canvas.grid import NONE, cells
from convgui.io.text.tables import format_numbers, parse_numbers
from convgui.model import grids

if TYPE_CHECKING:
    from collections.abc import Callable

    from convgui.controllers.canvas.grid import GridController
    from convgui.controllers.context import Context


class GridTextController:
    """Pastes numbers into the grid, and copies those of it."""

    def __init__(self, context: Context, grid: GridController) -> None:
        self._context, self._grid = context, grid

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do that are about the clipboard."""
        return {"grid_paste": self.paste, "grid_copy": self.copy}

    def paste(self, row: int = 0, col: int = 0) -> None:
        """Write the numbers of the clipboard over the grid, from a cell on."""
        try:
            block, _ = parse_numbers(QGuiApplication.clipboard().text())
        except ValueError as error:
            self._context.tell_error(f"Clipboard: {error}.")
            return
        before = self._context.state
        self._grid.edit("paste numbers", lambda grid: grids.paste(grid, row, col, block))
        if self._context.state is not before:
            where = f"channel {row}, step {col}" if before.source.sequence else f"row {row}, column {col}"
            rows, cols = block.shape
            self._context.succeeded(f"{rows} × {cols} numbers were pasted from {where} on")

    def copy(self) -> None:
        """Put the numbers of the grid on the clipboard as text."""
        if not self._grid.editable:
            self._context.tell(NONE)
            return
        QGuiApplication.clipboard().setText(format_numbers(cells(self._context.state.source)))
        self._context.succeeded("The grid was copied as text")
