"""The helpers by which other tests bound work without a clock find what they are for."""

import gc
from pathlib import Path

import numpy as np
import pytest
from growth import growth, steps
from gui_thread import LARGE, slow_calls

from convgui import assets, conv2d, load_image


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


def test_a_collection_in_between_does_not_count():
    """A library that asks to be told of collections, as some test tools do, adds nothing to the count."""

    def told(phase, info):
        return sorted(phase, key=lambda letter: letter.upper())

    alone = steps(twice, "abc" * 5)
    before = gc.get_threshold()
    gc.callbacks.append(told)
    gc.set_threshold(1)
    try:
        assert steps(twice, "abc" * 5) == alone
    finally:
        gc.set_threshold(*before)
        gc.callbacks.remove(told)


@pytest.mark.parametrize(
    "slow",
    [
        lambda array: load_image(assets.photo("coffee.webp")),
        lambda array: open(__file__, "rb").close(),
        lambda array: Path(__file__).exists(),
        lambda array: list(Path(__file__).parent.iterdir()),
        lambda array: conv2d(np.ones((9, 9)), np.ones((3, 3))),
        lambda array: array.max(),
        lambda array: np.percentile(array, 99),
        lambda array: array.astype(np.float64),
    ],
)
def test_what_takes_long_for_a_large_picture_is_found(slow):
    array = np.zeros((2, LARGE), np.float32)
    with slow_calls() as found:
        slow(array)
    assert found


def test_what_touches_no_numbers_is_not(qapp):
    array = np.zeros((2, LARGE), np.float32)
    with slow_calls() as found:
        assert array.T.reshape(2, -1)[0, 0] == 0 and array.transpose().shape == (LARGE, 2)
    assert found == set()
