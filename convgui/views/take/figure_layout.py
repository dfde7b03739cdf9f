"""Where the parts of a figure lie on its page: input and map at one scale, registered, with room for their words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF

if TYPE_CHECKING:
    from collections.abc import Sequence

    from convgui.views.kit.drawable import Rect

PANEL, GAP, EDGE, BAR = 420.0, 34.0, 28.0, 84.0
CELL, KERNEL_CELL, KERNEL = 60.0, 64.0, 190.0
"""Points of a cell at most, in a grid and in a kernel beside a photo, and of such a kernel."""

THIN = 24.0
"""Points that a picture is wide and high at least."""

LOW = 60.0
"""Points that the row of the pictures is high at least."""

COLUMN, TITLE_ROW, BELOW = 176.0, 32.0, 10.0
"""Points of a column that has words, of the titles, and between a picture and its caption."""

TITLE, CAPTION, TALL = 17, 12, 1.5


def font_of(size: int, *, bold: bool = False) -> QFont:
    """Return the program's font at a size in points of the figure."""
    font = QFont()
    font.setPixelSize(size)
    font.setBold(bold)
    return font


def text_height(text: str, size: int, width: float) -> float:
    """Return how high a text is that is broken into lines of that width."""
    room = QRectF(0, 0, width, 1e6)
    wrap = int(Qt.AlignmentFlag.AlignLeft) | int(Qt.TextFlag.TextWordWrap)
    return QFontMetricsF(font_of(size)).boundingRect(room, wrap, text).height() if text else 0.0


def union(first: Rect, second: Rect) -> Rect:
    """Return the smallest rectangle that holds both.

    >>> union((0, 0, 6, 6), (-1, 1, 4, 4))
    (-1, 0, 7, 6)
    """
    left, top = min(first[0], second[0]), min(first[1], second[1])
    right, bottom = (max(a[k] + a[k + 2] for a in (first, second)) for k in (0, 1))
    return left, top, right - left, bottom - top


@dataclass(frozen=True)
class Layout:
    """A page: its size, the boxes of input, middle and map, and the scale.

    Attributes
    ----------
    extent : Rect
        The cells that both boxes show, in input cells.
    across, down : float
        Points of an input cell.
    kernel_cell : float
        Points of a cell of the kernel.
    input, middle, map : QRectF
        The boxes in points; `columns` are those with the words, which may be wider.
    """

    width: float
    height: float
    extent: Rect
    across: float
    down: float
    kernel_cell: float
    input: QRectF
    middle: QRectF
    map: QRectF
    columns: tuple[QRectF, QRectF, QRectF]
    caption: float
    below: float

    def place(self, rect: Rect, box: QRectF) -> QRectF:
        """Return where a rectangle in input cells lies within a box."""
        left, top = box.left() + (rect[0] - self.extent[0]) * self.across, box.top() + (rect[1] - self.extent[1]) * self.down
        return QRectF(left, top, rect[2] * self.across, rect[3] * self.down)


def lay_out(
    extent: Rect, kernel: tuple[int, int], captions: Sequence[tuple[str, str]], step: str, *, cells: bool, words: bool
) -> Layout:
    """Return the layout of a page.

    Parameters
    ----------
    extent : Rect
        What input and map take up together, in input cells.
    kernel : (int, int)
        Rows and columns of the kernel; 0 where there is none.
    captions : sequence of (str, str)
        Title and caption of each of the three parts.
    step : str
        The arithmetic of the step that is marked; empty if none is.
    cells : bool
        Whether all is drawn cell by cell, so that the kernel has the same scale.
    words : bool
        Whether titles and captions are shown.
    """
    across, down, kernel_cell = _scales(extent, kernel, cells=cells)
    wide, high = extent[2] * across, extent[3] * down
    middle = kernel[1] * kernel_cell if kernel[1] else KERNEL * 0.8
    kernel_high = kernel[0] * kernel_cell if kernel[0] else 0.0
    widths = [_column(width, title, words) for width, (title, _) in zip((wide, middle, wide), captions, strict=True)]
    body = max(high, kernel_high, LOW)
    top = EDGE + (TITLE_ROW if words else 0.0)
    columns, x = [], EDGE
    for width in widths:
        columns.append(QRectF(x, top, width, body))
        x += width + GAP
    width = x - GAP + 16 + BAR + EDGE
    boxes = [
        _centred(column, *size)
        for column, size in zip(columns, ((wide, high), (middle, kernel_high), (wide, high)), strict=True)
    ]
    lines = [text_height(text, CAPTION, column.width()) for column, (_, text) in zip(columns, captions, strict=True)]
    caption = max(lines) + BELOW if words else 0.0
    told = text_height(step, CAPTION + 1, width - 2 * EDGE) + 2 * BELOW if step and words else 0.0
    return Layout(
        width=width,
        height=top + body + caption + told + EDGE,
        extent=extent,
        across=across,
        down=down,
        kernel_cell=kernel_cell,
        input=boxes[0],
        middle=boxes[1],
        map=boxes[2],
        columns=(columns[0], columns[1], columns[2]),
        caption=top + body + BELOW,
        below=top + body + caption + 1.4 * BELOW,
    )


def _scales(extent: Rect, kernel: tuple[int, int], *, cells: bool) -> tuple[float, float, float]:
    """Return points of an input cell across and down, and of a cell of the kernel: of grids all three are the same."""
    if cells:
        rows, cols = max(extent[3], kernel[0]), max(extent[2], kernel[1])
        unit = min(PANEL / cols, PANEL / rows, CELL)
        return unit, unit, unit
    unit = min(PANEL / extent[2], TALL * PANEL / extent[3])
    kernel_cell = min(KERNEL / max(*kernel, 1), KERNEL_CELL)
    return max(unit, THIN / extent[2]), max(unit, THIN / extent[3]), kernel_cell


def _column(width: float, title: str, words: bool) -> float:
    if not words:
        return width
    return max(width, COLUMN, min(QFontMetricsF(font_of(TITLE, bold=True)).horizontalAdvance(title) + 4, PANEL))


def _centred(column: QRectF, width: float, height: float) -> QRectF:
    box = QRectF(0, 0, width, height)
    box.moveCenter(column.center())
    return box
