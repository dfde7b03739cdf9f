"""Numbers as they are shown: those of one line agree, none that is not zero reads 0, and values that differ look different.

The rule: a factor, product or sum has so many digits that the arithmetic of what is *shown* is right to the last digit
that is shown. The digits are therefore chosen for a whole line together, and not for each number by itself.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

MINUS = "\N{MINUS SIGN}"
MOST = 17
"""Digits beyond which float64 has none."""

PLAIN = 7
"""Digits before the decimal point up to which a number is written without a power of ten."""

_EXACT = Context(prec=800, rounding=ROUND_HALF_EVEN)


def number(value: float, digits: int = 3, *, sign: bool = False) -> str:
    """Return a number as text of at most `digits` significant digits, with a true minus sign.

    >>> number(-1.0), number(0.12345), number(2.5, sign=True), number(float("nan"))
    ('−1', '0.123', '+2.5', 'NaN')
    """
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return ("+" if sign and value > 0 else MINUS if value < 0 else "") + "∞"
    text = f"{value:.{digits}g}"
    if "e" in text:
        mantissa, exponent = text.split("e")
        text = f"{value:.0f}" if 0 <= int(exponent) < PLAIN else f"{mantissa}e{int(exponent)}"
    text = text.replace("-", MINUS)
    if text == f"{MINUS}0":
        text = "0"
    return f"+{text}" if sign and value > 0 else text


def fixed(value: float, decimals: int = 2) -> str:
    """Return a number with a fixed count of decimals, for columns; whole numbers as such, and nothing but zero as 0.

    >>> fixed(0.5), fixed(-3.0), fixed(12345.678), fixed(-0.0004)
    ('0.50', '−3', '12346', '−4e−4')
    """
    if not math.isfinite(value) or (value == round(value) and abs(value) < 1e6):
        return number(value, 7)
    if abs(value) >= 1e4:
        return number(value, 2)
    text = f"{value:.{decimals}f}"
    return text.replace("-", MINUS) if float(text) else short(value)


def short(value: float) -> str:
    """Return a number in as few letters as tell it from zero.

    >>> short(-0.03), short(0.000432), short(0.0)
    ('−0.03', '4e−4', '0')
    """
    if not value or not math.isfinite(value):
        return number(value)
    mantissa, power = f"{value:.0e}".split("e")
    return min((number(value, 1), f"{mantissa}e{int(power)}".replace("-", MINUS)), key=len)


def decimals_for(values: NDArray[np.floating], digits: int = 3) -> int:
    """Return how many decimals give the largest of some values so many digits.

    >>> decimals_for(np.array([0.0123, -0.5])), decimals_for(np.array([250.5]))
    (3, 0)
    """
    finite = np.abs(values[np.isfinite(values)])
    largest = float(finite.max()) if finite.size else 0.0
    return min(max(digits - 1 - math.floor(math.log10(largest)), 0), 6) if largest > 0 else 0


def apart(values: Sequence[float], digits: int = 3) -> list[str]:
    """Return texts of values of which those that differ look different, of at least so many digits.

    >>> apart([1000.125, 1000.25]), apart([0.0, 1 / 3])
    (['1000.1', '1000.2'], ['0', '0.333'])
    """
    for count in range(digits, MOST):
        texts = [number(value, count) for value in values]
        if len({*texts}) == len({value for value in values if value == value} | ({"NaN"} & {*texts})):
            return texts
    return [number(value, MOST) for value in values]


class Arithmetic(NamedTuple):
    """The texts of a sum of products; patch, weights and products as rows of texts.

    `agrees` is False where there was not enough room for the digits that the arithmetic needs: then it is only about right.
    """

    patch: list[list[str]]
    weights: list[list[str]]
    products: list[list[str]]
    total: str
    bias: str
    value: str
    parts: tuple[str, ...]
    agrees: bool

    def fits(self, longest: float) -> bool:
        """Whether no cell has more letters than that."""
        grids = (self.patch, self.weights, self.products)
        return max((len(text) for grid in grids for row in grid for text in row), default=0) <= longest


def arithmetic(
    patch: NDArray[np.float64],
    weights: NDArray[np.float64],
    total: float,
    bias: float,
    value: float,
    parts: Sequence[float] = (),
    *,
    longest: int = 0,
) -> Arithmetic:
    """Choose the digits of a sum of products.

    Parameters
    ----------
    patch, weights : ndarray, shape (rows, cols)
        The factors.
    total, bias, value : float
        The sum of the products; what is added; what comes out of the activation function.
    parts : sequence of float
        Numbers that add up to the total as well.
    longest : int
        Letters that a cell has room for; 0 for any.

    Examples
    --------
    >>> found = arithmetic(np.array([[0.0356]]), np.array([[0.0464]]), 0.0356 * 0.0464, 0.0, 0.0356 * 0.0464)
    >>> found.patch, found.weights, found.products, found.total
    ([['0.0356']], [['0.0464']], [['0.001652']], '0.001652')
    """
    with np.errstate(invalid="ignore", over="ignore"):
        products = patch * weights
    numbers = (*products.ravel().tolist(), *patch.ravel().tolist(), total, bias, value, *parts)
    if not all(map(math.isfinite, numbers)):
        return _compact(patch, weights, products, total, bias, value, parts, agrees=True)
    for digits in (3, 2):
        found = _agreeing(patch, weights, products, total, bias, value, parts, digits)
        if found and (not longest or found.fits(longest)):
            return found
    return _compact(patch, weights, products, total, bias, value, parts, agrees=False, longest=longest)


def _agreeing(
    patch: NDArray[np.float64],
    weights: NDArray[np.float64],
    products: NDArray[np.float64],
    total: float,
    bias: float,
    value: float,
    parts: Sequence[float],
    digits: int,
) -> Arithmetic | None:
    """Return texts of which the arithmetic is right, the sum with one digit more than asked for; None if there are none."""
    terms = products.ravel().tolist()
    whole, brought, out, agree = _result(total, bias, value, digits + 1, max(map(abs, terms), default=0.0))
    sums = next(_adding_up(parts, whole), None)
    found = (_lines(patch, weights, shown, digits) for shown in _adding_up(terms, whole))
    lines = next((lines for lines in found if lines is not None), None)
    if not agree or sums is None or lines is None:
        return None
    first, second, third = (_rows([_text(line[k]) for line in lines], patch.shape) for k in range(3))
    return Arithmetic(first, second, third, _text(whole), _text(brought), _text(out), tuple(map(_text, sums)), True)


def _lines(
    patch: NDArray[np.float64], weights: NDArray[np.float64], shown: list[Decimal], digits: int
) -> list[tuple[Decimal, Decimal, Decimal]] | None:
    """Return factors with each of the shown products; None if one has none, as 10.5 × 1 / 3, which is 3.5 in bits, for 4."""
    lines = []
    for a, b, p in zip(patch.ravel().tolist(), weights.ravel().tolist(), shown, strict=True):
        if (found := _factors(a, b, p, digits)) is None:
            return None
        lines.append((*found, p))
    return lines


def multiplied(factor: float, other: float, digits: int = 3) -> tuple[str, str, str]:
    """Return two factors and their product so that the shown factors multiply to the shown product.

    >>> multiplied(0.03563, 0.0464)
    ('0.0356', '0.0464', '0.00165')
    """
    product = factor * other
    if not all(map(math.isfinite, (factor, other, product))):
        return number(factor), number(other), number(product)
    for count in range(digits, MOST):
        shown = _to(product, _decimals(product, count))
        if found := _factors(factor, other, shown, count):
            return _text(found[0]), _text(found[1]), _text(shown)
    return number(factor, MOST), number(other, MOST), number(product, digits)


def spread(value: float, weights: NDArray[np.float64], *, digits: int = 3) -> tuple[str, list[list[str]], list[list[str]]]:
    """Return a value, weights and the products of the two so that each of the shown products is right.

    >>> spread(0.5, np.array([[1.0, -0.25]]))
    ('0.5', [['1', '−0.25']], [['0.5', '−0.125']])
    """
    with np.errstate(invalid="ignore", over="ignore"):
        products = value * weights
    if not (math.isfinite(value) and np.isfinite(products).all()):
        first, second = (_rows([number(n) for n in array.flat], array.shape) for array in (weights, products))
        return number(value), first, second
    results = [_to(p, _decimals(p, digits)) for p in products.ravel().tolist()]
    for count in range(digits, MOST):
        one = _to(value, _decimals(value, count))
        found = [_second(one, w, p) for w, p in zip(weights.ravel().tolist(), results, strict=True)]
        if all(second is not None for second in found):
            break
    texts = [number(w) if second is None else _text(second) for w, second in zip(weights.flat, found, strict=True)]
    return _text(one), _rows(texts, weights.shape), _rows([_text(p) for p in results], weights.shape)


def exact_sum(pairs: Sequence[tuple[float, float]], bias: float) -> tuple[list[str], str, str]:
    """Return the products of factors as they are written, their sum, and the sum with a bias, to some fifteen digits.

    Each is right to its last digit for the numbers as they stand there: 0.1 * 0.2 is 0.02, not 0.020000000000000004.

    >>> exact_sum([(0.1, 0.2), (3.0, 2.0)], 0.5)
    (['0.02', '6.0'], '6.02', '6.52')
    """
    if not all(math.isfinite(a) and math.isfinite(b) for a, b in pairs) or not math.isfinite(bias):
        products = [a * b for a, b in pairs]
        together = sum(products)
        return [repr(p) for p in products], repr(together), repr(together + bias)
    exact = [_EXACT.multiply(Decimal(repr(a)), Decimal(repr(b))) for a, b in pairs]
    texts = [_code(_EXACT.plus(p) if not p else _EXACT.quantize(p, _unit(p, 15))) for p in exact]
    total = Decimal(0)
    for text in texts:
        total = _EXACT.add(total, Decimal(text))
    output = _EXACT.add(total, Decimal(repr(bias)))
    return texts, _code(total), _code(output)


def _unit(value: Decimal, digits: int) -> Decimal:
    """Return the unit of a number's last digit, of so many."""
    return Decimal((0, (1,), value.adjusted() - digits + 1))


def _code(value: Decimal) -> str:
    """Write all digits of a number as a program reads them."""
    text = _text(value).replace(MINUS, "-")
    return text if "." in text or "e" in text else f"{text}.0"


def _result(total: float, bias: float, value: float, digits: int, largest: float) -> tuple[Decimal, Decimal, Decimal, bool]:
    """Return sum, bias and output with decimals such that the shown output follows; and whether they could be found."""
    out = _to(value, _decimals(value, digits))
    finest = _decimals(largest, MOST - 2) if largest else 0
    begin = _decimals(total, digits) if total else min(_decimals(largest, digits), 3) if largest else 0
    for extra in range(8):
        whole = _to(total, begin + extra)
        brought = _to(bias, max(_decimals(bias, digits - 1) + extra, begin + extra if extra else -400))
        before = _EXACT.add(whole, brought)
        sign = -1 if math.isclose(value, -(total + bias), rel_tol=1e-12) and value else 1
        follows = math.isclose(value, sign * (total + bias), rel_tol=1e-9, abs_tol=1e-300)
        if not follows or _rounds_to(sign * before, out):
            return whole, brought, out, begin <= finest or not largest
    return whole, brought, out, False


def _adding_up(values: Iterable[float], total: Decimal) -> Iterator[list[Decimal]]:
    """Make values with so many decimals that what is shown adds up to the shown total, those with the fewest first."""
    values = list(values)
    if not values:
        yield []
        return
    decimals = -int(total.as_tuple().exponent)
    for count in range(decimals, decimals + 8):
        shown = [_nonzero(value, count) for value in values]
        added = Decimal(0)
        for one in shown:
            added = _EXACT.add(added, one)
        if _rounds_to(added, total):
            yield shown


def _factors(factor: float, other: float, product: Decimal, digits: int) -> tuple[Decimal, Decimal] | None:
    """Return two factors of as few digits as multiply to the shown product."""
    for count in range(digits, MOST + 1):
        first, second = _to(factor, _decimals(factor, count)), _to(other, _decimals(other, count))
        if _rounds_to(_EXACT.multiply(first, second), product):
            return first, second
    return None


def _second(first: Decimal, other: float, product: Decimal) -> Decimal | None:
    for count in range(3, MOST + 1):
        second = _to(other, _decimals(other, count))
        if _rounds_to(_EXACT.multiply(first, second), product):
            return second
    return None


def _decimals(value: float, digits: int) -> int:
    """Return how many decimals give a value so many digits; not fewer than to the unit, unless it is very large."""
    if not value:
        return 0
    count = digits - 1 - Decimal(value).adjusted()
    return max(count, 0) if abs(value) < 10**PLAIN else count


def _to(value: float, decimals: int) -> Decimal:
    """Round to so many decimals."""
    return _EXACT.quantize(Decimal(value), Decimal((0, (1,), -decimals)))


def _rounds_to(value: Decimal, shown: Decimal) -> bool:
    """Whether a number can be shown so: a half in the last digit goes either way, as 0.03 × 0.0625 is 0.00187 in bits.

    Not where zeros that are written stand for digits: 250 x 2110 is not seen to be half of something at 527000.
    """
    last = int(shown.as_tuple().exponent)
    if last > 0:
        return _EXACT.quantize(value, Decimal((0, (1,), last))) == shown
    return abs(_EXACT.subtract(value, shown)) <= Decimal((0, (5,), last - 1))


def _nonzero(value: float, decimals: int) -> Decimal:
    """Round to so many decimals, or to one digit where zero would be left."""
    shown = _to(value, decimals)
    return shown if shown or not value else _to(value, _decimals(value, 1))


def _text(value: Decimal) -> str:
    """Write all digits of a number, without zeros at its end."""
    if not value:
        return "0"
    plain = format(value, "f")
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    if not -5 < value.adjusted() < PLAIN:
        digits = "".join(map(str, value.as_tuple().digits)).rstrip("0")
        sign = "-" if value < 0 else ""
        plain = f"{sign}{digits[0]}{'.' if len(digits) > 1 else ''}{digits[1:]}e{value.adjusted()}"
    return plain.replace("-", MINUS)


def _rows(texts: list[str], shape: tuple[int, ...]) -> list[list[str]]:
    return [texts[k * shape[1] : (k + 1) * shape[1]] for k in range(shape[0])]


def _compact(
    patch: NDArray[np.float64],
    weights: NDArray[np.float64],
    products: NDArray[np.float64],
    total: float,
    bias: float,
    value: float,
    parts: Sequence[float],
    *,
    agrees: bool,
    longest: int = 0,
) -> Arithmetic:
    """Write every number by itself, in as few letters as there is room for."""
    rows = []
    for array in (patch, weights, products):
        for digits in (3, 2, 1):
            texts = [short(n) if digits == 1 else number(n, digits) for n in array.flat]
            if not longest or max(map(len, texts), default=0) <= longest:
                break
        rows.append(_rows(texts, array.shape))
    sums = number(total, 4), number(bias), number(value, 4)
    return Arithmetic(rows[0], rows[1], rows[2], *sums, tuple(number(part) for part in parts), agrees)


def array_code(values: Any) -> str:
    """Return the expression in NumPy that makes an array, to the last bit.

    >>> array_code([1.5, float("nan")])
    'np.array([1.5, np.nan])'
    """
    text = repr(values if isinstance(values, list) else values.tolist())
    return f"np.array({text.replace('nan', 'np.nan').replace('inf', 'np.inf')})"
