"""One way of writing each sign: the minus, spaces and fractions of typeset text become those of a keyboard."""

from __future__ import annotations

import re

_TABLE = {
    **dict.fromkeys("\u2212\u2010\u2011\u2012\u2013\ufe63\uff0d", "-"),
    **dict.fromkeys("\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u200a\u205f\u3000", " "),
    **dict.fromkeys("\u200b\u200e\u200f\u2060\u2061\u2062\ufeff", ""),
    **dict.fromkeys("\u2044\u2215", "/"),
    "\uff0e": ".",
    "\uff0c": ",",
    "\uff1b": ";",
    "\uff0b": "+",
    "\u2028": "\n",
    "\u2029": "\n",
    **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
}

HARD_SPACES = "\u00a0\u2007\u2009\u202f"
"""Spaces that stand between words and between the thousands of a number."""

_GROUPED_BY_SPACE = re.compile(rf"\d[{HARD_SPACES}]\d{{3}}(?!\d)")
_OTHER_SEPARATOR = re.compile(rf"[^\s{HARD_SPACES}](?:[ \t]+|[ \t]*[;,][ \t]*)[-+.\d]")

_VULGAR = {
    **{"½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅖": "2/5", "⅗": "3/5", "⅘": "4/5"},
    **{"⅙": "1/6", "⅚": "5/6", "⅐": "1/7", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8", "⅑": "1/9", "⅒": "1/10"},
}
_RAISED = {**{sign: str(digit) for digit, sign in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}, "⁻": "-"}
_LOWERED = {sign: str(digit) for digit, sign in enumerate("₀₁₂₃₄₅₆₇₈₉")}
_SMALL_FRACTION = re.compile(rf"(?<![\d{''.join(_RAISED)}])([{''.join(_RAISED)}]+)[/\u2044\u2215]([{''.join(_LOWERED)}]+)")
_ONE_FRACTION = re.compile(rf"(?<![\d.])([{''.join(_VULGAR)}])(?![\d.])")


def plain(text: str) -> str:
    r"""Return the text with one way of writing minus, spaces, line ends and fractions.

    Raises
    ------
    ValueError
        If a hard space may be one between thousands as well as one between numbers.

    Examples
    --------
    >>> plain("\u22121\u2009½\r\n")
    '-1 1/2\n'
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii():
        return text
    if any(sign in text for sign in HARD_SPACES):
        found = _GROUPED_BY_SPACE.search(text)
        if found and _OTHER_SEPARATOR.search(text):
            grouped = found[0].translate(dict.fromkeys(map(ord, HARD_SPACES), " "))
            raise ValueError(f"{grouped!r} may be one number or two, expected no space between thousands")
        for sign in HARD_SPACES:
            text = text.replace(sign, " ")
    for sign, same in _TABLE.items():  # replace() is quick where a sign does not occur, translate() never is
        if sign in text:
            text = text.replace(sign, same)
    if any(sign in text for sign in _RAISED):
        text = _SMALL_FRACTION.sub(_small_fraction, text)
    return _ONE_FRACTION.sub(lambda found: _VULGAR[found[1]], text) if any(sign in text for sign in _VULGAR) else text


def _small_fraction(found: re.Match[str]) -> str:
    return "".join(_RAISED[sign] for sign in found[1]) + "/" + "".join(_LOWERED[sign] for sign in found[2])
