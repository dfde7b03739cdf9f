"""Sentences that say how a value was made, with numbers of so few digits as agree with each other."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from operator import mul
from typing import TYPE_CHECKING

from convgui.engine.shown import MINUS, MOST, apart, number

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MOST_LISTED = 16
"""Numbers that a sentence lists."""


def code(value: float) -> str:
    """Return a number as an expression, to the last bit.

    >>> code(0.1), code(float("-inf"))
    ('0.1', '-np.inf')
    """
    return repr(float(value)).replace("inf", "np.inf").replace("nan", "np.nan")


def codes(values: Sequence[float]) -> str:
    """Return numbers as the expression of a list."""
    return f"[{', '.join(map(code, values))}]"


def called(name: str, function: Callable[[float], float], x: float, value: float) -> str:
    """Return a function of a number and its value: what is shown as value is the function of what is shown as number.

    >>> called("relu", lambda x: max(x, 0.0), -0.3, 0.0), called("square", lambda x: x * x, 0.12345, 0.12345**2)
    ('relu(−0.3) = 0', 'square(0.12345) = 0.0152')
    """
    wanted = number(value)
    for digits in range(3, MOST + 1):
        rounded = float(f"{x:.{digits}g}")
        if rounded == x or not math.isfinite(x) or number(function(rounded)) == wanted:
            break
    return f"{name}({number(x, digits)}) = {wanted}"


def share(x: float, largest: float, total: float, value: float) -> str:
    """Return a value of a softmax: the shown exponential divided by the shown sum gives what is shown.

    >>> share(1.0, 2.0, 1 + math.exp(-1), 1 / (math.e + 1))
    'exp(1 − 2) / 1.37 = 0.269'
    """
    wanted = number(value)
    for digits in range(3, MOST + 1):
        shown = [float(f"{one:.{digits}g}") for one in (x, largest, total)]
        if not all(map(math.isfinite, shown)) or number(math.exp(min(shown[0] - shown[1], 0)) / shown[2]) == wanted:
            break
    return f"exp({number(x, digits)}{plus(number(-largest, digits))}) / {number(total, digits)} = {wanted}"


def largest(values: Sequence[float], winner: int) -> str:
    """Return the largest of some numbers, those that differ with so many digits that they look different.

    >>> largest([0.2, 0.7], 1)
    'max(0.2, 0.7) = 0.7'
    """
    texts = apart(values)
    return f"max({', '.join(texts)}) = {texts[winner]}"


def mean(values: Sequence[float], count: int, value: float) -> str:
    """Return the mean of some numbers: what is shown adds up, and divided by the count gives what is shown.

    >>> mean([0.2, 0.7], 2, 0.45), mean([1 / 3, 1 / 3, 1.0], 4, 5 / 12)
    ('(0.2 + 0.7) / 2 = 0.45', '(0.333 + 0.333 + 1) / 4 = 0.417')
    """
    texts, _, wanted = averaged(values, count, value)
    return f"({texts[0]}{''.join(map(plus, texts[1:]))}) / {count:,} = {wanted}"


def averaged(values: Sequence[float], count: int, value: float) -> tuple[list[str], str, str]:
    """Return some numbers, their sum and their mean as texts: what is shown adds up, and divided gives what is shown.

    >>> averaged([1 / 3, 1 / 3, 1.0], 4, 5 / 12)
    (['0.333', '0.333', '1'], '1.666', '0.417')
    """
    texts, wanted = _agreeing(values, lambda shown: sum(shown, Fraction()) / count, value)
    total = sum(values) if not math.isfinite(value) else float(sum(map(_shown, texts), Fraction()))
    return texts, number(total, MOST - 2), wanted


def divided(total: float, count: int, value: float) -> tuple[str, str]:
    """Return a sum and its mean as texts: the shown sum divided by the count gives the shown mean.

    >>> divided(5.0 / 3, 4, 5.0 / 12)
    ('1.67', '0.417')
    """
    texts, wanted = _agreeing([total], lambda shown: shown[0] / count, value)
    return texts[0], wanted


def exponential(x: float, largest: float) -> str:
    """Return the exponential of a number less the largest one: that of what is shown is what is shown.

    >>> exponential(1.0, 2.0)
    'exp(1 − 2) = 0.368'
    """
    wanted = number(math.exp(min(x - largest, 0.0)))
    for digits in range(3, MOST + 1):
        shown = [float(f"{one:.{digits}g}") for one in (x, largest)]
        if not all(map(math.isfinite, shown)) or number(math.exp(min(shown[0] - shown[1], 0))) == wanted:
            break
    return f"exp({number(x, digits)}{plus(number(-largest, digits))}) = {wanted}"


def scaled(x: float, scale: float, offset: float, value: float) -> str:
    """Return a product with an offset: what is shown gives what is shown.

    >>> scaled(0.2, 1.5, -0.1, 0.2 * 1.5 - 0.1)
    '0.2 × 1.5 − 0.1 = 0.2'
    """
    texts, wanted = scaled_texts(x, scale, offset, value)
    return f"{texts[0]} × {texts[1]}{plus(texts[2])} = {wanted}"


def scaled_texts(x: float, scale: float, offset: float, value: float) -> tuple[list[str], str]:
    """Return the three numbers of a product with an offset, and what it gives, as texts that agree."""
    return _agreeing((x, scale, offset), lambda shown: shown[0] * shown[1] + shown[2], value)


def weighted(values: Sequence[float], weights: Sequence[float], value: float) -> str:
    """Return a sum of products: what is shown gives what is shown.

    >>> weighted([0.2, -0.6], [0.75, 0.25], 0.0)
    '0.2 × 0.75 − 0.6 × 0.25 = 0'
    """
    count = len(values)
    texts, wanted = _agreeing(
        (*values, *weights), lambda shown: sum(map(mul, shown[:count], shown[count:]), Fraction()), value
    )
    products = [f"{a} × {b}" for a, b in zip(texts[:count], texts[count:], strict=True)]
    return f"{products[0]}{''.join(map(plus, products[1:]))} = {wanted}"


def _agreeing(values: Sequence[float], result: Callable[[list[Fraction]], Fraction], value: float) -> tuple[list[str], str]:
    """Return numbers as texts of so few digits that their result is what is shown as value; and that."""
    wanted, texts = number(value), [number(one) for one in values]
    for digits in range(3, MOST + 1):
        texts = [number(one, digits) for one in values]
        if not math.isfinite(value) or _rounds_to(result([_shown(text) for text in texts]), wanted):
            break
    return texts, wanted


def _shown(text: str) -> Fraction:
    return Fraction(text.replace(MINUS, "-"))


def _rounds_to(exact: Fraction, text: str) -> bool:
    """Return whether a number may be shown so: a half in the last digit goes either way."""
    unit = Fraction(10) ** int(Decimal(text.replace(MINUS, "-")).as_tuple().exponent)
    return abs(exact - _shown(text)) <= unit / 2


def plus(text: str) -> str:
    """Return a number as something that is added, a negative one as something that is taken away.

    >>> plus("−0.5"), plus("2")
    (' − 0.5', ' + 2')
    """
    return f" {MINUS} {text.removeprefix(MINUS)}" if text.startswith(MINUS) else f" + {text}"
