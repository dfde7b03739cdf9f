"""Shape arithmetic: Keras's rules, and where a map lies over its input."""

import pytest

from convgui.engine.layers.geometry import axis


@pytest.mark.parametrize("n", range(1, 12))
@pytest.mark.parametrize("k", [1, 2, 3, 4, 7])
@pytest.mark.parametrize("s", [1, 2, 3, 5])
@pytest.mark.parametrize("d", [1, 2])
def test_same_gives_the_ceiling_of_size_by_stride(n, k, s, d):
    a = axis(n, k, s, d, "same")
    assert a.outputs == -(-n // s)
    assert 0 <= a.after - a.before <= 1


def test_valid_full_causal():
    assert axis(6, 2).outputs == 5
    assert axis(6, 3, padding="full").outputs == 8
    assert (axis(6, 3, dilation=2, padding="causal").before, axis(6, 3, dilation=2, padding="causal").outputs) == (4, 6)
    assert axis(6, 7).outputs == 0
    assert axis(6, 3, padding=(1, 0)).outputs == 5


def test_a_map_lies_over_the_middle_of_its_patches():
    assert axis(6, 3, padding="same").origin == 0
    assert axis(6, 3, padding="valid").origin == 1
    assert axis(6, 2, padding="same").origin == 0  # cell on cell, also for an even kernel
    assert axis(6, 2, stride=2, padding="valid").origin == 0
    assert axis(6, 5, dilation=2, padding="causal").origin == 0  # the step that it belongs to
    assert axis(6, 3, stride=2, padding="causal").origin == 0
    assert axis(6, 3, padding="full").origin == -1
    assert axis(7, 3, stride=2, padding="valid").origin == 0.5


@pytest.mark.parametrize(
    ("arguments", "words"),
    [((6, 0), "kernel size"), ((6, 3, 0), "stride"), ((6, 3, 1, 0), "dilation"), ((6, 3, 1, 1, "around"), "padding")],
)
def test_wrong_numbers_are_named(arguments, words):
    with pytest.raises(ValueError, match=words):
        axis(*arguments)
