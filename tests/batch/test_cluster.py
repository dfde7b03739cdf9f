"""A run on a cluster: a scheduler and two workers on this machine, one of which is killed in the middle."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from waiting import HANGS

pytest.importorskip("distributed")

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals")


@pytest.fixture
def photos(tmp_path):
    folder = tmp_path / "photos"
    folder.mkdir()
    for k in range(12):
        pixels = np.random.default_rng(k).integers(0, 256, (60, 80, 3), np.uint8)
        Image.fromarray(pixels).save(folder / f"{k:02}.png")
    return folder


def run(*words, hook="", place=None):
    """Run the command in a process of its own; `hook` is run first in each process of Python that it starts."""
    env = dict(os.environ)
    if hook:
        (place / "hook").mkdir()
        (place / "hook" / "sitecustomize.py").write_text(hook)
        env["PYTHONPATH"] = os.pathsep.join(filter(None, (str(place / "hook"), env.get("PYTHONPATH"))))
    command = [sys.executable, "-m", "convgui", "apply", "--kernel", "sobel-x", "--format", "npy", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=HANGS, check=False, env=env)


def results(folder):
    return {path.name: np.load(path) for path in sorted(folder.glob("*.npy"))}


def same(first, second):
    return first.keys() == second.keys() and all(np.array_equal(first[name], second[name]) for name in first)


@pytest.fixture
def alone(photos, tmp_path):
    """What one machine makes of the photos."""
    done = run(photos, "--out", tmp_path / "alone", "--measure", tmp_path / "alone.csv")
    assert done.returncode == 0, done.stderr
    return results(tmp_path / "alone")


KILLED_ONCE = """
import os, signal, sys
if "--multiprocessing-fork" in sys.orig_argv:  # in a worker: the first that opens one of the pictures dies
    def look(event, arguments):
        if event == "open" and str(arguments[0]).endswith("05.png") and not os.path.exists({mark!r}):
            os.close(os.open({mark!r}, os.O_CREAT | os.O_WRONLY))
            os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(look)
"""

KILLED_ALWAYS = """
import os, signal, sys
if "--multiprocessing-fork" in sys.orig_argv:
    def look(event, arguments):
        if event == "open" and str(arguments[0]).endswith("05.png"):
            os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(look)
"""


@pytest.mark.parametrize("send", [[], ["--send"]])
def test_two_workers_make_the_same_bits_though_one_dies(photos, tmp_path, alone, send):
    hook = KILLED_ONCE.format(mark=str(tmp_path / "mark"))
    words = [photos, "--scheduler", "local", "--jobs", 2, *send, "--measure", tmp_path / "t.csv"]
    done = run(*words, "--out", tmp_path / "out", hook=hook, place=tmp_path)
    assert done.returncode == 0, done.stderr
    assert same(results(tmp_path / "out"), alone)
    assert (tmp_path / "t.csv").read_text() == (tmp_path / "alone.csv").read_text()
    assert send or (tmp_path / "mark").exists()
    again = run(photos, "--out", tmp_path / "out", "--resume")
    assert "12 of 12 were done already" in again.stderr


def test_a_picture_that_kills_worker_after_worker_is_left_out_and_told(photos, tmp_path, alone):
    words = [photos, "--scheduler", "local", "--jobs", 2, "--out", tmp_path / "out"]
    done = run(*words, hook=KILLED_ALWAYS, place=tmp_path)
    assert done.returncode == 1
    told = [line for line in done.stderr.splitlines() if "05.png" in line and "left out" in line]
    assert len(told) == 1, done.stderr
    assert results(tmp_path / "out").keys() == alone.keys() - {"05-sobel-x.npy"}


def test_a_scheduler_that_is_not_there_is_one_line(photos, tmp_path):
    done = run(photos, "--scheduler", "tcp://127.0.0.1:1", "--out", tmp_path / "out")
    assert done.returncode == 2
    assert "no scheduler answers" in done.stderr


def test_sending_needs_a_cluster(photos, tmp_path):
    done = run(photos, "--send", "--out", tmp_path / "out")
    assert done.returncode == 2 and "--scheduler" in done.stderr


def test_without_dask_the_sentence_says_what_to_install(photos, tmp_path):
    hook = "import sys; sys.modules['distributed'] = None\n"
    done = run(photos, "--scheduler", "local", "--out", tmp_path / "out", hook=hook, place=tmp_path)
    assert done.returncode == 2 and "pip install 'convgui[cluster]'" in done.stderr


def test_what_cannot_be_read_is_a_line_and_the_rest_is_done(photos, tmp_path, alone):
    Path(photos / "03.png").write_bytes(b"no picture")
    done = run(photos, "--scheduler", "local", "--jobs", 2, "--send", "--out", tmp_path / "out")
    assert done.returncode == 1
    assert len([line for line in done.stderr.splitlines() if "03.png" in line]) == 1, done.stderr
    assert len(results(tmp_path / "out")) == 11


@pytest.fixture
def slide(tmp_path):
    """A picture that is larger than is kept in memory, most of which was never written."""
    zarr = pytest.importorskip("zarr")
    path = tmp_path / "slide.zarr"
    array = zarr.create_array(str(path), shape=(20_500, 20_000), chunks=(1000, 1000), dtype="u1")
    random = np.random.default_rng(9)
    for row, col in ((0, 0), (1, 1), (9, 12), (20, 19)):
        part = array[row * 1000 : (row + 1) * 1000, col * 1000 : (col + 1) * 1000].shape
        array[row * 1000 : (row + 1) * 1000, col * 1000 : (col + 1) * 1000] = random.integers(0, 256, part, np.uint8)
    return path


def test_a_picture_larger_than_memory_is_made_by_blocks(slide, tmp_path):
    zarr = pytest.importorskip("zarr")
    for out, more in (("alone", ()), ("cluster", ("--scheduler", "local", "--jobs", "2"))):
        command = [slide, "--out", tmp_path / out, "--measure", tmp_path / f"{out}.csv", "--format", "zarr", *more]
        done = run(*command)
        assert done.returncode == 0, done.stderr
    alone, cluster = (zarr.open(str(tmp_path / out / "slide-sobel-x.zarr"), mode="r") for out in ("alone", "cluster"))
    assert alone.shape == cluster.shape == (20_500, 20_000)
    assert not (tmp_path / "cluster").joinpath("slide-sobel-x.zarr", "c", "5", "5").exists(), "what is zero is not stored"
    for row, col in ((0, 0), (900, 900), (9000, 12_000), (8990, 11_990), (19_990, 18_990)):
        window = slice(row, row + 1200), slice(col, col + 1200)
        assert np.any(alone[window])
        np.testing.assert_array_equal(cluster[window], alone[window])
    assert chunks_of(tmp_path / "alone") == chunks_of(tmp_path / "cluster")
    one, other = ((tmp_path / f"{out}.csv").read_text().splitlines()[1].split(",") for out in ("alone", "cluster"))
    assert one[:6] == other[:6]

    done = run(slide, "--out", tmp_path / "tif", "--scheduler", "local", "--jobs", "1")
    assert done.returncode == 1
    assert "on a cluster its map is written as zarr; expected --format zarr, received npy" in done.stderr

    done = run(slide, "--out", tmp_path / "sent", "--scheduler", "local", "--jobs", "1", "--send", "--format", "zarr")
    assert done.returncode == 1
    assert "slide.zarr: is larger than memory, and not sent" in done.stderr


def chunks_of(folder):
    """Return the stored chunks of a map, with their bytes."""
    chunks = (folder / "slide-sobel-x.zarr" / "c").rglob("*")
    return {path.relative_to(folder): path.read_bytes() for path in chunks if path.is_file()}


def test_a_worker_chooses_as_the_processor_that_hands_out_the_work(monkeypatch):
    from convgui.batch.share import take_share
    from convgui.engine.strategies import costs, jit, tiles

    monkeypatch.setattr(costs, "_decided", None)
    monkeypatch.setattr(tiles, "_most_threads", None)
    loops = jit.load()
    assert costs.of(loops) is costs.COSTS[jit.kind()]
    take_share("avx512f")
    assert costs.of(loops) is costs.COSTS["avx512f"]
