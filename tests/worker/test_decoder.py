"""Files are opened by a process that can be ended: the same source, free for the next one, and none is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image
from waiting import HANGS, wait_for

from convgui.engine.strategies.tiles import Cancelled
from convgui.io.errors import FileError
from convgui.io.pictures.images import open_source
from convgui.worker import decoder as module
from convgui.worker.decoder import Decoder


@pytest.fixture(params=[True, False], ids=["socket", "pipe"])
def decoder(request):
    if request.param and sys.platform == "win32":
        pytest.skip("no socket is inherited there")
    opened = Decoder(sockets=request.param)
    yield opened
    opened.close()


def noise(*shape, dtype=np.uint8):
    return np.random.default_rng(0).integers(0, 255, shape).astype(dtype)


def same(one, other):
    names = ("scale", "name", "path", "toy", "note", "page", "pages", "reading", "instead")
    assert [getattr(one, n) for n in names] == [getattr(other, n) for n in names]
    assert one.array.dtype == other.array.dtype and not one.array.flags.writeable
    np.testing.assert_array_equal(one.array, other.array)


@pytest.fixture
def files(tmp_path):
    tmp_path = tmp_path / "files"
    tmp_path.mkdir()
    Image.fromarray(noise(60, 80, 3)).save(tmp_path / "ph\u00f6to \U0001f600.jpg")
    tifffile.imwrite(tmp_path / "deep.tif", noise(60, 80, dtype=np.float32) - np.float32(0.5))
    with tifffile.TiffWriter(tmp_path / "stack.tif") as tif:
        for _ in range(3):
            tif.write(noise(60, 80, dtype=np.uint16), metadata=None)
    np.save(tmp_path / "digit.npy", noise(1, 28, 28))
    (tmp_path / "table.csv").write_text("1,2\n3,4\n")
    return sorted(p for p in tmp_path.iterdir() if p.is_file())


def test_it_gives_the_same_source(decoder, files):
    for path in files:
        same(decoder.open(path), open_source(path))
    same(decoder.open(files[-2], page=3), open_source(files[-2], page=3))
    digit = next(p for p in files if p.suffix == ".npy")
    same(decoder.open(digit, reading="steps"), open_source(digit, reading="steps"))


def test_it_tells_the_same_faults(decoder, tmp_path):
    (tmp_path / "a.png").write_bytes(b"\x89PNG nothing")
    (tmp_path / "empty.png").write_bytes(b"")
    for path in (tmp_path / "a.png", tmp_path / "empty.png", tmp_path / "none.png", tmp_path):
        with pytest.raises(FileError) as here:
            open_source(path)
        with pytest.raises(FileError) as there:
            decoder.open(path)
        assert str(here.value) == str(there.value)


def test_numbers_stay_when_the_next_file_is_open_and_the_process_gone(decoder, files):
    first = decoder.open(files[0])
    before = first.array.copy()
    for path in files:
        decoder.open(path)
    decoder.close()
    np.testing.assert_array_equal(first.array, before)


@pytest.fixture
def hanging(tmp_path, monkeypatch):
    """Return a file that the process never comes to the end of."""
    import convgui

    package = tmp_path / "hang"
    package.mkdir()
    (package / "sitecustomize.py").write_text(
        "import time, convgui.io.pictures.images as images\n"
        "plain = images.open_source\n"
        "def wait(path, *args, **options):\n"
        "    if 'hang' in path.rpartition('/')[2]: time.sleep(1e6)\n"
        "    if 'crash' in path.rpartition('/')[2]: __import__('os').kill(__import__('os').getpid(), 11)\n"
        "    return plain(path, *args, **options)\n"
        "images.open_source = wait\n"
    )
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(package), str(Path(convgui.__file__).parents[1])]))
    Image.fromarray(noise(60, 80)).save(tmp_path / "hang.png")
    Image.fromarray(noise(60, 80)).save(tmp_path / "crash.png")
    return tmp_path / "hang.png"


def in_background(work):
    """Start work on a thread; return what waits for its result or raises its exception."""
    box = {}

    def run():
        try:
            box["result"] = work()
        except BaseException as error:
            box["error"] = error

    thread = threading.Thread(target=run, name="ThreadPoolExecutor-test")
    thread.start()

    def wait():
        thread.join(HANGS)
        assert not thread.is_alive(), "it hangs"
        if "error" in box:
            raise box["error"]
        return box["result"]

    return wait


def until(condition):
    wait_for(condition, lambda: time.sleep(0.005))


def test_work_that_nobody_wants_is_ended_and_the_next_file_opens(decoder, hanging, files):
    unwanted = threading.Event()
    first = in_background(lambda: decoder.open(hanging, unwanted.is_set))
    until(lambda: decoder._turn.locked())
    second = in_background(lambda: decoder.open(files[0]))
    unwanted.set()
    with pytest.raises(Cancelled):
        first()
    same(second(), open_source(files[0]))


def test_closing_ends_it_whatever_it_does(decoder, hanging):
    waiting = in_background(lambda: decoder.open(hanging))
    until(lambda: decoder._process is not None and decoder._process._ready)
    process = decoder._process._process
    decoder.close()
    with pytest.raises(Cancelled):
        waiting()
    assert process.poll() is not None
    with pytest.raises(Cancelled):
        decoder.open(hanging)


def test_a_decoder_that_breaks_down_is_told_and_replaced(decoder, hanging, files):
    with pytest.raises(FileError, match="the decoder broke down while reading"):
        decoder.open(hanging.with_name("crash.png"))
    same(decoder.open(files[0]), open_source(files[0]))


def test_a_process_that_was_ended_while_it_had_nothing_to_do_is_replaced(decoder, files):
    decoder.open(files[0])
    os.kill(decoder._process._process.pid, signal.SIGTERM)
    same(decoder.open(files[0]), open_source(files[0]))


@pytest.mark.parametrize("executable", ["/nowhere/python", "/bin/false"])
def test_where_no_process_can_be_started_files_are_opened_here(decoder, files, monkeypatch, executable):
    monkeypatch.setattr(sys, "executable", executable)
    same(decoder.open(files[0]), open_source(files[0]))
    with pytest.raises(FileError):
        decoder.open("none.png")


def test_a_process_that_never_says_a_word_is_given_up(decoder, files, monkeypatch, tmp_path):
    silent = tmp_path / "silent"
    silent.write_text("#!/bin/sh\nexec sleep 1000\n")
    silent.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(silent))
    monkeypatch.setattr(module, "START_SECONDS", 0.3)
    same(decoder.open(files[0]), open_source(files[0]))


def test_it_ends_with_the_program_that_started_it(files):
    program = (
        "import sys; from convgui.worker.decoder import Decoder; d = Decoder(); d.open(sys.argv[1]);"
        "print(d._process._process.pid, flush=True); import os; os._exit(0)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(files[0])], capture_output=True, text=True, timeout=HANGS)
    pid = int(done.stdout)
    until(lambda: not Path(f"/proc/{pid}").exists())


def test_a_started_process_is_used(decoder, files):
    decoder.warm()
    process = decoder._process
    decoder.open(files[0])
    assert decoder._process is process
