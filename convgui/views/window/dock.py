"""A panel of the window: Qt's own dock, whose title bar is the header of the card in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDockWidget,
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from convgui.views.kit.tabs import order_tabs
from convgui.views.kit.theme import INNER, icon, ink, px

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from convgui.views.kit.card import Card

MUCH = 100
"""How much more of the room that is left a card takes that can use it than what is empty below."""

WITHOUT_LIMIT = (1 << 24) - 1
WIDEST = 760
"""Pixels that a panel is wide at most when it is torn off."""
SIDES = (Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea)


class _Scrolling(QScrollArea):
    """Holds cards that keep their height, and scrolls where there is less room."""

    def __init__(self, inner: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWidget(inner)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def sizeHint(self) -> QSize:
        """Return the size at which nothing scrolls."""
        inner = self.widget()
        wide = max(self.width(), inner.minimumSizeHint().width())
        high = inner.heightForWidth(wide) if inner.hasHeightForWidth() else inner.sizeHint().height()
        return QSize(inner.sizeHint().width(), high)

    def minimumSizeHint(self) -> QSize:
        """Return a height at which something can be seen, and the width of the cards."""
        return QSize(self.widget().minimumSizeHint().width(), min(self.sizeHint().height(), 64))


class Dock(QDockWidget):
    """Can be moved, tabbed, floated, closed, and in a column at the side folded to its title.

    What is in it is made when it is first opened, or when somebody asks for it by `fill`: most panels are closed at a start.

    Parameters
    ----------
    name, title : str
    make : callable
        Makes the cards that are in it, from top to bottom, in the widget that holds them.
    scrolls : bool
        Whether they keep their height and scroll where there is less room; else they fill it.
    window : QMainWindow

    Signals
    -------
    filled
        What is in it has just been made.
    seen_changed(bool)
        Whether anything of it is on the screen: a closed panel, and one behind another tab, costs nothing.
    """

    filled = Signal()
    seen_changed = Signal(bool)

    card: Card
    header: QWidget

    def __init__(
        self, name: str, title: str, make: Callable[[QWidget], Sequence[Card]], *, scrolls: bool, window: QMainWindow
    ) -> None:
        super().__init__(title, window)
        self.setObjectName(f"dock_{name}")
        self._name, self._scrolls = name, scrolls
        self._make: Callable[[QWidget], Sequence[Card]] | None = make
        self._cards: Sequence[Card] = ()
        self._seen = self._on_screen = self._folded = self._held = False
        self._before = 0
        self._look: tuple[bool, str] | None = None
        """What its icons were drawn for."""
        self.visibilityChanged.connect(self._see)
        self.dockLocationChanged.connect(lambda _: self.refresh())
        self.topLevelChanged.connect(self._float)

    def fill(self) -> None:
        """Make what is in it, unless it is there."""
        if self._make is None:
            return
        make, self._make = self._make, None
        inner = QWidget()
        self._content = _Scrolling(inner, self) if self._scrolls else inner
        self.setWidget(self._content)  # before there is anything in it: what gets another parent is styled once more
        self._cards = make(inner)
        self.card = self._cards[0]
        self.header = self.card.take_header()
        self._stack(inner)
        self.setTitleBarWidget(self._bar(self._name, self.windowTitle()))
        self.filled.emit()
        self.refresh_icons()

    def is_filled(self) -> bool:
        """Whether what is in it has been made."""
        return self._make is None

    def hold(self, held: bool) -> None:
        """Make nothing when it is opened, as long as a layout is restored; then make what is in it where it is open."""
        self._held = held
        if not held and not self.isHidden():
            self.fill()

    def setVisible(self, visible: bool) -> None:
        """Open it, with all that is in it, or close it."""
        if visible and not self._held:
            self.fill()
        super().setVisible(visible)

    def _stack(self, inner: QWidget) -> None:
        """Lay the cards below each other."""
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for card in self._cards:
            card.setProperty("card", False)  # the panel is the frame
            grows = card.sizePolicy().verticalPolicy() == QSizePolicy.Policy.Expanding
            column.addWidget(card, MUCH if grows else 0)
        if self._scrolls:
            column.addStretch(1)

    def order_tabs(self, before: QWidget | None) -> None:
        """Let Tab go from another widget through the header, then through the rest."""
        inside, after = [], self._content.nextInFocusChain()
        while after is not None and self._content.isAncestorOf(after):
            inside.append(after)
            after = after.nextInFocusChain()
        order_tabs(before, (*self.header.findChildren(QWidget), *inside, self.fold, self.shut))

    def _bar(self, name: str, title: str) -> QWidget:
        bar = QWidget()
        bar.setProperty("bar", True)
        row = QHBoxLayout(bar)
        row.setContentsMargins(INNER, 4, 6, 3)
        row.setSpacing(4)
        self.fold = self._button(f"fold_{name}", f"Fold or unfold {title}", "Fold the panel to its title, or unfold it")
        self.shut = self._button(f"close_{name}", f"Close {title}", "Close the panel; View, Panels brings it back")
        self.fold.clicked.connect(lambda: self.set_folded(not self.folded()))
        self.shut.clicked.connect(self.close)
        row.addWidget(self.header, 1)
        row.addWidget(self.fold)
        row.addWidget(self.shut)
        return bar

    def _button(self, name: str, accessible: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName(name)
        button.setAccessibleName(accessible)
        button.setToolTip(tip)
        button.setProperty("flat", True)
        button.setFixedSize(px(20), px(22))
        button.setIconSize(QSize(14, 14))
        return button

    # folding

    def set_folded(self, folded: bool, *, keep_room: bool = False) -> None:
        """Show only the title, or all of it; with `keep_room` as a layout that comes next says how high it is."""
        if folded:
            self.fill()
        elif not self.is_filled():
            return
        if folded and not self._folded:
            self._before = self.height()
        unfolds, self._folded = self._folded and not folded, folded
        self._content.setMaximumHeight(0 if folded else WITHOUT_LIMIT)
        self._content.setEnabled(not folded)  # no focus goes where nothing is seen
        self.setMaximumHeight(self.titleBarWidget().sizeHint().height() if folded else WITHOUT_LIMIT)
        window = self.parentWidget()
        if unfolds and not keep_room and isinstance(window, QMainWindow) and not self.isFloating():
            high = max(self._before, self._content.sizeHint().height() + self.titleBarWidget().height())
            window.resizeDocks([self], [high], Qt.Orientation.Vertical)
        self._see(self._on_screen)

    def folded(self) -> bool:
        """Whether only the title is shown."""
        return self._folded

    # on the screen

    def seen(self) -> bool:
        """Whether anything of it is on the screen."""
        return self._seen

    def _see(self, on_screen: bool) -> None:
        self._on_screen = on_screen
        seen = on_screen and not self.folded()
        if seen != self._seen:
            self._seen = seen
            self.seen_changed.emit(seen)
        self.refresh()

    def _float(self, floats: bool) -> None:
        """Know that a tab that is torn off is seen: Qt does not tell."""
        self._see((floats and not self.isHidden()) or self._on_screen)
        if floats and self.width() > WIDEST:
            self.resize(WIDEST, self.height())

    def bring(self) -> None:
        """Open it, unfolded and before other tabs."""
        if self.folded():
            self.set_folded(False)
        self.show()
        self.raise_()

    def refresh_icons(self) -> None:
        """Tint the icons anew after a change of theme."""
        for card in self._cards:
            card.refresh_icons()
        self.refresh()

    def refresh(self) -> None:
        """Show what can be done with it where it is now; a tab says its name already."""
        if not self.is_filled():
            return
        window = self.parentWidget()
        beside = isinstance(window, QMainWindow) and not self.isFloating() and window.dockWidgetArea(self) in SIDES
        tabbed = isinstance(window, QMainWindow) and bool(window.tabifiedDockWidgets(self)) and not self.isFloating()
        self.fold.setVisible((beside and not tabbed) or self.folded())
        self.card.title.setVisible(not tabbed or self.card.title.text() != self.windowTitle())
        look = self.folded(), ink("faint").name()
        if look != self._look:
            self._look = look
            self.fold.setIcon(icon("chevron-right" if self.folded() else "chevron-down", "faint", 14))
            self.shut.setIcon(icon("x", "faint", 14))
