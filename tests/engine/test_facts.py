"""Facts of a kernel, on kernels of which everybody knows them."""

import numpy as np
import pytest

from convgui.engine.kernels.catalogue import kernel, kernel_names
from convgui.engine.kernels.facts import kernel_facts, matrix_rank, symmetric
from convgui.engine.kernels.response import frequency_response


def test_sobel():
    facts = kernel_facts(kernel("sobel-x"))
    assert (facts.sum, facts.magnitudes, facts.rank) == (0, 8, 1)
    assert facts.noise_gain == pytest.approx(3.4641, abs=1e-4)
    assert facts.symmetry == "odd in x, even in y"
    assert facts.flat_text == "0 · blind to flat areas"
    assert facts.rank_text == "rank 1 · 9 → 6 products"
    assert not symmetric(kernel("sobel-x"))


@pytest.mark.parametrize(
    ("weights", "symmetry", "alike"),
    [
        (kernel("sobel-y"), "even in x, odd in y", False),
        (kernel("box"), "even in x and y", True),
        (kernel("corner-cross"), "odd in x and y", True),
        (kernel("sobel-45"), "odd under a half turn", False),
        (kernel("line-45"), "even under a half turn", True),
        (kernel("central-difference"), "odd in x", False),
        (kernel("box-1d"), "even in x", True),
        (kernel("article-1d"), "none", False),
        (kernel("article-2d"), "none", False),
        ([[1, 2], [1, 2]], "even in y", False),
        ([[1, -1], [2, -2]], "odd in x", False),
    ],
)
def test_symmetry(weights, symmetry, alike):
    weights = np.array(weights, float)
    assert (kernel_facts(weights).symmetry, symmetric(weights)) == (symmetry, alike)


@pytest.mark.parametrize(
    ("weights", "text"),
    [
        (kernel("article-2d"), "rank 2 · not separable"),
        (kernel("box", size=5), "rank 1 · 25 → 10 products"),
        (kernel("roberts-x"), "rank 2 · not separable"),
        ([[1, 1], [1, 1]], "rank 1 · 4 products"),
        (kernel("laplacian-4"), "rank 2 · not separable"),
        (kernel("dog", size=13), "rank 2 · 169 → 52 products"),
        (kernel("box-1d"), "one row · 5 products"),
        ([[1], [2], [1]], "one column · 3 products"),
        ([[0, 0], [0, 0]], "nothing but zeros"),
    ],
)
def test_rank(weights, text):
    assert kernel_facts(np.array(weights, float)).rank_text == text


@pytest.mark.parametrize(
    ("weights", "text"),
    [
        (kernel("box"), "1 · keeps brightness"),
        (kernel("gaussian", size=63, sigma=10), "1 · keeps brightness"),
        (kernel("log"), "0 · blind to flat areas"),
        ([[0, 0], [0, 0]], "0 · blind to flat areas"),
        (kernel("article-2d"), "4 · brightens"),
        (kernel("negative"), "\N{MINUS SIGN}1 · inverts"),
        ([[0.25, 0.25]], "0.5 · darkens"),
        ([[1e-8, -1e-8]], "0 · blind to flat areas"),
    ],
)
def test_what_it_does_to_flat_areas(weights, text):
    assert kernel_facts(np.array(weights, float)).flat_text == text


@pytest.mark.parametrize(
    ("name", "gain"), [("identity", 1), ("box", 1 / 3), ("laplacian-8", np.sqrt(72)), ("difference", np.sqrt(2))]
)
def test_noise_gain(name, gain):
    assert kernel_facts(kernel(name)).noise_gain == pytest.approx(gain)


def test_rank_ignores_rounding_and_scale():
    outer = np.outer(np.random.default_rng(0).normal(size=9), np.random.default_rng(1).normal(size=7))
    assert matrix_rank(outer) == matrix_rank(outer * 1e-20) == matrix_rank(outer * 1e20) == 1
    assert matrix_rank(np.eye(5)) == 5


def test_frequency_response():
    assert frequency_response(kernel("identity")) == pytest.approx(1)
    box = frequency_response(kernel("box"))
    assert box.shape == (64, 64)
    assert box[32, 32] == pytest.approx(1)
    assert box.max() == pytest.approx(1)
    assert frequency_response(kernel("sobel-x"))[:, 32] == pytest.approx(0, abs=1e-9)
    difference = frequency_response(kernel("difference"))
    assert difference[0, 0] == pytest.approx(2)
    assert difference[32, 48] == pytest.approx(np.sqrt(2))
    assert frequency_response(np.ones((3, 99)) / 297)[32, 32] == pytest.approx(1)


@pytest.mark.parametrize("name", kernel_names())
def test_every_kernel_has_its_facts(name):
    facts = kernel_facts(kernel(name))
    assert all(text and "\n" not in text for text in (facts.symmetry, facts.flat_text, facts.rank_text))
    assert np.isfinite([facts.sum, facts.magnitudes, facts.noise_gain]).all()
    assert frequency_response(kernel(name))[32, 32] == pytest.approx(abs(facts.sum), abs=1e-9)
