"""The catalogue: each kernel does what its entry says, whatever its parameters; wrong ones are refused in a sentence."""

from itertools import product

import numpy as np
import pytest
from scipy.ndimage import convolve, correlate

import convgui
from convgui.engine.kernels import catalogue as catalog
from convgui.engine.kernels.catalogue import ENTRIES, FAMILIES, kernel, kernel_names

Y, X = np.mgrid[-40:41, -40:41].astype(float)
LINES = {"line-horizontal": Y == 0, "line-vertical": X == 0, "line-45": X == -Y, "line-135": X == Y}
ANGLES = {0: LINES["line-horizontal"], 45: LINES["line-45"], 90: LINES["line-vertical"], 135: LINES["line-135"]}
QUADRANTS = [(X >= 0) & (Y >= 0), (X <= 0) & (Y >= 0), (X <= 0) & (Y <= 0), (X >= 0) & (Y <= 0)]


def towards(degrees):
    """Return a picture that rises by 1 a cell in a direction, counter-clockwise from the right."""
    return X * np.cos(np.deg2rad(degrees)) - Y * np.sin(np.deg2rad(degrees))


def answer(name, picture, **parameters):
    """Return the value of the map in the middle of a picture."""
    return correlate(np.asarray(picture, float), kernel(name, **parameters), mode="nearest")[40, 40]


def best(choices, value):
    return max(choices, key=value)


def combinations(name):
    """Return the parameters at their least, default and greatest value, and an even size, in all combinations."""
    parameters = catalog.entry(name).parameters
    values = [{p.low, p.default, p.high, *([4] if p.name == "size" else [])} for p in parameters]
    return [dict(zip([p.name for p in parameters], chosen, strict=True)) for chosen in product(*values)]


# properties: each takes a kernel's name


def is_matrix(*rows, **parameters):
    return lambda name: np.testing.assert_allclose(kernel(name, **parameters), np.atleast_2d(rows), atol=1e-12)


def sums_to(total):
    def check(name):
        for parameters in combinations(name):
            weights = kernel(name, **parameters)
            assert weights.sum() == pytest.approx(total, abs=1e-9 * max(np.abs(weights).sum(), 1)), parameters

    return check


def turned_alike(name):
    for parameters in combinations(name):
        weights = kernel(name, **parameters)
        np.testing.assert_allclose(weights, weights[::-1, ::-1], atol=1e-12 * np.abs(weights).max())


def turned_opposite(name):
    for parameters in combinations(name):
        weights = kernel(name, **parameters)
        np.testing.assert_allclose(weights, -weights[::-1, ::-1], atol=1e-12 * np.abs(weights).max())


def turned_quarter_alike(name):
    for parameters in combinations(name):
        weights = kernel(name, **parameters)
        np.testing.assert_allclose(weights, np.rot90(weights), atol=1e-12 * np.abs(weights).max())


def not_negative(name):
    assert all((kernel(name, **parameters) >= 0).all() for parameters in combinations(name))


def magnitudes_sum_to_2(name):
    assert np.abs(kernel(name)).sum() == pytest.approx(2)


def rises_towards(degrees, **parameters):
    def check(name):
        assert answer(name, towards(degrees), **parameters) > 0
        assert answer(name, towards(degrees + 180), **parameters) < 0
        assert best(range(0, 360, 45), lambda a: answer(name, towards(a), **parameters)) == degrees % 360

    return check


def compass(offset=0):
    """Direction n answers most to a picture that rises at offset + 45 n degrees, and is the first one turned."""

    def check(name):
        kernels = [kernel(name, direction=n) for n in range(8)]
        for n, weights in enumerate(kernels):
            rises_towards(offset + 45 * n, direction=n)(name)
            np.testing.assert_array_equal(kernels[(n + 2) % 8], np.rot90(weights))
            assert sorted(weights.ravel()) == sorted(kernels[0].ravel())

    return check


def unit_slope(*degrees):
    def check(name):
        for angle in degrees:
            assert answer(name, towards(angle), angle=angle) == pytest.approx(1)
            assert answer(name, towards(angle + 90), angle=angle) == pytest.approx(0, abs=1e-9)

    return check


def unit_curvature(name):
    for angle in (0, 30, 90, 135):
        assert answer(name, towards(angle) ** 2 / 2, angle=angle) == pytest.approx(1)


def blind_to_slopes(name):
    assert all(answer(name, towards(angle)) == pytest.approx(0, abs=1e-9) for angle in range(0, 180, 45))


def finds_its_line(name):
    assert best(LINES, lambda line: answer(name, LINES[line])) == name
    assert answer(name, LINES[name]) == 6


def finds_lines_by_angle(name):
    for angle in ANGLES:
        assert best(ANGLES, lambda a, angle=angle: answer(name, ANGLES[a], angle=angle)) == angle
        assert answer(name, ANGLES[angle], angle=angle) > 0


def variance(expected, rows=True, **parameters):
    def check(name):
        weights = kernel(name, **parameters)
        x = np.arange(weights.shape[1]) - (weights.shape[1] - 1) / 2
        assert (weights.sum(axis=0) * x**2).sum() == pytest.approx(expected, rel=1e-3)
        assert weights.shape[0] == (weights.shape[1] if rows else 1)

    return check


def on_a_spot(sign):
    return lambda name: np.testing.assert_equal(np.sign(answer(name, np.hypot(X, Y) < 2)), sign)


def tent_is_two_boxes(name):
    box = np.full((3, 3), 1 / 9)
    np.testing.assert_allclose(kernel(name, size=5), convolve(np.pad(box, 1), box, mode="constant"))


def disk_covers_its_area(name):
    weights = kernel(name, radius=10)
    assert weights.max() == pytest.approx(1 / (np.pi * 100), rel=0.01)
    assert weights[0, 0] == 0
    assert kernel(name, radius=0.5).tolist() == [[1]]


def motion_follows_its_angle(name):
    is_matrix([0, 0, 0], [1 / 3, 1 / 3, 1 / 3], [0, 0, 0], length=3, angle=0)(name)
    is_matrix([0, 1 / 3, 0], [0, 1 / 3, 0], [0, 1 / 3, 0], length=3, angle=90)(name)
    rising = kernel(name, length=9, angle=45)
    assert rising[1, 7] > 0
    assert rising[1, 1] == 0


def unsharp_adds_what_a_blur_takes(name):
    picture = np.random.default_rng(0).normal(size=X.shape)
    blurred = answer("gaussian", picture, size=9, sigma=1.5)
    assert answer(name, picture, amount=2) == pytest.approx(picture[40, 40] + 2 * (picture[40, 40] - blurred))
    assert answer(name, picture, amount=0) == pytest.approx(picture[40, 40])


def blob_finds_its_radius(name):
    radii = np.arange(1, 10, 0.5)
    found = best(radii, lambda r: answer(name, np.hypot(X, Y) <= r, size=31, sigma=3))
    assert found == pytest.approx(1.41 * 3, abs=0.5)
    np.testing.assert_allclose(kernel(name, size=13, sigma=2), -4 * kernel("log", size=13, sigma=2))


def dog_is_the_difference_of_two(name):
    wide, narrow = kernel("gaussian", size=13, sigma=2.4), kernel("gaussian", size=13, sigma=1.5)
    np.testing.assert_allclose(kernel(name, size=13, sigma=1.5, ratio=1.6), narrow - wide, atol=1e-15)


def ring_finds_its_radius(name):
    rings = {r: np.abs(np.hypot(X, Y) - r) < 1 for r in range(1, 12)}
    for radius in (4, 6):
        assert best(rings, lambda r, radius=radius: answer(name, rings[r], size=21, radius=radius)) == radius


def corner_finds_its_quadrant(name):
    for n in range(4):
        pictures = range(4)
        assert best(pictures, lambda k, n=n: answer(name, QUADRANTS[k], direction=n)) == n


def crossed_is_silent_on_edges(name):
    assert answer(name, X * Y) == 1
    assert answer(name, X >= 0) == answer(name, Y >= 0) == 0


def gabor_finds_its_stripes(name):
    waves = {(length, a): np.cos(2 * np.pi * towards(a) / length) for length in (4, 6, 9) for a in (0, 45, 90, 135)}
    for length, angle in waves:
        weights = kernel(name, size=41, sigma=5, wavelength=length, angle=angle)
        answers = {wave: (weights * picture[20:61, 20:61]).sum() for wave, picture in waves.items()}
        assert best(waves, answers.get) == (length, angle)


def gabor_odd_rises_along_its_angle(name):
    for angle in (0, 45, 90, 135):
        assert answer(name, towards(angle) > 0, angle=angle) > 0.3
        assert answer(name, np.cos(2 * np.pi * towards(angle) / 6), angle=angle) == pytest.approx(0, abs=1e-9)


def checker_finds_the_finest_pattern(name):
    assert abs(answer(name, (X + Y) % 2)) == pytest.approx(1)
    assert answer(name, X % 2) == pytest.approx(0, abs=1e-9)


def laws_are_outer_products(name):
    parts = [[1, 4, 6, 4, 1], [-1, -2, 0, 2, 1], [-1, 0, 2, 0, -1], [1, -4, 6, -4, 1]]
    for rows, columns in product(range(4), repeat=2):
        weights = kernel(name, rows=rows, columns=columns)
        assert weights.tolist() == np.outer(parts[rows], parts[columns]).tolist()
        assert weights.sum() == (256 if rows == columns == 0 else 0)


def random_is_glorot(name):
    weights = kernel(name, size=31, seed=3)
    limit = np.sqrt(6 / (2 * 31**2))
    assert 0.99 * limit < np.abs(weights).max() <= limit
    assert np.array_equal(weights, kernel(name, size=31, seed=3))
    assert not np.array_equal(weights, kernel(name, size=31, seed=4))


STEPS = np.random.default_rng(1).normal(size=30)


def on_steps(expected, padding="valid", **parameters):
    def check(name):
        found = convgui.conv1d(STEPS, kernel(name, **parameters)[0], padding=padding)
        np.testing.assert_allclose(found, expected(STEPS), atol=1e-5)

    return check


def trailing_mean_is_causal(name):
    pulse = np.zeros(20)
    pulse[10] = 1
    found = convgui.conv1d(pulse, kernel(name, size=4)[0], padding="same")
    assert found.tolist() == [0] * 10 + [0.25] * 4 + [0] * 6


def step_is_largest_at_the_jump(name):
    jump = np.repeat([0.0, 1.0], 20)
    found = convgui.conv1d(jump, kernel(name, size=8)[0], padding="same", border="replicate")
    assert found.max() == pytest.approx(1)
    assert np.argmax(found) in (19, 20)


def slope_1d(name):
    steps = np.arange(40.0) * 2
    assert convgui.conv1d(steps, kernel(name)[0]) == pytest.approx(2, rel=1e-5)


def article_1d(name):
    assert convgui.conv1d([0, 1, 0, 1, 1, 0], kernel(name)[0], padding="same").tolist() == [1, 0, 1, 1, 0, 0]
    assert convgui.conv1d([0, 1, 0, 1, 1, 0], kernel(name)[0]).tolist() == [1, 0, 1, 1, 0]


def article_2d(name):
    grid = np.tile([0.0, 1, 0, 1, 1, 0], (6, 1))
    first, inner, last = [2, 0, 3, 2, 1, 1], [2, 0, 4, 2, 2, 2], [0, 0, 2, 0, 2, 2]
    assert convgui.conv2d(grid, kernel(name), padding="same").tolist() == [first, *[inner] * 4, last]


def shift_moves_the_picture(name):
    for right, down in ((2, 1), (-3, 0), (0, 0), (31, -31)):
        spot = correlate((np.hypot(X, Y) == 0).astype(float), kernel(name, right=right, down=down), mode="constant")
        assert np.argwhere(spot).tolist() == [[40 + down, 40 + right]]


def echo_has_two(name):
    for distance in (1, 2, 7, 62):
        row = kernel(name, distance=distance)[0]
        assert np.diff(np.flatnonzero(row)).tolist() == [distance]
        assert set(row[row > 0]) == {0.5}


PROPERTIES = {
    "sobel-x": [is_matrix([-1, 0, 1], [-2, 0, 2], [-1, 0, 1]), rises_towards(0), turned_opposite],
    "sobel-y": [is_matrix([-1, -2, -1], [0, 0, 0], [1, 2, 1]), rises_towards(270), turned_opposite],
    "scharr-x": [is_matrix([-3, 0, 3], [-10, 0, 10], [-3, 0, 3]), rises_towards(0)],
    "scharr-y": [is_matrix([-3, -10, -3], [0, 0, 0], [3, 10, 3]), rises_towards(270)],
    "prewitt-x": [is_matrix([-1, 0, 1], [-1, 0, 1], [-1, 0, 1]), rises_towards(0)],
    "prewitt-y": [is_matrix([-1, -1, -1], [0, 0, 0], [1, 1, 1]), rises_towards(270)],
    "roberts-x": [is_matrix([-1, 0], [0, 1]), rises_towards(315)],
    "roberts-y": [is_matrix([0, -1], [1, 0]), rises_towards(225)],
    "laplacian-4": [is_matrix([0, 1, 0], [1, -4, 1], [0, 1, 0]), blind_to_slopes, turned_quarter_alike, on_a_spot(0)],
    "laplacian-8": [is_matrix([1, 1, 1], [1, -8, 1], [1, 1, 1]), blind_to_slopes, turned_quarter_alike],
    "gaussian-derivative": [sums_to(0), unit_slope(0, 30, 90, 200), rises_towards(90, angle=90), turned_opposite],
    "gaussian-second": [sums_to(0), unit_curvature, blind_to_slopes, turned_alike],
    "kirsch": [is_matrix([-3, -3, 5], [-3, 0, 5], [-3, -3, 5]), sums_to(0), compass()],
    "robinson": [is_matrix([-1, 0, 1], [-2, 0, 2], [-1, 0, 1]), sums_to(0), compass()],
    "sobel-45": [is_matrix([0, 1, 2], [-1, 0, 1], [-2, -1, 0]), rises_towards(45), turned_opposite],
    "sobel-135": [is_matrix([2, 1, 0], [1, 0, -1], [0, -1, -2]), rises_towards(135), turned_opposite],
    "sobel-5-x": [
        is_matrix([-1, -2, 0, 2, 1], [-4, -8, 0, 8, 4], [-6, -12, 0, 12, 6], [-4, -8, 0, 8, 4], [-1, -2, 0, 2, 1]),
        rises_towards(0),
    ],
    "box": [is_matrix([0.25, 0.25], [0.25, 0.25], size=2), sums_to(1), not_negative, turned_quarter_alike],
    "gaussian": [
        *(sums_to(1), not_negative, turned_quarter_alike),
        *(variance(s**2, size=63, sigma=s) for s in (1, 1.5, 3, 7)),
    ],
    "binomial": [
        *(is_matrix(*np.outer([1, 2, 1], [1, 2, 1]) / 16, size=3), sums_to(1), not_negative, turned_quarter_alike),
        variance(1, size=5),
    ],
    "disk": [sums_to(1), not_negative, turned_quarter_alike, disk_covers_its_area],
    "motion-blur": [sums_to(1), not_negative, turned_alike, motion_follows_its_angle],
    "tent": [sums_to(1), not_negative, turned_quarter_alike, tent_is_two_boxes],
    "cross-mean": [is_matrix([0, 0.2, 0], [0.2, 0.2, 0.2], [0, 0.2, 0]), sums_to(1)],
    "sharpen": [is_matrix([0, -1, 0], [-1, 5, -1], [0, -1, 0]), sums_to(1)],
    "sharpen-8": [is_matrix([-1, -1, -1], [-1, 9, -1], [-1, -1, -1]), sums_to(1)],
    "unsharp": [sums_to(1), turned_quarter_alike, unsharp_adds_what_a_blur_takes],
    "high-boost": [is_matrix([-0.5] * 3, [-0.5, 5, -0.5], [-0.5] * 3, boost=2), sums_to(1), turned_quarter_alike],
    "emboss": [is_matrix([-1, -1, 0], [-1, 1, 1], [0, 1, 1]), sums_to(1), compass(315)],
    "line-horizontal": [is_matrix([-1, -1, -1], [2, 2, 2], [-1, -1, -1]), blind_to_slopes, finds_its_line],
    "line-vertical": [is_matrix([-1, 2, -1], [-1, 2, -1], [-1, 2, -1]), blind_to_slopes, finds_its_line],
    "line-45": [is_matrix([-1, -1, 2], [-1, 2, -1], [2, -1, -1]), blind_to_slopes, finds_its_line],
    "line-135": [is_matrix([2, -1, -1], [-1, 2, -1], [-1, -1, 2]), blind_to_slopes, finds_its_line],
    "ridge": [sums_to(0), magnitudes_sum_to_2, turned_alike, blind_to_slopes, finds_lines_by_angle],
    "bar": [sums_to(0), magnitudes_sum_to_2, turned_alike, blind_to_slopes, finds_lines_by_angle],
    "log": [sums_to(0), turned_quarter_alike, blind_to_slopes, on_a_spot(-1)],
    "dog": [sums_to(0), turned_quarter_alike, on_a_spot(1), dog_is_the_difference_of_two],
    "blob": [sums_to(0), turned_quarter_alike, on_a_spot(1), blob_finds_its_radius],
    "ring": [sums_to(0), magnitudes_sum_to_2, turned_quarter_alike, ring_finds_its_radius],
    "dot": [is_matrix([-1 / 8] * 3, [-1 / 8, 1, -1 / 8], [-1 / 8] * 3), blind_to_slopes],
    "corner": [is_matrix([-1 / 3, -1 / 3], [-1 / 3, 1], size=2), sums_to(0), corner_finds_its_quadrant],
    "corner-cross": [is_matrix([0.25, 0, -0.25], [0, 0, 0], [-0.25, 0, 0.25]), crossed_is_silent_on_edges],
    "gabor": [sums_to(0), magnitudes_sum_to_2, turned_alike, gabor_finds_its_stripes],
    "gabor-odd": [sums_to(0), magnitudes_sum_to_2, turned_opposite, gabor_odd_rises_along_its_angle],
    "checker": [is_matrix([0.5, -0.5], [-0.5, 0.5], size=2), sums_to(0), checker_finds_the_finest_pattern],
    "laws": [laws_are_outer_products],
    "random": [random_is_glorot],
    "article-1d": [is_matrix([0, 1]), article_1d],
    "difference": [is_matrix([-1, 1]), on_steps(np.diff)],
    "central-difference": [is_matrix([-0.5, 0, 0.5]), on_steps(lambda x: np.gradient(x)[1:-1])],
    "second-difference": [is_matrix([1, -2, 1]), on_steps(lambda x: np.diff(x, 2))],
    "box-1d": [is_matrix([0.2] * 5), sums_to(1), not_negative],
    "trailing-mean": [is_matrix([1 / 3, 1 / 3, 1 / 3, 0, 0], size=3), sums_to(1), trailing_mean_is_causal],
    "gaussian-1d": [sums_to(1), not_negative, turned_alike, variance(9, rows=False, size=63, sigma=3)],
    "gaussian-derivative-1d": [sums_to(0), turned_opposite, slope_1d],
    "step-1d": [is_matrix([-0.5, -0.5, 0.5, 0.5], size=4), sums_to(0), turned_opposite, step_is_largest_at_the_jump],
    "identity": [is_matrix([0, 0, 0], [0, 1, 0], [0, 0, 0])],
    "article-2d": [is_matrix([1, 0, 0], [1, 0, 0], [0, 0, 2]), article_2d],
    "shift": [sums_to(1), shift_moves_the_picture],
    "negative": [is_matrix([0, 0, 0], [0, -1, 0], [0, 0, 0])],
    "echo": [sums_to(1), not_negative, echo_has_two],
}


def test_every_kernel_has_properties():
    assert set(PROPERTIES) == set(kernel_names())


CHECKS = [pytest.param(name, check, id=f"{name} {n}") for name in PROPERTIES for n, check in enumerate(PROPERTIES[name])]


@pytest.mark.parametrize(("name", "check"), CHECKS)
def test_a_kernel_does_what_it_says(name, check):
    check(name)


@pytest.mark.parametrize("name", kernel_names())
def test_weights_are_finite_and_small_whatever_the_parameters(name):
    for parameters in combinations(name):
        weights = kernel(name, **parameters)
        assert weights.dtype == np.float64
        assert np.isfinite(weights).all(), parameters
        assert max(weights.shape) <= 63, parameters
    assert kernel(name).any()


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e.id)
def test_every_entry_reads_well(entry):
    assert 40 <= len(entry.text) <= 240
    assert entry.text.endswith(".")
    assert 0 < len(entry.label) <= 24
    assert entry.family in FAMILIES
    for parameter in entry.parameters:
        assert parameter.low <= parameter.default <= parameter.high
        assert parameter.label


def test_there_are_many_and_each_is_called_differently():
    assert len(ENTRIES) >= 45
    assert len({e.id for e in ENTRIES}) == len({e.label.lower() for e in ENTRIES}) == len(ENTRIES)


def test_kernels_know_where_they_come_from():
    made = catalog.make("gaussian", sigma=2)
    assert (made.entry, made.name, made.parameters) == ("gaussian", "Gaussian", {"size": 9, "sigma": 2.0})
    mine = kernel("sobel-x")
    mine[0, 0] = 99
    assert kernel("sobel-x")[0, 0] == -1


@pytest.mark.parametrize(
    ("name", "parameters", "told"),
    [
        ("sobelx", {}, ("'sobelx'", "did you mean sobel-x?")),
        ("gausian", {}, ("'gausian'", "did you mean gaussian?")),
        ("zzz", {}, ("'zzz'", "'convgui kernels' lists them")),
        ("box", {"sigma": 1}, ("box has no parameter 'sigma'", "it has size")),
        ("sobel-x", {"size": 3}, ("sobel-x has no parameter 'size'", "it has none")),
        ("box", {"size": 64}, ("size", "from 1 to 63", "received 64")),
        ("box", {"size": 0}, ("size", "from 1 to 63", "received 0")),
        ("gaussian", {"sigma": float("nan")}, ("sigma", "from 0.3 to 10", "received nan")),
        ("gaussian", {"sigma": "wide"}, ("sigma", "a number", "received 'wide'")),
        ("gaussian", {"size": None}, ("size", "number", "received None")),
        ("box", {"size": 2.5}, ("size", "a whole number", "received 2.5")),
    ],
)
def test_what_is_wrong_is_said(name, parameters, told):
    with pytest.raises(ValueError, match=r"received|no kernel|no parameter") as caught:
        kernel(name, **parameters)
    assert [words for words in told if words not in str(caught.value)] == []


def test_search_finds_by_label_first():
    assert [e.id for e in catalog.search("sobel")][:2] == ["sobel-x", "sobel-y"]
    assert catalog.search("gaussian")[0].id == "gaussian"
    found = [e.id for e in catalog.search("mean")]
    assert set(found[:2]) == {"cross-mean", "trailing-mean"}
    assert "box" in found[2:]


@pytest.mark.parametrize(
    ("text", "family", "expected"),
    [
        ("pascal", None, ["binomial"]),
        ("MEXICAN hat", None, ["blob"]),
        ("gaussian", "points", ["log", "dog"]),
        ("keras", "1-D", ["article-1d"]),
        ("no such thing", None, []),
        ("sobel", "blur", []),
    ],
)
def test_search(text, family, expected):
    assert [e.id for e in catalog.search(text, family)] == expected


def test_search_for_nothing_gives_everything():
    assert catalog.search("") == list(ENTRIES)
    assert catalog.search("  ", "blur") == [e for e in ENTRIES if e.family == "blur"]
    assert {e.family for e in catalog.search("lines")} >= {"lines"}


@pytest.mark.parametrize("angle", [0, 45, 90, 135, 180])
@pytest.mark.parametrize("name", ["gaussian-derivative", "gabor-odd", "gabor", "gaussian-second"])
def test_no_weight_is_dust_of_rounding(name, angle):
    magnitudes = np.abs(catalog.make(name, angle=angle).weights)
    assert not ((magnitudes > 0) & (magnitudes < 1e-14 * magnitudes.max())).any()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("text strokes", "ridge"),
        ("dark spots", "blob"),
        ("diagonal lines", "line-45"),
        ("circles", "ring"),
        ("scratches on metal", "ridge"),
        ("the outline", "sobel-x"),
        ("fabric", "gabor"),
        ("Find corners", "corner"),
    ],
)
def test_what_people_look_for_is_found(typed, expected):
    assert catalog.search(typed)[0].id == expected


def test_everyday_words_stand_for_kernels_that_there_are():
    from convgui.engine.kernels.catalogue.everyday import EVERYDAY

    assert {id for _, ids in EVERYDAY for id in ids.split()} <= set(catalog.kernel_names())
