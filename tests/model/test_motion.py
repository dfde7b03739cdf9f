"""The sweep: each output is visited once, row by row, and what is to come is what has not been visited."""

import numpy as np
from documents import document
from hypothesis import given
from hypothesis import strategies as st

from convgui.engine.source import Source
from convgui.engine.strategies.tiles import Window
from convgui.model.motion import MOST, Sweep, sweep_over
from convgui.model.viewport import Viewport


@given(
    part=st.builds(Window, st.integers(0, 9), st.integers(0, 9), st.integers(1, 9), st.integers(1, 9)),
    step=st.integers(1, 4),
)
def test_what_is_to_come_shrinks_by_what_is_visited(part, step):
    sweep = Sweep(part, step)
    before = np.ones((20, 20), bool)
    before[part.top : part.top + part.rows, part.left : part.left + part.cols] = False
    for position in range(sweep.count):
        after = np.ones((20, 20), bool)
        for top, left, rows, cols in sweep.to_come(position):
            after[top : top + rows, left : left + cols] = False
        fresh = after & ~before
        assert fresh.any() and (after >= before).all()
        assert fresh[sweep.cell(position)]
        before = after
    assert before.all()


def state_of(rows, cols, toy):
    return document(Source(np.zeros((rows, cols), np.float32), toy=toy), np.ones((3, 3)))


def test_a_toy_grid_is_visited_cell_by_cell():
    sweep = sweep_over(state_of(6, 6, True), Viewport(0, 0, 4.0), 10, 10)
    assert (sweep.count, sweep.step) == (36, 1)
    assert [sweep.cell(k) for k in (0, 1, 6, 35)] == [(0, 0), (0, 1), (1, 0), (5, 5)]


def test_of_a_photo_what_is_seen_in_coarser_steps():
    sweep = sweep_over(state_of(3000, 4000, False), Viewport(2000, 1500, 1.0), 600, 500)
    assert sweep.count <= MOST and sweep.step > 1
    assert abs(sweep.part.rows - 500) <= 2 and abs(sweep.part.cols - 600) <= 2


def test_without_an_output_there_is_no_sweep():
    state = state_of(2, 2, True).with_conv(padding="valid")
    assert sweep_over(state, Viewport(0, 0, 10.0), 100, 100) is None
    assert sweep_over(state_of(30, 30, False), Viewport(900, 900, 10.0), 100, 100) is None
