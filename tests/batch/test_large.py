"""A picture that is larger than memory goes through `convgui apply` piece by piece, with the bits of the whole."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import tifffile
from waiting import HANGS

import convgui
from convgui.cli import main
from convgui.engine import large
from convgui.engine.network import in_parts
from convgui.io.carrying import carried
from convgui.io.export import streamed
from convgui.io.pictures.large import opening

zarr = pytest.importorskip("zarr")
pytestmark = pytest.mark.usefixtures("compiled")

SIDE = 700
PICTURE = np.random.default_rng(5).integers(0, 256, (SIDE, SIDE + 60, 3), np.uint8)


@pytest.fixture
def pieces(monkeypatch):
    """Let a small picture be read and written in many pieces; return a function that undoes it."""

    def small():
        monkeypatch.setattr(opening, "LARGE", 1000)
        monkeypatch.setattr(in_parts, "MOST", 400_000)
        monkeypatch.setattr(large, "ROWS", 32)
        monkeypatch.setattr(large, "COLS", 64)
        monkeypatch.setattr(streamed, "HELD", 200_000)
        monkeypatch.setattr(streamed, "TILE", 64)
        monkeypatch.setattr(streamed, "CHUNKS", (128,))

    return small


def arrays(folder, stem):
    """Return what was written, as (maps, rows, cols)."""
    tif = tifffile.imread(folder / f"{stem}.tif")
    npy = np.load(folder / f"{stem}.npy")
    stored = zarr.open(str(folder / f"{stem}.zarr"), mode="r")[...]
    return [
        tif if tif.ndim == 3 else tif[None],
        npy[None] if npy.ndim == 2 else np.moveaxis(npy, 2, 0),
        np.atleast_3d(stored.T).T,
    ]


@pytest.mark.parametrize("colour", ["luminance", "each channel"])
@pytest.mark.parametrize("kernel", ["sobel-x", "gaussian"])
def test_all_formats_have_the_bits_of_the_whole(tmp_path, pieces, capsys, kernel, colour):
    tifffile.imwrite(tmp_path / "slide.tif", PICTURE, tile=(128, 128), photometric="rgb")
    command = ["apply", str(tmp_path / "slide.tif"), "--kernel", kernel, "--colour", colour, "--threshold", "0.1"]
    for out in ("whole", "pieces"):
        if out == "pieces":
            pieces()
        for format in ("tif", "npy", "zarr"):
            measured = ["--measure", str(tmp_path / f"{out}-{format}.csv")]
            assert main([*command, "--out", str(tmp_path / out), "--format", format, *measured]) == 0, (
                capsys.readouterr().err
            )
    whole, found = (arrays(tmp_path / out, f"slide-{kernel}") for out in ("whole", "pieces"))
    for a, b in zip(whole, found, strict=True):
        np.testing.assert_array_equal(a, whole[0])
        np.testing.assert_array_equal(b, whole[0])
    rows = [_rows(tmp_path / f"{out}-{format}.csv") for out in ("whole", "pieces") for format in ("tif", "npy", "zarr")]
    for other in rows[1:]:
        assert [[one[name] for name in ("strongest", "row", "col", "share")] for one in other] == [
            [one[name] for name in ("strongest", "row", "col", "share")] for one in rows[0]
        ]
        assert float(other[0]["mean"]) == pytest.approx(float(rows[0][0]["mean"]), abs=1e-12)


def _rows(path):
    lines = path.read_text().splitlines()
    return [dict(zip(lines[0].split(","), line.split(","), strict=True)) for line in lines[1:]]


def test_what_is_written_carries_its_recipe(tmp_path, pieces):
    np.save(tmp_path / "a.npy", PICTURE)
    pieces()
    for format in ("tif", "zarr"):
        assert (
            main(["apply", str(tmp_path / "a.npy"), "--kernel", "sobel-x", "--out", str(tmp_path), "--format", format]) == 0
        )
        recipe = carried(tmp_path / f"a-sobel-x.{format}")
        assert recipe is not None
        assert recipe.source["name"] == "a.npy"
        assert recipe.source["sampled"] is True


def test_a_format_that_must_be_whole_is_refused(tmp_path, pieces, capsys):
    np.save(tmp_path / "a.npy", PICTURE)
    pieces()
    assert main(["apply", str(tmp_path / "a.npy"), "--kernel", "sobel-x", "--out", str(tmp_path / "out")]) == 1
    assert (
        "its map of 760 × 700 is larger than memory; expected --format tif, npy, zarr, received png"
        in capsys.readouterr().err
    )


def test_a_run_with_zarr_is_resumed_and_never_replaces(tmp_path, pieces, capsys):
    zarr.create_array(str(tmp_path / "a.zarr"), data=PICTURE, chunks=(200, 200, 3))
    pieces()
    command = ["apply", str(tmp_path / "a.zarr"), "--kernel", "sobel-x", "--out", str(tmp_path / "out"), "--format", "zarr"]
    assert main([*command, "--resume"]) == 0
    assert main([*command, "--resume"]) == 0
    assert "1 of 1 were done already" in capsys.readouterr().err
    assert main(command) == 1
    assert "exists; use --force to replace it" in capsys.readouterr().err
    assert main([*command, "--force"]) == 0

    stored = zarr.open(str(tmp_path / "out" / "a-sobel-x.zarr"), mode="r+")
    stored[0, 0] = 99
    assert main([*command, "--resume"]) == 1, "it was changed, so it is neither done nor replaced"


def test_a_fault_in_the_middle_leaves_nothing(tmp_path, pieces, capsys):
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, PICTURE, tile=(128, 128), photometric="rgb", compression="zlib")
    with tifffile.TiffFile(path) as tif:
        place, count = tif.pages[0].dataoffsets[20], tif.pages[0].databytecounts[20]
    data = bytearray(path.read_bytes())
    data[place : place + count] = bytes(count)
    path.write_bytes(data)
    pieces()
    for format in ("tif", "npy", "zarr"):
        assert main(["apply", str(path), "--kernel", "sobel-x", "--out", str(tmp_path / "out"), "--format", format]) == 1
        assert "a.tif: the piece at (3, 2) is damaged" in capsys.readouterr().err
        assert list((tmp_path / "out").iterdir()) == []


def test_a_zarr_folder_among_others_is_one_picture(tmp_path, capsys):
    (tmp_path / "in" / "deep").mkdir(parents=True)
    zarr.create_array(str(tmp_path / "in" / "deep" / "a.zarr"), data=PICTURE[:40, :50, 0])
    tifffile.imwrite(tmp_path / "in" / "b.tif", PICTURE[:30, :20])
    command = [
        "apply",
        str(tmp_path / "in"),
        "--recursive",
        "--kernel",
        "sobel-x",
        "--out",
        str(tmp_path / "out"),
        "--format",
        "npy",
    ]
    assert main(command) == 0, capsys.readouterr().err
    assert sorted(path.name for path in (tmp_path / "out").glob("*.npy")) == ["a-sobel-x.npy", "b-sobel-x.npy"]
    assert json.loads((tmp_path / "out" / ".convgui-manifest.jsonl").read_text().splitlines()[0])


GIGABYTE = 1_000_000_000

COUNTED = """
import sys
from convgui.cli import main
status = main(sys.argv[1:])
with open("/proc/self/status") as stream:  # what the system calls the maximum of a process takes in that of its parent
    print(next(int(line.split()[1]) * 1024 for line in stream if line.startswith("VmHWM")))
sys.exit(status)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is counted as Linux does it")
def test_four_gigapixels_go_through_less_than_a_gigabyte(tmp_path):
    array = zarr.create_array(str(tmp_path / "slide.zarr"), shape=(64_000, 63_000), chunks=(1000, 1000), dtype="u1")
    written = ((0, 0), (31, 44), (63, 62))
    for k, (row, col) in enumerate(written):
        array[1000 * row : 1000 * (row + 1), 1000 * col : 1000 * (col + 1)] = PICTURE_OF[k]
    command = ["apply", "slide.zarr", "--kernel", "sobel-x", "--format", "zarr", "--out", "out"]
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", COUNTED, *command],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": root},
        capture_output=True,
        text=True,
        timeout=HANGS,
        check=True,
    )
    assert int(done.stdout) < GIGABYTE
    found = zarr.open(str(tmp_path / "out" / "slide-sobel-x.zarr"), mode="r")
    assert found.shape == array.shape
    for k, (row, col) in enumerate(written):
        expected = convgui.conv2d(
            PICTURE_OF[k].astype(np.float32) / np.float32(255), convgui.kernel("sobel-x"), padding="valid"
        )
        inside = found[1000 * row + 1 : 1000 * row + 999, 1000 * col + 1 : 1000 * col + 999]
        np.testing.assert_allclose(inside, expected, atol=1e-5)
    assert not np.any(found[20_000:22_000, 20_000:22_000])


PICTURE_OF = [np.random.default_rng(k).integers(0, 256, (1000, 1000), np.uint8) for k in range(3)]
