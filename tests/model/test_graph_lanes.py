"""The lanes beside a graph's tensors: each line leads from what a tensor is made of to it, and no two cross in one lane."""

from __future__ import annotations

import numpy as np
import pytest

from convgui.model.graph_lanes import lanes_of


def random_graph(seed):
    rng = np.random.default_rng(seed)
    names = [f"t{k}" for k in range(40)]
    reads = [["input"]]
    reads += [[names[j] for j in {*rng.integers(max(k - 6, 0), k, rng.integers(1, 4))}] for k in range(1, len(names))]
    return list(zip(names, reads, strict=True))


@pytest.mark.parametrize("seed", range(20))
def test_following_the_lines_upwards_leads_to_what_each_tensor_is_made_of(seed):
    graph = random_graph(seed)
    lanes = lanes_of(graph)
    for k, (_, parents) in enumerate(graph[1:], 1):
        assert {_up(graph, lanes, k, lane) for lane in lanes[k].joins} == set(parents)
        assert lanes[k].lane not in set(lanes[k].through) - set(lanes[k].joins)


def _up(graph, lanes, place, lane):
    """Return the tensor from which a lane comes."""
    for k in range(place - 1, -1, -1):
        if lanes[k].lane == lane and lanes[k].goes_on:
            return graph[k][0]
        assert lane in lanes[k].through, "the line breaks off"
    raise AssertionError("the line comes from nowhere")


def test_a_chain_is_one_lane():
    chain = [(f"t{k}", [f"t{k - 1}"]) for k in range(9)]
    assert {one.lane for one in lanes_of(chain)} == {0}
    assert [one.goes_on for one in lanes_of(chain)] == [True] * 8 + [False]
