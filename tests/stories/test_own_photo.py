"""Story 2. Own photo: opened, dropped, pasted or named on the command line; upright; the window never freezes."""

import numpy as np
import pytest
from gui_thread import slow_calls
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog

from convgui import load_image


def test_open(user, photo, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *a: ([str(photo)], ""))
    user.do("open")
    user.settle()
    assert user.state.source.name == "holiday.png"
    assert np.array_equal(user.state.source.array, load_image(photo))
    assert "holiday.png" in user.window.pair.input_chip.detail.whole_text()


def test_drop(user, photo):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(photo))])
    held = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    event = QDropEvent(QPointF(300, 300), Qt.DropAction.CopyAction, mime, *held)
    user.window.dropEvent(event)
    user.settle()
    assert user.state.source.name == "holiday.png"


def test_paste(user):
    image = QImage(31, 17, QImage.Format.Format_RGB32)
    image.fill(0xFF204080)
    QGuiApplication.clipboard().setImage(image)
    user.do("paste_picture")
    user.settle()
    assert user.state.source.array.shape == (17, 31, 3)
    assert user.state.source.array[0, 0].tolist() == [0x20, 0x40, 0x80]


def test_paste_nothing_is_explained(user):
    QGuiApplication.clipboard().setText("only words")
    user.do("paste_picture")
    assert "received none" in user.message()


def test_command_line(start, photo):
    assert start(photo).state.source.name == "holiday.png"


def test_several_files(start, photo, tmp_path):
    other = tmp_path / "second.png"
    Image.new("L", (20, 10), 99).save(other)
    user = start(photo, other)
    assert user.state.source.name == "holiday.png"
    user.do("film_next")
    user.settle()
    assert user.state.source.name == "second.png"


@pytest.fixture
def phone(tmp_path):
    """12 megapixels that lie on their side, as phones write them."""
    random = np.random.default_rng(1)
    small = Image.fromarray(random.integers(0, 256, (300, 400, 3)).astype(np.uint8))
    image = small.resize((4000, 3000), Image.Resampling.BICUBIC)
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees to the right to see it upright
    path = tmp_path / "phone.jpg"
    image.save(path, quality=88, exif=exif)
    return path


def test_a_phone_photo_stands_upright_and_the_window_never_freezes(user, phone):
    with slow_calls() as slow:
        user.program.source.open_path(str(phone))
        user.until(lambda: user.state.source.name == "phone.jpg")
        user.until(lambda: user.window.pair.map.picture() is not None and user.window.pair.input.picture() is not None)
        user.settle()
        user.window.grab()
    assert (user.state.source.rows, user.state.source.cols) == (4000, 3000)
    assert not slow
