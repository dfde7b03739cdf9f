"""The tour: the article's walk-through in six steps, each a document to look at and a value to predict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from convgui.engine import patterns
from convgui.engine.kernels import catalogue as catalog
from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.conv import Conv
from convgui.engine.reading import Reading
from convgui.model.pointed import explain_cell
from convgui.model.state import State

if TYPE_CHECKING:
    from collections.abc import Callable

NEAR = 1e-6
"""How far a prediction may be off: people type few digits."""


@dataclass(frozen=True)
class Step:
    """One step.

    Attributes
    ----------
    title, text, question : str
        What it is about, what there is to see, and what is to be predicted.
    make : callable returning State
        The document that it shows.
    cell : (int, int)
        The output cell that it is about.
    longer : bool
        Whether it is asked how many outputs a kernel of one weight more would have, not for the value of the cell.
    after : str
        What there is to say once the answer is known.
    """

    title: str
    text: str
    question: str
    make: Callable[[], State]
    cell: tuple[int, int]
    after: str
    longer: bool = False

    def answer(self) -> float:
        """Return what is to be predicted, as the definition has it."""
        state = self.make()
        if self.longer:
            assert state.kernel is not None
            longer = state.with_conv(kernel=Kernel(np.pad(state.kernel.weights, ((0, 0), (0, 1)))))
            assert longer.output_shape is not None
            return float(longer.output_shape.cols)
        return explain_cell(state, *self.cell).value

    def judge(self, predicted: float) -> tuple[bool, str]:
        """Return whether a prediction is right, and a sentence on it: what the mistake is, if that can be told."""
        answer = self.answer()
        if abs(predicted - answer) <= NEAR:
            return True, f"Right. {self.after}"
        if self.longer:
            return False, "Not so many: count the places at which the whole kernel lies on the elements."
        if answer and abs(predicted + answer) <= NEAR:
            return False, "The size is right, the sign is not: look at the signs of the weights again."
        state = self.make()
        assert state.conv is not None
        turned = explain_cell(state.with_conv(flip=not state.conv.flip), *self.cell).value
        if abs(predicted - turned) <= NEAR and state.conv.flip:  # before that step nobody has heard of it
            where = "on the input flipped (turned by 180 degrees)"
            return False, f"That is the value of the other order: here the kernel is laid {where}."
        return False, "Not quite: multiply each element of the patch with the weight on it, and add up the products."


def _sequence(**settings: object) -> State:
    layer = Conv(catalog.make("article-1d"), **settings)  # type: ignore[arg-type]
    return State(patterns.pattern("article-1d"), Reading(), (layer,))


def _grid() -> State:
    return State(patterns.pattern("article-2d"), Reading(), (Conv(catalog.make("article-2d"), padding="valid"),))


STEPS = (
    Step(
        "One value",
        "Six elements, and a kernel of two weights: 0 and 1. It lies on the first two elements, 0 and 1. "
        "Multiply each element with the weight on it, and add up.",
        "The first value is",
        lambda: _sequence(padding="valid"),
        (0, 0),
        "0 × 0 + 1 × 1 = 1: a dot product.",
    ),
    Step(
        "The next value",
        "The kernel moves on by one element. Now it lies on 1 and 0.",
        "The second value is",
        lambda: _sequence(padding="valid"),
        (0, 1),
        "1 × 0 + 0 × 1 = 0. This kernel gives each element's right neighbour.",
    ),
    Step(
        "How many values",
        "With the padding “valid”, the kernel stays on the elements. Two weights fit on six elements at five places, so "
        "five values come out.",
        "Three weights would give this many values:",
        lambda: _sequence(padding="valid"),
        (0, 4),
        "6 − 3 + 1 = 4 places: each further weight takes one away.",
        longer=True,
    ),
    Step(
        "What same adds, and where",
        "With the padding “same”, as many values come out as went in. For that, the border rule invents an element: a zero, "
        "drawn dashed. It stands after the last one, as Keras has it for an even kernel.",
        "The last value is",
        lambda: _sequence(padding="same"),
        (0, 5),
        "The last weight meets the invented zero: 0 × 0 + 0 × 1 = 0.",
    ),
    Step(
        "Convolution turns the kernel",
        "What Keras calls convolution is a correlation. Mathematical convolution turns the kernel first: now it is 1 and 0, "
        "and it lies on 1 and 0 again.",
        "The second value is",
        lambda: _sequence(padding="valid", flip=True),
        (0, 1),
        "1 × 1 + 0 × 0 = 1. For a symmetric kernel the two are the same.",
    ),
    Step(
        "In two dimensions",
        "A grid of six by six, and a detector of three by three: two ones at the left, a two below right. It lies on nine "
        "elements at once.",
        "The value in row 0, column 1 is",
        _grid,
        (0, 1),
        "1 × 1 + 1 × 1 + 1 × 2 = 4: the detector has found what it looks for.",
    ),
)
