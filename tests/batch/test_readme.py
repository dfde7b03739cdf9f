"""The commands of the README's page on many pictures: each does what the page says, in a folder as a reader may have it."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from waiting import HANGS

from convgui.cli import main
from convgui.engine.kernels import catalogue
from convgui.engine.layers.conv import Conv
from convgui.io.recipe import Recipe, text_of

README = Path(__file__).parents[2] / "README.md"


def commands(heading):
    """Return the commands of a page."""
    page = README.read_text("utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    blocks = page.split("```sh\n")[1:]
    return [line for block in blocks for line in block.split("```")[0].splitlines() if line.startswith("convgui ")]


@pytest.fixture
def reader(tmp_path, monkeypatch):
    """Where a reader stands: a folder of photos, one in a folder in it, and a recipe."""
    for k, place in enumerate(("photos", "photos", "photos/more")):
        (tmp_path / place).mkdir(exist_ok=True)
        pixels = np.random.default_rng(k).integers(0, 256, (30, 40, 3), np.uint8)
        Image.fromarray(pixels).save(tmp_path / place / f"{k}.jpg")
    (tmp_path / "edges.json").write_text(text_of(Recipe((Conv(catalogue.make("sobel-x")),))))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def weights(reader):
    """Files of weights as the page on networks has them."""
    data = README.parent / "tests" / "data"
    shutil.copy(README.parent / "resources" / "weights" / "mtcnn_pnet.safetensors", reader / "net.safetensors")
    shutil.copy(data / "onnx" / "two_files.onnx", reader / "net.onnx")
    shutil.copy(data / "onnx" / "two_files.onnx.data", reader)
    shutil.copy(data / "keras" / "files" / "picture.keras", reader / "net.keras")
    return reader


def test_your_own_network(weights, capsys):
    lines = commands("Your own network")
    assert len(lines) >= 5
    for line in lines:
        assert main(shlex.split(line)[1:]) == 0, f"{line}: {capsys.readouterr().err}"
    assert np.load(weights / "maps" / "0-net-conv1.npz")["maps"].shape == (28, 38, 10)
    with Image.open(weights / "maps" / "1-net-conv3-pca.png") as image:
        assert image.mode == "RGB"
    for number in range(2):
        assert (weights / "maps" / f"{number}-net-4.weight.tif").is_file()
        assert (weights / "maps" / f"{number}-net-conv2d-max.png").is_file()
    assert len((weights / "strongest.csv").read_text().splitlines()) == 3


@pytest.fixture
def slide(reader):
    """A picture as the page on large ones has it, though small."""
    zarr = pytest.importorskip("zarr")
    pixels = np.random.default_rng(4).integers(0, 256, (300, 400), np.uint8)
    zarr.create_array(str(reader / "slide.zarr"), data=pixels, chunks=(64, 64))
    return reader


def test_pictures_larger_than_memory(slide, monkeypatch):
    import tifffile
    import zarr

    monkeypatch.setenv("PYTHONPATH", str(README.parent))
    lines = commands("Pictures larger than memory")
    assert len(lines) >= 2
    for line in lines:
        done = subprocess.run(
            [sys.executable, "-m", *shlex.split(line)], capture_output=True, text=True, timeout=HANGS, check=False
        )
        assert done.returncode == 0, f"{line}: {done.stderr}"
    tif = tifffile.imread(slide / "maps" / "slide-edges.tif")
    for folder in ("maps", "shared"):
        assert (zarr.open(str(slide / folder / "slide-edges.zarr"), mode="r")[...] == tif).all()


def test_on_a_cluster(reader, monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setenv("PYTHONPATH", str(README.parent))
    lines = commands("On a cluster")
    assert len(lines) >= 2
    for line in lines:  # in a process of its own, as Dask leaves threads behind
        done = subprocess.run(
            [sys.executable, "-m", *shlex.split(line)], capture_output=True, text=True, timeout=HANGS, check=False
        )
        assert done.returncode == 0, f"{line}: {done.stderr}"
    for folder in ("maps", "sent"):
        assert sorted(path.name for path in (reader / folder).glob("*.png")) == ["0-edges.png", "1-edges.png"]
    assert (reader / "maps" / "0-edges.png").read_bytes() == (reader / "sent" / "0-edges.png").read_bytes()
    assert len((reader / "edges.csv").read_text().splitlines()) == 3


def test_in_a_script_each_picture_is_told(reader, capsys):
    page = README.read_text("utf-8").split("\n## On a cluster\n")[1].split("\n## ")[0]
    exec(page.split("```python\n")[1].split("```")[0], {})
    told = capsys.readouterr().out.splitlines()
    assert [Path(line.split()[0]).name for line in told] == ["0.jpg", "1.jpg"]
    assert sorted(path.name for path in (reader / "maps").glob("*.npy")) == ["0.npy", "1.npy"]


def test_many_pictures(reader, capsys):
    lines = commands("Many pictures")
    assert len(lines) >= 4
    for line in lines:
        assert main(shlex.split(line)[1:]) == 0, f"{line}: {capsys.readouterr().err}"
    assert sorted(path.name for path in (reader / "maps").glob("*.png")) == ["0-edges.png", "1-edges.png", "2-edges.png"]
    assert sorted(path.name for path in (reader / "numbers" / "photos").iterdir()) == ["0-edges.npy", "1-edges.npy"]
    assert len((reader / "edges.csv").read_text().splitlines()) == 3
    assert len((reader / "maps.csv").read_text().splitlines()) == 3
