"""The arithmetic: patch x kernel = products, their running sum, the bias and the activation, with real numbers.

Over the input it is the other way round: with which weights the outputs read one cell, and what it brings to each of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from convgui.engine.shown import arithmetic, multiplied, number, spread
from convgui.views.kit import drawable
from convgui.views.kit.card import Card
from convgui.views.kit.cells import PALE, draw_cell, draw_cells_at_once, fitted_font
from convgui.views.kit.colours import blended, signed_colour, signed_colours
from convgui.views.kit.theme import ink, sized
from convgui.views.measure.waterfall import MANY, draw_waterfall

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from PySide6.QtGui import QAction

    from convgui.engine.shown import Arithmetic

TERM = 274
"""Pixels that one term of a large kernel takes."""

LARGEST_GRID = 7
"""Kernels up to this many rows and columns are shown cell by cell, larger ones by their largest terms."""


class Sum(NamedTuple):
    """One output cell as it is explained; patch, weights and products of shape (rows, cols)."""

    patch: NDArray[np.float64]
    weights: NDArray[np.float64]
    products: NDArray[np.float64]
    outside: NDArray[np.bool_]
    total: float
    bias: float
    activation: str
    value: float
    channels: tuple[tuple[str, float], ...] = ()


class Shares(NamedTuple):
    """One input cell as it is explained: its value, the weights of its outputs, what it brings; shape (rows, cols)."""

    value: float
    weights: NDArray[np.float64]
    shares: NDArray[np.float64]


LEGIBLE = 12.0
"""Pixels that a cell must be high for a number in it."""

LETTER = 4.4
"""Pixels that a letter of a number takes at the least."""

RESULT, LINE = 150.0, 96.0
"""Pixels for the result, and for the lines above it where the channels stand beside them."""

WATERFALL = 150.0
"""Pixels for the running sum, at least, beside the terms of a large kernel."""


class Largest(NamedTuple):
    """A term of a large kernel: where it lies, row and column, or channel and step; and its three numbers."""

    row: int
    col: int
    value: float
    weight: float
    product: float


class _Canvas(QWidget):
    """Draws the sum, or the shares; tells over which term the cursor is."""

    hovered = Signal(int, int)
    unhovered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setMouseTracking(True)
        self.setObjectName("arithmetic")
        self.setAccessibleName("Arithmetic")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.sum: Sum | None = None
        self.shares: Shares | None = None
        self.sorted = self.veiled = False
        self.marks: Sequence[tuple[int, int]] = ()
        self._grids: list[tuple[QRectF, int, int]] = []
        self.terms: Sequence[Largest] = ()
        self.table = np.full((257, 3), 128, np.uint8)
        self.grey = (0.0, 1.0)
        self.tint = QColor()
        self.hint = ""
        self.kernel_title = "kernel"
        self.places = "row, column"
        self._written: tuple[Sum, float, Arithmetic] | None = None

    def sizeHint(self) -> QSize:
        return QSize(800, 132)

    def minimumSizeHint(self) -> QSize:
        return QSize(420, 118)

    def paintEvent(self, event) -> None:
        with drawable.painting(self) as painter:
            self._draw(painter)

    def _draw(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._grids = []
        if self.shares is not None and self.shares.weights.size:
            self._draw_shares(painter, self.shares)
        elif self.sum is None:
            painter.setPen(ink("secondary"))
            painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.hint)
        elif max(self.sum.weights.shape) <= LARGEST_GRID:
            left = self._draw_grids(painter, self.sum)
            self._draw_waterfall(painter, self.sum, left)
        else:
            self._texts(self.sum, 0)
            left = self._draw_terms(painter, self.sum)
            self._draw_waterfall(painter, self.sum, left)

    def cell_at(self, x: float, y: float) -> tuple[int, int] | None:
        """Return the term of a grid under a point."""
        for box, rows, cols in self._grids:
            if box.contains(x, y):
                row, col = int((y - box.top()) / box.height() * rows), int((x - box.left()) / box.width() * cols)
                return min(row, rows - 1), min(col, cols - 1)
        return None

    def cell_rect(self, grid: int, row: int, col: int) -> QRectF:
        """Return where a term is drawn in one of the grids."""
        box, rows, cols = self._grids[grid]
        wide, high = box.width() / cols, box.height() / rows
        return QRectF(box.left() + col * wide, box.top() + row * high, wide, high)

    def mouseMoveEvent(self, event) -> None:
        """Tell which term the cursor is over."""
        cell = self.cell_at(event.position().x(), event.position().y()) if self.sum is not None else None
        if cell is None:
            self.unhovered.emit()
        else:
            self.hovered.emit(*cell)

    def leaveEvent(self, event) -> None:
        """Tell that the cursor has left."""
        self.unhovered.emit()

    # small kernels: three grids

    def _draw_grids(self, painter: QPainter, s: Sum) -> float:
        rows, cols = s.weights.shape
        top = 20.0
        high = min((self.height() - top) / rows, 31)
        wide = min(max((self.width() * 0.58 - 2 * 26) / 3 / cols, 18), 44)
        y = top + max((self.height() - top - high * rows) / 2, 0) * 0.5
        largest = float(np.nanmax(np.abs(s.weights))) if np.isfinite(s.weights).any() else 1.0
        finite = np.abs(s.products[np.isfinite(s.products)])
        most = float(finite.max()) if finite.size else 1.0
        written = self._texts(s, wide - 2)
        seen = all(self._font(texts, wide, high) for texts in (written.patch, written.weights, written.products))
        sign = "=" if written.agrees or not seen else "≈"
        grids = (
            ("patch", s.patch, self._grey, written.patch),
            (self.kernel_title, s.weights, lambda v: signed_colour(v, largest, self.table), written.weights),
            ("products", s.products, lambda v: signed_colour(v, most, self.table), written.products),
        )
        x = 2.0
        for k, (title, values, colour, texts) in enumerate(grids):
            if self.veiled and k == 2:
                colour, texts = (lambda v: ink("well")), [["?"] * cols] * rows
            self._title(painter, x, title)
            box = QRectF(x, y, wide * cols, high * rows)
            self._draw_grid(painter, box, values, colour, texts, s.outside if k == 0 else None)
            self._grids.append((box, rows, cols))
            self._draw_mark(painter, k)
            x += wide * cols
            self._sign(painter, QRectF(x, y, 26, high * rows), ("×", sign, "→")[k])
            x += 26
        return x

    def _texts(self, s: Sum, room: float) -> Arithmetic:
        """Choose how the numbers of a sum are shown in cells of a width, in large letters if possible; 0: without cells."""
        if self._written is None or self._written[0] is not s or self._written[1] != room:
            parts = [part for _, part in s.channels]
            patch, weights = (s.patch, s.weights) if room else (np.zeros((0, 0)),) * 2
            for letter in (1.25 * LETTER, LETTER):
                found = arithmetic(patch, weights, s.total, s.bias, s.value, parts, longest=int(room / letter))
                if found.agrees:
                    break
            self._written = s, room, found
        return self._written[2]

    def _font(self, texts: list[list[str]], wide: float, high: float) -> QFont | None:
        """Return the font in which all texts fit into cells; None if there is none."""
        longest = max((text for row in texts for text in row), key=len)
        return fitted_font(self.font(), longest, wide + 2, high, largest=12, smallest=7)

    def _draw_grid(self, painter, box: QRectF, values, colour, texts, outside=None) -> None:
        """Draw values as cells; the patch has an `outside`, and rims that tell a white cell from a white card."""
        rows, cols = values.shape
        wide, high = box.width() / cols, box.height() / rows
        gap = 1.0 if min(wide, high) >= 7 else 0.0
        font = self._font(texts, wide, high)
        for i in range(rows):
            for j in range(cols):
                cell = QRectF(box.left() + j * wide, box.top() + i * high, wide, high).adjusted(gap, gap, -gap, -gap)
                beyond = outside is not None and outside[i, j]
                fill = QColor(colour(float(values[i, j])))
                if beyond:  # as pale as it is drawn around the input
                    fill = blended(fill, ink("card"), PALE)
                draw_cell(painter, cell, fill, texts[i][j] if font else "", font, radius=3)
                if gap:
                    painter.setBrush(Qt.BrushStyle.NoBrush)
                    style = Qt.PenStyle.DashLine if beyond else Qt.PenStyle.SolidLine
                    painter.setPen(QPen(ink("faint" if beyond else "line"), 1, style))
                    painter.drawRoundedRect(cell, 3, 3)

    def _draw_mark(self, painter: QPainter, grid: int) -> None:
        """Outline the terms that are pointed at."""
        _, rows, cols = self._grids[grid]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(ink("accent"), 2))
        for row, col in self.marks:
            if row < rows and col < cols:
                painter.drawRoundedRect(self.cell_rect(grid, row, col).adjusted(1, 1, -1, -1), 3, 3)

    # an input cell: its outputs

    def _draw_shares(self, painter: QPainter, s: Shares) -> None:
        rows, cols = s.weights.shape
        top = 20.0
        high = min((self.height() - top) / rows, 31)
        wide = min(max((self.width() - 240) / 2 / cols, 4), 43, high * 1.5 if cols > LARGEST_GRID else 43)
        largest = float(np.abs(s.weights).max()) or 1.0
        finite = np.abs(s.shares[np.isfinite(s.shares)])
        most = float(finite.max()) if finite.size else 1.0
        few = s.weights.size <= MANY and high >= LEGIBLE
        value, weights, shares = spread(s.value, s.weights if few else s.weights[:0])
        x, one = 2.0, np.array([[s.value]])
        parts = (
            ("value", one, 43.0, 31.0, self._grey, [[value]], "×"),
            ("weights of its outputs", s.weights, wide, high, lambda v: signed_colour(v, largest, self.table), weights, "="),
            ("what it brings to each", s.shares, wide, high, lambda v: signed_colour(v, most, self.table), shares, ""),
        )
        for title, values, across, down, colour, texts, sign in parts:
            box = QRectF(x, top, across * values.shape[1], down * values.shape[0])
            self._title(painter, x, title)
            if not few and sign != "×":
                self._draw_image(painter, box, values)
            else:
                self._draw_grid(painter, box, values, colour, texts)
            x += max(box.width(), 150.0 if sign != "×" else 43.0)
            self._sign(painter, QRectF(x, top, 26, high * rows if sign != "×" else 31), sign)
            x += 26

    def _draw_image(self, painter: QPainter, box: QRectF, values: NDArray[np.float64]) -> None:
        """Draw values that are too many for numbers at once, as colours."""
        finite = np.nan_to_num(values, posinf=0.0, neginf=0.0)
        draw_cells_at_once(painter, box, signed_colours(finite, float(np.abs(finite).max()), self.table))

    def _grey(self, value: float) -> QColor:
        if not np.isfinite(value):
            return QColor(*(int(c) for c in self.table[-1]))
        low, high = self.grey
        level = round(255 * min(max((value - low) / (high - low), 0.0), 1.0))
        return QColor(level, level, level)

    def _sign(self, painter: QPainter, box: QRectF, text: str) -> None:
        painter.setPen(ink("faint"))
        painter.setFont(sized(self, 16))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _title(self, painter: QPainter, x: float, text: str) -> None:
        painter.setPen(ink("secondary"))
        painter.setFont(sized(self, 12))
        painter.drawText(QRectF(x, 0, 420, 17), Qt.AlignmentFlag.AlignVCenter, text)

    # large kernels: their largest terms

    def _draw_terms(self, painter: QPainter, s: Sum) -> float:
        high = 17.0
        lines = max(int((self.height() - 20) // high), 1)
        room = min(self.width() * 0.66, self.width() - self._result_width(s) - WATERFALL)
        columns = min(-(-len(self.terms) // lines), max(int(room // TERM), 1))
        count = min(len(self.terms), lines * columns)
        painter.setFont(sized(self, 12))
        title = f"the {count} largest of {s.products.size} products · {self.places}"
        shown = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, columns * TERM - 12)
        self._title(painter, 2, shown)
        most = max((abs(t.product) for t in self.terms if np.isfinite(t.product)), default=1.0) or 1.0
        painter.setFont(sized(self, 12))
        for k, term in enumerate(self.terms[: lines * columns]):
            x, y = 2 + (k // lines) * TERM, 20 + (k % lines) * high
            bar = abs(term.product) / most * 34 if np.isfinite(term.product) else 34
            draw_cell(painter, QRectF(x, y + 3, max(bar, 1), high - 6), signed_colour(term.product, most, self.table))
            painter.setPen(ink("text"))
            value, weight, product = multiplied(term.value, term.weight)
            text = f"{value} × {weight} = {product}"
            painter.drawText(QRectF(x + 40, y, 188, high), Qt.AlignmentFlag.AlignVCenter, text)
            painter.setPen(ink("faint"))
            painter.drawText(QRectF(x + 230, y, 42, high), Qt.AlignmentFlag.AlignVCenter, f"{term.row}, {term.col}")
        return 2 + columns * TERM + 6

    # the sum

    def _result_width(self, s: Sum) -> float:
        names, parts = self._channel_widths(s)
        return max(RESULT, names + parts + 12 + LINE) if s.channels else RESULT

    def _channel_widths(self, s: Sum) -> tuple[int, int]:
        """Return how wide the names of the channels are, and what each brings."""
        metrics = QFontMetrics(sized(self, 12))
        names = max((metrics.horizontalAdvance(name) for name, _ in s.channels), default=0) + 8
        texts = self._written[2].parts if self._written is not None else ()
        return names, max((metrics.horizontalAdvance(text) for text in texts), default=0)

    def _draw_waterfall(self, painter: QPainter, s: Sum, left: float) -> None:
        """Draw the running sum in the room that is left between the terms and the result."""
        if self.veiled:
            painter.setPen(ink("secondary"))
            painter.setFont(sized(self, 24, semibold=True))
            painter.drawText(QRectF(left, 0, self.width() - left, self.height()), Qt.AlignmentFlag.AlignCenter, "?")
            return
        result = self._result_width(s)
        box = QRectF(left + 4, 24, max(self.width() - left - result - 18, 20), self.height() - 34)
        painter.setFont(sized(self, 12))
        metrics, room = painter.fontMetrics(), round(box.width())
        order = ", largest first" if self.sorted else ""
        text = next((t for t in (f"running sum{order}", f"sum{order}") if metrics.horizontalAdvance(t) <= room), "sum")
        self._title(painter, box.left(), text)
        marked = {row * s.products.shape[-1] + col for row, col in self.marks}
        draw_waterfall(painter, box, s, self.table, by_size=self.sorted, marked=marked)
        self._draw_result(painter, s, QRectF(self.width() - result, 0, result - 2, self.height()))

    def _draw_result(self, painter: QPainter, s: Sum, box: QRectF) -> None:
        middle = box.top() + min(box.height(), 150) / 2
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(ink("secondary"))
        painter.setFont(sized(self, 12))
        assert self._written is not None
        written = self._written[2]
        lines = [f"sum {written.total}", f"+ bias {written.bias}", f"→ {s.activation}"]
        for k, text in enumerate(lines):
            painter.drawText(QRectF(box.left(), middle - 46 + 16 * k, box.width(), 16), right, text)
        names, wide = self._channel_widths(s)
        fitting = max(int((self.height() - middle + 46) // 16), 3)
        shown = s.channels if len(s.channels) <= fitting else s.channels[: fitting - 1]
        for k, (name, text) in enumerate(zip([name for name, _ in shown], written.parts, strict=False)):
            y = middle - 46 + 16 * k
            painter.setPen(ink("faint"))
            painter.drawText(QRectF(box.left(), y, names, 16), Qt.AlignmentFlag.AlignVCenter, name)
            painter.setPen(ink("secondary"))
            painter.drawText(QRectF(box.left() + names, y, wide + 2, 16), Qt.AlignmentFlag.AlignVCenter, text)
        if len(shown) < len(s.channels):
            painter.setPen(ink("faint"))
            y = middle - 46 + 16 * len(shown)
            left = f"and {len(s.channels) - len(shown)} more"
            painter.drawText(QRectF(box.left(), y, 120, 16), Qt.AlignmentFlag.AlignVCenter, left)
        painter.setPen(self.tint if self.tint.isValid() else ink("text"))
        painter.setFont(sized(self, 24, semibold=True))
        text = f"+{written.value}" if s.value > 0 and np.isfinite(s.value) else written.value
        painter.drawText(QRectF(box.left(), middle + 4, box.width(), 32), right, text)


class ProbePanel(Card):
    """The card below the panes: setters only."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("probe", "Arithmetic", parent)
        self.canvas, self._plain = _Canvas(), False
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

    def set_plain(self, plain: bool) -> None:
        """Leave buttons and advice out, for a picture of the panel."""
        self._plain = plain
        for at in range(self.corner.count()):
            self.corner.itemAt(at).widget().setVisible(not plain)

    def set_nothing(self, hint: str) -> None:
        """Say how to get something to see."""
        self._show(None, None, hint, "")

    def set_sum(
        self, where: str, explained: Sum, terms: Sequence[Largest], tint: tuple[int, int, int] | None, advice: str = ""
    ) -> None:
        """Explain a cell; `terms` are the largest ones, `tint` the ink of the result."""
        self.canvas.terms = terms
        self.canvas.tint = QColor(*tint) if tint else QColor()
        self._show(explained, None, "", f"{where}  ·  {advice}" if advice and not self._plain else where)
        self.canvas.setAccessibleDescription(f"{where}: {'?' if self.canvas.veiled else number(explained.value, 6)}")

    def set_shares(self, where: str, shares: Shares, hint: str) -> None:
        """Explain an input cell; `hint` is what there is to say if no output reads it."""
        self._show(None, shares, hint, where)
        self.canvas.setAccessibleDescription(f"{where}: {number(shares.value, 6)}")

    def _show(self, explained: Sum | None, shares: Shares | None, hint: str, where: str) -> None:
        if explained is not None and not drawable.alike(explained.patch, explained.weights, explained.products):
            explained = None
        if shares is not None and not drawable.alike(shares.weights, shares.shares):
            shares = None
        self.canvas.sum, self.canvas.shares, self.canvas.hint = explained, shares, hint
        self.set_detail(where)
        self.canvas.update()

    def set_order(self, by_size: bool) -> None:
        """Draw the products of the running sum by their size, or as they lie in the kernel."""
        self.canvas.sorted = by_size
        self.canvas.update()

    def set_marks(self, terms: Sequence[tuple[int, int]]) -> None:
        """Outline terms: row and column among those that are drawn."""
        if list(terms) != list(self.canvas.marks):
            self.canvas.marks = terms
            self.canvas.update()

    def set_veiled(self, veiled: bool) -> None:
        """Hide products, sum and result, so that they can be predicted."""
        self.canvas.veiled = veiled
        self.canvas.update()

    def set_turned(self, turned: bool, *, symmetric: bool) -> None:
        """Say whether the kernel is laid on the picture turned by 180 degrees, and whether that changes anything."""
        self.canvas.kernel_title = ("kernel (symmetric)" if symmetric else "kernel, turned") if turned else "kernel"
        self.canvas.update()

    def set_places(self, text: str) -> None:
        """Say what the two numbers are by which the terms of a large kernel are found."""
        self.canvas.places = text

    def set_colours(self, table: NDArray[np.uint8], grey: tuple[float, float]) -> None:
        """Use a signed colour table, and these values as black and white."""
        self.canvas.table, self.canvas.grey = table, drawable.ends(*grey)
        self.canvas.update()
