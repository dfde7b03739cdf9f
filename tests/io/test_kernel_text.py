"""Kernels typed or pasted as text."""

from __future__ import annotations

import numpy as np
import pytest
from growth import growth
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from convgui.engine.checks import weights_fault
from convgui.engine.layers.arguments import LARGEST_NUMBER
from convgui.io.text.kernels import MAX_TEXT, describe_matrix, format_matrix, parse_kernel

TWO = [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 2\n3 4", TWO),
        ("1\t2\r\n3\t4\r\n", TWO),
        ("1, 2\n3, 4,", TWO),
        ("1;2\n3;4", TWO),
        ("[[1, 2], [3, 4]]", TWO),
        ("[[1 2]\n [3 4]]", TWO),
        ("[1 2; 3 4];", TWO),
        ("1 2; 3 4", TWO),
        ("1 2;\n3 4;", TWO),
        ("K = [1, 2\n3, 4]", TWO),
        ("np.array([[1, 2],\n          [3, 4]], dtype=np.float32)", TWO),
        ("torch.tensor([[1., 2.], [3., 4.]])", TWO),
        ("float k[2][2] = {{1.f, 2.f}, {3, 4}};", TWO),
        ("# from a paper\n1 2  % first\n\n3 4", TWO),
        ("[1, 2,\n 3]", [[1, 2, 3]]),
        ("[1; 2; 3]", [[1], [2], [3]]),
        ("1;2;3", [[1, 2, 3]]),
        ("5", [[5]]),
        ("1e-3 .5 -2.", [[0.001, 0.5, -2]]),
        ("−1 0 –1", [[-1, 0, -1]]),
        ("1/4 -3/2 ½", [[0.25, -1.5, 0.5]]),
        ("1 / 4 3 / 4", [[0.25, 0.75]]),
        ("1/4 * [1 2; 3 4]", [[0.25, 0.5], [0.75, 1]]),
        ("1/4 ×\n1 2\n3 4", [[0.25, 0.5], [0.75, 1]]),
        ("k = (1/4) * np.array([[1, 2], [3, 4]])", [[0.25, 0.5], [0.75, 1]]),
        ("np.array([[1, 2], [3, 4]]) / 4", [[0.25, 0.5], [0.75, 1]]),
    ],
)
def test_text_from_papers_spreadsheets_and_programs(text, expected):
    np.testing.assert_array_equal(parse_kernel(text), expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0,5\t1\n2\t0,25", [[0.5, 1], [2, 0.25]]),
        ("0,5;1;0,5", [[0.5, 1, 0.5]]),
        ("0,5 1 0,5", [[0.5, 1, 0.5]]),
        ("1,2\n3,4", TWO),
        ("1,2,3 4,5,6", [[1, 2, 3, 4, 5, 6]]),
        ("[1,2;3,4]", TWO),
        ("0.5,1 2", [[0.5, 1, 2]]),
    ],
)
def test_a_comma_is_decimal_only_where_something_else_separates(text, expected):
    np.testing.assert_array_equal(parse_kernel(text), expected)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1 2 3 4 5\n1 2 3 4 5\n1 2 3 4", "row 3 has 4 numbers, expected 5"),
        ("1 2\n3", "row 2 has 1 number, expected 2"),
        ("1 2\n3 abc", "row 2: 'abc' is not a number"),
        ("", "no numbers yet, expected rows of them"),
        (" \n\t\n", "no numbers yet, expected rows of them"),
        ("[]", "no numbers yet, expected rows of them"),
        ("1 nan", "row 1: 'nan' is not allowed, weights must be finite"),
        ("1 -inf", "row 1: '-inf' is not allowed, weights must be finite"),
        ("1e999", "row 1: '1e999' is too large"),
        ("1 2/0", "row 1: '2/0' divides by zero"),
        ("1\t\t2", "row 1 has an empty cell, expected a number"),
        ("1.5;2,5", "row 1: '2,5' is not a number"),
        ("1½", "row 1: '1½' is not a number"),
        ("[1, 2", "a bracket is not closed"),
        ("[1 2; 3 4]'", "there is something else around the brackets, expected the matrix alone"),
        ("1 " * 64, "the text has 1 × 64 numbers, a kernel at most 63 × 63"),
        ("1\n" * 64, "the text has 64 × 1 numbers, a kernel at most 63 × 63"),
    ],
)
def test_what_is_wrong_is_said_while_it_is_typed(text, message):
    assert describe_matrix(text) == (False, message)
    with pytest.raises(ValueError) as raised:
        parse_kernel(text)
    assert str(raised.value) == message


def test_the_size_is_said_while_it_is_typed():
    assert describe_matrix("1 2 3 4 5\n" * 5) == (True, "5 × 5 kernel")


def test_the_largest_kernel_is_read():
    assert describe_matrix("0.12345678901234567 " * 63 and ("-0.12345678901234567 " * 63 + "\n") * 63)[0]


@pytest.mark.parametrize(
    "unit",
    [" ", "1", "a ", "[", "1,2 3\n", ",\n", "1/", "(", "a(", ";", "1;\n", "½", "- ", "1e", "1 ,", ", \n", "1.", "="],
)
@pytest.mark.parametrize("around", ["{}", "{}x", "[1]{}x", "{}[1]", "[1{}]"])
def test_no_text_makes_it_slow(unit, around):
    def text(size):
        return around.format(unit * (size // len(unit)))

    describe_matrix(text(MAX_TEXT - 10))  # as long as it may be: what is not even counted below would hang here
    assert growth(describe_matrix, text, 2000) < 2.5


def test_huge_text_is_refused_before_it_is_looked_at():
    assert describe_matrix("1 " * 50_000_000) == (
        False,
        "the text has 100,000,000 characters, expected at most 200,000",
    )


@given(
    arrays(
        np.float64,
        st.tuples(st.integers(1, 5), st.integers(1, 5)),
        elements=st.floats(-LARGEST_NUMBER, LARGEST_NUMBER),
    )
)
def test_copied_text_gives_the_same_kernel_back(weights):
    assume(not weights_fault(weights))  # all so small that float32 has none of them: no document holds such a kernel
    np.testing.assert_array_equal(parse_kernel(format_matrix(weights)), weights)


def test_whole_numbers_are_copied_without_a_point():
    assert format_matrix(np.array([[1.0, -2.0], [0.5, 0.0]])) == "1\t-2\n0.5\t0"


@given(st.text(max_size=60))
def test_no_text_raises_anything_but_a_sentence(text):
    good, message = describe_matrix(text)
    assert message and (good or not message.endswith("."))
