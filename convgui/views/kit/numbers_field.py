"""The field for several numbers: one for all, or one for each; what it cannot take stays in it, with the reason under it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal

from convgui.engine.numerals import read_number, written
from convgui.views.kit.refusing_field import RefusingField

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

MOST = 100_000
"""Characters of what is typed or pasted."""


def read_numbers(text: str, counts: Sequence[int] = ()) -> tuple[float, ...]:
    """Return the numbers that a text lists, parted by spaces or semicolons.

    A comma is a decimal sign where no space follows it, as everywhere in the window; with one it parts two numbers.

    Parameters
    ----------
    counts : sequence of int
        How many there may be; any but none, if it is empty.

    Raises
    ------
    ValueError
        One sentence that says what was expected and what was received.

    Examples
    --------
    >>> read_numbers("0,5 -2"), read_numbers("1, 2, 3"), read_numbers("1/3;2"), read_numbers("[1.5]")
    ((0.5, -2.0), (1.0, 2.0, 3.0), (0.3333333333333333, 2.0), (1.5,))
    """
    if len(text) > MOST:
        raise ValueError(f"Expected at most {MOST:,} characters, received {len(text):,}.")
    inner = text.strip().removeprefix("[").removesuffix("]").removeprefix("(").removesuffix(")")
    parts = [part for part in re.split(r";|,?\s+|,$", inner.strip()) if part]
    if (len(parts) not in counts) if counts else not parts:
        raise ValueError(f"Expected {_expected(counts)}, received {len(parts) or 'nothing'}.")
    if len(parts) == 1 and parts[0].count(",") > 1:
        raise ValueError(f"Expected spaces between numbers, received {parts[0][:24]}.")
    return tuple(read_number(part) for part in parts)


def _expected(counts: Sequence[int]) -> str:
    if not counts:
        return "a number, or several with spaces between them"
    words = {0: "nothing", 1: "one number"}
    return " or ".join(words.get(count, f"{count} numbers") for count in sorted(set(counts)))


class NumbersField(RefusingField):
    """Shows numbers as text; `changed(tuple)` when the user has set others."""

    changed = Signal(tuple)

    def __init__(
        self,
        name: str,
        accessible: str,
        *,
        width: int = 138,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(name, accessible, width, parent)
        self._counts: tuple[int, ...] = ()
        self._tip = ""
        self._values: tuple[float, ...] = ()

    def values(self) -> tuple[float, ...]:
        """Return the numbers."""
        return self._values

    def set_values(self, values: Sequence[float]) -> None:
        """Show numbers; what is being typed, or was refused, stays if they are the present ones."""
        if tuple(values) != self._values:
            self._values = tuple(float(value) for value in values)
            self._refuse("")
            self._show()

    def set_counts(self, counts: Sequence[int]) -> None:
        """Say how many numbers there may be; any but none, if it is empty. With 0 the field may be left empty."""
        self._counts = tuple(counts)
        self.setPlaceholderText("none" if 0 in self._counts else "")

    def set_tip(self, text: str) -> None:
        """Say what the numbers are for; all of them are added."""
        self._tip = text
        self._show_tip()

    def take(self) -> None:
        """Take what stands in the field, or say why that cannot be."""
        if not self._pending():
            return
        try:
            values = read_numbers(self.text(), self._counts)
        except ValueError as error:
            self._refuse(str(error))
            return
        differs, self._values = values != self._values, values
        self._refuse("")
        self._show()
        if differs:
            self.changed.emit(values)

    def _show(self) -> None:
        self._shown = " ".join(written(value) for value in self._values)
        self.setText(self._shown)
        self.setCursorPosition(0)
        self._show_tip()

    def _show_tip(self) -> None:
        self.setToolTip(f"{self._tip}\n{self._shown[:400]}".strip())

    def keyPressEvent(self, event) -> None:
        """Take by Enter, drop by Esc."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.take()
        elif event.key() == Qt.Key.Key_Escape and self._pending():
            self._refuse("")
            self._show()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event) -> None:
        """Take what was typed."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.take()
