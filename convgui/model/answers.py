"""A network whose file leaves settings open: what was answered for each of its layers, and the chain that this makes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from convgui.engine.layers.activation import Activation
from convgui.engine.layers.conv import Conv
from convgui.engine.layers.pool import Pool
from convgui.engine.layers.softmax import Softmax
from convgui.engine.names import read_counts, read_padding
from convgui.model.layer_words import kind_words, settings_words, title

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from convgui.engine.layers.base import Layer

POOLS = {
    "": "none",
    "max 2": "max 2",
    "max 3, 2": "max 3, stride 2",
    "mean 2": "average 2",
    "mean all": "global average",
}
"""The pools that may follow a layer, and what they are called."""

NO_FUNCTION, SOFTMAX = "linear", "softmax"


class Answer(NamedTuple):
    """What a layer does, as people write it: stride and padding, and the function and the pool that follow it."""

    stride: str = "1"
    padding: str = "valid"
    activation: str = NO_FUNCTION
    pool: str = ""


class AnswerError(ValueError):
    """An answer that has no meaning.

    Attributes
    ----------
    layer : int
        Which layer it is about, from 0 on.
    setting : str
        A field of `Answer`.
    """

    def __init__(self, layer: int, setting: str, sentence: str) -> None:
        super().__init__(sentence)
        self.layer, self.setting = layer, setting


class Answered(NamedTuple):
    """The layers of a chain, and for each layer of the file how many of them there are up to what it makes."""

    layers: tuple[Layer, ...]
    ends: tuple[int, ...]


def answered(layers: Sequence[Layer], answers: Mapping[int, Answer], *, sequence: bool = False) -> Answered:
    """Return the chain that answers make of the layers of a file.

    Parameters
    ----------
    layers : sequence of Layer
    answers : mapping of int to Answer
        For the layers of which something was asked; of another kind than a convolution stride and padding are not read.
    sequence : bool
        Whether the input has one row.

    Raises
    ------
    AnswerError
        If an answer has no meaning.

    >>> from convgui.engine.kernels.kernel import Kernel
    >>> made = answered([Conv(Kernel([[1, 2]])), Conv(Kernel([[3]]))], {0: Answer("2", "1", "relu", "max 2")})
    >>> [kind_words(layer) for layer in made.layers], made.ends, made.layers[0].padding
    (['convolution', 'relu', 'max pooling', 'convolution'], (3, 4), ((1, 1), (1, 1)))
    """
    made: list[Layer] = []
    ends = []
    for k, layer in enumerate(layers):
        made.append(layer)
        if (answer := answers.get(k)) is not None:
            if isinstance(layer, Conv):
                made[-1] = replace(layer, **_settings(k, answer, sequence=sequence))
            if answer.activation == SOFTMAX:
                made.append(Softmax())
            elif answer.activation != NO_FUNCTION:
                made.append(Activation(answer.activation))
            if answer.pool:
                made.append(_pool(answer.pool, sequence=sequence))
        ends.append(len(made))
    return Answered(tuple(made), tuple(ends))


def written(layer: Layer) -> Answer:
    """Return what a layer does at present, as people write it.

    >>> from convgui.engine.kernels.kernel import Kernel
    >>> written(Conv(Kernel([[1]]), stride=(2, 1), padding=((0, 0), (1, 2))))
    Answer(stride='2, 1', padding='0, 0, 1, 2', activation='linear', pool='')
    """
    if not isinstance(layer, Conv):
        return Answer()
    padding: Any = layer.padding
    rows, cols = layer.stride
    stride = str(rows) if rows == cols else f"{rows}, {cols}"
    if isinstance(padding, str):
        return Answer(stride, padding)
    (above, below), (left, right) = padding
    return Answer(stride, f"{above}, {below}, {left}, {right}")


def kernel_words(layer: Layer) -> str:
    """Return what a layer of a file is: the size of its bank, else its kind, or what it is where it is called by its kind.

    >>> import numpy as np
    >>> from convgui.engine.kernels.kernel import Kernel
    >>> kernel_words(Conv(Kernel(np.ones((3, 5, 2, 8))))), kernel_words(Conv(Kernel(np.ones((3, 3, 1, 8))), groups=8))
    ('3 × 5 × 2 → 8', '3 × 3, each of 8')
    """
    if not isinstance(layer, Conv) or layer.kernel.weights.ndim != 4:
        kind = kind_words(layer)
        return settings_words(layer) if title(layer) == kind else kind
    rows, cols, channels, filters = layer.kernel.weights.shape
    if layer.groups > 1 and channels == 1:
        return f"{rows} × {cols}, each of {layer.groups}"
    return f"{rows} × {cols} × {channels * layer.groups} → {filters}"


def _settings(k: int, answer: Answer, *, sequence: bool) -> dict[str, Any]:
    """Return stride and padding of a convolution."""
    setting = "stride"
    try:
        rows, cols = read_counts(answer.stride)
        stride = 1 if sequence else rows, cols
        setting = "padding"
        return {"stride": stride, "padding": read_padding(answer.padding, 1 if sequence else 2)}
    except ValueError as error:
        sentence = str(error).rstrip(".")
        raise AnswerError(k, setting, f"{sentence[:1].upper()}{sentence[1:]}.") from error


def _pool(name: str, *, sequence: bool) -> Pool:
    """Return one of `POOLS`."""
    reduce, _, sides = name.partition(" ")
    if sides == "all":
        return Pool(reduce, None)
    size, *stride = ((1 if sequence else int(side), int(side)) for side in sides.split(", "))
    return Pool(reduce, size, stride[0] if stride else None)
