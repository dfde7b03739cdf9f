"""Files that hold several pictures: each can be chosen in the header, and another reading is one click away."""

from __future__ import annotations

import numpy as np
import pytest
import tifffile
from PySide6.QtWidgets import QComboBox, QPushButton


def numbers(*shape, dtype=np.uint8):
    return np.random.default_rng(0).integers(0, 256, shape).astype(dtype)


@pytest.fixture
def stack(tmp_path):
    pages = [numbers(90, 120), numbers(90, 120) // 2, numbers(60, 70, 3)]
    with tifffile.TiffWriter(tmp_path / "stack.tif") as tif:
        for page in pages:
            tif.write(page, metadata=None)
    return tmp_path / "stack.tif", pages


def pick(user, place):
    box = user.find("page_choice", QComboBox)
    box.setCurrentIndex(place)
    box.activated.emit(place)
    user.settle()


def test_a_page_is_chosen_in_the_header_and_taken_back_by_undo(user, stack):
    path, pages = stack
    user.open(path)
    box = user.find("page_choice", QComboBox)
    assert box.isVisible() and box.count() == 3 and box.currentText() == "Page 1: 120 × 90"
    assert "several pages" in user.message()
    pick(user, 2)
    np.testing.assert_array_equal(user.state.source.array, pages[2])
    assert user.message() == ""
    user.do("undo")
    user.settle()
    np.testing.assert_array_equal(user.state.source.array, pages[0])
    assert box.currentIndex() == 0


def test_a_page_that_cannot_be_read_any_more_leaves_what_is_there(user, stack):
    path, pages = stack
    user.open(path)
    path.unlink()
    pick(user, 1)
    assert "does not exist" in user.message()
    assert user.find("page_choice", QComboBox).currentIndex() == 0
    np.testing.assert_array_equal(user.state.source.array, pages[0])


def test_a_file_of_one_picture_shows_no_list(user, stack, photo):
    user.open(stack[0])
    user.open(photo)
    assert not user.find("page_choice_row").isVisible()


def test_an_array_of_an_archive_is_chosen(user, tmp_path):
    np.savez(tmp_path / "a.npz", bank=numbers(32, 3, 3, 3), first=numbers(40, 50), second=numbers(60, 70))
    user.open(tmp_path / "a.npz")
    assert user.find("page_choice", QComboBox).currentText().startswith("first")
    pick(user, 2)
    assert (user.state.source.rows, user.state.source.cols) == (60, 70)
    pick(user, 0)
    assert "looks like the weights of a convolution layer" in user.message()
    assert user.find("page_choice", QComboBox).currentIndex() == 2


@pytest.mark.parametrize("button", ["message_action", "other_reading"])
def test_channels_first_are_undone_by_one_click(user, tmp_path, button):
    array = numbers(1, 28, 28, dtype=np.float32)
    np.save(tmp_path / "digit.npy", array)
    user.open(tmp_path / "digit.npy")
    assert user.state.source.array.shape == (28, 28)
    assert user.find("message_action", QPushButton).text() == "Read as 28 steps × 28 channels instead"
    user.press(button)
    user.settle()
    np.testing.assert_array_equal(user.state.source.array, array)
    user.press("other_reading")
    user.settle()
    np.testing.assert_array_equal(user.state.source.array, array[0])


def test_the_recipe_says_which_page(user, stack, tmp_path):
    import json

    user.open(stack[0])
    pick(user, 1)
    user.program.commands.save_recipe(str(tmp_path / "r.json"))
    user.settle()
    source = json.loads((tmp_path / "r.json").read_text())["source"]
    assert source["page"] == 2 and source["page_name"] == "Page 2: 120 × 90"


def test_a_file_that_takes_for_ever_holds_up_nothing_and_the_program_closes_at_once(start, photo, tmp_path, monkeypatch):
    """A file within which the decoder hangs: the next one opens, and closing ends the process."""
    import os
    from pathlib import Path

    import convgui

    package = tmp_path / "hang"
    package.mkdir()
    (package / "sitecustomize.py").write_text(
        "import time, convgui.io.pictures.images as images\n"
        "plain = images.open_source\n"
        "def wait(path, *args, **options):\n"
        "    if path.endswith('hang.png'): time.sleep(1e6)\n"
        "    return plain(path, *args, **options)\n"
        "images.open_source = wait\n"
    )
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(package), str(Path(convgui.__file__).parents[1])]))
    hanging = tmp_path / "hang.png"
    hanging.write_bytes(photo.read_bytes())
    user = start()
    user.program.source.open_path(str(hanging))
    user.until(lambda: user.program.context.decoder._turn.locked())
    user.open(photo)
    assert user.state.source.name == "holiday.png"
    user.program.source.open_path(str(hanging))
    user.until(lambda: user.program.context.decoder._turn.locked())
    process = user.program.context.decoder._process._process
    user.window.close()
    assert process.poll() is not None


def test_the_command_line_opens_a_page_in_the_window(start, stack, monkeypatch):
    from convgui import app
    from convgui.cli import main

    asked = []
    monkeypatch.setattr(app, "run", lambda files, page: asked.append((files, page)) or 0)
    assert main([str(stack[0]), "--page", "3"]) == 0 and asked == [([str(stack[0])], "3")]
    user = start()
    user.program.source.open_paths([str(stack[0])], page="3")
    user.settle()
    np.testing.assert_array_equal(user.state.source.array, stack[1][2])
