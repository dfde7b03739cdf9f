"""The base of all plots: a place that is empty until the library is there, and then holds a plot in our colours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QPointF, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from convgui.views.plots import library

if TYPE_CHECKING:
    from convgui.views.plots.values import Drawing


class Plot(QWidget):
    """Keeps what it is given, and shows it as soon as it has been built; the place has the same size before.

    A plot of a kind says in `_make` what lies in it, in `_show` how that becomes what the plot was given, and in
    `drawing` what is taken away.

    Signals
    -------
    asked(str, Drawing)
        That it be taken away: as png, svg or csv, or copied.
    """

    asked = Signal(str, object)

    def __init__(self, name: str, accessible: str, *, right: bool = False) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.canvas: Any = None
        """The plot widget of the library, once it has been built."""
        self._right = right
        self._below = 0
        """How many lines stand above the canvas."""
        self._room = QVBoxLayout(self)
        self._room.setContentsMargins(0, 0, 0, 0)

    def build(self) -> None:
        """Make the plot; the library is imported here unless it is there already."""
        if self.canvas is not None:
            return
        library.load()
        self.canvas = library.make_canvas(self.accessibleName(), right=self._right)
        self.canvas.setObjectName(f"{self.objectName()}_canvas")
        self._room.insertWidget(self._below, self.canvas, 1)
        self._make()
        self.canvas.viewport().installEventFilter(self)
        self.canvas.viewport().setMouseTracking(True)
        self._show()

    def built(self) -> bool:
        """Whether the plot is there."""
        return self.canvas is not None

    def shut(self) -> None:
        """Take the plot away, as the window closes: the library must not be left to do that at the end of the program."""
        if self.canvas is not None:
            canvas, self.canvas = self.canvas, None
            canvas.viewport().removeEventFilter(self)
            self._room.removeWidget(canvas)
            canvas.close()
            canvas.deleteLater()

    def take(self, how: str) -> None:
        """Ask that the plot be taken away."""
        self.asked.emit(how, self.drawing())

    def drawing(self) -> Drawing:
        """Return the plot as it is shown."""
        raise NotImplementedError

    # what a plot of a kind does

    def _make(self) -> None:
        """Put into the canvas what the plot consists of."""
        raise NotImplementedError

    def _show(self) -> None:
        """Bring the canvas to what the plot was given; called only where there is one, also after a change of theme."""
        raise NotImplementedError

    def _press(self, at: QPointF) -> bool:
        """Begin a drag at a point of the canvas, and return whether it is one of ours."""
        return False

    def _move(self, at: QPointF, held: bool) -> bool:
        """Go on with the drag, or show what is under the cursor."""
        return False

    def _release(self, at: QPointF) -> bool:
        """End the drag."""
        return False

    def _wheel(self, at: QPointF, turns: float) -> bool:
        """Zoom, and return whether the wheel is ours; else it scrolls what the plot stands in."""
        return False

    def _double_click(self) -> bool:
        """Show all of it."""
        return False

    def _leave(self) -> None:
        """Show no more what was under the cursor."""

    # places

    def to_value(self, at: QPointF) -> tuple[float, float]:
        """Return the values that belong to a point of the canvas."""
        place = self.canvas.getPlotItem().vb.mapSceneToView(self.canvas.mapToScene(at.toPoint()))
        return float(place.x()), float(place.y())

    def to_point(self, x: float, y: float) -> QPointF:
        """Return the point of the canvas that belongs to values."""
        place = self.canvas.getPlotItem().vb.mapViewToScene(QPointF(x, y))
        return QPointF(self.canvas.mapFromScene(place))

    # events

    def eventFilter(self, watched, event) -> bool:
        """Take the gestures that are ours before the library sees them."""
        kind = event.type()
        if self.canvas is None:
            return False
        if kind == QEvent.Type.MouseButtonPress and event.button() == event.button().LeftButton:
            return self._press(event.position())
        if kind == QEvent.Type.MouseMove:
            return self._move(event.position(), bool(event.buttons() & event.buttons().LeftButton))
        if kind == QEvent.Type.MouseButtonRelease and event.button() == event.button().LeftButton:
            return self._release(event.position())
        if kind == QEvent.Type.MouseButtonDblClick:
            return self._double_click()
        if kind == QEvent.Type.Wheel:
            return self._wheel(event.position(), event.angleDelta().y() / 120)
        if kind == QEvent.Type.Leave:
            self._leave()
        return False

    def changeEvent(self, event) -> None:
        """Take the colours of another theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange) and self.canvas is not None:
            library.dress(self.canvas)
            self._show()

    def closeEvent(self, event) -> None:
        """Take the plot away."""
        self.shut()
        super().closeEvent(event)
