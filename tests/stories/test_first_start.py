"""Story 1. First start: the window opens on a bundled photo with Sobel-x, and a newcomer sees what to do next."""

import json

import numpy as np
from PySide6.QtGui import QAction

from convgui import assets

SOBEL_X = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]


def test_first_start(start):
    user = start()
    assert user.state.source.name == "coffee.webp"
    assert user.state.kernel.weights.tolist() == [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
    assert user.window.pair.input.picture() is not None
    assert user.window.pair.map.picture() is not None
    assert user.window.kernel_card.title.text() == "Sobel x"
    assert "drop your own photo" in user.message().lower()
    assert user.window.probe.canvas.hint.startswith("Move the cursor")


def test_the_activation_on_the_screen_is_sobel_x(user):
    user.do("zoom_one")
    user.settle()
    picture = user.window.pair.map.picture()
    assert picture.values is not None
    from convgui import as_input, conv2d, load_image

    expected = conv2d(as_input(load_image(assets.photo("coffee.webp"))), SOBEL_X, padding="same")
    left, top, width, height = (int(v) for v in picture.rect)
    assert np.array_equal(picture.values, expected[top : top + height, left : left + width])


def test_six_photos_the_article_and_patterns_come_along(user):
    names = [a.objectName() for a in user.window.samples.actions()] + [
        a.objectName() for m in user.window.samples.findChildren(type(user.window.samples)) for a in m.actions()
    ]
    assert {f"sample_{name.split('.')[0]}" for name in assets.PHOTOS} <= set(names)
    assert len(assets.PHOTOS) == 6
    assert {"sample_article-1d", "sample_article-2d"} <= set(names)
    assert len([n for n in names if n.startswith("sample_")]) >= 12
    for name in assets.PHOTOS:
        user.sample(name.split(".")[0])
        assert user.state.source.name == name
        assert not user.message()


def test_the_welcome_is_said_once(start, own_home):
    first = start()
    assert first.message()
    first.window.messages.close_button.click()
    first.window.close()
    assert json.loads((own_home / "settings.json").read_text())["settings"]["welcomed"] is True
    assert not start().message()


def test_every_action_and_control_is_named(user):
    for action in user.window.actions_by_id.all():
        assert action.objectName()
        assert action.toolTip()
    from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QSlider

    for kind in (QAbstractButton, QComboBox, QLineEdit, QSlider):
        for widget in user.window.findChildren(kind):
            if not widget.isVisible() or widget.objectName().startswith("qt_"):
                continue
            assert widget.objectName(), f"a {kind.__name__} has no name"
            assert widget.accessibleName() or getattr(widget, "text", str)(), f"{widget.objectName()} has no accessible name"
    assert user.window.findChild(QAction, "sample_coffee") is not None
