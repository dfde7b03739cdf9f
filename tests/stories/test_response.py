"""The frequency response: its small picture opens the plot, whose numbers are the sums over the weights."""

import numpy as np
from PySide6.QtWidgets import QTabBar

from convgui.engine.kernels.response import response


def open_it(user):
    user.window.docks["facts"].bring()
    user.press("frequency_response")
    user.until(lambda: user.window.docks["response"].seen())
    user.settle()


def test_a_click_on_the_small_picture_opens_it(user):
    open_it(user)
    expected, panel = response(user.state.kernel.weights), user.window.response
    x, y = panel.plot.curves()
    assert np.array_equal(x.envelope.values, expected.x)
    assert np.array_equal(y.envelope.values, expected.y)
    assert np.array_equal(panel.picture.drawing().table["factor"], expected.gain.ravel())
    assert panel.plot.axis() == (0.0, 0.5)


def test_it_follows_the_kernel_and_says_where_all_passes_alike(user):
    open_it(user)
    user.program.kernel.pick("identity")
    user.settle()
    assert "alike" in user.window.response.detail.whole_text()
    assert user.window.facts.response._alike == "× 1"


def test_a_layer_without_a_kernel_has_none(user):
    open_it(user)
    user.do("add_layer_max_pool")
    user.settle()
    assert not user.window.response.plot.curves()
    assert user.window.response.plot.hint.isVisible()


def test_the_bar_of_tabs_goes_with_its_workspace(user):
    def bars():
        shown = [bar for bar in user.window.findChildren(QTabBar) if bar.count() and bar.isVisible()]
        return [bar for bar in shown if bar.y() > 0]

    for name, expected in (("measure", 1), ("explain", 0), ("network", 1), ("explain", 0)):
        user.do(f"workspace_{name}")
        user.settle()
        assert len(bars()) == expected
