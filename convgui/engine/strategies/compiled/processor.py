"""The processor that is compiled for, and how wide its vectors and how many its registers are.

It is this one, unless the environment names another one that this one can stand for: figures of several kinds then come from
one machine.
"""

from __future__ import annotations

import os
from functools import cache
from typing import Any, NamedTuple

import llvmlite.binding as llvm

CPU = "CONVGUI_CPU"
"""The variable of the environment that names a processor as LLVM does, with features if need be: ``haswell,-fma``."""


def _named() -> tuple[str, str]:
    """Return the name and the features that the environment asks for; both empty where it does not."""
    wanted, _, listed = os.environ.get(CPU, "").partition(",")
    return wanted.strip(), listed.replace(" ", "")


def name() -> str:
    """Return LLVM's name of the processor that is compiled for."""
    return _named()[0] or str(llvm.get_host_cpu_name())


@cache
def features() -> dict[str, bool]:
    """Return which sets of instructions this processor has; none where the system does not tell."""
    try:
        return dict(llvm.get_host_cpu_features())
    except RuntimeError:
        return {}


def flags() -> str:
    """Return the features as LLVM writes them, such as ``+avx2,-avx512f``; of another processor those that are listed."""
    wanted, listed = _named()
    if wanted:
        return listed
    return ",".join(f"{'+' if has else '-'}{feature}" for feature, has in sorted(features().items()))


def triple() -> str:
    """Return what LLVM calls this kind of processor, system and format of object code."""
    return str(llvm.get_process_triple())


def machine() -> Any:
    """Return what makes object code for the processor; a new one each time, as what runs code takes it over.

    Raises
    ------
    ValueError
        If the environment asks for a processor that this one cannot stand for.
    """
    if KIND and not features().get(KIND):
        raise ValueError(f"{CPU}: expected a processor whose code runs here, received one with {KIND}.")
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
    maps, along : int
        Rows of a block that has one row of each of several maps, and its vectors.
    side, deep : int
        Outputs side by side of a block whose vectors lie across the maps, and its vectors.
    many : int
        Vectors of frequencies whose products are added up at once, each as a real and an imaginary sum.
    """

    lanes: int
    rows: int
    vectors: int
    maps: int
    along: int
    side: int
    deep: int
    many: int


SHAPES = {
    "avx512f": Shape(16, 6, 4, 8, 2, 12, 2, 4),  # 32 registers: 24 sums, 4 inputs, a weight
    "avx2": Shape(8, 6, 2, 4, 3, 6, 2, 4),  # 16 registers: 12 sums, 2 inputs, a weight, as BLIS has it
    "neon": Shape(4, 4, 4, 4, 4, 6, 4, 2),  # 32 registers, by their number alone: no such processor was there to try it
    "": Shape(4, 6, 2, 4, 3, 6, 2, 2),  # SSE: 16 registers
}
"""The blocks of each kind of processor, by the instructions that it has."""


NAMED = {
    "avx512f": ("skylake-avx512", "cascadelake", "icelake-server", "sapphirerapids", "znver4", "znver5", "x86-64-v4"),
    "avx2": ("haswell", "broadwell", "skylake", "alderlake", "znver1", "znver2", "znver3", "x86-64-v3"),
    "": ("nehalem", "westmere", "x86-64", "x86-64-v2"),
}
"""Names of LLVM's for each kind that a machine may be asked to stand for; of others the features say it."""


def _kind() -> str:
    wanted, listed = _named()
    if not wanted:
        return next(kind for kind in SHAPES if not kind or features().get(kind))
    own = next((kind for kind, names in NAMED.items() if wanted in names), "")
    has = {kind: f"+{kind}" in listed.split(",") or (kind == own and f"-{kind}" not in listed.split(",")) for kind in SHAPES}
    return next(kind for kind in SHAPES if not kind or has[kind])


KIND = _kind()
"""Of the processor that is compiled for; empty for one that has nothing of what the others have."""

LANES, ROWS, VECTORS, MAPS, ALONG, SIDE, DEEP, MANY = SHAPES[KIND]
