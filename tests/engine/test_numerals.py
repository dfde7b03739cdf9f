"""Numbers as people type them: read in every way of writing, to the last digit, or refused with the reason."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convgui.engine.numerals import LARGEST, SMALLEST, read_number, read_whole, step_for, stepped, written

READ = [
    *(("0.5", 0.5), ("0,5", 0.5), (".5", 0.5), (",5", 0.5), ("5.", 5), ("-3", -3), ("+3", 3), (" 3 ", 3), ("\u00a03", 3)),
    *(
        ("−3", -3),
        ("–3", -3),
        ("－３", -3),
        ("- 3", -3),
        ("1e-30", 1e-30),
        ("1E5", 1e5),
        ("1.5e−7", 1.5e-7),
        ("1,5e-3", 0.0015),
    ),
    *(("1/3", 1 / 3), ("-1/3", -1 / 3), ("0,5/2", 0.25), ("1 / 8", 0.125), ("1⁄4", 0.25), ("½", 0.5), ("-¾", -0.75)),
    *(("1.5×10^-7", 1.5e-7), ("2·10⁻³", 0.002), ("3*10**4", 3e4), ("1.5 × 10⁻⁷", 1.5e-7), ("10⁻³", 0.001), ("-10^3", -1000)),
    *(("١٢", 12), ("٠٫٥", 0.5), ("0.00000000000000000000000000001", 1e-29), ("123456.789012", 123456.789012), ("0e-999", 0)),
    ("1,234", 1.234),
]
REFUSED = [
    *(("", "nothing"), ("   ", "nothing"), ("abc", "“abc”"), ("nan", "finite"), ("inf", "finite"), ("-∞", "finite")),
    *(
        ("1,234.5", "one decimal sign"),
        ("1.234,5", "one decimal sign"),
        ("1,234,567", "one decimal sign"),
        ("1.2.3", "one decimal"),
    ),
    *(("1 000", "without gaps"), ("1'000", "without gaps"), ("1_000", "without gaps"), ("1 1/2", "without gaps")),
    *(
        ("1/0", "divisor"),
        ("3/", "below the stroke"),
        ("1/2/3", "“1/2/3”"),
        ("--3", "“--3”"),
        ("1e5e5", "“1e5e5”"),
        ("-", "“-”"),
    ),
    *(
        ("0x10", "“0x10”"),
        ("1e400", "at most"),
        ("-1e39", "at most"),
        ("1e-50", "at least"),
        ("1e-400", "at least"),
        ("5 %", "%"),
    ),
    *(
        ("1½", "decimal"),
        ("3 px", "px"),
        ("1e999999999", "magnitude"),
        ("9" * 2000, "magnitude"),
        ("1+2", "“1+2”"),
        (".", "“.”"),
    ),
]


@pytest.mark.parametrize(("text", "value"), READ)
def test_it_reads_what_people_type(text, value):
    assert read_number(text) == value


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_it_says_why_it_cannot_read_what_is_no_number(text, reason):
    with pytest.raises(ValueError, match="Expected") as error:
        read_number(text)
    assert reason in str(error.value) and len(str(error.value)) < 120


@pytest.mark.parametrize("text", ["97", "97 %", "97%", "97.0 %"])
def test_a_unit_may_follow(text):
    assert read_number(text, " %") == 97


@pytest.mark.parametrize(("text", "value"), [("3", 3), ("3.0", 3), ("1e2", 100), ("6/2", 3), ("-7", -7), ("३", 3)])
def test_it_reads_whole_numbers(text, value):
    assert read_whole(text) == value and isinstance(read_whole(text), int)


@pytest.mark.parametrize("text", ["3.7", "3,7", "1/3", "1e-3", "99999999999999999999", "x", ""])
def test_it_refuses_what_is_not_whole(text):
    with pytest.raises(ValueError, match="Expected"):
        read_whole(text)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_what_is_written_is_read_back_to_the_last_bit(value):
    if value and not SMALLEST <= abs(value) <= LARGEST:
        with pytest.raises(ValueError, match="magnitude"):
            read_number(written(value))
    else:
        assert read_number(written(value)) == value


@given(st.text(max_size=12))
def test_any_text_is_read_or_refused_in_a_sentence(text):
    try:
        assert math.isfinite(read_number(text))
    except ValueError as error:
        assert str(error).startswith("Expected") and str(error).endswith(".")


@given(st.floats(-1e6, 1e6), st.sampled_from([0.1, 0.05, 1.0, 2e-5, 1e-9]), st.integers(-20, 20))
def test_steps_add_up_as_by_hand(value, step, count):
    assert stepped(value, step, count) == float(Fraction(repr(value)) + count * Fraction(repr(step)))


@pytest.mark.parametrize("span", [5.4e-4, 1e-30, 1e30, 2.0, 255, 65535, 7])
def test_some_twenty_round_steps_go_into_a_span(span):
    assert 15 <= span / step_for(span) <= 60
    assert f"{step_for(span):e}"[0] in "125"


@pytest.mark.parametrize("span", [0.0, -1.0, math.nan, math.inf, 1e300])
def test_a_strange_span_has_a_step_all_the_same(span):
    assert step_for(span) == 0.1
