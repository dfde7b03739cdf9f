"""Shown numbers agree: products multiply out, sums add up, to the last digit that is shown; and no false zero."""

import math
import re
from decimal import ROUND_HALF_EVEN, Context, Decimal

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.conv import Conv
from convgui.engine.shown import apart, arithmetic, fixed, multiplied, number, short, spread
from convgui.engine.source import Source
from tests.single import explain_layer

WIDE = Context(prec=900, rounding=ROUND_HALF_EVEN)
FACTORS = st.one_of(
    st.floats(-1e4, 1e4, allow_subnormal=False).filter(lambda v: v == 0 or abs(v) > 1e-9),
    st.integers(-300, 300).map(float),
    st.sampled_from([0.1, 0.0464, 1 / 3, 1 / 9, 1 / 255, 0.0625, 1e-7, 0.5, -0.03]),
)


def read(text):
    return Decimal(text.replace("−", "-").replace("+", ""))


def agree(shown, computed):
    """Return whether a shown number is what is computed from shown numbers, to one unit of its last shown digit at most.

    Zeros at the end are not written, so what is shown may stand for more digits than it has.
    """
    return (
        shown == computed
        or abs(WIDE.subtract(shown, computed)) * 2 == Decimal((0, (1,), int(shown.as_tuple().exponent)))
        or any(
            WIDE.quantize(computed, Decimal((0, (1,), k))) == shown for k in range(int(shown.as_tuple().exponent), -40, -1)
        )
        or WIDE.quantize(computed, Decimal((0, (1,), int(shown.normalize().as_tuple().exponent)))) == shown
    )


@given(FACTORS, FACTORS)
def test_a_product_multiplies_out(factor, other):
    a, b, p = multiplied(factor, other)
    assert agree(read(p), WIDE.multiply(read(a), read(b))), (a, b, p)
    assert (read(p) == 0) == (factor * other == 0)
    assert float(read(p)) == pytest.approx(factor * other, rel=6e-3, abs=0)
    assert max(len(a), len(b)) <= 24


@settings(max_examples=200)
@example([(1.0, 1.0), (95.0, 1e-07)], 0.0)
@example([(1.0, 0.0625), (1.0, 0.1)], 1.0)
@example([(250.0, -2109.5), (375.0, -9988.0), (573.0, -9995.0)], 0.0)
@example([(1.0, 998.0), (10.5, 1 / 3)], 0.0)
@example([(0.0, 0.0)], 1.192092896e-07)
@given(st.lists(st.tuples(FACTORS, FACTORS), min_size=1, max_size=9), FACTORS)
def test_a_sum_of_products_is_right_line_by_line(pairs, bias):
    patch, weights = (np.array([[pair[k] for pair in pairs]]) for k in (0, 1))
    total = math.fsum(a * b for a, b in pairs)
    found = arithmetic(patch, weights, total, bias, total + bias)
    for k in range(len(pairs)):
        a, b, p = (read(grid[0][k]) for grid in (found.patch, found.weights, found.products))
        for shown, true in ((a, pairs[k][0]), (b, pairs[k][1]), (p, pairs[k][0] * pairs[k][1])):
            assert (shown == 0) == (true == 0)
        assert not found.agrees or agree(p, WIDE.multiply(a, b))
    if found.agrees:
        added = Decimal(0)
        for text in found.products[0]:
            added = WIDE.add(added, read(text))
        assert agree(read(found.total), added)
        assert agree(read(found.value), WIDE.add(read(found.total), read(found.bias)))
    else:  # only where the terms take each other out to less than float64 has digits for
        assert abs(total) < 1e-9 * max(abs(a * b) for a, b in pairs) or abs(total + bias) < 1e-6 * max(abs(total), abs(bias))


@given(st.lists(FACTORS, min_size=2, max_size=5))
def test_what_the_channels_bring_adds_up(parts):
    total = math.fsum(parts)
    found = arithmetic(np.zeros((0, 0)), np.zeros((0, 0)), total, 0.0, total, parts)
    if found.agrees:
        added = Decimal(0)
        for text in found.parts:
            added = WIDE.add(added, read(text))
        assert agree(read(found.total), added)


@pytest.mark.parametrize(("factor", "other"), [(0.03, 0.0625), (0.5, 0.25), (1.5, 0.0625), (0.7, 0.00625), (-0.03, 0.0625)])
def test_a_half_in_the_last_digit_needs_no_more_digits(factor, other):
    """0.03 x 0.0625 lies a little below 0.001875 in bits."""
    a, b, p = multiplied(factor, other)
    assert (float(read(a)), float(read(b))) == (factor, other) and len(a) + len(b) < 14
    assert agree(read(p), WIDE.multiply(read(a), read(b)))


@example(0.03, [0.0625])
@given(FACTORS, st.lists(FACTORS, min_size=1, max_size=6))
def test_a_value_and_its_shares_multiply_out(value, weights):
    shown, factors, products = spread(value, np.array([weights]))
    for w, p, true in zip(factors[0], products[0], weights, strict=True):
        assert agree(read(p), WIDE.multiply(read(shown), read(w)))
        assert (read(p) == 0) == (value * true == 0)


@pytest.mark.parametrize("longest", [4, 5, 6, 7, 9])
@pytest.mark.parametrize("scale", [1, 1e-6, 1e4])
def test_cells_keep_to_their_room_and_say_when_it_is_too_little(longest, scale):
    random = np.random.default_rng(longest)
    patch, weights = random.random((5, 5)), random.normal(size=(5, 5)) * scale
    total = float((patch * weights).sum())
    found = arithmetic(patch, weights, total, 0.0, total, longest=longest)
    texts = [text for grid in (found.patch, found.weights, found.products) for row in grid for text in row]
    assert all(read(text) != 0 for text in texts)
    assert max(map(len, texts)) <= (longest if found.agrees else max(longest, 6))


@pytest.mark.parametrize("odd", [math.nan, math.inf, -math.inf])
def test_a_sum_with_what_is_not_finite_is_shown(odd):
    found = arithmetic(np.array([[odd, 1.0]]), np.array([[0.5, 2.0]]), odd, 0.0, odd)
    assert found.patch[0][0] == number(odd) and found.total == number(odd)


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(0, 6))
def test_nothing_but_zero_reads_zero(value, decimals):
    for text in (number(value), short(value), fixed(value, decimals)):
        assert (Decimal(text.replace("−", "-")) == 0) == (value == 0)


@given(st.lists(st.floats(-1e9, 1e9, allow_subnormal=False), min_size=2, max_size=4, unique=True))
def test_values_that_differ_look_different(values):
    texts = apart([value + 0.0 for value in values])
    assert len(set(texts)) == len({value + 0.0 for value in values})


@given(st.integers(0, 10_000))
@settings(max_examples=40)
def test_a_copied_sum_can_be_checked_by_hand(seed):
    random = np.random.default_rng(seed)
    source = Source(random.normal(size=(4, 4)).astype(np.float32))
    text = explain_layer(Conv(Kernel(random.normal(size=(3, 3))), bias=(0.1,)), source, 0, 1, 1).as_text()
    lines = re.findall(r": (\S+) \* (\S+) = (\S+)$", text, re.MULTILINE)
    assert len(lines) == 9
    for a, b, p in lines:
        assert agree(Decimal(p), WIDE.multiply(Decimal(a), Decimal(b)))
    total = sum((Decimal(p) for _, _, p in lines), Decimal(0))
    assert Decimal(re.search(r"^sum = (\S+)$", text, re.MULTILINE)[1]) == total
    assert Decimal(re.search(r"= (\S+)\nlinear", text)[1]) == total + Decimal("0.1")
