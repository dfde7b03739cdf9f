"""The arithmetic of one output cell as a line of text, for the caption of a figure: what is shown adds up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.layers.sentences import plus
from convgui.engine.looking.explain import Explanation
from convgui.engine.shown import MINUS, arithmetic

if TYPE_CHECKING:
    from convgui.engine.layers.explained import Explained
    from convgui.engine.shown import Arithmetic

MOST = 30
"""Products that are written out; of more their sum is."""


def sum_words(made: Explanation | Explained) -> str:
    """Return how a value is made, in one line.

    >>> from convgui.engine.kernels.kernel import Kernel
    >>> from convgui.engine.layers.conv import Conv
    >>> from convgui.engine.looking.explain import explain
    >>> from convgui.engine.network import Chain
    >>> from convgui.engine.source import Source
    >>> sequence = Source(np.array([[0, 1, 4]], np.float32))
    >>> sum_words(explain(Chain(sequence, layers=(Conv(Kernel([[2, -1]]), bias=(0.5,)),)), 1, 0, 0, 1))
    '1 × 2 + 4 × (−1) = −2;  −2 + 0.5 = −1.5'
    """
    if not isinstance(made, Explanation):
        return made.sentence
    if made.products.size > MOST:
        shown = arithmetic(np.array([[made.total]]), np.ones((1, 1)), made.total, made.bias, made.value)
        return f"the sum of {made.products.size:,} products is {shown.total}{_after(made, shown)}"
    shown = arithmetic(np.hstack(list(made.patch)), np.hstack(list(made.weights)), made.total, made.bias, made.value)
    factors = zip(
        (text for row in shown.patch for text in row), (text for row in shown.weights for text in row), strict=True
    )
    terms = [f"{value} × {_bracketed(weight)}" for value, weight in factors]
    equal = "=" if shown.agrees else "≈"
    added = " + ".join([terms[0], *map(_first_bracketed, terms[1:])])
    return f"{added} {equal} {shown.total}{_after(made, shown)}"


def _after(made: Explanation, shown: Arithmetic) -> str:
    """Return what becomes of the sum: bias and activation function."""
    before = f"{shown.total}{plus(shown.bias)}" if made.bias else shown.total
    if made.activation != "linear":
        return f";  {made.activation}({before}) = {shown.value}"
    return f";  {before} = {shown.value}" if made.bias else ""


def _bracketed(text: str) -> str:
    return f"({text})" if text.startswith(MINUS) else text


def _first_bracketed(term: str) -> str:
    value, weight = term.split(" × ", 1)
    return f"{_bracketed(value)} × {weight}"
