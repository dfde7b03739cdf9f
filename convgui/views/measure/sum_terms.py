"""The sum of a large kernel: its largest products, one a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, Qt

from convgui.engine.shown import multiplied
from convgui.views.kit.cells import draw_cell
from convgui.views.kit.colours import signed_colour
from convgui.views.kit.theme import ink
from convgui.views.measure.sheet import TOP

if TYPE_CHECKING:
    from collections.abc import Sequence

    from convgui.views.measure.sheet import Sheet
    from convgui.views.measure.values import Largest

TERM = 290
"""Pixels that one term takes."""

LINE = 17.0
"""Pixels from one term to the next."""


def draw_terms(sheet: Sheet, terms: Sequence[Largest], count: int, places: str, room: float) -> float:
    """Draw as many terms as there is room for, and return where they end.

    Parameters
    ----------
    terms : sequence of Largest
        The largest ones, the largest first.
    count : int
        How many products there are.
    places : str
        What the two numbers are by which a term is found.
    room : float
        Pixels that the terms may take.
    """
    painter = sheet.painter
    lines = max(int((sheet.height - TOP) // LINE), 1)
    columns = min(-(-len(terms) // lines), max(int(room // TERM), 1))
    shown = min(len(terms), lines * columns)
    painter.setFont(sheet.font(12))
    title = f"the {shown} largest of {count} products · {places}"
    sheet.title(2, painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, columns * TERM - 2))
    most = max((abs(t.product) for t in terms if np.isfinite(t.product)), default=1.0) or 1.0
    painter.setFont(sheet.font(12))
    for k, term in enumerate(terms[:shown]):
        x, y = 2 + (k // lines) * TERM, TOP + (k % lines) * LINE
        bar = abs(term.product) / most * 34 if np.isfinite(term.product) else 34
        draw_cell(painter, QRectF(x, y + 3, max(bar, 1), LINE - 6), signed_colour(term.product, most, sheet.table))
        painter.setPen(ink("text"))
        value, weight, product = multiplied(term.value, term.weight)
        text = f"{value} × {weight} = {product}"
        painter.drawText(QRectF(x + 40, y, 188, LINE), Qt.AlignmentFlag.AlignVCenter, text)
        painter.setPen(ink("faint"))
        place = f"{term.row}, {term.col}" if term.map is None else f"{term.map}, {term.row}, {term.col}"
        painter.drawText(QRectF(x + 230, y, 58, LINE), Qt.AlignmentFlag.AlignVCenter, place)
    return 2 + columns * TERM + 6
