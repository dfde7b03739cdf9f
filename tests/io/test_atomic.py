"""A file is written wholly or not at all."""

from __future__ import annotations

import errno
import os
import stat
import sys

import pytest

from convgui.io import atomic
from convgui.io.atomic import write_atomically, write_bytes
from convgui.io.errors import FileError


def full_disk(stream):
    stream.write(b"half")
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def kept(tmp_path):
    path = tmp_path / "map.png"
    path.write_bytes(b"the old picture")
    yield path
    assert path.read_bytes() == b"the old picture"
    assert [p.name for p in tmp_path.iterdir()] == ["map.png"]


def test_a_new_file_holds_what_was_written(tmp_path):
    write_bytes(tmp_path / "a.bin", b"abc")
    assert (tmp_path / "a.bin").read_bytes() == b"abc"


def test_an_existing_file_is_replaced_and_keeps_its_rights(tmp_path):
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")
    path.chmod(0o640)
    write_bytes(path, b"new")
    assert path.read_bytes() == b"new"
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_full_disk_is_told_and_the_old_file_stays(kept):
    with pytest.raises(FileError, match=r"^map.png: cannot be written: the disk is full"):
        write_atomically(kept, full_disk)


def test_a_disk_that_is_full_at_the_last_moment(kept, monkeypatch):
    def refuse(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(atomic.os, "fsync", refuse)
    with pytest.raises(FileError, match="the disk is full"):
        write_bytes(kept, b"new")


def test_a_read_only_place_is_told(kept, monkeypatch):
    def refuse(*_):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr("builtins.open", refuse)
    with pytest.raises(FileError, match="this place is read-only"):
        write_bytes(kept, b"new")
    monkeypatch.undo()


def test_no_permission_is_told(kept, monkeypatch):
    def refuse(*_):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(atomic.os, "replace", refuse)
    with pytest.raises(FileError, match="no permission"):
        write_bytes(kept, b"new")


def test_a_write_protected_file_is_not_replaced(kept, monkeypatch):
    monkeypatch.setattr(atomic.os, "access", lambda *_: False)
    with pytest.raises(FileError, match="write-protected"):
        write_bytes(kept, b"new")


def test_an_error_of_the_writer_leaves_nothing_behind(kept):
    def fail(stream):
        stream.write(b"half")
        raise KeyError("bug")

    with pytest.raises(KeyError):
        write_atomically(kept, fail)


def test_a_missing_folder_is_told(tmp_path):
    with pytest.raises(FileError, match="its folder does not exist"):
        write_bytes(tmp_path / "no" / "a.bin", b"")


def test_a_folder_of_that_name_is_told(tmp_path):
    with pytest.raises(FileError, match="a folder has this name"):
        write_bytes(tmp_path, b"")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
def test_a_device_is_never_replaced():
    with pytest.raises(FileError, match="pipe or device"):
        write_bytes("/dev/full", b"x")
    assert stat.S_ISCHR(os.stat("/dev/full").st_mode)


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_is_followed(tmp_path):
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_bytes(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink() and (tmp_path / "real").read_bytes() == b"new"
