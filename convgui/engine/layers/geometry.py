"""Shape arithmetic along one axis: how padding, stride and dilation decide where each output cell lies."""

from __future__ import annotations

from dataclasses import dataclass

PADDINGS = ("valid", "same", "full", "causal")

Pads = str | tuple[int, int]


@dataclass(frozen=True)
class Axis:
    """One axis of a convolution.

    Output cell `i` reads the input cells `i * stride + u * dilation - before` for u from 0 to `kernel` - 1.
    """

    size: int
    kernel: int
    stride: int = 1
    dilation: int = 1
    before: int = 0
    after: int = 0

    @property
    def span(self) -> int:
        """Input cells from the first to the last that one output cell reads."""
        return (self.kernel - 1) * self.dilation + 1

    @property
    def outputs(self) -> int:
        """Cells of the output; 0 if the kernel does not fit."""
        room = self.size + self.before + self.after - self.span
        return room // self.stride + 1 if room >= 0 else 0

    @property
    def origin(self) -> float:
        """Where output cell 0 begins, in input cells, so that each cell lies over the middle of its patch.

        With stride 1 it is a whole number, so that cell lies on cell, also for an even kernel. A causal output lies over the
        latest cell that it reads: that is the step which it belongs to.
        """
        if self.before == self.span - 1 > self.after == 0:
            return 0.0
        start = -self.before + self.span / 2 - self.stride / 2
        return float(start // 1) if self.stride == 1 else start

    def reads(self, i: int) -> tuple[int, int]:
        """Return the first and one past the last input position of output cell `i`; they may lie outside."""
        first = i * self.stride - self.before
        return first, first + self.span


def axis(size: int, kernel: int, stride: int = 1, dilation: int = 1, padding: Pads = "valid") -> Axis:
    """Return the axis for a padding.

    Parameters
    ----------
    size, kernel : int
        Cells of the input and of the kernel.
    stride, dilation : int
        Distance between output cells, and between kernel cells, in input cells; at least 1.
    padding : {'valid', 'same', 'full', 'causal'} or (int, int)
        `same` is Keras's: ``ceil(size / stride)`` outputs, the odd cell after.

    Raises
    ------
    ValueError
        If a number is out of range or the padding unknown.

    Examples
    --------
    >>> axis(6, 2, padding="same").outputs, axis(6, 2).outputs
    (6, 5)
    """
    for what, value in (("kernel size", kernel), ("stride", stride), ("dilation", dilation)):
        if value < 1:
            raise ValueError(f"Expected a {what} of at least 1, received {value}.")
    span = (kernel - 1) * dilation + 1
    if isinstance(padding, str):
        before, after = _named(padding, size, span, stride)
    else:
        before, after = (int(side) for side in padding)
        if before < 0 or after < 0:
            raise ValueError(f"Expected padding of at least 0 cells per side, received {(before, after)}.")
    return Axis(size, kernel, stride, dilation, before, after)


def _named(padding: str, size: int, span: int, stride: int) -> tuple[int, int]:
    if padding == "valid":
        return 0, 0
    if padding == "same":
        total = max((-(-size // stride) - 1) * stride + span - size, 0)
        return total // 2, total - total // 2
    if padding == "full":
        return span - 1, span - 1
    if padding == "causal":
        return span - 1, 0
    raise ValueError(f"Expected a padding of {', '.join(PADDINGS)} or cells per side, received {padding!r}.")
