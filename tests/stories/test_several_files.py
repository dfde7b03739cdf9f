"""Several files at once, or a folder: the first opens, and all stand in the film strip."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QImage
from PySide6.QtWidgets import QFileDialog


@pytest.fixture
def pictures(tmp_path):
    folder = tmp_path / "holiday"
    folder.mkdir()
    for k in range(1, 13):
        Image.new("L", (20 + k, 10), k).save(folder / f"p{k}.png")
    return folder


def drop(user, *paths, image=None):
    mime = QMimeData()
    if image is not None:
        mime.setImageData(image)
    mime.setUrls([QUrl.fromLocalFile(str(p)) if ":" not in str(p) else QUrl(str(p)) for p in paths])
    held = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    user.window.dropEvent(QDropEvent(QPointF(300, 300), Qt.DropAction.CopyAction, mime, *held))
    user.settle()


def recent(user):
    return [action.text() for action in user.window.recent.actions()]


def names(user):
    """Return what stands in the film strip."""
    model = user.window.film.model
    return [model.index(row).data() for row in range(model.rowCount())]


@pytest.mark.parametrize("way", ["dialog", "drop", "folder"])
def test_the_first_opens_and_all_stand_in_the_film_strip(user, pictures, monkeypatch, way):
    paths = [str(pictures / f"p{k}.png") for k in (1, 2, 3)]
    if way == "dialog":
        monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *a: (paths, ""))
        user.do("open")
        user.settle()
    elif way == "drop":
        drop(user, *paths)
    else:
        drop(user, pictures)
    assert user.state.source.name == "p1.png"
    assert names(user) == [f"p{k}.png" for k in range(1, 13 if way == "folder" else 4)]
    assert user.window.docks["film"].seen() and user.message() == ""
    assert recent(user)[:1] == ["p1.png"]


def test_names_are_shown_as_they_are_in_one_line(start, tmp_path):
    """A line break, what Qt takes for a key, and what it takes for the mark of a document that was changed."""
    paths = [tmp_path / name for name in ("a\nb.png", "c&d [*].png")]
    for path in paths:
        Image.new("L", (20, 10)).save(path)
    user = start(*paths)
    shown = user.window.pair.input_chip
    assert names(user) == ["a\\nb.png", "c&d [*].png"]
    assert user.window.windowTitle().startswith("a\\nb.png") and "\n" not in shown.title.text() + shown.detail.whole_text()
    user.window.film.chosen.emit(str(paths[1]))
    user.settle()
    assert user.window.windowTitle().startswith("c&d [*][*].png")
    drop(user, paths[1])
    assert recent(user)[:2] == ["c&&d [*].png", "a\\nb.png"]


def test_all_that_are_named_on_the_command_line_are_there(start, pictures):
    user = start(pictures / "p4.png", pictures / "p5.png")
    assert user.state.source.name == "p4.png" and names(user) == ["p4.png", "p5.png"]


def test_where_the_first_cannot_be_read_the_next_is_opened_and_it_is_said(user, pictures):
    (pictures / "p1.png").write_bytes(b"no picture")
    drop(user, pictures / "p1.png", pictures / "p2.png")
    user.until(lambda: user.state.source.name == "p2.png")
    user.settle()
    assert "p1.png" in user.message() and names(user) == ["p1.png", "p2.png"]


def test_where_none_can_be_read_nothing_changes(user, pictures):
    for name in ("p1.png", "p2.png"):
        (pictures / name).write_bytes(b"no picture")
    before = user.state
    drop(user, pictures / "p1.png", pictures / "p2.png")
    assert user.state is before and "p1.png" in user.message()


def test_a_folder_without_pictures_is_said(user, tmp_path):
    (tmp_path / "papers").mkdir()
    drop(user, tmp_path / "papers")
    assert "The folder papers holds no picture" in user.message()


def test_a_picture_from_a_browser_is_opened_and_an_address_alone_is_explained(user):
    before = user.state
    drop(user, "https://example.org/cat.png")
    assert user.state is before and "received none" in user.message()
    image = QImage(9, 7, QImage.Format.Format_RGB32)
    image.fill(0xFF102030)
    drop(user, "https://example.org/cat.png", image=image)
    assert user.state.source.array.shape == (7, 9, 3) and user.message() == ""


@pytest.mark.parametrize("success", ["photo", "kernel", "edit", "copy", "recipe"])
def test_an_error_goes_with_the_next_success(user, photo, tmp_path, success):
    (tmp_path / "bad.png").write_bytes(b"no picture")
    user.open(tmp_path / "bad.png")
    assert "bad.png" in user.message()
    np.save(tmp_path / "edge.npy", np.array([[1.0, -1.0]]))
    if success == "photo":
        user.open(photo)
    elif success == "kernel":
        user.program.kernel_files.open_file(str(tmp_path / "edge.npy"))
    elif success == "edit":
        user.do("kernel_negate")
    elif success == "copy":
        user.do("kernel_copy")
    else:
        user.program.commands.save_recipe(str(tmp_path / "r.json"))
    user.settle()
    assert user.message() == ""
