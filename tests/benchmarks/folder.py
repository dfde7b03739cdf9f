"""Times a folder of photos against scripts that people write: ``python tests/benchmarks/folder.py [--photos N]``.

Each contestant is a program of its own that reads the same JPEG files, computes the same maps of the luminance by the same
random kernel, and writes coloured JPEG files; all use the same cores, in turn, and the files are warm. Slow ones do fewer.
Printed are seconds a photo (the median of some rounds), the ratio of the best peer's to convgui's (above 1: convgui is
faster; the median of the rounds), and what decoding and encoding alone would allow. All write JPEG of quality 95 without
chroma subsampling, in colours from blue over white to red: a picture of few colours would be encoded faster.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

ROWS, COLS = 3000, 4000
DIFFERENT = 8
"""Photos that differ; the others are links to them."""

SIDES = (3, 7, 15, 31)

SLOW = ("scikit-image", "ImageMagick")
"""Contestants that get fewer photos, and one round."""

COMMON = """
import os, sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
import numpy as np

weights = np.load(sys.argv[2]).astype(np.float32)
out = Path(sys.argv[3])
blue, white, red = [5, 48, 97], [247, 247, 247], [103, 0, 31]
table = np.concatenate([np.linspace(blue, white, 128), np.linspace(white, red, 128)]).astype(np.uint8)


def run(work):
    with ProcessPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        list(pool.map(work, sorted(Path(sys.argv[1]).iterdir())))
"""

OPENCV = (
    COMMON
    + """
import cv2

cv2.setNumThreads(1)


def work(path):
    grey = cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2GRAY).astype(np.float32) / 255
    values = cv2.filter2D(grey, cv2.CV_32F, weights, borderType=cv2.BORDER_CONSTANT)
    most = np.percentile(np.abs(values[::10, ::10]), 99.5)
    levels = cv2.convertScaleAbs(values, alpha=127 / most, beta=128)
    coloured = cv2.applyColorMap(levels, table[:, None, ::-1])
    sampling = [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444]
    cv2.imwrite(str(out / path.name), coloured, [cv2.IMWRITE_JPEG_QUALITY, 95, *sampling])


if __name__ == "__main__":
    run(work)
"""
)

SKIMAGE = (
    COMMON
    + """
from PIL import Image
from scipy.ndimage import correlate
from skimage.color import rgb2gray
from skimage.io import imread


def work(path):
    values = correlate(rgb2gray(imread(path)).astype(np.float32), weights, mode="constant")
    most = np.percentile(np.abs(values[::10, ::10]), 99.5)
    levels = np.clip(values * (127 / most) + 128, 0, 255).astype(np.uint8)
    Image.fromarray(table[levels]).save(out / path.name, quality=95, subsampling=0)


if __name__ == "__main__":
    run(work)
"""
)

ALONE = (
    COMMON
    + """
import cv2

cv2.setNumThreads(1)


def work(path):
    sampling = [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444]
    cv2.imwrite(str(out / path.name), cv2.imread(str(path)), [cv2.IMWRITE_JPEG_QUALITY, 95, *sampling])


if __name__ == "__main__":
    run(work)
"""
)


def photos(folder: Path, count: int) -> None:
    """Write photos that compress as photos do."""
    random = np.random.default_rng(0)
    for k in range(min(count, DIFFERENT)):
        small = Image.fromarray(random.integers(0, 256, (ROWS // 25, COLS // 25, 3), np.uint8))
        pixels = np.asarray(small.resize((COLS, ROWS), Image.Resampling.BICUBIC)).astype(np.int16)
        pixels += random.integers(-6, 7, (ROWS, COLS, 1), np.int16)
        Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(folder / f"{k:04}.jpg", quality=88)
    for k in range(DIFFERENT, count):
        os.link(folder / f"{k % DIFFERENT:04}.jpg", folder / f"{k:04}.jpg")


def magick(folder: Path, weights: np.ndarray, out: Path) -> list[str]:
    """Return the command that has ImageMagick do it, a process for each core."""
    side = len(weights)
    kernel = f"{side}x{side}:" + ",".join(f"{value:.8g}" for value in weights[::-1, ::-1].ravel())
    each = f"convert '{folder}'/{{}} -colorspace Gray -virtual-pixel black -define convolve:bias=50% "
    each += f"-morphology Convolve '{kernel}' -quality 95 -sampling-factor 4:4:4 '{out}'/{{}}"
    jobs = len(os.sched_getaffinity(0))
    return ["sh", "-c", f"ls '{folder}' | MAGICK_THREAD_LIMIT=1 xargs -P {jobs} -I{{}} {each}"]


def seconds(command: list[str], count: int) -> float:
    """Return how long a command takes for each of so many photos."""
    surroundings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    begun = time.perf_counter()
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL, env=surroundings)
    return (time.perf_counter() - begun) / count


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=200)
    parser.add_argument("--slow", type=int, default=16, help="photos for the slow contestants")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--sides", type=int, nargs="+", default=SIDES)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        folders = {name: home / name for name in ("all", "few")}
        for folder in folders.values():
            folder.mkdir()
        photos(folders["all"], options.photos)
        for path in sorted(folders["all"].iterdir())[: options.slow]:
            os.link(path, folders["few"] / path.name)
        scripts = {"OpenCV": OPENCV, "scikit-image": SKIMAGE, "alone": ALONE}
        for name, text in scripts.items():
            (home / f"{name}.py").write_text(text)
        names = ("convgui", "OpenCV", "scikit-image", "ImageMagick", "decode and encode alone")
        print(f"{options.photos} photos of {COLS} x {ROWS}, {len(os.sched_getaffinity(0))} cores; seconds a photo")
        print(f"{'kernel':>8} " + " ".join(f"{name:>13}" for name in names) + "   best peer / convgui")
        seconds([sys.executable, "-c", "from convgui.engine.strategies import jit; jit.load()"], 1)  # compiled, if need be
        for side in options.sides:
            weights = np.random.default_rng(side).normal(size=(side, side)).astype(np.float32)
            np.save(home / "weights.npy", weights)
            rounds = []
            for k in range(options.rounds):
                wanted = [name for name in names if (options.slow and k == 0) or name not in SLOW]
                rounds.append({name: one(name, side, weights, home, folders, options) for name in wanted})
            print(f"{side:>3} x {side:<3} {line(rounds, names)}", flush=True)


def line(rounds: list[dict[str, float | None]], names: tuple[str, ...]) -> str:
    """Return the medians of some rounds, and that of the ratios."""
    cells, ratios = [], []
    for name in names:
        found = [took[name] for took in rounds if took.get(name) is not None]
        cells.append(f"{statistics.median(found):13.3f}" if found else f"{'-':>13}")
    for took in rounds:
        best = min(took[name] for name in names[1:4] if took.get(name) is not None)
        ratios.append(best / took["convgui"])
    return f"{' '.join(cells)}   {statistics.median(ratios):.2f}"


def one(name: str, side: int, weights: np.ndarray, home: Path, folders: dict, options) -> float | None:
    """Return the seconds that a contestant takes for a photo, None if it would take far too long."""
    out = home / "out"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    kernel, python = str(home / "weights.npy"), sys.executable
    fast = str(folders["all"]), options.photos
    slow = str(folders["few"]), options.slow
    if name == "convgui":
        words = ["-m", "convgui", "apply", fast[0], "--kernel", kernel, "--format", "jpg", "--out", str(out)]
        return seconds([python, *words], fast[1])
    if name == "ImageMagick":
        if side > 7 or shutil.which("convert") is None:
            return None
        return seconds(magick(folders["few"], weights, out), slow[1])
    given = slow if name == "scikit-image" else fast
    script = {"decode and encode alone": "alone"}.get(name, name)
    return seconds([python, str(home / f"{script}.py"), given[0], kernel, str(out)], given[1])


if __name__ == "__main__":
    main()
