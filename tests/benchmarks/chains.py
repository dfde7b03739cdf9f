"""Times chains of layers: ``python tests/benchmarks/chains.py``; its goals stand beside what is measured.

1. One pixel of layer 2 of a 12-megapixel photo with 32 maps: time, and bytes that are allocated.
2. 256 -> 256 maps, 3 x 3, on 28 x 28: map by map against all at once.
3. conv 3 -> 16, ReLU, pool, conv 16 -> 32, ReLU on a 12-megapixel photo: an edit of the last bank, and of the first, seen at
   1:1 in a pane of 720 x 480; the whole output against ONNX Runtime and PyTorch (where it is installed), with as many
   threads, and the memory that each of them needs beside input and output.
"""

from __future__ import annotations

import platform
import resource
import statistics
import subprocess
import sys
import time
import tracemalloc
from dataclasses import replace
from functools import partial

import numpy as np

from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.activation import Activation
from convgui.engine.layers.conv import Conv
from convgui.engine.layers.pool import Pool
from convgui.engine.network import Chain, evaluate
from convgui.engine.network.cache import kept
from convgui.engine.reading import Reading
from convgui.engine.source import Source
from convgui.engine.strategies import jit
from convgui.engine.strategies.tiles import Window, threads

PHOTO = (3000, 4000, 3)
RANDOM = np.random.default_rng(1)


def bank(*shape: int) -> Kernel:
    """Return random weights that keep magnitudes."""
    return Kernel(np.random.default_rng(2).standard_normal(shape) * np.sqrt(2 / np.prod(shape[:3])))


def photo(maps: tuple[int, int] = (16, 32)) -> Chain:
    """Return a small network on a photo of 12 megapixels."""
    first, second = maps
    source = Source(np.random.default_rng(1).integers(0, 256, PHOTO, np.uint8), 1 / 255)
    layers = (
        Conv(bank(3, 3, 3, first)),
        Activation("relu"),
        Pool("max"),
        Conv(bank(3, 3, first, second)),
        Activation("relu"),
    )
    return Chain(source, Reading("each channel"), layers)


def median(work, times: int = 15) -> float:
    """Return the median time of some calls in milliseconds, after one that does not count."""
    work()
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        taken.append(1e3 * (time.perf_counter() - begun))
    return statistics.median(taken)


def allocated(work) -> float:
    """Return the megabytes that a call holds at its peak, those of NumPy included."""
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def one_pixel() -> None:
    """Pull a single cell of the second convolution."""
    source = Source(np.random.default_rng(1).integers(0, 256, PHOTO, np.uint8), 1 / 255)
    chain = Chain(source, Reading("each channel"), (Conv(bank(3, 3, 3, 32)), Conv(bank(3, 3, 32, 32))))

    def work() -> None:
        kept.clear()
        evaluate(chain, Window(1500, 2000, 1, 1), maps=7)

    work()
    print(f"one pixel of layer 2, 12 MP, 32 maps: {median(work):.2f} ms (goal 5), {allocated(work):.2f} MB (goal 20)")


def map_by_map() -> None:
    """Compute the maps of a layer one by one, as a grid of them that is scrolled does, and all at once."""
    source = Source(RANDOM.standard_normal((28, 28, 256)).astype(np.float32))
    chain = Chain(source, Reading("each channel"), (Conv(bank(3, 3, 256, 256)),))
    together = median(lambda: (kept.clear(), evaluate(chain)))
    single = median(lambda: (kept.clear(), [evaluate(chain, maps=map) for map in range(256)]), times=9)
    eight = median(lambda: (kept.clear(), [evaluate(chain, maps=range(map, map + 8)) for map in range(0, 256, 8)]), times=9)
    print(
        f"256 -> 256 maps of 28 x 28: all at once {together:.1f} ms, one by one {single:.1f} ms, "
        f"ratio {single / together:.2f} (goal 2); by eight {eight:.1f} ms"
    )


def edits() -> None:
    """Change a bank and compute what a pane shows."""
    chain, window = photo(), Window(600, 800, 480, 720)
    *before, last, relu = chain.layers

    def edit_last() -> None:
        bank = replace(last, kernel=Kernel(last.kernel.weights))
        evaluate(Chain(chain.source, chain.reading, (*before, bank, relu)), window, maps=3)

    def edit_first() -> None:
        bank = replace(before[0], kernel=Kernel(before[0].kernel.weights))
        evaluate(Chain(chain.source, chain.reading, (bank, *chain.layers[1:])), window, maps=3)

    print(f"an edit at 1:1: last bank {median(edit_last):.1f} ms, first bank {median(edit_first):.1f} ms (goal 33)")
    print(f"its first sight, at fit (step 5): {median(lambda: evaluate(chain, step=5, maps=3), times=3):.0f} ms")


def resident() -> float:
    """Return the largest resident memory of this process so far in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def whole(runner: str) -> None:
    """Print the time of a whole evaluation in milliseconds, and the memory beside input and output in megabytes."""
    chain = photo()
    x = np.ascontiguousarray((chain.source.cube.astype(np.float32) / 255).transpose(2, 0, 1)[None])
    first, second = (np.ascontiguousarray(chain.layers[k].kernel.weights.transpose(3, 2, 0, 1), np.float32) for k in (0, 3))
    if runner == "convgui":
        jit.load()
        run = partial(evaluate, chain)
    else:
        run = {"onnxruntime": onnx, "torch": torch}[runner](x, first, second)
    taken, out = [], None
    for _ in range(6):
        out = None  # so that there are never two of them
        begun = time.perf_counter()
        out = run()
        taken.append(1e3 * (time.perf_counter() - begun))
    size = np.asarray(out).nbytes / 1e6
    print(f"{statistics.median(taken[1:]):.0f} {resident() - size - (x.nbytes + chain.source.array.nbytes) / 1e6:.0f}")


def onnx(x: np.ndarray, first: np.ndarray, second: np.ndarray):
    """Return ONNX Runtime's run of the network."""
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper

    nodes = [
        helper.make_node("Conv", ["x", "w1"], ["a"], pads=[1] * 4),
        helper.make_node("Relu", ["a"], ["b"]),
        helper.make_node("MaxPool", ["b"], ["c"], kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("Conv", ["c", "w2"], ["d"], pads=[1] * 4),
        helper.make_node("Relu", ["d"], ["y"]),
    ]
    named = [numpy_helper.from_array(first, "w1"), numpy_helper.from_array(second, "w2")]
    shapes = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in ("x", "y")]
    model = helper.make_model(
        helper.make_graph(nodes, "net", shapes[:1], shapes[1:], named), opset_imports=[helper.make_opsetid("", 17)]
    )
    model.ir_version = 8
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads()
    session = onnxruntime.InferenceSession(model.SerializeToString(), options)
    return lambda: session.run(None, {"x": x})[0]


def torch(x: np.ndarray, first: np.ndarray, second: np.ndarray):
    """Return PyTorch's run of the network."""
    import torch

    torch.set_num_threads(threads())
    conv = torch.nn.functional.conv2d
    x, first, second = (torch.from_numpy(array) for array in (x, first, second))

    def run() -> np.ndarray:
        with torch.inference_mode():
            below = torch.nn.functional.max_pool2d(conv(x, first, padding=1).relu_(), 2)
            return conv(below, second, padding=1).relu_().numpy()

    return run


def contest() -> None:
    """Run the whole network with each library, each in a process of its own so that its memory can be told."""
    found: dict[str, list[tuple[float, float]]] = {}
    for _ in range(3):
        for runner in ("convgui", "onnxruntime", "torch"):
            done = subprocess.run([sys.executable, __file__, runner], capture_output=True, text=True, check=False)
            if done.returncode == 0:
                taken, extra = (float(word) for word in done.stdout.split())
                found.setdefault(runner, []).append((taken, extra))
    for runner, runs in found.items():
        taken, extra = (statistics.median(column) for column in zip(*runs, strict=True))
        print(f"whole network, 12 MP, {runner}: {taken:.0f} ms, {extra:.0f} MB beside input and output")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        whole(sys.argv[1])
    else:
        jit.load()
        print(f"{platform.processor() or platform.machine()}, {threads()} threads, numpy {np.__version__}")
        for part in (one_pixel, map_by_map, edits, contest):
            part()
