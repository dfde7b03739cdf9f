"""The workspaces: which panels are open and where, each remembered; and the one for a projector, which has none."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, Qt

from convgui.views.kit.theme import SCALES
from convgui.views.window.workspaces import WORKSPACES, hide_tabs, lay_out
from convgui.worker.activity import Delay

if TYPE_CHECKING:
    from collections.abc import Callable

    from convgui.controllers.context import Context
    from convgui.controllers.window.theme import ThemeController

FIRST = "explain"

SHRUNK_MS = 200
"""Milliseconds that a desktop may take to give a window its size back."""

PRESENTING = (
    "In light colours, for a projector: arrow keys step the kernel, P plays, F11 leaves the whole screen; "
    "Esc brings the panels back."
)


class WorkspaceController:
    """Switches between workspaces, opens and closes panels, and remembers where they stood."""

    def __init__(self, context: Context, theme: ThemeController) -> None:
        self._context, self._theme, self._window = context, theme, context.window
        self._actions = context.window.actions_by_id
        self._now = self._last = FIRST
        self._ended = False
        self._filled = False
        """Whether the window takes the whole screen when it is not for a projector."""
        self._size = context.window.size()
        self._shrunk = Delay(context.activity, SHRUNK_MS, self._settle, context.window)
        self._hidden: dict[str, Any] | None = None
        """Where the panels stood before all of them were hidden."""
        self._layouts: dict[str, Any] = dict(context.preferences.get("layouts") or {})
        if context.preferences.get("layouts_text", SCALES[0]) != context.preferences.get("text", SCALES[0]):
            self._layouts = {}  # they are for letters of another size
        self._text = context.preferences.get("text", SCALES[0])
        for name, dock in self._window.docks.items():
            action = self._actions[f"show_{name}"]
            action.toggled.connect(partial(self._open, name))
            dock.toggleViewAction().toggled.connect(partial(self._opened, name))
        self._window.workspaces.chosen.connect(self.show)
        self._tick()
        self._actions["unpin"].triggered.connect(self._leave)
        self._actions["hide_panels"].toggled.connect(self._hide)
        self._mark()

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do that are about the layout."""
        return {
            **{f"workspace_{name}": partial(self.show, name) for name in WORKSPACES},
            "reset_layout": self.reset,
            "full_screen": self._full_screen,
        }

    @property
    def name(self) -> str:
        """Which workspace is shown."""
        return self._now

    def restore(self) -> None:
        """Show the workspace of the last time, as it was left."""
        name = self._context.preferences.get("workspace", FIRST)
        self._now = name if name in WORKSPACES and not WORKSPACES[name].bare else FIRST
        if self._now in self._layouts or self._now != FIRST:  # else they stand there already
            self._take(self._layouts.get(self._now))
        self._mark()

    def remember(self) -> None:
        """Put the layout where it is kept for the next start; what is closed from now on is closed with the window."""
        self._keep()
        self._ended = True
        kept = self._last if WORKSPACES[self._now].bare else self._now
        self._context.preferences.update(layouts=self._layouts, layouts_text=self._text, workspace=kept)

    def show(self, name: str) -> None:
        """Switch to a workspace."""
        if name != self._now:
            self._keep()
            if not WORKSPACES[self._now].bare:
                self._last = self._now
            self._now = name
            self._actions["hide_panels"].setChecked(False)
            self._fill_screen(WORKSPACES[name].bare or self._filled)
            self._take(self._layouts.get(name))
            self._present(WORKSPACES[name].bare)
        self._mark()

    def reset(self) -> None:
        """Put the panels where they were at first."""
        self._layouts.pop(self._now, None)
        self._hidden = None
        self._actions["hide_panels"].setChecked(False)
        self._take(None)
        self._actions["arrange_side"].trigger()
        self._context.window.status.set_note(f"{WORKSPACES[self._now].title}: all panels are where they were at first")

    # one panel, all panels

    def _opened(self, name: str, is_open: bool) -> None:
        if not self._ended:
            self._actions[f"show_{name}"].setChecked(is_open)

    def _open(self, name: str, wanted: bool) -> None:
        dock = self._window.docks[name]
        if wanted:
            if dock.isHidden():
                dock.bring()
        elif not dock.isHidden() and not dock.isFloating() and dock.visibleRegion().isEmpty() and self._window.isVisible():
            dock.bring()  # it was open behind another tab
            self._actions[f"show_{name}"].setChecked(True)
        else:
            dock.hide()

    def _hide(self, hide: bool) -> None:
        """Hide all panels, or bring back those that were open."""
        if hide:
            self._hidden = self._layout()
            for dock in self._window.docks.values():
                dock.hide()
        elif self._hidden is not None:
            layout, self._hidden = self._hidden, None
            if all(dock.isHidden() for dock in self._window.docks.values()):
                self._take(layout)

    # layouts

    def _layout(self) -> dict[str, Any]:
        state = bytes(self._window.saveState().toBase64().data()).decode("ascii")
        docks = self._window.docks.items()
        return {
            "state": state,
            "folded": [name for name, dock in docks if dock.folded()],
            "open": [name for name, dock in docks if not dock.isHidden()],
        }

    def _keep(self) -> None:
        if not WORKSPACES[self._now].bare:
            self._layouts[self._now] = self._hidden or self._layout()

    def _take(self, layout: dict[str, Any] | None) -> None:
        """Put the panels where they stood, or where they stand at first."""
        hide_tabs(self._window)
        if layout is not None:
            for name, dock in self._window.docks.items():
                if name in layout.get("open", ()):
                    dock.fill()  # before Qt gives it its room
                dock.set_folded(name in layout.get("folded", ()), keep_room=True)
            state = QByteArray.fromBase64(str(layout.get("state", "")).encode("ascii", "ignore"))
            self._window.untouched = not self._window.restoreState(state)
        if layout is None or self._window.untouched:
            lay_out(self._window, self._window.docks, self._now)
        self._tick()

    def _tick(self) -> None:
        """Mark the panels that are open: as long as the window is not shown, Qt does not tell."""
        for name, dock in self._window.docks.items():
            action = self._actions[f"show_{name}"]
            action.blockSignals(True)
            action.setChecked(not dock.isHidden())
            action.blockSignals(False)

    def _mark(self) -> None:
        self._window.workspaces.set_value(self._now)
        self._actions[f"workspace_{self._now}"].setChecked(True)

    # the projector

    def _present(self, bare: bool) -> None:
        if bare != self._context.presenting:
            self._window.set_bare(bare)
            self._theme.force("light" if bare else None)
            self._context.present(bare)
            if bare:
                self._window.pair.map.setFocus()
                self._context.tell(PRESENTING)
            elif self._window.messages.text.text() == PRESENTING:
                self._window.messages.clear()

    def _leave(self) -> None:
        """Go back from the projector's workspace."""
        if WORKSPACES[self._now].bare:
            self.show(self._last)

    def _full_screen(self) -> None:
        self._fill_screen(not self._window.isFullScreen())
        if not self._context.presenting:
            self._filled = self._window.isFullScreen()

    def _fill_screen(self, fill: bool) -> None:
        """Take the whole screen, or the room that the window had."""
        if fill != self._window.isFullScreen():
            if fill:
                self._size = self._window.size()
            self._window.setWindowState(self._window.windowState() ^ Qt.WindowState.WindowFullScreen)
            if not fill:
                self._shrunk.start()
        self._actions["full_screen"].setChecked(fill)

    def _settle(self) -> None:
        """Lay the panels out once more when the window has its size again: a desktop gives it later than it is asked."""
        if self._window.isFullScreen() or not self._window.isVisible():
            return
        if not self._window.isMaximized() and self._window.size() != self._size:  # some do not give it back at all
            self._window.resize(self._size)
        self._take(self._layouts.get(self._now))
