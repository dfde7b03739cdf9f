"""Tables as text: what separates and which mark is decimal is decided by all rows; what may mean two things is refused."""

from __future__ import annotations

import numpy as np
import pytest

from convgui.io.text import dialect
from convgui.io.text.tables import parse_numbers

NAN = np.nan


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"0,5","1,5"\n"2","3"', [[0.5, 1.5], [2, 3]]),
        ('"0,5";"1,5"\n2;3', [[0.5, 1.5], [2, 3]]),
        ('"0,5","1,234"\n"2,0","3"', [[0.5, 1.234], [2, 3]]),
        ('"1,234.5",2\n3,4', [[1234.5, 2], [3, 4]]),
        ('"1.234,5";2\n3;4', [[1234.5, 2], [3, 4]]),
        ("1.234,5;2\n3;4", [[1234.5, 2], [3, 4]]),
        ("1,234.5\t2\n3\t4", [[1234.5, 2], [3, 4]]),
        ("0,5 1 2\n1 2 3", [[0.5, 1, 2], [1, 2, 3]]),
        ("1 2 3\n" * 25 + "0,5 1 2", [[1, 2, 3]] * 25 + [[0.5, 1, 2]]),
        ("1;2;3\n" * 25 + "0,5;1;2", [[1, 2, 3]] * 25 + [[0.5, 1, 2]]),
        ("1\t2\n" * 4000 + "0,5\t1", [[1, 2]] * 4000 + [[0.5, 1]]),
        ("Temp. A;Temp. B\n0,5;1,5", [[0.5, 1.5]]),
        ("Temp. [C]\n0,5\n12,25", [[0.5], [12.25]]),
        ("# 1.5\n0,5;1\n# 2.5\n1;2", [[0.5, 1], [1, 2]]),
        ("\u22121,2\n3,\u22124", [[-1, 2], [3, -4]]),
        ("\u20131;2", [[-1, 2]]),
        ("1,NA\n2,3", [[1, NAN], [2, 3]]),
        ("#N/A;1\nnull;2", [[NAN, 1], [NAN, 2]]),
        ("NaN 1\n2 n/a", [[NAN, 1], [2, NAN]]),
        ("1,2,\n3,4,", [[1, 2], [3, 4]]),
        ("1;2;\n3;4;\n", [[1, 2], [3, 4]]),
        ("1\t2\t\n3\t4\t", [[1, 2], [3, 4]]),
        ("x;y;\n1;2;\n3;4;", [[1, 2], [3, 4]]),
        ("| a | b |\n|---|---|\n| 1 | 2 |", [[1, 2]]),
        ("1,05\n2,5", [[1.05], [2.5]]),
        ("0,1\n0,0", [[0, 1], [0, 0]]),
        ("1,5E+3;2", [[1500, 2]]),
        ("1\u00a02\n3\u00a04", [[1, 2], [3, 4]]),
        ("1\r2\r", [[1], [2]]),
        ("[0, 1, 0, 1, 1, 0]", [[0, 1, 0, 1, 1, 0]]),
        ("[[1, 2], [3, 4]]", [[1, 2], [3, 4]]),
        ("np.array([[1, 2], [3, 4]]) / 2", [[0.5, 1], [1.5, 2]]),
        ("1/2 1/4\n3/4 1", [[0.5, 0.25], [0.75, 1]]),
        ("½;¼", [[0.5, 0.25]]),
    ],
)
def test_a_dialect_is_understood(text, expected):
    np.testing.assert_array_equal(parse_numbers(text)[0], np.float32(expected))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('"1,234","2"\n"3","4"', "may be 1.234 or 1234"),
        ("1,234;2,345\n", "may be 1.234 or 1234"),
        ("1,234 5\n2,345 6", "may be 1.234 or 1234"),
        ('"0,5",1.5', "one decimal mark"),
        ("1.5;2,5", "'2,5' is not a number"),
        ("1.234.567;1", "'1.234.567' is not a number"),
        ("1,000,5\n2,000,6", "'1,000' may be one number or two"),
        ("1 000 5\n2 000 6", "'1 000' may be one number or two"),
        ("1 234;2", "'1 234' is not a number"),
        ("1\u202f234\t5", "one number or two"),
        ("1'234;5", "is not a number"),
        ("0,5\n0,25", "one number or two"),
        ("1,5e-3\n2,5e-3", "one number or two"),
        ("a,b\n0,5,1,5\n1,25,2,5", "separates and is decimal"),
        ("x,2019\n1,2", "line 1: 'x' is not a number"),
        ("1;2\n3", "line 2 has 1 number, expected 2"),
        ("1;2\n\n# c\n3;", "line 4, column 2 is empty"),
        ("#DIV/0!;1", "is not a number"),
        ("1_000;2", "is not a number"),
        ("1 2\n" * 9000 + "1 x", "line 9001: 'x' is not a number"),
        ("1 2\n" * 9000 + "1 2 3", "line 9001 has 3 numbers, expected 2"),
        ("# nothing\n\n", "holds no numbers"),
        ("1;1e300", "holds 1e+300, expected at most 3.4e38"),
    ],
)
def test_what_may_mean_two_things_or_nothing_is_refused(text, said, monkeypatch):
    monkeypatch.setattr(dialect, "CHUNK", 10_000)
    with pytest.raises(ValueError) as raised:
        parse_numbers(text)
    assert said in str(raised.value)


def test_what_was_passed_over_is_said():
    assert parse_numbers("x;y\n1;NA\nNA;2")[1] == [
        "The first line was passed over as headings.",
        "2 cells without a value became NaN.",
    ]


def test_a_long_table_takes_memory_for_its_numbers_and_little_more():
    import tracemalloc

    text = "0,25;1;2;3\n" * 400_000
    tracemalloc.start()
    array, _ = parse_numbers(text)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert array.shape == (400_000, 4)
    assert peak < 2.2 * len(text) + 6 * dialect.CHUNK * 8


def test_numbers_that_vanish_are_told():
    array, notes = parse_numbers("1e-60;1\n0;2e-50")
    assert array.tolist() == [[0, 1], [0, 0]]
    assert notes == ["2 numbers smaller than float32 can hold became 0."]
