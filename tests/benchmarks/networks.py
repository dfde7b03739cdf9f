"""Times trained networks: ``python tests/benchmarks/networks.py``; its goals stand beside what is measured.

1. A grid of 32 maps, 7 x 7 / 2 over red, green and blue, of a 12-megapixel photo: the first screen, and the refined one.
2. P-Net on 12 megapixels against ONNX Runtime with as many threads: time, and the memory that each of them needs beside
   input and output. Each runs in a process of its own.
3. An ONNX file of MobileNet's size: how long until all of its tensors are listed, and until its chain is made.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from convgui import assets
from convgui.engine.layers.activation import Activation
from convgui.engine.layers.conv import Conv
from convgui.engine.layers.pool import Pool
from convgui.engine.layers.softmax import Softmax
from convgui.engine.network import Chain, evaluate
from convgui.engine.network.cache import kept
from convgui.engine.source import Source
from convgui.engine.strategies import jit
from convgui.engine.strategies.tiles import threads
from convgui.io.carrying import load_recipe
from convgui.io.weights.files import open_weights
from convgui.model.colouring import look_for
from convgui.model.map_grid import GridRequest
from convgui.model.state import Display

PHOTO = (3000, 4000, 3)
TILE = 160
"""Pixels of the longer side of a map in the grid: eight of them are as wide as a pane."""

ROUNDS = 3


class Token:
    """A request that nobody cancels."""

    def cancelled(self) -> bool:
        """Nobody does."""
        return False

    def progress(self, part: float) -> None:
        """Nobody looks."""

    def deliver(self, result: object) -> None:
        """Nobody takes it."""


def chain_of(name: str) -> Chain:
    """Return a bundled network over a photo of 12 megapixels as it is."""
    recipe = load_recipe(assets.network(name))
    source = Source(np.random.default_rng(1).integers(0, 256, PHOTO, np.uint8), 1 / 255)
    return Chain(source, replace(recipe.reading, factor=None, size=None), recipe.layers)


def median(work, times: int) -> float:
    """Return the median time of some calls in milliseconds, after one that does not count."""
    taken = []
    for _ in range(times + 1):
        kept.clear()
        begun = time.perf_counter()
        work()
        taken.append(1e3 * (time.perf_counter() - begun))
    return statistics.median(taken[1:])


def grid() -> None:
    """Compute the first screen of the grid, with the glance at all maps, and the refined one."""
    whole = chain_of("face-kernels.json")
    first = next(layer for layer in whole.layers if isinstance(layer, Conv))
    maps = tuple(range(first.kernel.weights.shape[3]))

    def shown(refine: bool) -> None:
        chain = Chain(whole.source, whole.reading, (first,))  # a new one, of which nothing is known
        GridRequest(chain, maps, TILE, look_for(chain, Display(), dark=False), refine=refine)(Token())

    print(f"grid of {len(maps)} maps, 12 MP, first screen: {median(partial(shown, False), 15):.0f} ms (goal 100)")
    print(f"the same refined, each cell of all maps: {median(partial(shown, True), 3):.0f} ms")


def model_of(chain: Chain) -> bytes:
    """Return P-Net as an ONNX model, without its reading."""
    from onnx import TensorProto, helper, numpy_helper

    nodes, held, reads = [], [], "x"
    for number, layer in enumerate(chain.layers):
        made = f"y{number}"
        if isinstance(layer, Conv):
            weights = np.ascontiguousarray(layer.kernel.weights.transpose(3, 2, 0, 1), np.float32)
            held += [numpy_helper.from_array(weights, f"w{number}")]
            held += [numpy_helper.from_array(np.asarray(layer.bias, np.float32), f"b{number}")]
            nodes.append(helper.make_node("Conv", [reads, f"w{number}", f"b{number}"], [made]))
        elif isinstance(layer, Activation):
            slopes = np.asarray(layer.slopes, np.float32).reshape(-1, 1, 1)
            held += [numpy_helper.from_array(slopes, f"s{number}")]
            nodes.append(helper.make_node("PRelu", [reads, f"s{number}"], [made]))
        elif isinstance(layer, Pool):
            settings = {"kernel_shape": list(layer.size), "strides": list(layer.stride), "ceil_mode": int(layer.ceil)}
            nodes.append(helper.make_node("MaxPool", [reads], [made], **settings))
        else:
            assert isinstance(layer, Softmax)
            nodes.append(helper.make_node("Softmax", [reads], [made], axis=1))
        reads = made
    ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in ("x", reads)]
    graph = helper.make_graph(nodes, "p-net", ends[:1], ends[1:], held)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return model.SerializeToString()


def resident() -> float:
    """Return the largest resident memory of this process so far in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def whole(runner: str) -> None:
    """Print milliseconds of P-Net, by the clock and of the processors, its memory beside input and output, and a mean."""
    chain = chain_of("p-net.json")
    if runner == "convgui":
        jit.load()
        run = partial(evaluate, chain)
    else:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads()
        session = onnxruntime.InferenceSession(model_of(chain), options, providers=["CPUExecutionProvider"])
        planes = evaluate(chain, upto=0)[None]
        run = partial(session.run, None, {"x": planes})
    before, taken, worked, out = resident(), [], [], None
    for _ in range(6):
        out = None  # so that there are never two of them
        kept.clear()
        begun, busy = time.perf_counter(), time.process_time()
        out = run()
        taken.append(1e3 * (time.perf_counter() - begun))
        worked.append(1e3 * (time.process_time() - busy))
    values = np.asarray(out).reshape(2, -1)
    extra = resident() - before - values.nbytes / 1e6
    print(f"{statistics.median(taken[1:]):.0f} {statistics.median(worked[1:]):.0f} {extra:.0f} {values[1].mean():.6g}")


def contest() -> None:
    """Run P-Net with both, in turn."""
    found: dict[str, list[tuple[float, ...]]] = {"convgui": [], "onnxruntime": []}
    for _ in range(ROUNDS):
        for runner, runs in found.items():
            done = subprocess.run([sys.executable, __file__, runner], capture_output=True, text=True, check=True)
            runs.append(tuple(float(word) for word in done.stdout.split()))
    taken, worked, extra, values = (
        {runner: statistics.median(run[k] for run in runs) for runner, runs in found.items()} for k in range(4)
    )
    for runner in found:
        clock = f"{taken[runner]:.0f} ms, {worked[runner]:.0f} of the processors"
        print(f"P-Net, 12 MP, {runner}: {clock}, {extra[runner]:.0f} MB beside input and output")
    speed, share = taken["onnxruntime"] / taken["convgui"], extra["convgui"] / extra["onnxruntime"]
    print(f"speed {speed:.2f} of ONNX Runtime's (goal 0.8), memory {share:.3f} (goal 0.1); mean probabilities {values}")


STAGES = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))
"""MobileNet 2: how much wider a block is inside, its channels, blocks, and the stride of the first."""


def mobile_net() -> bytes:
    """Return an ONNX model like MobileNet 2: 52 convolutions in blocks that end in sums, and a dense layer."""
    from onnx import TensorProto, helper, numpy_helper

    random, nodes, held = np.random.default_rng(0), [], []

    def conv(reads: str, cin: int, cout: int, side: int, stride: int = 1, groups: int = 1, relu: bool = True) -> str:
        number = sum(node.op_type == "Conv" for node in nodes)
        weights = (random.standard_normal((cout, cin // groups, side, side)) * 0.05).astype(np.float32)
        held.append(numpy_helper.from_array(weights, f"features.{number}.weight"))
        held.append(numpy_helper.from_array(np.zeros(cout, np.float32), f"features.{number}.bias"))
        settings = {"strides": [stride] * 2, "pads": [side // 2] * 4, "group": groups}
        nodes.append(helper.make_node("Conv", [reads, held[-2].name, held[-1].name], [f"c{number}"], **settings))
        if relu:
            nodes.append(helper.make_node("Clip", [f"c{number}", "low", "high"], [f"r{number}"]))
        return f"r{number}" if relu else f"c{number}"

    held += [numpy_helper.from_array(np.float32(end), name) for name, end in (("low", 0), ("high", 6))]
    at, channels = conv("x", 3, 32, 3, 2), 32
    for wider, cout, count, stride in STAGES:
        for block in range(count):
            begun, inside = at, channels * wider
            at = conv(at, channels, inside, 1) if wider > 1 else at
            at = conv(at, inside, inside, 3, stride if block == 0 else 1, groups=inside)
            at = conv(at, inside, cout, 1, relu=False)
            if block:
                nodes.append(helper.make_node("Add", [begun, at], [f"{at}, sum"]))
                at = f"{at}, sum"
            channels = cout
    at = conv(at, channels, 1280, 1)
    nodes.append(helper.make_node("GlobalAveragePool", [at], ["pooled"]))
    nodes.append(helper.make_node("Flatten", ["pooled"], ["flat"]))
    held.append(numpy_helper.from_array(random.standard_normal((1000, 1280)).astype(np.float32), "classifier.weight"))
    nodes.append(helper.make_node("Gemm", ["flat", "classifier.weight"], ["y"], transB=1))
    ends = [helper.make_tensor_value_info("x", TensorProto.FLOAT, (1, 3, 224, 224))]
    ends.append(helper.make_tensor_value_info("y", TensorProto.FLOAT, None))
    graph = helper.make_graph(nodes, "mobile", ends[:1], ends[1:], held)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8).SerializeToString()


def opening() -> None:
    """Open a file of MobileNet's size."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mobile.onnx"
        path.write_bytes(mobile_net())
        file = open_weights(path)
        count = sum(int(np.prod(tensor.shape)) for tensor in file.tensors)
        listed = median(partial(open_weights, path), 9)
        chained = median(lambda: open_weights(path).network, 9)
        banks = sum(tensor.layout is not None for tensor in file.tensors)
        print(f"{len(file.tensors)} tensors, {banks} banks, {count:,} numbers: listed in {listed:.0f} ms (goal 2000)")
        network = file.network
        print(f"its chain of {len(network.layers)} layers: {chained:.0f} ms with the list; {network.rest}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        whole(sys.argv[1])
    else:
        jit.load()
        print(f"{threads()} threads, numpy {np.__version__}")
        for part in (grid, contest, opening):
            part()
