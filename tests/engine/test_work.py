"""A work in parts: whoever does it, and however often he comes back to the interpreter, each part is done once."""

import numpy as np
import pytest

import convgui
from convgui.engine import functions
from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.conv import Conv
from convgui.engine.network import Chain, evaluate
from convgui.engine.reading import Reading
from convgui.engine.source import Source
from convgui.engine.strategies import team, work
from convgui.engine.strategies.recent import Recent
from convgui.engine.strategies.tiles import limit_threads

pytestmark = pytest.mark.usefixtures("compiled")

RNG = np.random.default_rng(0)
CASES = {
    "direct": ((210, 330), (5, 5)),
    "two passes": ((210, 330), None),
    "transforms": ((300, 330), (31, 31)),
    "transforms of channels": ((200, 230, 3), (31, 31)),
    "maps": ((90, 110, 3), (3, 3, 3, 5)),
    "maps last": ((60, 70, 16), (3, 3, 16, 40)),
}


@pytest.fixture(autouse=True)
def nothing_is_ready(monkeypatch):
    monkeypatch.setattr(functions, "_recent", Recent(32))


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("at_once", [1, work.ROUND], ids=["a part", "all"])
@pytest.mark.parametrize("name", CASES)
def test_values_are_those_of_tiles(monkeypatch, name, at_once, threads):
    shape, kernel = CASES[name]
    image = RNG.integers(0, 256, shape).astype(np.uint8)
    image[20:90, 30:60] = 0  # where transforms leave nothing but rounding
    weights = np.outer(*RNG.normal(size=(2, 9))) if kernel is None else RNG.normal(size=kernel)
    chain = Chain(Source(image), Reading("each channel"), (Conv(Kernel(weights), padding="same"),))
    expected = np.moveaxis(evaluate(chain), 0, -1).reshape(*shape[:2], -1)
    monkeypatch.setattr(work, "ROUND", at_once)
    monkeypatch.setattr(team, "MOST", 1)  # with three threads all cores share it
    limit_threads(threads)
    try:
        for _ in range(3):
            found = convgui.conv2d(image, weights, padding="same")
            assert np.array_equal(found.reshape(expected.shape), expected)
    finally:
        limit_threads(None)


def test_after_a_work_was_interrupted_the_next_one_is_done(monkeypatch):
    image, weights = RNG.random((400, 500), np.float32), RNG.normal(size=(7, 7))
    expected = convgui.conv2d(image, weights)

    def interrupted(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(team.Team, "two", interrupted)
        patch.setattr(work, "team", lambda compiled: team.Team(compiled))
        with pytest.raises(KeyboardInterrupt):
            convgui.conv2d(image, weights)
    assert np.array_equal(convgui.conv2d(image, weights), expected)
