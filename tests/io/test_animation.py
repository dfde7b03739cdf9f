"""Animations: every frame arrives, in order and at its size, or one sentence says why not."""

import os
import stat

import numpy as np
import pytest
from PIL import Image

from convgui.engine.strategies.tiles import Cancelled
from convgui.io.errors import FileError
from convgui.io.export.animation import animation_fault, save_animation


def frames(count, rows=20, cols=31):
    for k in range(count):
        frame = np.zeros((rows, cols, 3), np.uint8)
        frame[:, : 4 * k + 2] = 255
        yield frame


@pytest.mark.parametrize("ending", ["gif", "webp"])
def test_pictures_that_move(tmp_path, ending):
    path = tmp_path / f"sobel.{ending}"
    save_animation(path, frames(7), 0.25)
    with Image.open(path) as picture:
        assert picture.n_frames == 7
        assert picture.size == (31, 20)
        for k in range(7):
            picture.seek(k)
            shown = np.asarray(picture.convert("L"))
            assert (shown[:, : 4 * k + 1] > 200).all() and (shown[:, 4 * k + 4 :] < 60).all()
            assert picture.info["duration"] == 250


@pytest.mark.parametrize("ending", ["gif", "webp"])
@pytest.mark.parametrize("loop", [True, False])
def test_the_last_frame_is_held_and_it_begins_again_if_it_shall(tmp_path, ending, loop):
    path = tmp_path / f"sobel.{ending}"
    save_animation(path, frames(4), 0.2, count=4, hold=1.5, loop=loop)
    with Image.open(path) as picture:
        durations = []
        for k in range(4):
            picture.seek(k)
            picture.load()
            durations.append(picture.info["duration"])
        assert durations == [200, 200, 200, 1700]
        assert picture.info.get("loop", 1) == (0 if loop else 1)


@pytest.mark.parametrize(("seconds", "hold"), [(0.5, 1.0), (1.0, 0.5), (0.2, 0.0)])
def test_a_video_holds_its_last_frame(tmp_path, monkeypatch, seconds, hold):
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    a_program(tmp_path, f'echo "$@" > {tmp_path}/said; exec cat')
    path = tmp_path / "sobel.mp4"
    save_animation(path, frames(3), seconds, count=3, hold=hold)
    said = (tmp_path / "said").read_text().split()
    rate = float(said[said.index("-r") + 1])
    one = next(frames(1)).tobytes()
    written = path.read_bytes()
    assert len(written) / len(one) / rate == pytest.approx(3 * seconds + hold, rel=1e-3)
    last = list(frames(3))[-1].tobytes()
    held = next(k for k in range(len(written) // len(one)) if written[::-1][k * len(one) : (k + 1) * len(one)] != last[::-1])
    assert held / rate == pytest.approx(seconds + hold, rel=1e-3)


def a_program(folder, text):
    path = folder / "ffmpeg"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def test_a_video_is_piped_through_ffmpeg(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    a_program(tmp_path, 'echo "$@" >&2; exec cat')
    path = tmp_path / "sobel.mp4"
    save_animation(path, frames(3), 0.5)
    assert path.read_bytes() == b"".join(frame.tobytes() for frame in frames(3))


def test_what_ffmpeg_says_is_passed_on(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    a_program(tmp_path, 'cat >/dev/null; echo "no such encoder" >&2; exit 1')
    with pytest.raises(FileError, match="ffmpeg could not make the video: no such encoder"):
        save_animation(tmp_path / "sobel.mp4", frames(3), 0.5)
    assert not (tmp_path / "sobel.mp4").exists()


def test_without_ffmpeg_a_sentence_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "install it, or choose GIF or WebP" in animation_fault("sobel.mp4")
    with pytest.raises(FileError, match="needs the program ffmpeg"):
        save_animation(tmp_path / "sobel.mp4", frames(2), 0.5)


def test_an_unknown_ending_is_refused(tmp_path):
    with pytest.raises(FileError, match=r"ends in .gif, .webp or .mp4, received sobel.bmp"):
        save_animation(tmp_path / "sobel.bmp", frames(2), 0.5)


def test_a_cancel_leaves_nothing_behind(tmp_path):
    def broken_off():
        yield from frames(3)
        raise Cancelled

    with pytest.raises(Cancelled):
        save_animation(tmp_path / "sobel.gif", broken_off(), 0.5)
    assert list(tmp_path.iterdir()) == []
