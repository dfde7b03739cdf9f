"""A long sequence as curves: all of its values, with every peak, zoomed without asking anybody."""

import numpy as np
import pytest

from convgui.engine.network import evaluate


@pytest.fixture
def long(user, tmp_path):
    steps = np.arange(200_000)
    values = np.sin(steps / 900).astype(np.float32)
    values[123_456] = 9
    np.save(tmp_path / "long.npy", np.stack([values, -values], axis=1))
    user.open(tmp_path / "long.npy")
    assert user.state.input.sequence
    user.window.docks["curves"].bring()
    user.settle()
    return values


def plot(user):
    return user.window.curves.plot


def test_all_values_are_there_and_no_peak_is_lost(user, long):
    *inputs, made = plot(user).curves()
    assert len(inputs) == 2
    assert np.array_equal(inputs[0].envelope.values, long)
    assert np.array_equal(made.envelope.values, evaluate(user.state.looked_at, maps=user.state.map)[0, 0])
    drawing = plot(user).drawing()
    assert drawing.series[0].y.max() == 9
    assert len(drawing.series[0].y) < 20_000
    assert np.array_equal(drawing.table["activation"], made.envelope.values)


def test_zoom_asks_nobody_and_stays_when_the_kernel_changes(user, long):
    plot(user).set_axis(123_400, 123_500)
    assert not user.program.busy()
    before = plot(user).curves()[-1].envelope.values
    user.do("kernel_negate")
    user.settle()
    assert plot(user).axis() == (123_400, 123_500)
    assert np.array_equal(plot(user).curves()[-1].envelope.values, -before)


def test_the_map_lies_over_its_input(user):
    user.sample("article-1d")
    user.window.docks["curves"].bring()
    user.settle()
    axes = user.state.axes[1]
    made = plot(user).curves()[-1]
    assert made.right
    assert made.first == pytest.approx(float(axes.origin) + float(axes.stride) / 2 - 0.5)
    assert made.apart == float(axes.stride)


def test_a_picture_has_none_and_a_hidden_panel_costs_nothing(user, long):
    user.sample("coffee")
    assert not plot(user).curves()
    assert plot(user).hint.isVisible()
    user.do("show_curves")
    user.until(lambda: not user.window.docks["curves"].seen())
    user.sample("article-1d")
    assert not plot(user).curves()
