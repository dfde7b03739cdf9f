"""The theme: light, dark, or as the system has it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from convgui.views.kit import theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from convgui.controllers.context import Context


def dress(choice: str) -> bool:
    """Give the application the look of a choice, and return whether that is dark."""
    dark = theme.system_is_dark() if choice == "system" else choice == "dark"
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app, dark)
    return dark


class ThemeController:
    """Applies the theme, and remembers which one was chosen."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._forced: str | None = None
        size = context.preferences.get("text", theme.SCALES[0])
        context.window.actions_by_id[f"text_{size}"].setChecked(True)

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do that are about the theme."""
        return {
            **{f"theme_{choice}": partial(self.set_theme, choice) for choice in ("system", "light", "dark")},
            **{f"text_{size}": partial(self._set_text, size) for size in theme.SCALES},
        }

    def _set_text(self, size: int) -> None:
        """Write in this size from the next start on: all parts of the window are made for one."""
        self._context.preferences["text"] = size
        self._context.tell(f"Text will be {size} % of the usual size at the next start.")

    def set_theme(self, choice: str) -> None:
        """Follow the system, or be light or dark."""
        self._context.preferences["theme"] = choice
        self._show(self._forced or choice)

    def force(self, choice: str | None) -> None:
        """Be light or dark for a while, whatever was chosen; None ends that."""
        self._forced = choice
        self._show(choice or str(self._context.preferences.get("theme", "system")))

    def _show(self, choice: str) -> None:
        dark = dress(choice)
        self._context.window.refresh_icons()
        self._context.set_dark(dark)
