"""What a killed run has left is removed by the next one that writes there; what a live one is writing never is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from convgui.io.atomic import write_bytes
from convgui.io.temporary import FULL, sweep, temporary_name

WRITER = """
import sys, time
from convgui.io.atomic import write_atomically
def write(stream):
    stream.write(b"half")
    stream.flush()
    print("writing", flush=True)
    time.sleep(600)
write_atomically(sys.argv[1], write)
"""


@pytest.fixture
def writer(tmp_path):
    """Another process that is writing to the folder."""
    with subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path / "other.bin")], stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"writing\n"
        yield process
        process.kill()


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="signals are another thing there")
def test_what_a_killed_run_left_is_swept_and_a_live_one_is_let_be(tmp_path, writer):
    write_bytes(tmp_path / "mine.bin", b"mine")
    assert len(names(tmp_path)) == 2  # the other one is still writing
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    assert len(names(tmp_path)) == 2
    write_bytes(tmp_path / "mine.bin", b"mine again")
    assert names(tmp_path) == ["mine.bin"]
    assert (tmp_path / "mine.bin").read_bytes() == b"mine again"


def test_files_of_others_and_of_this_process_stay(tmp_path):
    machine = temporary_name().split("-")[1]
    stays = [
        temporary_name(),
        ".holiday.png-0a1b2c3d.tmp",
        f".convgui-{machine}-notes.tmp",
        f".convgui-{machine}-{os.getpid()}-0a1b2c3d.tmp.bak",
        f".convgui-00000000-{2**22 + 1}-0a1b2c3d.tmp",  # of another machine, and young
        "convgui.tmp",
    ]
    for name in stays:
        (tmp_path / name).write_bytes(b"x")
    folder = tmp_path / f".convgui-{machine}-{2**22 + 1}-0a1b2c3d.tmp"  # no process has such a number
    folder.mkdir()
    sweep(tmp_path)
    assert names(tmp_path) == sorted([*stays, folder.name])


def test_an_old_file_of_another_machine_goes(tmp_path):
    path = tmp_path / ".convgui-00000000-77-0a1b2c3d.tmp"
    path.write_bytes(b"x")
    long_ago = time.time() - 30 * 24 * 3600
    os.utime(path, (long_ago, long_ago))
    sweep(tmp_path)
    assert names(tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_that_leads_elsewhere_is_no_temporary_file(tmp_path):
    precious = tmp_path / "precious"
    precious.write_bytes(b"x")
    machine = temporary_name().split("-")[1]
    (tmp_path / f".convgui-{machine}-{2**22 + 1}-0a1b2c3d.tmp").symlink_to(precious)
    sweep(tmp_path)
    assert len(names(tmp_path)) == 2


def test_a_folder_that_is_not_there_is_no_matter(tmp_path):
    sweep(tmp_path / "none")


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_dangling_link_is_followed(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "new")
    write_bytes(tmp_path / "link", b"x")
    assert (tmp_path / "link").is_symlink() and (tmp_path / "new").read_bytes() == b"x"
    (tmp_path / "lost").symlink_to(tmp_path / "none" / "new")
    with pytest.raises(Exception, match="its folder does not exist"):
        write_bytes(tmp_path / "lost", b"x")
    assert names(tmp_path) == ["link", "lost", "new"]


def test_a_full_folder_is_not_looked_through_for_each_file(tmp_path, monkeypatch):
    for number in range(FULL + 1):
        (tmp_path / str(number)).touch()
    looked = []
    monkeypatch.setattr(os, "scandir", lambda folder, real=os.scandir: looked.append(folder) or real(folder))
    for number in range(20):
        write_bytes(tmp_path / f"{number}.bin", b"mine")
    assert len(looked) == 1
    (tmp_path / "other").mkdir()
    for _ in range(3):
        write_bytes(tmp_path / "other" / "mine.bin", b"mine")
    assert len(looked) == 4
