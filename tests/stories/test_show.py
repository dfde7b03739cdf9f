"""A model is shown: the window opens on it from a script, and shows what the model computes."""

import numpy as np
import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

import convgui
from convgui import app
from convgui.layers import Conv2D, MaxPooling2D
from convgui.views.window.main_window import MainWindow


@pytest.fixture
def seen(monkeypatch, qapp):
    """Return what the window had on it when it came to rest; it is closed then."""
    found = {}

    class Watched(app.Program):
        def show(self):
            super().show()
            self.idle.connect(self.look)

        def look(self):
            pair = self.window.pair
            if pair.map.picture() is None or pair.map.picture().values is None or "map" in found:
                return
            found.update(map=pair.map.picture().values, state=self.session.state, strip=self.window.layers.isVisible())
            QTimer.singleShot(0, self.window.close)

    monkeypatch.setattr(app, "Program", Watched)
    return found


def test_a_model_is_shown_until_the_window_is_closed(seen, own_home):
    model = convgui.Sequential([Conv2D(3, 3, activation="relu"), MaxPooling2D(2)])
    x = np.random.default_rng(0).random((2, 9, 11, 1), np.float32)
    model.build(x.shape)
    assert model.show(x, sample=1) is None
    assert np.array_equal(seen["map"], model.predict(x, verbose=0)[1, :, :, 0])
    assert [layer.kind for layer in seen["state"].layers] == ["conv", "activation", "pool"]
    assert seen["strip"]
    assert not [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, MainWindow) and widget.isVisible()]
    assert not list(own_home.glob("**/session*"))


def test_a_picture_is_shown_with_the_weights_of_a_bank(seen, own_home):
    random = np.random.default_rng(1)
    x, bank = random.random((12, 13, 3), np.float32), random.normal(size=(3, 3, 3, 5)).astype(np.float32)
    assert convgui.show(x, bank) is None
    assert np.array_equal(seen["map"], convgui.conv2d(x, bank)[:, :, 0])
    assert seen["state"].display.many.way == "grid" and seen["state"].display.photo


def test_where_qts_loop_runs_the_window_is_returned(qapp, qtbot, monkeypatch):
    class Opened:
        def __init__(self, document):
            self.kernel = document.layers[0].kernel.weights.tolist()

        def show(self):
            found.append(self)

    found, returned = [], []
    monkeypatch.setattr(app, "Program", Opened)
    QTimer.singleShot(0, lambda: returned.append(convgui.show(np.eye(9), [[0, 1], [1, 0]])))
    qtbot.waitUntil(lambda: bool(returned))
    assert returned == found
    assert found[0].kernel == [[0, 1], [1, 0]]


def test_a_model_without_layers_is_not_shown(seen):
    with pytest.raises(ValueError, match="has none: add one"):
        convgui.Sequential([]).show(np.zeros((1, 4, 4, 1)))
