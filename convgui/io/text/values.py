"""What a text of numbers consists of: fractions that are divided last, and rows of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine.kernels.kernel import MAX_SIDE

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Fraction:
    """A number as it is written, over and under the line: 1/9 of nine is one, to the last bit."""

    over: float
    under: float = 1.0

    def __mul__(self, other: Fraction) -> Fraction:
        return Fraction(self.over * other.over, self.under * other.under)

    def __truediv__(self, other: Fraction) -> Fraction:
        if other.over == 0:
            raise ValueError("there is a division by zero")
        return Fraction(self.over * other.under, self.under * other.over)

    def __neg__(self) -> Fraction:
        return Fraction(-self.over, self.under)

    @property
    def value(self) -> float:
        """The quotient."""
        return self.over / self.under

    def told(self) -> str:
        """Return what multiplying by it does, in words."""
        if self.over in (1, -1) and self.under != 1:
            return f"divided by {self.over * self.under:g}"
        return f"times {self.over:g}" if self.under == 1 else f"times {self.over:g}/{self.under:g}"


ONE = Fraction(1.0)


@dataclass(frozen=True)
class Rows:
    """Rows of numbers with what was understood on the way.

    `flat` says that it is one list and not yet a matrix; `lines` how a list was broken into lines, which may mean rows;
    `notes` what is worth telling; `bias` what is added after the sum, by a format that has that.
    """

    rows: tuple[tuple[Fraction, ...], ...]
    flat: bool = False
    lines: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    factor: Fraction = ONE
    bias: float = 0.0
    r: bool = False
    """Whether it is a vector of R, which fills matrices by columns."""

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self.rows), len(self.rows[0]) if self.rows else 0

    def scaled(self, factor: Fraction) -> Rows:
        """Return the rows with one more factor."""
        return self.but(factor=self.factor * factor)

    def but(self, **changes: Any) -> Rows:
        """Return a copy with some fields changed."""
        return replace(self, **changes)

    @property
    def transposed(self) -> Rows:
        """Rows as columns; a list becomes a column."""
        check_rows(self)
        return self.but(rows=tuple(zip(*self.rows, strict=True)), flat=False, lines=())

    def shaped(self, rows: int, cols: int, *, by_columns: bool = False) -> Rows:
        """Return the numbers of a list in so many rows and columns."""
        numbers = [number for row in self.rows for number in row]
        if len(numbers) != rows * cols:
            raise ValueError(f"there are {len(numbers)} numbers, expected {rows} × {cols}")
        if by_columns:
            return self.but(rows=tuple(tuple(numbers[i::rows]) for i in range(rows)), flat=False, lines=())
        return self.but(rows=tuple(tuple(numbers[i * cols : (i + 1) * cols]) for i in range(rows)), flat=False, lines=())

    def matrix(self) -> NDArray[np.float64]:
        """Return the values; each must be finite, and none divided by what may be meant for all."""
        check_rows(self)
        _refuse_lone_fraction(self.rows)
        over = np.array([[number.over for number in row] for row in self.rows])
        under = np.array([[number.under for number in row] for row in self.rows])
        with np.errstate(over="ignore", invalid="ignore"):
            values = (over * self.factor.over) / (under * self.factor.under)
        if not np.isfinite(values).all():
            raise ValueError("the factor makes numbers too large")
        return values


@dataclass(frozen=True)
class Word:
    """A name that is no number."""

    text: str


@dataclass(frozen=True)
class Named:
    """An argument with its keyword."""

    name: str
    value: Any


@dataclass(frozen=True)
class Size:
    """Rows and columns that are filled by what follows."""

    rows: int
    cols: int


def check_size(rows: int, cols: int) -> None:
    """Refuse more rows or columns than a kernel has."""
    if max(rows, cols) > MAX_SIDE:
        raise ValueError(f"the text has {rows} × {cols} numbers, a kernel at most {MAX_SIDE} × {MAX_SIDE}")


def check_rows(rows: Rows) -> None:
    """Refuse rows of different lengths, and lists whose lines may be rows."""
    if not rows.rows or not rows.rows[0]:
        raise ValueError("no numbers yet, expected rows of them")
    expected = len(rows.rows[0])
    for i, row in enumerate(rows.rows, 1):
        if len(row) != expected:
            raise ValueError(f"row {i} has {len(row)} number{'s' * (len(row) != 1)}, expected {expected}")
    if len(rows.lines) > 1 and len(set(rows.lines)) == 1 and rows.lines[0] > 1:
        size = f"{len(rows.lines)} × {rows.lines[0]}"
        raise ValueError(f"one list stands on {len(rows.lines)} lines: put each row in brackets if it is {size}")


def combined(left: Any, sign: str, right: Any) -> Any:
    """Return the product or quotient of numbers and matrices."""
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return left * right if sign == "*" else left / right
    if sign == "*":
        _refuse_repetition(left, right)
        _refuse_repetition(right, left)
    if isinstance(left, Fraction) and isinstance(right, Rows) and sign == "*":
        return right.scaled(left)
    if isinstance(left, Rows) and isinstance(right, Fraction):
        return left.scaled(right if sign == "*" else Fraction(1.0) / right)
    if isinstance(left, Rows) and isinstance(right, Rows) and sign == "*":
        if left.shape[1] == 1 and right.shape[0] == 1 and not left.flat:  # a column by a row, however * is read
            rows = tuple(tuple(a * b for b in right.rows[0]) for a in (row[0] for row in left.rows))
            return Rows(rows, factor=left.factor * right.factor, notes=("a column by a row",))
        raise ValueError("there are two matrices, expected one")
    if isinstance(left, Rows) and isinstance(right, Word) and sign == "*":
        return left  # G = [...] * A: what it is applied to
    word = next((v.text for v in (left, right) if isinstance(v, Word)), "")
    raise ValueError(f"{word!r} is not understood" if word else f"{sign!r} is not understood here")


def _refuse_repetition(rows: Any, times: Any) -> None:
    """Refuse ``[1/9] * 3``, which is three weights in Python and one elsewhere."""
    if not isinstance(rows, Rows) or not isinstance(times, Fraction) or rows.shape != (1, 1):
        return
    if times.under == 1 and times.over > 1 and times.over % 1 == 0:
        count, one = f"{times.over:g}", f"[{rows.rows[0][0].value:g}]"
        raise ValueError(
            f"'{one} * {count}' may be {count} weights or one: write the weights, or np.full((rows, columns), weight)"
        )


def gathered(parts: list[Any]) -> Rows:
    """Return rows as a matrix, or numbers as a list."""
    if all(isinstance(part, Fraction) for part in parts):
        return Rows((numbers(parts),), flat=True)
    rows: list[tuple[Fraction, ...]] = []
    if len({part.factor.value for part in parts if isinstance(part, Rows)}) > 1:
        raise ValueError("a factor stands beside one row only, expected one for all: write it in front of the matrix")
    for i, part in enumerate(parts, 1):
        if isinstance(part, Word):
            raise ValueError(f"{part.text!r} is not a number")
        if not isinstance(part, Rows):
            raise ValueError("the brackets are nested otherwise than rows in a matrix, as in [[1, 2], [3, 4]]")
        if not part.flat:
            deep = (len(parts), *part.shape)
            raise ValueError(
                f"an array of {' × '.join(map(str, deep))} or more is no kernel of rows and columns: take one slice of it"
            )
        if len(part.rows) != 1 or part.factor != Fraction(1.0):
            rows += [tuple(n * part.factor for n in row) for row in part.rows]
        else:
            rows += part.rows
        if not part.rows[0]:
            raise ValueError(f"row {i} has no numbers")
    if len(parts) == 1 and isinstance(parts[0], Rows):
        return Rows(tuple(rows))
    return Rows(tuple(rows))


def numbers(row: list[Any]) -> tuple[Fraction, ...]:
    """Return the numbers of a row; words are refused."""
    for item in row:
        if isinstance(item, Word):
            if item.text.lower() in ("nan", "inf", "infinity"):
                raise ValueError(f"row 1: {item.text!r} is not allowed, weights must be finite")
            raise ValueError(f"{item.text!r} is not a number")
        if not isinstance(item, Fraction):
            raise ValueError("the brackets are nested otherwise than rows in a matrix, as in [[1, 2], [3, 4]]")
    return tuple(item for item in row if isinstance(item, Fraction))


def _refuse_lone_fraction(rows: tuple[tuple[Fraction, ...], ...]) -> None:
    """Refuse one fraction at the first or the last number: it may be meant for all, and never divides one by accident."""
    every = [number for row in rows for number in row]
    fractions = [i for i, number in enumerate(every) if number.under != 1]
    if len(every) > 1 and len(fractions) == 1 and fractions[0] in (0, len(every) - 1):
        one = every[fractions[0]]
        raise ValueError(
            f"'{one.over:g}/{one.under:g}' may be one weight or a factor of all: "
            f"write {one.value:.6g} for one, or 1/{one.under:g} * in front for all"
        )
