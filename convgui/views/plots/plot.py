"""The base of all plots: a place that is empty until the library is there, and then holds a plot in our colours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QPointF, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from convgui.views.kit.pace import Pace
from convgui.views.plots import library

if TYPE_CHECKING:
    from convgui.views.plots.values import Drawing


class Plot(QWidget):
    """Keeps what it is given, and shows it as soon as it has been built; the place has the same size before.

    A setter ends with `refresh`: a plot that is not seen is not drawn, and what comes in quick succession is drawn once.

    A plot of a kind says in `_make` what lies in it, in `_show` how that becomes what the plot was given, and in
    `drawing` what is taken away.

    Signals
    -------
    asked(str, Drawing)
        That it be taken away: as png, svg or csv, or copied.
    """

    asked = Signal(str, object)

    every_ms = 16
    """Milliseconds between two drawings, however often something is set."""

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
        self._due = False
        self._pace = Pace(self.every_ms, self._draw_if_seen, self)

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
        self._draw()

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

    def refresh(self) -> None:
        """Bring the canvas to what the plot was given: after what is painted now, and when it is seen."""
        if self.canvas is not None:
            self._due = True
            self._pace.ask()

    def _draw_if_seen(self) -> None:
        if self._due and self._seen():
            self._draw()

    def _seen(self) -> bool:
        """Whether it is on the screen; in a panel that is folded there is no room for it."""
        if self.canvas is None or not self.canvas.isVisible():
            return self.isVisible()
        return not self.canvas.viewport().visibleRegion().isEmpty()

    def _draw(self) -> None:
        """Draw it now."""
        self._due = False
        if self.canvas is not None:
            self._show()

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
        self.settle()
        place = self.canvas.getPlotItem().vb.mapSceneToView(self.canvas.mapToScene(at.toPoint()))
        return float(place.x()), float(place.y())

    def to_point(self, x: float, y: float) -> QPointF:
        """Return the point of the canvas that belongs to values."""
        self.settle()
        place = self.canvas.getPlotItem().vb.mapViewToScene(QPointF(x, y))
        return QPointF(self.canvas.mapFromScene(place))

    def due(self) -> bool:
        """Whether it was given something that is not drawn yet."""
        return self._due

    def settle(self) -> None:
        """Draw what is due: a point of the canvas means what is drawn there."""
        if self._due:
            self._draw()

    # events

    def showEvent(self, event) -> None:
        """Draw what came while it was not seen."""
        super().showEvent(event)
        if self._due:
            self.refresh()

    def resizeEvent(self, event) -> None:
        """Draw it for the room that there is, also when its panel is unfolded."""
        super().resizeEvent(event)
        self.refresh()

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
            self.refresh()

    def closeEvent(self, event) -> None:
        """Take the plot away."""
        self.shut()
        super().closeEvent(event)
