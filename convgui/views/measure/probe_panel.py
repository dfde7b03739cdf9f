"""The arithmetic panel: the card below the panes that explains what is pointed at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from convgui.engine.shown import number
from convgui.views.kit import drawable
from convgui.views.kit.card import Card
from convgui.views.measure.arithmetic import ArithmeticCanvas

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtGui import QAction

    from convgui.views.measure.values import Largest, Made, Shares, Sum


SEPARATOR = "  ·  "


class ProbePanel(Card):
    """The card below the panes: setters only."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("probe", "Arithmetic", parent)
        self.canvas, self._plain = ArithmeticCanvas(), False
        self._buttons: dict[str, QToolButton] = {}
        self._left_out: set[str] = set()
        self.body.addWidget(self.canvas, 1)

    def set_actions(self, actions: Sequence[tuple[QAction, str]]) -> None:
        """Show a button with a short text for each of these actions."""
        for action, text in actions:
            button = QToolButton()
            button.setDefaultAction(action)
            button.setText(text)
            action.changed.connect(lambda button=button, text=text: button.setText(text))
            button.setProperty("flat", True)
            button.setObjectName(f"button_{action.objectName()}")
            button.setAccessibleName(action.text().replace("&", ""))
            self.corner.addWidget(button)
            self._buttons[action.objectName()] = button

    def set_copies(self, actions: Sequence[QAction]) -> None:
        """Offer these actions behind one button."""
        menu = QMenu(self)
        menu.setObjectName("menu_copy_sum")
        menu.setToolTipsVisible(True)
        menu.addActions(list(actions))
        button = QToolButton()
        button.setText("Copy")
        button.setObjectName("copy_button")
        button.setAccessibleName("Copy the sum")
        button.setToolTip("Put the sum on the clipboard: as text, or as NumPy")
        button.setProperty("flat", True)
        button.setProperty("menubutton", True)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setMenu(menu)
        self.corner.addWidget(button)
        self._buttons["copy"] = button

    def set_offered(self, action: str, offered: bool) -> None:
        """Show the button of an action only where there is something that it can do."""
        self._left_out = self._left_out - {action} if offered else self._left_out | {action}
        self.set_plain(self._plain)

    def set_plain(self, plain: bool) -> None:
        """Leave buttons and advice out, for a picture of the panel."""
        self._plain = plain
        for name, button in self._buttons.items():
            button.setVisible(not plain and name not in self._left_out)

    def set_nothing(self, hint: str) -> None:
        """Say how to get something to see."""
        self._show(hint=hint)

    def set_sum(
        self, where: str, explained: Sum, terms: Sequence[Largest], tint: tuple[int, int, int] | None, advice: str = ""
    ) -> None:
        """Explain a cell; `terms` are the largest ones, `tint` the ink of the result."""
        self.canvas.terms = terms
        self.canvas.tint = QColor(*tint) if tint else QColor()
        self._show(explained, where=self._advised(where, advice))
        self.canvas.setAccessibleDescription(f"{where}: {'?' if self.canvas.value_hidden else number(explained.value, 6)}")

    def set_made(self, where: str, made: Made, tint: tuple[int, int, int] | None, advice: str = "") -> None:
        """Explain a cell of a layer that is no convolution."""
        self.canvas.tint = QColor(*tint) if tint else QColor()
        self._show(made=made, where=self._advised(where, advice))
        self.canvas.setAccessibleDescription(f"{where}: {'?' if self.canvas.value_hidden else number(made.value, 6)}")

    def _advised(self, where: str, advice: str) -> str:
        return f"{where}{SEPARATOR}{advice}" if advice and not self._plain else where

    def set_shares(self, where: str, shares: Shares, hint: str) -> None:
        """Explain an input cell; `hint` is what there is to say if no output reads it."""
        self._show(shares=shares, hint=hint, where=where)
        self.canvas.setAccessibleDescription(f"{where}: {number(shares.value, 6)}")

    def _show(
        self,
        explained: Sum | None = None,
        shares: Shares | None = None,
        made: Made | None = None,
        hint: str = "",
        where: str = "",
    ) -> None:
        if explained is not None and not drawable.alike(explained.patch, explained.weights, explained.products):
            explained = None
        if shares is not None and not drawable.alike(shares.weights, shares.shares):
            shares = None
        if made is not None and not all(grid.values.ndim == 2 and grid.values.size for grid in made.grids):
            made = None
        self.canvas.sum, self.canvas.shares, self.canvas.made, self.canvas.hint = explained, shares, made, hint
        parts = where.split(SEPARATOR)
        forms = [SEPARATOR.join(parts[:count]) for count in range(len(parts) - 1, 0, -1)]
        place = next((part for part in reversed(parts) if part.startswith(("row", "step"))), where)
        self.set_detail(where, *forms, place, place.replace("row ", "").replace("column ", ""))
        self.canvas.update_soon()

    def set_order(self, by_size: bool) -> None:
        """Draw the products of the running sum by their size, or as they lie in the kernel."""
        self.canvas.sorted = by_size
        self.canvas.update_soon()

    def set_marks(self, terms: Sequence[tuple[int, int]]) -> None:
        """Outline terms: row and column among those that are drawn."""
        if list(terms) != list(self.canvas.marks):
            self.canvas.marks = terms
            self.canvas.update_soon()

    def set_value_hidden(self, value_hidden: bool) -> None:
        """Hide products, sum and result, so that they can be predicted."""
        self.canvas.value_hidden = value_hidden
        self.canvas.update_soon()

    def set_flipped(self, flipped: bool, *, symmetric: bool) -> None:
        """Say whether the kernel is flipped, and whether that changes anything."""
        self.canvas.kernel_title = ("kernel (symmetric)" if symmetric else "kernel, flipped") if flipped else "kernel"
        self.canvas.update_soon()

    def set_places(self, text: str) -> None:
        """Say what the two numbers are by which the terms of a large kernel are found."""
        self.canvas.places = text

    def set_table(self, table: NDArray[np.uint8]) -> None:
        """Colour weights and products by a signed colour table."""
        self.canvas.table = table
        self.canvas.update_soon()

    def set_grey(self, low: float, high: float, *, steady: bool = False) -> None:
        """Show these values of the input as black and white; `steady`: draw all sums at one scale, to be compared."""
        self.canvas.grey, self.canvas.steady = drawable.ends(low, high), steady
        self.canvas.update_soon()
