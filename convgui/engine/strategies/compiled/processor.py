"""The processor that is compiled for, and how wide its vectors and how many its registers are."""

from __future__ import annotations

from functools import cache
from typing import Any

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


def _widths() -> tuple[int, int, int]:
    """Return lanes of a vector, vectors and maps of a block, so that sums, inputs and a weight fit into the registers."""
    if features().get("avx512f"):
        return 16, 4, 8
    return (8, 2, 4) if features().get("avx2") else (4, 2, 4)


LANES, VECTORS, MAPS = _widths()
