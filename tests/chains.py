"""Chains as the tests need them, and what they have by the definitions alone, in float64."""

import numpy as np

from convgui.engine.strategies.plan import Plan


def planes_of(chain):
    """Return the planes of a chain in float64, brought to another size if its reading says so."""
    maps, rows, cols = chain.planes.shape
    planes = np.stack([chain.planes.cells(map, np.arange(rows), np.arange(cols)) for map in range(maps)])
    for bound in chain.sized:
        planes = bound.reference(planes)
    return planes


def definition(chain, n=None):
    """Return the whole output of layer n, of the last one by default, each layer computed whole by its definition."""
    values = planes_of(chain)
    for bound in chain.bounds[:n]:
        values = bound.reference(values)
    return values


def plan_of(chain):
    """Return what a strategy is told of the convolution that stands first."""
    return Plan.over(chain.bounds[0], chain.planes)
