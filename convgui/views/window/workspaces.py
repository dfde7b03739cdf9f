"""The workspaces as a table: which panels each of them shows at first, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QTabBar

from convgui.views.kit.theme import px

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtWidgets import QMainWindow

    from convgui.views.window.dock import Dock

RIGHT, BOTTOM = Qt.DockWidgetArea.RightDockWidgetArea, Qt.DockWidgetArea.BottomDockWidgetArea

INSPECTOR, LOWER, KERNELS = 288, 214, 408
"""Pixels: width of the inspector, height of the lower panels, width of the kernels."""

FILM, STRIP, BAR = 124, 104, 30
"""Pixels: height of the film strip, of the layers, and of a title."""


class Workspace(NamedTuple):
    """Which panels are open, and which are folded to their title; the others stand where they belong, closed.

    `front`: which of the tabs below is before the others. `bare`: nothing but the panes, for a projector.
    """

    title: str
    open: tuple[str, ...]
    folded: tuple[str, ...] = ()
    front: str = "probe"
    bare: bool = False


WORKSPACES = {
    "explain": Workspace("Explain", ("kernel", "operation", "display", "facts", "gallery", "probe"), ("facts",)),
    "measure": Workspace(
        "Measure",
        ("display", "facts", "operation", "kernel", "probe", "profile", "response", "curves"),
        ("operation", "kernel"),
        front="profile",
    ),
    "network": Workspace(
        "Network",
        ("kernel", "operation", "prepare", "display", "layers", "probe", "field", "patches", "weights"),
        ("display",),
    ),
    "present": Workspace("Present", (), bare=True),
}

COLUMN = ("kernel", "operation", "prepare", "display", "facts")
"""The panels of the inspector, from top to bottom."""


TABS = ("probe", "field", "patches", "compare", "profile", "response", "curves", "measures", "graph", "classes", "weights")
"""The panels that stand before each other below the panes."""


def lay_out(window: QMainWindow, docks: Mapping[str, Dock], name: str) -> None:
    """Put every panel to its place in a workspace, as nobody has moved it yet."""
    workspace = WORKSPACES[name]
    hide_tabs(window)
    for dock in docks.values():
        dock.setFloating(False)
        window.removeDockWidget(dock)
    before = None
    for panel in COLUMN:
        window.addDockWidget(RIGHT, docks[panel])
        if before is not None:
            window.splitDockWidget(docks[before], docks[panel], Qt.Orientation.Vertical)
        before = panel
    window.addDockWidget(BOTTOM, docks["film"])
    window.splitDockWidget(docks["film"], docks["layers"], Qt.Orientation.Vertical)
    window.splitDockWidget(docks["layers"], docks["gallery"], Qt.Orientation.Vertical)
    window.splitDockWidget(docks["gallery"], docks[TABS[0]], Qt.Orientation.Horizontal)
    for panel in TABS[1:]:
        window.tabifyDockWidget(docks[TABS[0]], docks[panel])
    for panel, dock in docks.items():
        dock.setVisible(panel in workspace.open)
        dock.set_folded(panel in workspace.folded)
    if workspace.front in workspace.open:
        docks[workspace.front].raise_()
    share_out(window, docks)


def hide_tabs(window: QMainWindow) -> None:
    """Hide the bars of tabs before panels go elsewhere: Qt shows those that are in use again, and leaves the others."""
    for bar in window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly):
        bar.hide()


def share_out(window: QMainWindow, docks: Mapping[str, Dock]) -> None:
    """Give the panels the room that they have at first; before the window is shown Qt takes no notice of it."""
    if window.isVisible():
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)  # else sizes are those before all was styled
    window.resizeDocks([docks["kernel"]], [px(INSPECTOR)], Qt.Orientation.Horizontal)
    strips = [docks["film"], docks["layers"], docks["gallery"]]
    window.resizeDocks(strips, [px(FILM), px(STRIP), px(LOWER)], Qt.Orientation.Vertical)
    window.resizeDocks([docks["probe"]], [px(LOWER)], Qt.Orientation.Vertical)
    column = [docks[name] for name in COLUMN if docks[name].is_filled()]
    heights = [px(BAR) if dock.folded() else dock.widget().sizeHint().height() + px(BAR) for dock in column]
    window.resizeDocks(column, heights, Qt.Orientation.Vertical)
    room = window.width() - px(INSPECTOR)
    kernels = min(px(KERNELS), room * 36 // 100)
    window.resizeDocks([docks["gallery"], docks["probe"]], [kernels, room - kernels], Qt.Orientation.Horizontal)
