"""Times the engine and its peers: ``python tests/benchmarks/engine.py [--cpu NAME[,FEATURES]] [--threads N] [words ...]``.

Each row of the table is one task. convgui and every peer that can do it exactly run in turn, in an order that is shuffled
for each round, warm, with the same number of threads; medians are printed, the ratio of the best peer's time to convgui's
(above 1: convgui is faster), and the time in which the same bytes, input and output, are copied by one thread and by all.
"""

from __future__ import annotations

import os
import platform
import random
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache

os.environ.pop("OPENBLAS_CORETYPE", None)  # it slows matrix products

if "--cpu" in sys.argv:  # as LLVM names it: convgui is compiled for another kind of processor, its peers are not
    os.environ["CONVGUI_CPU"] = sys.argv.pop(sys.argv.index("--cpu") + 1)
    sys.argv.remove("--cpu")

import numpy as np

import convgui
from convgui.engine.strategies import jit
from convgui.engine.strategies.compiled import processor
from convgui.engine.strategies.tiles import limit_threads, threads

SIZES = {"512 x 512": (512, 512), "12 MP": (3000, 4000), "100 MP": (8660, 11547)}
SECONDS = 0.6
"""So long each contestant of a row is run again, five times at least (three if a run takes more than a second)."""


PAUSE = 0.012
"""Between two turns, again and again until no thread works: those of some peers go on spinning for up to 25 ms, at the cost
of whoever comes next. The system notes every 4 to 10 ms what a thread that runs has used."""

TURN = 0.003
"""A turn is a run before the clock runs, then as many as take about so long, one at least; what is slow runs once."""


@dataclass(frozen=True)
class Row:
    """One task: an input, weights in Keras's layout, and how they are applied."""

    name: str
    shape: tuple[int, ...]
    weights: np.ndarray
    dtype: str = "float32"
    stride: int = 1
    dilation: int = 1
    separable: bool = False
    options: dict = field(default_factory=dict)

    @property
    def plain(self) -> bool:
        """Whether one kernel is applied to each channel."""
        return self.weights.ndim <= 2

    @property
    def sequence(self) -> bool:
        """Whether the input is one-dimensional."""
        return self.weights.ndim in (1, 3)


@cache
def picture(shape: tuple[int, ...], dtype: str) -> np.ndarray:
    """Return an input; bytes, or values of about 1."""
    rng = np.random.default_rng(1)
    if dtype == "uint8":
        return rng.integers(0, 256, shape, np.uint8)
    return rng.random(shape, np.float32)


def kernel(*shape: int) -> np.ndarray:
    """Return random weights."""
    return np.random.default_rng(2).standard_normal(shape) / np.sqrt(np.prod(shape))


def gaussian(size: int) -> np.ndarray:
    """Return a Gaussian with sigma a sixth of its size."""
    x = np.arange(size) - size // 2
    line = np.exp(-0.5 * (x / (size / 6)) ** 2)
    return np.outer(line, line) / line.sum() ** 2


def rows() -> list[Row]:
    """Return the table's rows."""
    found = []
    sobel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], float)
    box = np.full((31, 31), 1 / 961)
    for size, shape in SIZES.items():
        sizes = {"512 x 512": (3, 7, 15, 31, 63), "12 MP": (3, 5, 7, 11, 15, 21, 31, 63), "100 MP": (3, 7, 15)}[size]
        for dtype in ("float32", "uint8"):
            for side in sizes:
                found.append(Row(f"{size} {dtype} random {side}", shape, kernel(side, side), dtype))
        for side in (3, 7) if size == "100 MP" else (3, 7, 15, 31):
            found.append(Row(f"{size} RGB uint8 random {side}", (*shape, 3), kernel(side, side), "uint8"))
        for side in (9, 31, 101):
            found.append(Row(f"{size} float32 Gaussian {side}", shape, gaussian(side), separable=True))
        for side in (9, 31):  # as those who come from OpenCV or PyTorch have it
            rounded = gaussian(side).astype(np.float32)
            found.append(Row(f"{size} float32 Gaussian {side}, weights in float32", shape, rounded, separable=True))
        found.append(Row(f"{size} float32 Sobel", shape, sobel, separable=True))
        found.append(Row(f"{size} uint8 Sobel", shape, sobel, "uint8", separable=True))
        found.append(Row(f"{size} float32 box 31", shape, box, separable=True))
    found += [
        Row("12 MP float32 random 7, stride 2", SIZES["12 MP"], kernel(7, 7), stride=2),
        Row("12 MP float32 random 7, dilation 2", SIZES["12 MP"], kernel(7, 7), dilation=2),
        Row("bank 224 x 224, 3->32, 7 x 7, stride 2", (224, 224, 3), kernel(7, 7, 3, 32), stride=2),
        Row("bank 224 x 224, 3->64, 3 x 3", (224, 224, 3), kernel(3, 3, 3, 64)),
        Row("bank 56 x 56, 64->64, 3 x 3", (56, 56, 64), kernel(3, 3, 64, 64)),
        *(Row(f"a million steps, {taps} taps", (1_000_000,), kernel(taps)) for taps in (3, 64, 512)),
        Row("the article's 6 x 6 grid", (6, 6), np.array([[1, 0, 0], [1, 0, 0], [0, 0, 2]], float)),
    ]
    return found


# the contestants: each returns a function without arguments, or None if it cannot do the task


def run_convgui(row: Row):
    """Return convgui's run."""
    x, conv = picture(row.shape, row.dtype), convgui.conv1d if row.sequence else convgui.conv2d
    return lambda: conv(x, row.weights, strides=row.stride, dilation_rate=row.dilation, padding="same")


def run_opencv(row: Row):
    """Return OpenCV's run, for plain kernels without stride and dilation."""
    import cv2

    if not row.plain or row.stride > 1 or row.dilation > 1:
        return None
    cv2.setNumThreads(threads())
    x, weights = picture(row.shape, row.dtype), row.weights.astype(np.float32)
    if row.sequence:
        x, weights = x[None], weights[None]
    anchor = (weights.shape[1] - 1) // 2, (weights.shape[0] - 1) // 2  # the odd cell after, as Keras pads
    return lambda: cv2.filter2D(x, cv2.CV_32F, weights, anchor=anchor, borderType=cv2.BORDER_CONSTANT)


def run_opencv_separable(row: Row):
    """Return OpenCV's run in two passes."""
    import cv2

    if not row.separable:
        return None
    u, s, v = np.linalg.svd(row.weights)
    down, across = (u[:, 0] * np.sqrt(s[0])).astype(np.float32), (v[0] * np.sqrt(s[0])).astype(np.float32)
    x = picture(row.shape, row.dtype)
    return lambda: cv2.sepFilter2D(x, cv2.CV_32F, across, down, borderType=cv2.BORDER_CONSTANT)


def run_scipy(row: Row):
    """Return SciPy's direct run, where it does not take minutes."""
    from scipy import ndimage

    if not row.plain or row.stride > 1 or row.dilation > 1 or len(row.shape) > row.weights.ndim:
        return None
    if np.prod(row.shape) * row.weights.size > 1e10:
        return None
    x, weights = picture(row.shape, row.dtype), row.weights.astype(np.float32)
    if row.sequence:
        return lambda: ndimage.correlate1d(x, weights, mode="constant", output=np.float32)
    return lambda: ndimage.correlate(x, weights, mode="constant", output=np.float32)


def run_scipy_separable(row: Row):
    """Return SciPy's run in two passes."""
    from scipy import ndimage

    if not row.separable or np.prod(row.shape) > 2e7:
        return None
    u, s, v = np.linalg.svd(row.weights)
    x = picture(row.shape, row.dtype)

    def run():
        first = ndimage.correlate1d(x, u[:, 0] * s[0], 0, mode="constant", output=np.float32)
        return ndimage.correlate1d(first, v[0], 1, mode="constant", output=np.float32)

    return run


def run_scipy_fft(row: Row):
    """Return SciPy's overlap-add run, for large kernels."""
    from scipy import signal

    large = row.plain and row.stride == 1 and row.dilation == 1 and max(row.weights.shape) >= 15
    if not large or len(row.shape) > row.weights.ndim or np.prod(row.shape) > 2e7:
        return None
    x, weights = picture(row.shape, row.dtype), row.weights.astype(np.float32)
    turned = weights[::-1, ::-1] if weights.ndim == 2 else weights[::-1]
    return lambda: signal.oaconvolve(x.astype(np.float32, copy=False), turned, mode="same")


def run_onnx(row: Row):
    """Return ONNX Runtime's run; bytes are converted, channels come first."""
    import onnx
    import onnxruntime
    from onnx import TensorProto, helper

    if np.prod(row.shape) > 2e7 or (row.plain and row.weights.size > 1000):
        return None
    x = picture(row.shape, row.dtype)
    weights = row.weights.astype(np.float32)
    channels_last = x.ndim > (1 if row.sequence else 2)
    axes = 1 if row.sequence else 2
    if row.plain:
        count = x.shape[-1] if channels_last else 1
        w = np.broadcast_to(weights, (count, 1, *weights.shape)).copy()
        group = count
    else:
        w, group = np.ascontiguousarray(np.moveaxis(weights, (-1, -2), (0, 1))), 1
    spans = [(k - 1) * row.dilation + 1 for k in row.weights.shape[:axes]]
    totals = [max((-(-n // row.stride) - 1) * row.stride + s - n, 0) for n, s in zip(row.shape, spans, strict=False)]
    pads = [(t // 2, t - t // 2) for t in totals]
    node = helper.make_node(
        *("Conv", ["x", "w"], ["y"]),
        pads=[pad[0] for pad in pads] + [pad[1] for pad in pads],
        strides=[row.stride] * axes,
        dilations=[row.dilation] * axes,
        group=group,
    )
    dims = ["n", "c", *"hw"[:axes]]
    graph = helper.make_graph(
        [node],
        "conv",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, dims)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", "f", *"pq"[:axes]])],
        [onnx.numpy_helper.from_array(w, "w")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads()
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, ["CPUExecutionProvider"])
    planar = np.moveaxis(x, -1, 0)[None] if channels_last else x[None, None]
    ready = np.ascontiguousarray(planar, np.float32)  # its own layout, converted before the clock runs
    return lambda: session.run(None, {"x": ready})[0]


def run_torch(row: Row):
    """Return PyTorch's run, where it is installed."""
    try:
        import torch
    except ImportError:
        return None
    if np.prod(row.shape) > 2e7 or row.stride > 1:
        return None
    torch.set_num_threads(threads())
    x = picture(row.shape, row.dtype)
    channels_last = x.ndim > (1 if row.sequence else 2)
    planar = np.ascontiguousarray(np.moveaxis(x, -1, 0)[None] if channels_last else x[None, None], np.float32)
    weights = row.weights.astype(np.float32)
    group = planar.shape[1] if row.plain else 1
    w = np.broadcast_to(weights, (group, 1, *weights.shape)) if row.plain else np.moveaxis(weights, (-1, -2), (0, 1))
    conv = torch.nn.functional.conv1d if row.sequence else torch.nn.functional.conv2d
    a, b = torch.from_numpy(planar), torch.from_numpy(np.ascontiguousarray(w))
    return lambda: conv(a, b, padding="same", dilation=row.dilation, groups=group)


PEERS = {
    "OpenCV": run_opencv,
    "OpenCV sep": run_opencv_separable,
    "SciPy": run_scipy,
    "SciPy sep": run_scipy_separable,
    "SciPy FFT": run_scipy_fft,
    "ONNX": run_onnx,
    "PyTorch": run_torch,
}


def copy_seconds(row: Row, output_bytes: int) -> float:
    """Return the time in which all threads copy as many bytes as the task reads and writes, half of them each way."""
    count = max((picture(row.shape, row.dtype).nbytes + output_bytes) // 8, 1)
    source, target = np.ones(count, np.float32), np.empty(count, np.float32)
    if count < 1_000_000:
        return min(_timed(lambda: np.copyto(target, source)) for _ in range(9))
    parts = [slice(k * count // threads(), (k + 1) * count // threads()) for k in range(threads())]
    with ThreadPoolExecutor(threads()) as pool:
        runs = [_timed(lambda: list(pool.map(lambda p: np.copyto(target[p], source[p]), parts))) for _ in range(9)]
    return statistics.median(runs[2:])


def _timed(run) -> float:
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun


def turn(run, repeats: int) -> float:
    """Return the time of one run."""
    if repeats == 0:
        return _timed(run)
    run()
    begun = time.perf_counter()
    for _ in range(repeats):
        run()
    return (time.perf_counter() - begun) / repeats


def warm(run) -> float:
    """Return the time of a run that comes right after others; of the second one, if it is long."""
    run()
    found = _timed(run)
    return found if found > 10 * TURN else min(found, *(_timed(run) for _ in range(9)))


def settle() -> None:
    """Wait until the threads of whoever ran last sleep, ten pauses at most."""
    for _ in range(10):
        before = time.process_time()
        time.sleep(PAUSE)
        if time.process_time() - before < PAUSE / 10:
            return


def medians(contestants: dict) -> dict[str, float]:
    """Return the median time of each, run in turn."""
    times: dict[str, list[float]] = {name: [] for name in contestants}
    first = {name: warm(run) for name, run in contestants.items()}
    repeats = {name: max(int(TURN / seconds), int(seconds < 100 * TURN)) for name, seconds in first.items()}
    slow = {name for name, seconds in first.items() if seconds > 3 * first["convgui"] and seconds > 0.5}
    end = time.perf_counter() + SECONDS * len(contestants)
    order, shuffle = list(contestants.items()), random.Random(1).shuffle
    while True:
        shuffle(order)  # nobody always comes after the one whose threads still spin
        for name, run in order:
            if name in slow:
                times[name] = [first[name]]
            else:
                settle()
                times[name].append(turn(run, repeats[name]))
        enough = len(times["convgui"]) >= (3 if sum(first.values()) > 2 else 5)
        if enough and (time.perf_counter() > end or len(times["convgui"]) >= 300):
            return {name: statistics.median(found) for name, found in times.items()}


def check(row: Row, mine: np.ndarray, name: str, theirs: np.ndarray) -> str:
    """Return a mark if a peer's values differ from convgui's by more than rounding."""
    theirs = np.squeeze(theirs)
    if (not row.plain and theirs.ndim == mine.ndim) or (name in ("ONNX", "PyTorch") and mine.ndim == theirs.ndim == 3):
        theirs = np.moveaxis(theirs, 0, -1)
    if theirs.shape != mine.shape or (row.stride > 1):
        return ""
    bound = 2e-5 * np.abs(row.weights).sum() * float(np.abs(picture(row.shape, row.dtype)).max())
    return "" if np.abs(mine - theirs)[64:-64].max(initial=0) <= bound else " (other values!)"


def main() -> int:
    """Print the table of the rows in whose names all the words occur."""
    words = sys.argv[1:]
    if "--threads" in words:  # for all contestants
        place = words.index("--threads")
        limit_threads(int(words.pop(place + 1)))
        words.pop(place)
    jit.load()
    machine = platform.processor() or platform.machine()
    made_for = f"{processor.name()}, kind {processor.KIND!r}"
    print(f"{machine}, compiled for {made_for}, {threads()} threads, Python {platform.python_version()}, {_versions()}")
    print(f"{'':40} {'convgui':>9} {'best peer':>9}  {'':10} {'ratio':>6} {'copy':>9} {'of copy':>7}   (ms)")
    ratios = []
    for row in rows():
        if not all(word in row.name for word in words):
            continue
        contestants = {"convgui": run_convgui(row)}
        contestants |= {name: run for name, make in PEERS.items() if (run := make(row)) is not None}
        mine = contestants["convgui"]()
        marks = {name: check(row, mine, name, run()) for name, run in contestants.items() if name != "convgui"}
        output = mine.nbytes
        del mine
        found = medians(contestants)
        best = min((name for name in found if name != "convgui"), key=found.__getitem__)
        ratio, copy = found[best] / found["convgui"], copy_seconds(row, output)
        ratios.append(ratio)
        print(
            f"{row.name:40} {found['convgui'] * 1e3:9.3f} {found[best] * 1e3:9.3f}  {best:10} {ratio:6.2f} "
            f"{copy * 1e3:9.3f} {found['convgui'] / copy:7.1f}{'' if ratio >= 1 else '   slower'}{marks[best]}",
            flush=True,
        )
    mean = np.exp(np.mean(np.log(ratios)))
    print(f"{len(ratios)} rows, {sum(r < 1 for r in ratios)} slower than the best peer, geometric mean {mean:.2f}")
    return 0


def _versions() -> str:
    from importlib.metadata import PackageNotFoundError, version

    found = []
    for name in ("numpy", "llvmlite", "opencv-python-headless", "scipy", "onnxruntime", "torch"):
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return ", ".join(found)


if __name__ == "__main__":
    sys.exit(main())
