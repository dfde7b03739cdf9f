"""The processor that is compiled for, and how wide its vectors and how many its registers are."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import llvmlite.binding as llvm


def name() -> str:
    """Return LLVM's name of this processor."""
    return str(llvm.get_host_cpu_name())


@cache
def features() -> dict[str, bool]:
    """Return which sets of instructions this processor has; none where the system does not tell."""
    try:
        return dict(llvm.get_host_cpu_features())
    except RuntimeError:
        return {}


def flags() -> str:
    """Return the features as LLVM writes them, such as ``+avx2,-avx512f``."""
    return ",".join(f"{'+' if has else '-'}{feature}" for feature, has in sorted(features().items()))


def triple() -> str:
    """Return what LLVM calls this kind of processor, system and format of object code."""
    return str(llvm.get_process_triple())


def machine() -> Any:
    """Return what makes object code for this processor; a new one each time, as what runs code takes it over."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    target = llvm.Target.from_triple(triple())
    return target.create_target_machine(cpu=name(), features=flags(), opt=3, reloc="pic", codemodel="small", jit=True)


class Shape(NamedTuple):
    """The register blocks of a kind of processor: sums, inputs and a weight must fit into its registers.

    Attributes
    ----------
    lanes : int
        Floats of a vector.
    rows, vectors : int
        Of a block of one map: as many sums as their product.
    maps : int
        Rows of a block that has one row of each of several maps.
    """

    lanes: int
    rows: int
    vectors: int
    maps: int


SHAPES = {
    "avx512f": Shape(16, 4, 4, 8),  # 32 registers: 16 sums, 4 inputs, a weight
    "avx2": Shape(8, 6, 2, 4),  # 16 registers: 12 sums, 2 inputs, a weight, as BLIS has it
    "neon": Shape(4, 4, 4, 4),  # 32 registers, by their number alone: no such processor was there to try it
    "": Shape(4, 6, 2, 4),  # SSE: 16 registers
}
"""The blocks of each kind of processor, by the instructions that it has."""


def _shape() -> Shape:
    return SHAPES[next(kind for kind in SHAPES if not kind or features().get(kind))]


LANES, ROWS, VECTORS, MAPS = _shape()
