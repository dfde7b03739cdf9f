"""Two models on the same photo: rounded numbers, or one that was kept, layer by layer, and a click that goes there."""

from dataclasses import replace

import numpy as np
import pytest

from convgui.engine.looking.differences import differences, rounded
from convgui.engine.network import Chain, evaluate


@pytest.fixture
def net(user):
    user.sample("p-net")
    user.window.compare.tolerance.set_value(0.001)
    user.program.compare._tolerate(0.001)
    user.program.compare._compare_with("float16")
    user.window.docks["compare"].bring()
    user.settle()
    return user


def lines(user):
    return user.window.compare.model.rows


def test_half_precision_is_compared_at_once_layer_by_layer(net):
    shown = lines(net)
    chain = net.state.chain
    found = list(differences(chain, replace(chain, layers=rounded(chain.layers, "float16"))))
    assert len(shown) == len(net.state.layers)
    assert [line.beyond for line in shown] == [one.beyond(0.001) for one in found]
    assert "conv1" in shown[0].name
    net.window.compare.grab()


def test_bytes_differ_more_and_the_first_layer_beyond_the_tolerance_is_named(net):
    net.press("compare_with_int8")
    net.settle()
    assert [line.first for line in lines(net)].count(True) == 1 and lines(net)[0].first
    assert "first beyond the tolerance: 1, conv1" in net.window.compare.detail.whole_text()
    net.type_into("compare_tolerance", "0.9")
    net.settle()
    assert "all within the tolerance" in net.window.compare.detail.whole_text()


def test_a_click_goes_to_the_cell_that_differs_most(net):
    net.program.compare._go(4)
    net.settle()
    assert net.state.looked == 4 and net.program.probe.pinned
    chain = net.state.chain
    other = Chain(chain.source, chain.reading, rounded(chain.layers, "float16"))
    apart = np.abs(evaluate(chain, upto=5) - evaluate(other, upto=5))
    assert apart[(net.state.map, *net.program.probe.cell)] == apart.max()


def test_a_kept_model_is_compared_with_what_comes_next(net):
    net.press("compare_with_kept")
    net.settle()
    assert "Press Keep this one" in net.window.compare.hint.text()
    net.do("keep_model")
    net.settle()
    assert not any(line.beyond for line in lines(net))
    state = net.state
    changed = replace(state.layers[3], bias=tuple(value + 0.1 for value in state.layers[3].bias))
    net.program.session.replace("change", replace(state, layers=(*state.layers[:3], changed, *state.layers[4:])))
    net.settle()
    assert [line.beyond for line in lines(net)][:4] == [False, False, False, True]
    assert lines(net)[3].first
    net.sample("face-kernels")
    net.window.docks["compare"].bring()
    net.settle()
    assert "Expected the same shape after layer" in (net.window.compare.hint.text() + net.window.compare.detail.whole_text())


def test_closed_it_compares_nothing(net):
    net.window.docks["compare"].hide()
    net.settle()
    net.do("undo")
    assert not net.program.compare._rest.isActive()
