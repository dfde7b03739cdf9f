"""What both panes show: while something is changed it is a sample, and its limits are about those of the whole map."""

import numpy as np
import pytest
from documents import document

from convgui.engine.kernels.catalogue import make
from convgui.engine.source import Source
from convgui.model.resolve import Sight, resolve
from convgui.model.viewport import Viewport
from convgui.worker.lane import Token

pytestmark = pytest.mark.usefixtures("compiled")


def at_once_and_at_rest(source, viewport, **settings):
    """Return the sample and the refined map that a pane of 480 x 360 pixels shows."""
    wanted = resolve(document(source, make("sobel-x"), **settings), Sight(viewport, 480, 360), dark=False).map
    return (wanted.request(None, refine=refine)(Token(lambda *told: None)) for refine in (False, True))


def flat_and_busy(rows=600, cols=800):
    """A plane on the left, and noise on the right."""
    array = np.full((rows, cols), 0.5, np.float32)
    array[:, cols // 2 :] += np.random.default_rng(2).normal(0, 0.1, (rows, cols - cols // 2)).astype(np.float32)
    return Source(array)


@pytest.mark.parametrize("x", [100.0, 700.0])
def test_limits_of_a_part_are_about_those_of_the_whole_map_before_it_rests(x):
    sample, rest = at_once_and_at_rest(flat_and_busy(), Viewport(x, 300.0, 48.0))
    assert sample.values.size < 200 and not sample.whole and rest.whole
    assert sample.limits == pytest.approx(rest.limits, rel=0.3)
    assert sample.known.low <= sample.values.min() and sample.values.max() <= sample.known.high


def test_the_border_of_a_coarse_sample_does_not_make_its_limits():
    """At the border of zeros Sobel finds an edge everywhere, which is one cell wide."""
    array = np.random.default_rng(3).normal(0.8, 0.01, (1500, 2000)).astype(np.float32)
    sample, rest = at_once_and_at_rest(Source(array), Viewport(1000.0, 750.0, 0.08), border="zeros")
    assert sample.request.step > 8
    assert sample.limits == pytest.approx(rest.limits, rel=0.4)


def test_a_part_of_a_sequence_has_about_the_limits_of_all_of_it():
    array = np.random.default_rng(4).normal(0, 1, 100_000).astype(np.float32)
    array[:500] = 0
    sample, rest = at_once_and_at_rest(Source(array[None]), Viewport(100.0, 0.5, 20.0))
    assert sample.limits == pytest.approx(rest.limits, rel=0.3)
