"""What a graph has in place of what our layers make: values are held against those of whoever runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.layers.base import Needs
from convgui.engine.layers.graph import Graph
from convgui.engine.network import Chain, pull

if TYPE_CHECKING:
    from numpy.typing import NDArray


def beside_map(chain: Chain, n: int, map: int) -> NDArray[np.float32] | None:
    """Return what the graph below layer n has as a map of that layer; None if it has none of that shape."""
    other = _other(chain, n)
    if other is None:
        return None
    _, rows, cols = other.shape(len(other.layers))
    return _part(other, map, range(rows), range(cols))


def beside(chain: Chain, n: int, map: int, row: int, col: int) -> float | None:
    """Return what the graph below layer n has in place of one of that layer's cells; None if it has none."""
    other = _other(chain, n)
    return None if other is None else float(_part(other, map, range(row, row + 1), range(col, col + 1))[0, 0])


def _other(chain: Chain, n: int) -> Chain | None:
    """Return the chain that ends with the tensor beside the last graph of a chain."""
    at = next((k for k in range(n - 1, -1, -1) if isinstance(chain.layers[k], Graph)), None)
    if at is None or at == n - 1:
        return None
    graph = chain.layers[at]
    assert isinstance(graph, Graph)
    if not graph.beside or not graph.on:
        return None
    other = Chain(chain.source, chain.reading, (*chain.layers[:at], graph.other))
    return other if other.fault is None and other.shape(at + 1) == chain.shape(n) else None


def _part(chain: Chain, map: int, rows: range, cols: range) -> NDArray[np.float32]:
    return pull(chain, len(chain.layers), Needs(np.array([map]), rows, cols)).values[0]
