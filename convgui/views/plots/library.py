"""The library of the plots, pyqtgraph: imported late and on a worker, since that takes as long as many frames."""

from __future__ import annotations

import sys
from contextlib import suppress
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from PySide6 import QtCore, QtGui, QtWidgets

from convgui.views.kit.theme import base_font, ink
from convgui.views.plots.ticks import counts_text, texts, ticks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QFont

APART = {"bottom": 50, "left": 19, "right": 19}
"""Pixels between two numbers of an axis, at least."""


LIGHT_LINES = ("#2474a8", "#626d7d", "#a8641f", "#4b8a86", "#98a1ae", "#7a5a2e")
DARK_LINES = ("#6fb3e0", "#b6bec9", "#dca467", "#86c5c0", "#8a93a0", "#c2a06b")
"""Colours of lines: that of the map, then those of its inputs; none of them is the accent."""


def line_inks() -> tuple[str, ...]:
    """Return the colours of lines in the present theme."""
    return DARK_LINES if ink("card").lightness() < 128 else LIGHT_LINES


def classes() -> Iterator[None]:
    """Have Qt's classes made, one at each step.

    They are made when they are first named. The library names all of them; where that happens on another thread, while the
    GUI thread uses one that is half made, the program crashes: they are to be made in the GUI thread, before.
    """
    for module in (QtCore, QtGui, QtWidgets):
        for name in dir(module):
            getattr(module, name)
            yield
    for also in ("PySide6.QtOpenGLWidgets", "PySide6.QtTest"):
        with suppress(ImportError):
            import_module(also)
        yield


def load() -> None:
    """Import it, on any thread, once the classes are made."""
    import pyqtgraph

    pyqtgraph.setConfigOptions(imageAxisOrder="row-major", mouseRateLimit=-1, antialias=False)


def loaded() -> bool:
    """Whether it has been imported."""
    return "pyqtgraph" in sys.modules


def small_font() -> QFont:
    """Return the font of the numbers of an axis."""
    font = base_font()
    font.setPixelSize(11)
    return font


@cache
def _axis_class() -> Any:
    import pyqtgraph

    class Axis(pyqtgraph.AxisItem):
        """An axis with few round numbers, written as everywhere in the window; of counts powers of ten."""

        logarithmic, above = False, 0.0

        def tickValues(self, minVal, maxVal, size):
            """Return the numbers that stand at it."""
            low, high = min(minVal, maxVal), max(minVal, maxVal)
            most = max(size / APART[self.orientation], 2.0)
            if self.logarithmic:
                powers = ticks(0.0, max(high - self.above, 0.0), most)
                return [(1.0, [power + self.above for power in powers if power == round(power)])]
            return [(1.0, ticks(low, high, most))]

        def tickStrings(self, values, scale, spacing):
            """Return how they are written."""
            if self.logarithmic:
                return [counts_text(value - self.above) for value in values]
            return texts(list(values))

    return Axis


def make_canvas(accessible: str, *, right: bool = False) -> Any:
    """Return a plot widget of the library without menus, buttons and habits of its own."""
    import pyqtgraph

    sides = ("bottom", "left", "right") if right else ("bottom", "left")
    axes = {side: _axis_class()(side) for side in sides}
    canvas = pyqtgraph.PlotWidget(axisItems=axes, enableMenu=False, background=None)
    canvas.setAccessibleName(accessible)
    canvas.setFrameShape(canvas.Shape.NoFrame)
    plot = canvas.getPlotItem()
    plot.hideButtons()
    plot.setContentsMargins(0, 0, 0, 0)
    plot.vb.setMenuEnabled(False)
    plot.vb.setDefaultPadding(0)
    plot.disableAutoRange()
    axes["bottom"].setHeight(22)
    for axis in axes.values():
        axis.enableAutoSIPrefix(False)
        axis.setStyle(tickLength=-3, tickTextOffset=4, hideOverlappingLabels=True, autoExpandTextSpace=False)
    dress(canvas)
    return canvas


def dress(canvas: Any) -> None:
    """Give a plot widget the colours of the present theme."""
    import pyqtgraph

    plot = canvas.getPlotItem()
    canvas.setBackground(ink("card"))
    for axis in (part["item"] for part in plot.axes.values()):
        axis.setTickFont(small_font())
        axis.setPen(pyqtgraph.mkPen(ink("line")))
        axis.setTextPen(pyqtgraph.mkPen(ink("secondary")))
        axis.label.setFont(small_font())
