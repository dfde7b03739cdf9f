"""Reads one number as people type it, in every locale; what is no number is refused with the reason."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction

LARGEST, SMALLEST = 3.4028234663852886e38, 1.1754943508222875e-38
"""Magnitudes that float32, in which is computed, holds with all of its digits; beyond them a number would be lost."""

EXACT = 2**24
"""Up to here float32 holds every whole number."""

_MINUS = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d"), "-")
_SAME_AS = _MINUS | dict.fromkeys(map(ord, "\uff0b\ufe62"), "+")
_SAME_AS |= dict.fromkeys(map(ord, "\u066b\uff0c"), ",") | {0xFF0E: "."} | dict.fromkeys(map(ord, "\u2044\u2215\uff0f"), "/")
_SAME_AS |= dict.fromkeys(map(ord, "\u200b\u200e\u200f\u2061\u2062\ufeff"), "")
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_POWER = re.compile(r"\s*(?:[x×*·]\s*)?10(?:(?:\^|\*\*)\s*\(?\s*([-+]?\d+)\s*\)?|([⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+))$")
_DECIMAL = re.compile(r"([-+]?)\s*(\d+[.,]?\d*|[.,]\d+)(?:[eE]([-+]?\d{1,9}))?", re.ASCII)
_EXAMPLES = "such as 0.5, −2, 1e-3 or 1/3"


def read_number(text: str, unit: str = "") -> float:
    """Return the number that a text is.

    A point and a comma are both decimal signs, whatever the locale; exponents, powers of ten and fractions are
    understood, and the signs and digits that other programs write. What could mean two numbers is refused.

    Parameters
    ----------
    text : str
        What was typed or pasted.
    unit : str
        A unit that may follow the number, such as ``%``.

    Raises
    ------
    ValueError
        One sentence that says what was expected and what was received.

    Examples
    --------
    >>> read_number("0,5"), read_number("−2e−3"), read_number("1/8"), read_number("1.5 × 10⁻⁷")
    (0.5, -0.002, 0.125, 1.5e-07)
    """
    value = _exact(text, unit)
    try:
        number = float(value)
    except OverflowError:
        raise ValueError(f"Expected at most {LARGEST:.2g} in magnitude, received {_quoted(text)}.") from None
    if abs(number) > LARGEST:
        raise ValueError(f"Expected at most {LARGEST:.2g} in magnitude, received {_quoted(text)}.")
    if value and abs(number) < SMALLEST:
        raise ValueError(f"Expected 0, or at least {SMALLEST:.2g} in magnitude, received {_quoted(text)}.")
    return number


def read_whole(text: str, unit: str = "") -> int:
    """Return the whole number that a text is; ``3.7`` is refused, ``3.0`` is 3.

    >>> read_whole("12"), read_whole("1e2")
    (12, 100)
    """
    value = _exact(text, unit)
    if value.denominator != 1:
        raise ValueError(f"Expected a whole number, received {_quoted(text)}.")
    if abs(value) > 2**53:
        raise ValueError(f"Expected a whole number of at most {2**53}, received {_quoted(text)}.")
    return int(value)


def written(value: float, digits: int = 17) -> str:
    """Return the shortest text that `read_number` reads back as the same number; of fewer digits if fewer are asked for.

    >>> written(0.1), written(-3.0), written(1e-5), written(1 / 3, 4), written(123456789, 3)
    ('0.1', '-3', '1e-5', '0.3333', '1.23e8')
    """
    if digits >= 17:
        return _trimmed(repr(float(value)))
    return min((_trimmed(repr(float(f"{value:.{digits}g}"))), _trimmed(f"{value:.{digits - 1}e}")), key=len)


def _trimmed(text: str) -> str:
    """Return a number as text without zeros that say nothing."""
    mantissa, exponent, power = text.partition("e")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    return f"{'0' if mantissa == '-0' else mantissa}{exponent}{int(power) if power else ''}"


def stepped(value: float, step: float, count: int = 1) -> float:
    """Return a number after so many steps, as they are added by hand: no dust of binary fractions is left.

    >>> stepped(0.1, 0.2), stepped(3e-7, 0.1), stepped(0.3, 0.1, -3)
    (0.3, 0.1000003, 0.0)
    """
    return float(Fraction(repr(float(value))) + count * Fraction(repr(float(step))))


def step_for(span: float) -> float:
    """Return a round step, 1, 2 or 5 times a power of ten, of which some twenty go into a span.

    >>> step_for(5.4e-4), step_for(2.0), step_for(0.0)
    (2e-05, 0.1, 0.1)
    """
    if not 1e-36 < span < 1e38:
        return 0.1
    mantissa, power = f"{span / 20:e}".split("e")
    return float(f"{next((m for m in (5, 2) if float(mantissa) >= m), 1)}e{power}")


def _exact(text: str, unit: str) -> Fraction:
    """Return the number to the last digit that was typed."""
    plain = _plain(text)
    bare = plain.removesuffix(unit.strip()).rstrip() if unit.strip() else plain
    if not bare:
        raise ValueError(f"Expected a number {_EXAMPLES}, received nothing.")
    over, slash, below = bare.partition("/")
    if slash and not below:
        raise ValueError(f"Expected a number below the stroke, received {_quoted(text)}.")
    value = _one(over.strip(), text)
    if slash:
        divisor = _one(below.strip(), text)
        if not divisor:
            raise ValueError(f"Expected another divisor than 0, received {_quoted(text)}.")
        value /= divisor
    return value


def _plain(text: str) -> str:
    """Return the text with one way to write a minus, a decimal sign, a digit and a fraction."""
    text = unicodedata.normalize("NFC", text).translate(_SAME_AS).strip()
    parts = []
    for sign in text:
        if "\u00bc" <= sign <= "\u00be" or "\u2150" <= sign <= "\u215e":  # ¼ and its like: 1½ is a whole and a half
            parts.append(unicodedata.normalize("NFKC", sign).replace("\u2044", "/"))
            if len(parts) > 1 and parts[-2].isdecimal():
                raise ValueError(f"Expected one number, received {_quoted(text)}: write it as a decimal, such as 1.5.")
        elif sign.isdecimal() and not sign.isascii():
            parts.append(str(unicodedata.decimal(sign)))
        else:
            parts.append(sign)
    return "".join(parts)


def _one(part: str, text: str) -> Fraction:
    """Return one decimal number, with its exponent or power of ten."""
    power = 0
    if (found := _POWER.search(part)) is not None:
        power = int((found[1] or found[2]).translate(_RAISED)[:9])
        part = part[: found.start()].strip()
        part += "1" if part in ("", "-", "+") else ""
    match = _DECIMAL.fullmatch(part)
    if match is None or abs(power) > 10_000:
        raise ValueError(_reason(part, text))
    sign, digits, exponent = match.groups()
    exponent = int(exponent or 0) + power
    if len(digits) > 1000 or abs(exponent) > 10_000:
        raise ValueError(f"Expected a magnitude from {SMALLEST:.2g} to {LARGEST:.2g}, received {_quoted(text)}.")
    value = Fraction(digits.replace(",", ".").rstrip(".") or "0") * Fraction(10) ** exponent
    return -value if sign == "-" else value


def _reason(part: str, text: str) -> str:
    """Say why something is no number, and how it could be written."""
    shown = _quoted(text)
    if re.fullmatch(r"[-+]?(nan|inf|infinity|∞)", part, re.IGNORECASE):
        return f"Expected a finite number, received {shown}."
    if re.fullmatch(r"[-+]?[\d.,]+([eE][-+]?\d+)?", part, re.ASCII) and len(re.findall(r"[.,]", part)) > 1:
        return f"Expected one decimal sign and none between thousands, received {shown}."
    if re.fullmatch(r"[-+]?\d[\d\s'’_]*([.,]\d*)?", part):
        return f"Expected one number without gaps, received {shown}."
    return f"Expected a number {_EXAMPLES}, received {shown}."


def _quoted(text: str) -> str:
    text = " ".join(text.split())
    return f"“{text if len(text) <= 24 else text[:23] + '…'}”"
