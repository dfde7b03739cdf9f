"""Terminals, pipes, full disks and Ctrl+C: one line at most, and whole files only."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image
from waiting import HANGS

COMMAND = [sys.executable, "-m", "convgui"]


def run(*words, **settings):
    return subprocess.run([*COMMAND, *words], stderr=subprocess.PIPE, timeout=HANGS, text=True, errors="replace", **settings)


@pytest.mark.parametrize("words", [["kernels"], ["--help"], ["--version"], ["apply", "--help"], ["kernels", "--help"]])
def test_a_full_disk_is_told_in_one_line(words):
    with open("/dev/full", "w") as full:
        done = run(*words, stdout=full)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [done.stderr.strip()]
    assert "disk is full" in done.stderr


@pytest.mark.parametrize("words", [["kernels"], ["--help"]])
def test_a_reader_that_goes_away_is_not_told(words):
    reading, writing = os.pipe()
    os.close(reading)
    done = run(*words, stdout=writing)
    os.close(writing)
    assert done.stderr == ""
    assert done.returncode == 141


@pytest.mark.parametrize("words", [["kernels"], ["--version"]])
def test_a_closed_output_is_told_in_one_line(words):
    done = run(*words, preexec_fn=lambda: os.close(1))
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1


def test_nothing_can_be_told_where_the_error_stream_is_closed():
    done = subprocess.run(
        [*COMMAND, "apply", "gone.png", "--kernel", "box", "--out", "/nowhere/at/all"],
        close_fds=True,
        timeout=HANGS,
        preexec_fn=lambda: os.close(2),
    )
    assert done.returncode in (1, 2)


@pytest.mark.parametrize(
    "locale",
    [{"LC_ALL": "C"}, {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0"}, {"PYTHONIOENCODING": "ascii"}, {"LANG": "de_DE"}],
)
def test_terminals_that_know_few_letters(tmp_path, locale):
    home = {**os.environ, **locale, "CONVGUI_HOME": str(tmp_path / "home")}
    done = run("kernels", stdout=subprocess.PIPE, env=home)
    assert done.returncode == 0, done.stderr
    assert "sobel-x" in done.stdout
    np.save(tmp_path / "ü.npy", np.ones((4, 4), np.float32))
    words = ["--kernel", "-1,5 2;0,5 1", "--bias", "-0,5", "--out", str(tmp_path / "out"), "--format", "tif"]
    done = run("apply", str(tmp_path / "ü.npy"), str(tmp_path / "fehlt-ß.npy"), *words, env=home)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert len(list((tmp_path / "out").glob("*.tif"))) == 1


INTERRUPTED = """
import os, runpy, signal
from convgui.batch.manifest import Manifest

noted = []
signal.signal(signal.SIGINT, signal.default_int_handler)  # which a shell leaves out for what it runs in the background

def add(manifest, entry, original=Manifest.add):
    original(manifest, entry)
    noted.append(entry)
    if len(noted) == 2:
        os.kill(os.getpid(), signal.SIGINT)

Manifest.add = add
runpy.run_module("convgui", run_name="__main__", alter_sys=True)
"""


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_leaves_whole_files_only(tmp_path, jobs):
    pictures = []
    for i in range(40):
        pictures.append(str(tmp_path / f"{i}.png"))
        Image.fromarray(np.random.default_rng(i).integers(0, 256, (600, 800), np.uint8)).save(pictures[-1], compress_level=0)
    out = tmp_path / "out"
    program = tmp_path / "interrupted.py"  # a file: processes that begin anew look for their program
    program.write_text(f"if __name__ == '__main__':\n    exec({INTERRUPTED!r})\n")
    words = [sys.executable, str(program), "apply", *pictures, "--kernel", "gabor", "--out", str(out), "--jobs", jobs]
    done = subprocess.run(words, stderr=subprocess.PIPE, text=True, timeout=HANGS, check=False)
    assert done.returncode == 130, done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    written = sorted(out.iterdir())
    assert written.pop(0).name == ".convgui-manifest.jsonl"
    assert 0 < len(written) < len(pictures)
    for path in written:
        assert path.suffix == ".png"
        with Image.open(path) as image:
            image.load()
