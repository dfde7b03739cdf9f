"""The document outlives the window: after quitting, after a kill, with a damaged file, and never in the way of a start."""

import json
import os
import signal
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QApplication
from waiting import HANGS, wait_for

from convgui.controllers.context import Context
from convgui.io.session_file import load_session


def leave(user):
    """Close the window as a user does."""
    user.window.close()
    QApplication.processEvents()


def draw(user):
    user.program.kernel.edit("own weights", lambda weights: weights * 0.37 + 1e-9)
    user.type_into("bias", "0.125")
    user.settle()
    return user.state.kernel.weights


def test_a_first_start_leaves_nothing_and_brings_nothing(start, own_home):
    leave(start())
    assert not (own_home / "session.json").exists()
    again = start()
    assert again.state.kernel.entry == "sobel-x" and not again.window.actions_by_id["undo"].isEnabled()


def test_a_kernel_that_was_not_kept_is_there_at_the_next_start(start):
    first = start()
    weights = draw(first)
    leave(first)
    second = start()
    assert np.array_equal(second.state.kernel.weights, weights)
    assert second.state.conv.bias == (0.125,)
    assert second.state.source.name == first.state.source.name
    assert second.window.kernel_card.title.text() == first.window.kernel_card.title.text()
    assert second.message() == ""


def test_the_sample_is_not_spoken_of_where_a_document_comes_back(start, monkeypatch):
    leave(start())
    first = start()
    assert first.message(), "nothing came back, so the sample is what there is"
    draw(first)
    leave(first)
    told = []
    monkeypatch.setattr(Context, "tell", lambda self, text, action="": told.append(text))
    second = start()
    assert second.state.conv.bias == (0.125,)
    assert not told


INPUTS = {
    "photo": lambda user, path: user.open(path),
    "toy grid": lambda user, path: user.sample("toy-seven"),
    "typed grid": lambda user, path: (user.do("grid_new"), user.window.pair.input.hand.typed.emit(1, 2, 0.1)),
    "sequence": lambda user, path: user.sample("article-1d"),
    "sample": lambda user, path: user.sample("coffee"),
}


@pytest.mark.parametrize("kind", INPUTS)
def test_every_kind_of_input_comes_back(start, photo, kind):
    first = start()
    INPUTS[kind](first, photo)
    draw(first)
    before = first.state
    leave(first)
    second = start()
    assert np.array_equal(second.state.source.array, before.source.array)
    assert second.state.source.array.dtype == before.source.array.dtype
    for name in ("name", "scale", "toy", "path"):
        assert getattr(second.state.source, name) == getattr(before.source, name)
    assert second.state.display == before.display
    assert np.array_equal(second.state.kernel.weights, before.kernel.weights)


def test_files_on_the_command_line_win_and_the_kernel_is_not_lost(start, photo, tmp_path):
    other = tmp_path / "other.png"
    Image.new("RGB", (50, 40), (9, 8, 7)).save(other)
    first = start(photo)
    weights = draw(first)
    leave(first)
    second = start(other)
    assert second.state.source.name == "other.png"
    assert np.array_equal(second.state.kernel.weights, weights)


@pytest.mark.parametrize("other", ["holiday.png", "missing.png"])
def test_a_grid_that_is_in_no_file_is_one_step_behind_the_file_of_the_command_line(start, photo, other):
    first = start()
    INPUTS["typed grid"](first, photo)
    first.settle()
    typed = first.state.source.array
    leave(first)
    second = start(photo.with_name(other))
    if other == photo.name:
        assert second.state.source.name == photo.name
        assert "one step back" in second.message()
        second.do("undo")
        second.settle()
    assert np.array_equal(second.state.source.array, typed)


def test_a_photo_that_is_gone_is_said_and_the_kernel_is_there(start, photo):
    first = start(photo)
    weights = draw(first)
    leave(first)
    photo.unlink()
    second = start()
    assert "holiday.png" in second.message() and "applied to the sample" in second.message()
    assert np.array_equal(second.state.kernel.weights, weights)


def _changed(change):
    def damage(path):
        document = json.loads(path.read_text())
        change(document)
        path.write_text(json.dumps(document))

    return damage


DAMAGE = {
    "empty": lambda path: path.write_bytes(b""),
    "cut off": lambda path: path.write_bytes(path.read_bytes()[:100]),
    "no object": lambda path: path.write_bytes(b"[1]"),
    "zeros": lambda path: path.write_bytes(b"\0" * 5000),
    "deep": lambda path: path.write_bytes(b"[" * 100_000),
    "no layers": _changed(lambda d: d["recipe"].update(layers=[])),
    "odd stride": _changed(lambda d: d["recipe"]["layers"][0].update(stride=[0, -1])),
    "weights as text": _changed(lambda d: d["recipe"]["layers"][0].update(kernel="sobel")),
    "a later version": _changed(lambda d: d.update(version=99)),
    "a path as pixels": _changed(lambda d: d["input"].update(pixels="../../etc/passwd")),
    "pixels that are missing": _changed(lambda d: d["input"].update(pixels="session-00000000.npy", path="")),
    "a scale of nought": _changed(lambda d: d["input"].update(pixels="session-1.npy", scale=0)),
    "unknown settings": _changed(lambda d: d.update(more=1)),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_file_is_put_aside_and_the_program_starts(start, own_home, kind):
    first = start()
    draw(first)
    leave(first)
    path = own_home / "session.json"
    DAMAGE[kind](path)
    damaged = path.read_bytes()
    second = start()
    assert second.state.kernel.entry == "sobel-x"
    assert "was not restored" in second.message() and "session.json.bad" in second.message()
    assert (own_home / "session.json.bad").read_bytes() == damaged and not path.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such files")
@pytest.mark.parametrize("kind", ["pipe", "folder", "device"])
def test_what_is_no_file_does_not_hold_the_start_up(start, own_home, kind):
    own_home.mkdir(parents=True, exist_ok=True)
    path = own_home / "session.json"
    {"pipe": lambda: os.mkfifo(path), "folder": path.mkdir, "device": lambda: path.symlink_to("/dev/zero")}[kind]()
    assert start().state.kernel.entry == "sobel-x"


def test_a_document_that_ends_the_program_is_put_aside(start, own_home):
    first = start()
    draw(first)
    leave(first)
    (own_home / "session.tries").write_text("2")
    second = start()
    assert second.state.kernel.entry == "sobel-x" and "ended twice" in second.message()
    assert not (own_home / "session.tries").exists()


def test_a_document_that_is_back_as_it_was_at_first_leaves_nothing(start, own_home):
    first = start()
    first.do("kernel_negate")
    first.do("undo")
    leave(first)
    assert not (own_home / "session.json").exists()


def test_a_place_that_cannot_be_written_is_said_and_the_window_goes_on(start, own_home, monkeypatch):
    user = start()
    monkeypatch.setattr(
        "convgui.io.session_file.write_bytes", lambda *a: (_ for _ in ()).throw(OSError(28, "No space left"))
    )
    user.program.restore._timer.setInterval(0)
    user.do("kernel_negate")
    user.until(lambda: "will not be there" in user.message())
    user.do("kernel_negate")
    monkeypatch.undo()


KILLED = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from convgui.app import Program

app = QApplication(["convgui"])
program = Program([], Path(sys.argv[1]))
program.show()
program.idle.connect(lambda: program.kernel.edit("own", lambda w: w * 0 + 0.75))
app.exec()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
def test_after_a_kill_the_document_is_there(own_home):
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    running = subprocess.Popen([sys.executable, "-c", KILLED, str(own_home)], env=environment, stderr=subprocess.DEVNULL)
    try:
        wait_for((own_home / "session.json").exists, lambda: None, what="nothing was kept")
    finally:
        running.send_signal(signal.SIGKILL)
        running.wait()
    session = load_session(own_home)
    assert (session.recipe.layers[0].kernel.weights == 0.75).all()


INTERRUPTED = KILLED.replace("app.exec()", "from convgui.app import _run\nsys.exit(_run(app, program))")


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
def test_ctrl_c_in_the_terminal_closes_the_window(own_home):
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    program = [sys.executable, "-c", INTERRUPTED, str(own_home)]
    running = subprocess.Popen(program, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        wait_for((own_home / "session.json").exists, lambda: None, what="nothing was kept")
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=HANGS)
    finally:
        running.kill()
    assert running.returncode == 0 and "Interrupt" not in said
    assert (load_session(own_home).recipe.layers[0].kernel.weights == 0.75).all()
