"""1-D: kernels of one row, for sequences, and for pictures along their rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.kernels.catalogue.entry import Entry, bell, fixed, plane, sigma, size

if TYPE_CHECKING:
    from numpy.typing import NDArray


def box(size: int) -> NDArray[np.float64]:
    """Return equal weights with sum 1: the moving average (as SciPy's uniform_filter1d)."""
    return np.full((1, size), 1 / size)


def trailing(size: int) -> NDArray[np.float64]:
    """Return the simple moving average of time series: the mean of the present step and those before.

    Zeros follow, so that the middle of the kernel is the present.
    """
    return np.concatenate([np.full(size, 1 / size), np.zeros(size - 1)])[None]


def gaussian(size: int, sigma: float) -> NDArray[np.float64]:
    """Return a sampled Gaussian, normalised to sum 1 (as OpenCV's getGaussianKernel)."""
    return bell(1, size, sigma)


def derivative(size: int, sigma: float) -> NDArray[np.float64]:
    """Return the first derivative of a Gaussian (Canny 1986), scaled so that a slope of 1 per step gives 1."""
    x, _ = plane(1, size)
    weights = x * bell(1, size, sigma)
    weights /= (weights * x).sum()
    return weights


def step(size: int) -> NDArray[np.float64]:
    """Return the mean of the later half minus the mean of the earlier one (Haar 1910); an odd middle counts nothing."""
    weights = np.zeros(size)
    weights[: size // 2] = -1 / (size // 2)
    weights[-(size // 2) :] = 1 / (size // 2)
    return weights[None]


_LENGTH = "Steps that are read."
_PAST = size(5, 1, 32, "Steps that are read, the present one included.")

ENTRIES = (
    Entry(
        id="article-1d",
        label="Article, 1-D",
        family="1-D",
        text="The kernel [0, 1] of the Conv1D article: each output is the element after the present one. With 'same' a zero "
        "comes in at the end, with 'valid' the map is one shorter.",
        make=fixed([[0, 1]]),
        tags="conv1d keras shift next",
    ),
    Entry(
        id="difference",
        label="Difference",
        family="1-D",
        text="The next element minus the present one. The simplest derivative there is, and the noisiest.",
        make=fixed([[-1, 1]]),
        tags="derivative slope diff",
        same_as="NumPy diff",
    ),
    Entry(
        id="central-difference",
        label="Central difference",
        family="1-D",
        text="Half of the next element minus half of the one before. A slope that belongs to the present step itself.",
        make=fixed([[-0.5, 0, 0.5]]),
        tags="derivative slope gradient",
        same_as="NumPy gradient inside",
    ),
    Entry(
        id="second-difference",
        label="Second difference",
        family="1-D",
        text="Before minus twice the present plus after: how sharply a sequence bends. Zero on straight stretches.",
        make=fixed([[1, -2, 1]]),
        tags="curvature derivative peak",
    ),
    Entry(
        id="box-1d",
        label="Box 1-D",
        family="1-D",
        text="The mean of neighbouring steps. Calms noise, and rounds corners as much.",
        make=box,
        parameters=(size(5, note=_LENGTH),),
        tags="moving average mean smooth",
        same_as="SciPy uniform_filter1d",
    ),
    Entry(
        id="trailing-mean",
        label="Trailing mean",
        family="1-D",
        text="The mean of the present and the steps before it, as a chart of prices has it. It never looks into the future, "
        "so it lags.",
        make=trailing,
        parameters=(_PAST,),
        tags="moving average causal sma",
    ),
    Entry(
        id="gaussian-1d",
        label="Gaussian 1-D",
        family="1-D",
        text="A mean that trusts near steps more than far ones. On a picture it blurs along the rows alone.",
        make=gaussian,
        parameters=(size(9, note=_LENGTH), sigma()),
        tags="smooth bell",
        same_as="SciPy gaussian_filter1d",
    ),
    Entry(
        id="gaussian-derivative-1d",
        label="Slope 1-D",
        family="1-D",
        text="Smooths and takes the slope in one step. For sequences that are too noisy for a plain difference.",
        make=derivative,
        parameters=(size(9, 3, note=_LENGTH), sigma()),
        tags="derivative gaussian gradient",
        same_as="SciPy gaussian_filter1d(order=1)",
    ),
    Entry(
        id="step-1d",
        label="Step finder",
        family="1-D",
        text="The mean of what follows minus the mean of what was: a matched filter for a step. Largest where a sequence "
        "jumps up.",
        make=step,
        parameters=(size(8, 2, note=_LENGTH),),
        tags="jump change point haar matched",
    ),
)
