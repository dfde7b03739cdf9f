"""Edits of the chain: what is looked at afterwards is what somebody who makes the edit wants to see."""

from dataclasses import replace

import numpy as np
import pytest
from documents import document

from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.activation import Activation
from convgui.engine.layers.affine import Affine
from convgui.engine.layers.conv import Conv
from convgui.engine.layers.pool import Pool
from convgui.engine.source import Source
from convgui.model import chains
from convgui.model.check import state_fault
from convgui.model.session import Session

CONV, RELU, POOL, AFFINE = Conv(Kernel([[1.0, 2.0]])), Activation("relu"), Pool(), Affine((2.0,))
PHOTO = Source(np.arange(8 * 9 * 3).reshape(8, 9, 3).astype(np.uint8), name="photo")


@pytest.fixture
def state():
    """Convolution, ReLU, pool; the ReLU is looked at, with its map 2."""
    state = document(PHOTO, colour="each channel")
    return replace(state, layers=(CONV, RELU, POOL), looked=1).with_display(map=2, colours="vik")


def kinds(state):
    return [layer.kind for layer in state.layers]


def looked_at(state):
    assert state_fault(state) == ""
    return state.layers[state.looked]


@pytest.mark.parametrize(("at", "place"), [(None, 2), (0, 0), (1, 1), (3, 3)])
def test_a_layer_is_added_and_looked_at(state, at, place):
    new = chains.add(state, AFFINE, at)
    assert new.layers[place] is AFFINE and looked_at(new) is AFFINE
    assert [layer for layer in new.layers if layer is not AFFINE] == list(state.layers)
    assert new.display == state.display


@pytest.mark.parametrize(("index", "after"), [(0, RELU), (1, CONV), (2, RELU)])
def test_a_layer_is_removed(state, index, after):
    new = chains.remove(state, index)
    assert new.layers == tuple(layer for k, layer in enumerate(state.layers) if k != index)
    assert looked_at(new) is after


def test_the_first_layer_is_removed_while_it_is_looked_at(state):
    new = chains.remove(chains.select(state, 0), 0)
    assert looked_at(new) is RELU and new.looked == 0


def test_the_only_layer_stays(state):
    with pytest.raises(ValueError, match="only layer"):
        chains.remove(document(PHOTO), 0)


@pytest.mark.parametrize(
    ("index", "to", "order"), [(0, 2, "RPC"), (2, 0, "PCR"), (1, 0, "RCP"), (1, 2, "CPR"), (1, 1, "CRP")]
)
def test_a_layer_is_moved_and_what_is_looked_at_stays(state, index, to, order):
    new = chains.move(state, index, to)
    assert new.layers == tuple({"C": CONV, "R": RELU, "P": POOL}[letter] for letter in order)
    assert looked_at(new) is RELU


@pytest.mark.parametrize("index", range(3))
def test_a_copy_stands_after_its_layer_and_is_another_one(state, index):
    new = chains.duplicate(state, index)
    assert looked_at(new) is new.layers[index + 1] is not state.layers[index]
    assert looked_at(new).kind == state.layers[index].kind
    assert chains.set_settings(new, index + 1, name="copy").layers[index] is state.layers[index]


def test_a_layer_is_switched_off_and_on(state):
    off = chains.switch(state, 2)
    assert [layer.on for layer in off.layers] == [True, True, False]
    assert [layer.on for layer in chains.switch(off, 2).layers] == [True, True, True]
    assert chains.switch(off, 2, False) is off
    assert off.chain.shape(3) == off.chain.shape(2)


def test_selecting_computes_nothing_anew(state):
    new = chains.select(state, 2)
    assert new.chain is state.chain and looked_at(new) is POOL
    assert chains.select(new, 2) is new
    assert new.display.map == 2  # a pool has the maps that it reads


def test_a_map_that_means_something_else_is_not_kept(state):
    bank = Conv(Kernel(np.ones((1, 1, 3, 8))))
    wide = chains.add(state, bank, 3)
    assert wide.display.map == 0 and wide.display.colours == "vik"
    assert chains.select(wide.with_display(map=7), 0).display.map == 0


@pytest.mark.parametrize("index", [-1, 3, 99])
@pytest.mark.parametrize("edit", [chains.remove, chains.duplicate, chains.switch, chains.select])
def test_a_place_where_nothing_is_is_refused(state, edit, index):
    with pytest.raises(IndexError, match=r"from 0|counted from 0"):
        edit(state, index)


def test_settings_of_one_layer_are_replaced(state):
    new = chains.set_settings(state, 2, reduce="mean", name="half")
    assert (new.layers[2].reduce, new.layers[2].name, new.layers[2].size) == ("mean", "half", POOL.size)
    assert new.layers[:2] == state.layers[:2] and new.looked == state.looked
    with pytest.raises(ValueError, match="pool"):
        chains.set_settings(state, 2, reduce="median")
    with pytest.raises(TypeError):
        chains.set_settings(state, 2, kernel=3)


# the unit: a convolution with its function


def test_a_convolution_and_its_function_are_looked_at_as_one(state):
    unit = state.unit
    assert (unit.start, unit.stop, unit.conv, unit.function, unit.applied) == (0, 2, CONV, RELU, RELU)
    unit = chains.select(state, 0).unit
    assert (unit.start, unit.stop, unit.conv, unit.function, unit.applied) == (0, 1, CONV, RELU, None)
    unit = chains.select(state, 2).unit
    assert (unit.start, unit.stop, unit.conv, unit.function) == (2, 3, None, None)
    alone = replace(state, layers=(POOL, RELU), looked=1).unit
    assert (alone.start, alone.stop, alone.conv, alone.applied) == (1, 2, None, RELU)
    assert chains.switch(state, 1).unit.applied is None


def test_a_function_is_a_layer_that_comes_and_goes():
    plain = document(PHOTO)
    relu = chains.set_function(plain, "relu")
    assert kinds(relu) == ["conv", "activation"] and relu.looked == 1
    tanh = chains.set_function(relu, "tanh")
    assert kinds(tanh) == ["conv", "activation"] and looked_at(tanh).function == "tanh"
    assert chains.set_function(tanh, "linear").layers == plain.layers
    assert chains.set_function(plain, "linear") is plain
    with pytest.raises(ValueError, match="activation"):
        chains.set_function(plain, "reluu")


def test_a_function_is_set_where_the_convolution_is_looked_at(state):
    at_conv = chains.select(state, 0)
    assert looked_at(chains.set_function(at_conv, "tanh")).function == "tanh"
    assert kinds(chains.set_function(at_conv, "linear")) == ["conv", "pool"]
    assert looked_at(chains.set_function(state, "linear")) is CONV
    with pytest.raises(ValueError, match="pool"):
        chains.set_function(chains.select(state, 2), "relu")


def test_only_the_convolution_that_is_looked_at_is_edited(state):
    two = chains.add(state, Conv(Kernel([[5.0]])))
    assert two.with_conv(stride=(2, 2)).layers[0] is CONV
    assert two.with_conv(stride=(2, 2)).layers[2].stride == (2, 2)
    with pytest.raises(ValueError, match="pool"):
        chains.select(state, 2).with_conv(stride=(2, 2))


def test_a_kernel_of_a_bank_is_edited_in_its_place():
    bank = Kernel(np.arange(2 * 2 * 3 * 4).reshape(2, 2, 3, 4).astype(float), name="conv1")
    state = document(PHOTO, bank, colour="each channel").with_display(map=2, below=1)
    assert np.array_equal(state.kernel.weights, bank.weights[:, :, 1, 2])
    assert state.kernel is state.with_display(colours="vik").kernel
    new = state.with_conv(kernel=Kernel([[9.0, 8.0], [7.0, 6.0]]))
    changed = new.conv.kernel.weights != bank.weights
    assert np.array_equal(new.kernel.weights, [[9, 8], [7, 6]]) and changed[:, :, 1, 2].all() and changed.sum() == 4
    with pytest.raises(ValueError, match="2 × 2"):
        state.with_conv(kernel=Kernel([[1.0]]))


# a layer that does not fit


def test_a_layer_that_does_not_fit_is_part_of_the_document(state):
    session = Session(state)
    assert session.replace("add", chains.add(state, Conv(Kernel(np.ones((3, 3, 5, 2)))), 3))
    fault = session.state.fault
    assert fault.layer == 4 and "5 channels" in fault.sentence
    assert session.state.output_shape is None
    assert chains.select(session.state, 1).output_shape == state.output_shape
    assert session.replace("remove", chains.remove(session.state, 3)) and session.state.fault is None


def test_a_setting_without_a_meaning_is_refused_with_the_layer_that_has_it(state):
    session, said = Session(state), []
    session.refused(said.append)
    assert not session.replace("add", chains.add(state, Conv(Kernel([[1.0]]), stride=(0, 1)), 3))
    assert session.state is state and said[0].startswith("Layer 4: expected a stride")
