"""Bad input: one clear sentence that names the file and the fault, the document untouched, the program alive."""

import io
import os
import resource
import stat
import threading
from contextlib import contextmanager

import numpy as np
import pytest
import tifffile
from PIL import Image
from waiting import HANGS, wait_for

from convgui.app import Program
from convgui.engine.strategies import tiles
from convgui.worker.runner import Token


@pytest.fixture
def faults(tmp_path, photo):
    """Files that cannot be opened, by their fault."""
    whole = photo.read_bytes()
    files = {
        "not-an-image.jpg": b"Dear Ada, this is a letter.\n" * 40,
        "cut.png": whole[: len(whole) // 2],
        "empty.png": b"",
        "bomb.png": _bomb(),
        "kernel.json": b'{"format": "convgui kernel", "version": 1, "weights": [[1, 2], [3]]}',
        "weights.json": b'{"format": "convgui kernel", "version": 1, "weights": [[NaN, 1]]}',
        "objects.npy": _objects(),
        "ragged.csv": b"1,2,3\n4,5\n",
        "words.csv": b"one,two\nthree,four\n",
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "folder.png").mkdir()
    return tmp_path


def _objects():
    """Return an npy file of Python objects, which would run code if it were opened."""
    out = io.BytesIO()
    np.save(out, np.array([{}, {}], dtype=object), allow_pickle=True)
    return out.getvalue()


def _bomb():
    """Return a PNG whose header promises 60,000 x 60,000 pixels."""
    import struct
    import zlib

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"0")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("not-an-image.jpg", "picture"),
        ("cut.png", "truncated"),
        ("empty.png", "empty"),
        ("folder.png", "folder"),
        ("vanished.png", "does not exist"),
        ("bomb.png", "pixels"),
        ("kernel.json", "row 2 has 1 weights, expected 2"),
        ("weights.json", "finite"),
        ("objects.npy", "numbers"),
        ("ragged.csv", "line 2"),
        ("words.csv", "number"),
    ],
)
def test_a_file_that_cannot_be_opened(user, faults, name, words):
    before, undo = user.state, user.window.actions_by_id["undo"].isEnabled()
    user.open(faults / name)
    sentence = user.message()
    assert name in sentence
    assert words in sentence.lower(), sentence
    assert sentence.count("\n") == 0 and "Error" not in sentence and "Traceback" not in sentence
    assert user.state is before
    assert user.window.actions_by_id["undo"].isEnabled() == undo
    user.program.kernel.pick("sobel-y")
    user.settle()
    assert user.window.kernel_card.title.text() == "Sobel y"


def test_no_permission(user, photo, monkeypatch):
    if os.geteuid() == 0:  # root may read everything: what open() says to others is said here
        real = open

        def refuse(path, *rest, **more):
            if str(path) == str(photo):
                raise PermissionError(13, "Permission denied", str(path))
            return real(path, *rest, **more)

        monkeypatch.setattr("builtins.open", refuse)
        monkeypatch.setattr("pathlib.Path.open", lambda self, *a, **k: refuse(self, *a, **k))
    else:
        photo.chmod(0)
    before = user.state
    user.open(photo)
    assert "holiday.png" in user.message() and "permission" in user.message().lower()
    assert user.state is before


@pytest.mark.parametrize(
    ("shape", "name"),
    [((1, 1), "1 × 1"), ((1, 50), "50 × 1"), ((50, 1), "1 × 50"), ((2, 9000), "9000 × 2"), ((9000, 3), "3 × 9000")],
)
def test_tiny_and_narrow_pictures_open(user, tmp_path, shape, name):
    path = tmp_path / "narrow.png"
    Image.fromarray(np.arange(shape[0] * shape[1], dtype=np.uint32).astype(np.uint8).reshape(shape)).save(path)
    user.open(path)
    assert user.state.source.array.shape == shape
    assert name in user.window.pair.input_chip.detail.whole_text()
    assert user.window.pair.map.picture() is not None


@pytest.mark.parametrize("mode", ["P", "CMYK", "LA", "1", "I;16", "F", "RGB16"])
def test_unusual_modes_open(user, tmp_path, mode):
    path = tmp_path / "odd.tif"
    ramp = np.linspace(0, 255, 12 * 10).reshape(12, 10).astype(np.uint8)
    if mode == "I;16":
        Image.fromarray(ramp.astype(np.uint16) * 256).save(path)
    elif mode == "F":
        tifffile.imwrite(path, ramp.astype(np.float32) / 100)
    elif mode == "RGB16":
        tifffile.imwrite(path, np.stack([ramp.astype(np.uint16) * 256] * 3, axis=-1), photometric="rgb")
    else:
        path = tmp_path / ("odd.png" if mode in ("P", "LA", "1") else "odd.tif")
        Image.fromarray(ramp).convert("RGB" if mode == "CMYK" else "L").convert(mode).save(path)
    user.open(path)
    assert user.state.source.name == path.name, user.message()
    assert (user.state.source.rows, user.state.source.cols) == (12, 10)
    expected = {"I;16": np.uint16, "F": np.float32, "RGB16": np.uint16}.get(mode, np.uint8)
    assert user.state.source.array.dtype == expected
    assert user.window.pair.map.picture() is not None


def test_an_animation_opens_with_its_first_frame_and_says_so(user, tmp_path):
    path = tmp_path / "dance.gif"
    frames = [Image.fromarray(np.full((8, 8), k * 60, np.uint8)) for k in range(4)]
    frames[0].save(path, save_all=True, append_images=frames[1:])
    user.open(path)
    assert user.state.source.name == "dance.gif"
    assert "dance.gif" in user.message() and "first" in user.message()


@pytest.mark.parametrize(
    ("values", "says"),
    [
        (np.full((9, 11), np.nan), "no finite value"),
        (np.full((9, 11), 7.0), "−28 … 28"),
        (np.full((9, 11), np.inf), "not finite"),
        (np.where(np.eye(9, 11) > 0, -np.inf, 1.0), "not finite"),
        (np.full((9, 11), 1e38), ""),
        (np.full((9, 11), 1e-42), ""),
    ],
)
def test_arrays_without_a_range_are_shown(user, tmp_path, values, says):
    path = tmp_path / "values.npy"
    np.save(path, values.astype(np.float32))
    user.open(path)
    assert user.state.source.name == "values.npy", user.message()
    low, high = user.window.pair.bar.limits()
    assert np.isfinite([low, high]).all() and low < high
    assert says in user.window.pair.map_chip.detail.whole_text()
    user.hover_cell(user.window.pair.map, 4, 4)
    for name in ("kernel_rotate", "kernel_flip_v"):
        user.do(name)
    user.settle()


def test_a_kernel_larger_than_a_valid_input(user, tmp_path):
    user.sample("article-2d")
    user.press("padding_valid")
    user.window.kernel_card.size_picked.emit(9, 9)
    user.settle()
    sentence = user.window.pair.map.hint()
    assert "9 × 9" in sentence and "6 × 6" in sentence
    assert user.state.kernel.size == (9, 9)
    user.do("undo")
    user.settle()
    assert user.window.pair.map.picture() is not None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("1 2 3\n4 five 6", "five"),
        ("1 2 3\n4 5", "row 2 has 2 numbers, expected 3"),
        ("", "paste"),
        ("1 nan", "nan"),
        ("1 2\n" * 70, "63"),
        ("0 " * 5000, "63"),
    ],
)
def test_kernel_text(user, text, says):
    before = user.state
    user.do("kernel_paste")
    dialog = user.dialog("matrix_dialog")
    dialog.field.setPlainText(text)
    assert says in dialog.message.text().lower()
    assert not dialog.accept_button.isEnabled()
    dialog.reject()
    assert user.state is before


@contextmanager
def full_disk(limit):
    """Let no file grow beyond `limit` bytes, as on a disk that is full."""
    import signal

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


@pytest.mark.parametrize(("kind", "ending"), [("picture", ".png"), ("numbers", ".npy"), ("figure", ".png")])
def test_an_export_to_a_full_disk_leaves_nothing_behind(user, tmp_path, kind, ending):
    path = tmp_path / f"map{ending}"
    path.write_bytes(b"what was there before")
    with full_disk(4000):
        user.program.export.write(kind, ending, str(path))
        user.settle()
    assert f"map{ending}" in user.message()
    assert path.read_bytes() == b"what was there before"
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == [f"map{ending}"]
    user.program.export.write(kind, ending, str(path))
    user.settle()
    assert path.stat().st_size > 4000


def test_an_export_to_a_read_only_place(user, tmp_path, monkeypatch):
    place = tmp_path / "library"
    place.mkdir()
    place.chmod(stat.S_IRUSR | stat.S_IXUSR)
    if os.geteuid() == 0:  # root may write everywhere
        monkeypatch.setattr(os, "access", lambda path, mode: str(path) != str(place))
    user.do("export_picture")
    dialog = user.dialog("export_picture_dialog")
    dialog.folder.setText(str(place))
    user.until(lambda: "cannot be written to" in dialog.warning.text())
    assert str(place) in dialog.warning.text()
    assert not dialog.write.isEnabled()
    dialog.refuse.click()
    user.settle()
    place.chmod(stat.S_IRWXU)


def test_closing_the_window_while_it_computes(start, tmp_path, monkeypatch):
    path = tmp_path / "large.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (3000, 4000), np.uint8)).save(path, compress_level=0)
    user = start()
    user.open(path)
    user.program.kernel.pick("gabor")
    user.settle()
    begun, told, cancelled = threading.Event(), [], Token.cancelled

    def hold(token):  # the computation stands in its midst until nobody wants it any more
        begun.set()
        wait_for(lambda: cancelled(token), lambda: None)
        told.append(token)
        return True

    monkeypatch.setattr(Token, "cancelled", hold)
    user.window.kernel_card.size_picked.emit(63, 63)
    assert begun.wait(HANGS)
    user.window.close()
    assert not user.program.busy()
    assert 0 < len(told) <= 2 * tiles.threads()  # each thread that computes learns it, and does not go on


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"[]", b'{"version": 99}', b'{"version": 1, "settings": {"theme": 7}}', b"\xff\xfe\x00"]
)
def test_damaged_settings_are_put_aside(qtbot, own_home, damage):
    own_home.mkdir(parents=True, exist_ok=True)
    (own_home / "settings.json").write_bytes(damage)
    program = Program([], own_home)
    program.show()
    assert program.session.state.source.rows
    program.window.close()
    program.window.deleteLater()
    assert (own_home / "settings.json").read_bytes() != damage
