"""Growth: the helper by which other tests bound work without a clock tells linear from quadratic work."""

import pytest
from growth import growth, steps


def once(text):
    return [c for c in text if c == "x"]


def twice(text):
    return [c + d for c in text for d in text]


def halves(text):
    while text:
        text = text[1:]


def calls(text):
    return [text.index(c) for c in text]


@pytest.mark.parametrize(("function", "expected"), [(once, 2), (halves, 2), (calls, 2), (twice, 4)])
def test_the_factor_is_that_of_the_loops(function, expected):
    assert growth(function, lambda size: "ab" * (size // 2), 200) == pytest.approx(expected, rel=0.1)


def test_the_count_is_the_same_each_time():
    assert len({steps(twice, "abc" * 5) for _ in range(5)}) == 1
