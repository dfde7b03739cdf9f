"""Auto limits: what an eye must be able to tell apart has visibly different colours, whatever the map holds."""

from dataclasses import replace

import numpy as np
import pytest

from convgui.engine.kernels.kernel import Kernel
from convgui.engine.looking.limits import Limits, limits_of
from convgui.engine.looking.statistics import output_statistics, statistics_of, statistics_of_map
from convgui.engine.network import evaluate
from convgui.engine.source import Source
from convgui.model.colouring import look_for
from convgui.model.state import Display
from tests.single import Operation, chain_of

pytestmark = pytest.mark.usefixtures("compiled")

SOBEL, LAPLACE = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], [[0, 1, 0], [1, -4, 1], [0, 1, 0]]
VISIBLE = 5.0
"""A difference of colours, CIE 1976, that is seen at a glance; 2.3 is just noticeable."""


def lab(colours):
    """Return CIE L*a*b* of sRGB bytes."""
    part = np.asarray(colours, float) / 255
    part = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    xyz = part @ np.array([[0.4124, 0.2126, 0.0193], [0.3576, 0.7152, 0.1192], [0.1805, 0.0722, 0.9505]])
    f = np.cbrt(xyz / [0.9505, 1.0, 1.089])
    return np.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], axis=-1)


def difference(first, second):
    return float(np.linalg.norm(lab(first) - lab(second)))


def coloured(layer, source, dark=False):
    """Return the map of a layer and its colours as the window has them at rest."""
    chain = chain_of((layer,), source)
    values = evaluate(chain)[0]
    look = look_for(chain, Display(), dark)
    return values, look.apply(values, statistics_of_map(values))[0]


def lines(size=200, strong=255, weak=13, noise=0.0, length=1.0, width=1):
    picture = np.random.default_rng(0).normal(size=(size, size)).astype(np.float32) * noise
    picture[: round(size * length), size // 3 : size // 3 + width] += strong
    picture[:, 2 * size // 3 : 2 * size // 3 + width] += weak
    return Source(picture)


def at_strongest(values, colours, around):
    """Return the colour of the strongest value near a column."""
    part = np.abs(values[:, around - 3 : around + 4])
    row, col = np.unravel_index(int(part.argmax()), part.shape)
    return colours[row, around - 3 + col]


SPARSE = {
    "small": {},
    "tiny": {"size": 24},
    "large": {"size": 1500},
    "broad": {"width": 3},
    "short": {"length": 0.05},
    "a dot": {"size": 600, "length": 0.005},
    "rounding": {"noise": 1e-6},
    "noise": {"noise": 0.3, "size": 400},
    "faint": {"strong": 2.55e-4, "weak": 1.3e-5},
    "huge": {"strong": 2.55e30, "weak": 1.3e29},
    "bytes": {"strong": 255, "weak": 40},
}


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("kernel", [SOBEL, LAPLACE, [[-1, 1]]], ids=["sobel", "laplace", "difference"])
@pytest.mark.parametrize("given", SPARSE.values(), ids=SPARSE.keys())
def test_strong_and_weak_lines_and_their_ground_have_three_colours(given, kernel, dark):
    source, size = lines(**given), given.get("size", 200)
    values, colours = coloured(Operation(Kernel(kernel)), source, dark)
    strong, weak = (at_strongest(values, colours, k * size // 3) for k in (1, 2))
    ground = colours[size // 2, size // 8]
    assert difference(strong, weak) > 3 * VISIBLE
    assert difference(strong, ground) > 3 * VISIBLE
    assert difference(weak, ground) > VISIBLE


@pytest.mark.parametrize("activation", ["relu", "abs"])
def test_lines_of_a_map_without_negative_values_differ_as_well(activation):
    values, colours = coloured(Operation(Kernel(SOBEL), activation=activation), lines())
    strong, weak = (at_strongest(values, colours, k * 200 // 3) for k in (1, 2))
    assert difference(strong, weak) > 3 * VISIBLE
    assert difference(weak, colours[100, 25]) > VISIBLE


def photo(size=240):
    """Something like a photo: soft shapes, edges, and texture."""
    random = np.random.default_rng(1)
    y, x = np.mgrid[:size, :size] / size
    picture = 0.4 + 0.3 * np.sin(7 * x + 3 * y) + 0.2 * ((x - 0.5) ** 2 + (y - 0.4) ** 2 < 0.08)
    return (picture + random.normal(size=(size, size)) * 0.02).astype(np.float32)


@pytest.mark.parametrize("hot", [10.0, 65535.0, -300.0, 1e4])
@pytest.mark.parametrize(
    ("kernel", "activation"),
    [(SOBEL, "linear"), (SOBEL, "abs"), (LAPLACE, "linear"), (LAPLACE, "relu"), (np.full((7, 7), 1 / 40), "linear")],
)
def test_a_defect_pixel_does_not_flatten_the_map_of_a_photo(hot, kernel, activation):
    layer = Operation(Kernel(kernel), activation=activation, padding="valid")
    good, spoilt = photo(), photo()
    spoilt[100, 120] = hot
    _, before = coloured(layer, Source(good))
    _, after = coloured(layer, Source(spoilt))
    contrast = [float(np.linalg.norm(lab(c).std(axis=(0, 1)))) for c in (before[:80], after[:80])]
    assert contrast[1] > 0.4 * contrast[0]


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("scale", [1.0, 1e-5, 1e20])
def test_the_limits_of_a_dense_map_hold_most_of_its_values(sign, scale):
    values = sign * scale * np.random.default_rng(2).laplace(size=(300, 300)).astype(np.float32)
    low, high = limits_of(Limits(), statistics_of(values))
    assert low == -high
    assert 0.99 < (np.abs(values) <= high).mean() < 0.999


@pytest.mark.parametrize("tail", ["cauchy", "lognormal", "pareto"])
def test_values_of_a_heavy_tail_that_are_ten_times_apart_differ_up_to_most_of_them(tail):
    random = np.random.default_rng(3)
    draw = {
        "cauchy": random.standard_cauchy,
        "lognormal": lambda size: random.lognormal(0, 1.5, size),
        "pareto": lambda size: random.pareto(1.5, size),
    }[tail]
    values = draw(size=(300, 300)).astype(np.float32)
    low, high = limits_of(Limits(), statistics_of(values))
    assert np.percentile(np.abs(values), 98) < high < 0.5 * np.abs(values).max()
    assert np.isfinite([low, high]).all() and low < high


@pytest.mark.parametrize("value", [0.0, 3.0, -3.0, 1e-30, -3e38, 255.0])
def test_the_limits_of_a_constant_map_are_finite_and_hold_it(value):
    low, high = limits_of(Limits(), statistics_of(np.full((50, 60), value, np.float32)))
    assert low < high and np.isfinite([low, high]).all()
    assert low <= np.float32(value) <= high or abs(value) > 1e38


def test_a_narrow_range_with_a_dead_pixel_is_not_flattened():
    values = np.random.default_rng(4).uniform(990, 1010, (200, 200)).astype(np.float32)
    values[7, 9] = 0
    low, high = limits_of(Limits(), statistics_of(values))
    assert 950 < low < 991 and 1009 < high < 1050


@pytest.mark.parametrize("at", [(0, 0), (301, 407), (899, 999)])
def test_the_limits_of_a_large_map_do_not_hang_on_what_a_sample_meets(at):
    """The sample of a map that is never held as a whole may miss a thin line, or meet nothing else."""
    picture = np.zeros((900, 1000), np.float32)
    picture[:, at[1]] = 255
    picture[at[0], :] += 13
    source, layer = Source(picture), Operation(Kernel(LAPLACE))
    values = evaluate(chain_of((layer,), source))[0]
    whole, found = statistics_of_map(values), output_statistics(chain_of((layer,), source), 0)
    assert limits_of(Limits(), found) == limits_of(Limits(), whole)
    assert limits_of(Limits(), found)[1] > 200


def test_percentiles_that_are_asked_for_are_what_they_say():
    values = np.zeros((100, 100), np.float32)
    values[0, :50] = 7
    known = statistics_of(values)
    assert limits_of(Limits("percentile", percent=99), known)[1] < 1
    assert limits_of(Limits("percentile", percent=99.9), known)[1] == pytest.approx(7, rel=0.01)
    assert limits_of(Limits("min-max"), replace(known, low=-2.0)) == (-2, 7)
