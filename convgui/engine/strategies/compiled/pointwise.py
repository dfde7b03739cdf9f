"""Functions of each value for which NumPy has no loop of its own: they are computed in float64, in place."""

from convgui.engine.layers.error_function import COEFFICIENTS, FARTHEST
from convgui.engine.strategies.compiled.kinds import f32, f64, floats, i64
from convgui.engine.strategies.compiled.language import bits, function

C0, C1, C2, C3, C4, C5, C6, C7, C8, C9, C10, C11, C12 = COEFFICIENTS

LEAST = -700.0
"""Below it the exponential is taken for 0."""

MAGIC = 6755399441055744.0
"""1.5 times 2 to the 52: what is added to it is rounded to a whole number, which its last bits then hold."""

PER_LN2, LN2_HIGH, LN2_LOW = 1.4426950408889634, 0.6931471803691238, 1.9082149292705877e-10
"""1 / log(2), and log(2) as a number with few digits and the rest."""


@function
def _exponential(x: f64) -> f64:
    """Return exp(x) of a number that is not positive: a power of two times a polynomial of what is left of it."""
    bounded = max(x, LEAST)
    shifted = bounded * PER_LN2 + MAGIC
    whole = shifted - MAGIC
    r = bounded - whole * LN2_HIGH - whole * LN2_LOW
    p = 1.0 + r * (1.0 / 10.0)
    p = 1.0 + r * p * (1.0 / 9.0)
    p = 1.0 + r * p * (1.0 / 8.0)
    p = 1.0 + r * p * (1.0 / 7.0)
    p = 1.0 + r * p * (1.0 / 6.0)
    p = 1.0 + r * p * (1.0 / 5.0)
    p = 1.0 + r * p * (1.0 / 4.0)
    p = 1.0 + r * p * (1.0 / 3.0)
    p = 1.0 + r * p * (1.0 / 2.0)
    p = 1.0 + r * p
    power = bits(bits(p, i64) + (bits(shifted, i64) << 52), f64)
    return power if x >= LEAST else (x if x != x else 0.0)


@function
def gelu_values(values: floats, row: i64, plane: i64, planes: i64, rows: i64, cols: i64):
    """Multiply each value with the share of the normal distribution below it: the exact form of GELU.

    `row` and `plane` are the distances of rows and planes in floats.
    """
    for f in range(planes):
        for i in range(rows):
            at = values + (f * plane + i * row)
            for j in range(cols):
                x = f64(at[j])
                size = abs(x) * 0.7071067811865476
                t = 2.0 / (min(size, FARTHEST) + 2.0)
                s = t * (2.0 + 4.0 / FARTHEST) - (1.0 + 4.0 / FARTHEST)
                p = C12 * s + C11
                p = p * s + C10
                p = p * s + C9
                p = p * s + C8
                p = p * s + C7
                p = p * s + C6
                p = p * s + C5
                p = p * s + C4
                p = p * s + C3
                p = p * s + C2
                p = p * s + C1
                p = p * s + C0
                share = _exponential(p - size * size) * t * 0.5
                at[j] = f32(x * (share if x < 0.0 else 1.0 - share))
