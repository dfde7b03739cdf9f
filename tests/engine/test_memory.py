"""Memory for results is used again, never while anybody can still see it."""

import gc

import numpy as np

from convgui.engine.strategies import memory


def test_a_result_that_is_gone_makes_room_for_the_next():
    first = memory.empty((700, 800))
    place = first.ctypes.data
    del first
    gc.collect()
    assert memory.empty((800, 700)).ctypes.data == place


def test_views_keep_their_memory():
    whole = memory.empty((700, 801))
    whole[:] = 7
    view = np.moveaxis(whole, 0, 1)[3:5]
    del whole
    gc.collect()
    other = memory.empty((700, 801))
    other[:] = 9
    assert (view == 7).all()


def test_results_are_ordinary_arrays():
    result = memory.empty((1, 700, 800))
    assert result.dtype == np.float32 and result.flags.writeable and result.flags.c_contiguous
    assert type(result) is np.ndarray


def test_only_so_much_is_kept():
    held = [memory.empty((3000, 1000)) for _ in range(12)]
    del held
    gc.collect()
    assert sum(block.nbytes for block in memory._free.values()) <= memory.KEPT
