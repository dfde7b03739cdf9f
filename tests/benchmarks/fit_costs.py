"""Fits the cost constants of this kind of processor: ``python tests/benchmarks/fit_costs.py [--cpu NAME[,FEATURES]]``.

Each strategy is timed on plans of 12 megapixels that it would serve, whether or not it is chosen for them. The cost model is
linear in its constants, so that they follow from least squares of the relative errors. Printed are each plan's time with
what the fitted model and the present one say of it, and the entry for the table in `engine/strategies/costs.py`.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from functools import partial
from typing import NamedTuple

import numpy as np
from scipy.optimize import nnls

if "--cpu" in sys.argv:
    os.environ["CONVGUI_CPU"] = sys.argv[sys.argv.index("--cpu") + 1]

from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.conv import Conv
from convgui.engine.network import Chain
from convgui.engine.reading import Reading
from convgui.engine.source import Source
from convgui.engine.strategies import costs, jit, sampled
from convgui.engine.strategies.compiled import processor
from convgui.engine.strategies.costs import Costs
from convgui.engine.strategies.fourier import Block, blocks
from convgui.engine.strategies.plan import Plan
from convgui.engine.strategies.prepared import Choice, OverSource
from convgui.engine.strategies.separable import factored
from convgui.engine.strategies.tiles import fill, threads

ROUNDS = 7
SIZE = (3000, 4000)
STEPS = 4_000_000


class Case(NamedTuple):
    """A plan with the strategy that it is made by, and the step of a sample."""

    name: str
    chain: Chain
    choice: Choice
    step: int = 1

    @property
    def plan(self) -> Plan:
        """What the strategy is told."""
        return Plan.over(self.chain.stages(1)[0], self.chain.planes)

    def cost(self, c: Costs) -> float:
        """Return what the model says of one output."""
        if self.choice.block is not None:
            return costs.fourier(self.plan, self.choice.block, c)
        if self.choice.factors is not None:
            return costs.separable(self.plan, max(len(pairs) for row in self.choice.factors for pairs in row), c)
        if self.step > 1 and self.name.startswith("sampled"):
            return costs.sampled(self.plan, sampled.vectors(self.plan, jit.load()), c)
        return costs.direct(self.plan, c, self.step)

    def seconds(self) -> float:
        """Return the least time of an output, of all maps together: what else a machine does makes it only longer."""
        maps, high, wide = self.chain.shape(1)
        made = OverSource(self.plan, np.arange(maps), self.choice, jit.load(), apart=False, rectified=False)
        rows, cols = range(0, high, self.step), range(0, wide, self.step)
        out = np.empty((maps, len(rows), len(cols)), np.float32)
        tiles = made.tiles(rows, cols)
        compute = partial(made, self.chain.source.address)
        times = []
        for _ in range(ROUNDS + 1):
            begun = time.perf_counter()
            fill(compute, tiles, rows, cols, out)
            times.append(time.perf_counter() - begun)
        return min(times[1:]) / (len(rows) * len(cols))


def chain(dtype: str, channels: int, kernel: tuple[int, ...], *, rank: int = 99, stride: int = 1) -> Chain:
    """Return a chain of one convolution over random numbers."""
    random = np.random.default_rng(0)
    shape = (1, STEPS) if kernel[0] == 1 and kernel[1] > 9 else SIZE
    array = (random.random((*shape, channels), np.float32) * 250).astype(dtype)
    weights = random.standard_normal(kernel)
    if rank == 1:
        weights = np.outer(random.standard_normal(kernel[0]), random.standard_normal(kernel[1]))
    source = Source(array if channels > 1 else array[:, :, 0], 1.0, sequence=shape[0] == 1)
    return Chain(source, Reading(), (Conv(Kernel(weights), stride=(stride, stride)),))


def cases() -> list[Case]:
    """Return what is timed."""
    found = []
    for dtype, channels, sides in (("float32", 1, (3, 5, 9, 13, 19)), ("uint8", 1, (3, 7, 15)), ("uint8", 3, (3, 7, 15))):
        for side in sides:
            found.append(Case(f"direct {dtype} x{channels} {side}", chain(dtype, channels, (side, side)), Choice()))
    for side in (1, 3):
        found.append(Case(f"direct 8 maps {side}", chain("float32", 1, (side, side, 1, 8)), Choice()))
    for side in (3, 7, 11):
        found.append(Case(f"direct stride 2 {side}", chain("float32", 1, (side, side), stride=2), Choice()))
        found.append(Case(f"direct step 5 {side}", chain("float32", 1, (side, side)), Choice(), 5))
    for side in (5, 9, 21, 45):
        made = chain("float32", 1, (side, side), rank=1)
        found.append(Case(f"separable {side}", made, Choice(factored(Case("", made, Choice()).plan))))
    for side in (15, 31, 63):
        made = chain("float32", 1, (side, side))
        for block in (b for b in blocks(Case("", made, Choice()).plan) if (b.n, b.half) in BLOCKS):
            found.append(Case(f"fourier {block.n} x {block.half} {side}", made, Choice(block=block)))
    made = chain("uint8", 3, (31, 31))
    found.append(Case("fourier RGB 31", made, Choice(block=Block(256, 226, 128, False))))
    for taps in (64, 512):
        made = chain("float32", 1, (1, taps))
        for block in (b for b in blocks(Case("", made, Choice()).plan) if b.n in (1024, 2048)):
            found.append(Case(f"fourier steps {block.n} x {block.half} {taps}", made, Choice(block=block)))
    for side in (3, 7, 15, 31):
        found += [Case(f"sampled {side} step {step}", chain("uint8", 3, (side, side)), Choice(), step) for step in (5, 9)]
    return found


BLOCKS = ((128, 256), (256, 128), (256, 256), (512, 128), (512, 256))


def main() -> int:
    """Print the table."""
    jit.load()
    print(f"{processor.name()}, kind {processor.KIND!r}, {threads()} threads")
    found = cases()
    seconds = []
    for case in found:
        sampled.Sampled.serves = lambda self, step, case=case: step > 1 and case.name.startswith("sampled")
        seconds.append(case.seconds())
    none = Costs(*[0.0] * len(Costs._fields))
    units = [none._replace(**{name: 1.0}) for name in Costs._fields]
    table = [[case.cost(none), *(case.cost(one) - case.cost(none) for one in units)] for case in found]
    features = np.array(table) / np.array(seconds)[:, None]
    solved, _ = nnls(features, np.ones(len(found)))
    fitted = Costs(*(float(f"{value / solved[0]:.3g}") for value in solved[1:]))
    unit, present = solved[0], costs.COSTS[processor.KIND]
    scale = statistics.median(s / case.cost(present) for s, case in zip(seconds, found, strict=True))
    print(f"{'':34} {'ns':>8} {'fitted':>8} {'present':>8}")
    for case, taken in zip(found, seconds, strict=True):
        models = case.cost(fitted) * unit, case.cost(present) * scale
        print(f"{case.name:34} {taken * 1e9:8.2f} {models[0] * 1e9:8.2f} {models[1] * 1e9:8.2f}")
    print(f"a multiplication takes {unit * 1e12:.1f} ps")
    print(f"    {processor.KIND!r}: {fitted},")
    return 0


if __name__ == "__main__":
    sys.exit(main())
