"""The frequency response against what a wave does under the kernel."""

import numpy as np
import pytest

from convgui.engine.functions import conv2d
from convgui.engine.kernels.response import gain, response

RANDOM = np.random.default_rng(0)


@pytest.mark.parametrize("shape", [(1, 1), (1, 5), (4, 3), (7, 7), (70, 65)])
def test_it_is_its_sum(shape):
    weights = RANDOM.normal(size=shape)
    down, across = RANDOM.uniform(-0.5, 0.5, (2, 3))
    for i, fy in enumerate(down):
        for j, fx in enumerate(across):
            total = sum(
                weights[u, v] * np.exp(-2j * np.pi * (fy * u + fx * v)) for u in range(shape[0]) for v in range(shape[1])
            )
            assert gain(weights, down, across)[i, j] == pytest.approx(abs(total), abs=1e-9)


@pytest.mark.parametrize("frequency", [0.0, 0.1, 0.25, 0.37])
def test_a_wave_passes_by_that_factor(frequency):
    weights = RANDOM.normal(size=(3, 5))
    x = np.arange(400)
    wave = np.cos(2 * np.pi * frequency * x).astype(np.float32)[None].repeat(8, 0)
    quarter = np.sin(2 * np.pi * frequency * x).astype(np.float32)[None].repeat(8, 0)
    passed = np.hypot(*(conv2d(part, weights)[0] for part in (wave, quarter)))
    assert passed == pytest.approx(np.full(len(passed), gain(weights, np.zeros(1), np.array([frequency]))[0, 0]), abs=1e-4)


def test_cuts_lie_in_the_picture():
    found = response(RANDOM.normal(size=(5, 9)), 129, 513)
    middle = 64
    assert found.gain[middle, middle:] == pytest.approx(found.x[::8])
    assert found.gain[middle:, middle] == pytest.approx(found.y[::8])
    assert found.gain == pytest.approx(found.gain[::-1, ::-1])
