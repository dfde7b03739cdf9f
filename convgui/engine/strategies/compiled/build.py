"""Makes object code of the inner loops for this processor, and brings object code to life."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any

import llvmlite.binding as llvm

from convgui.engine.strategies.compiled import processor
from convgui.engine.strategies.compiled.channels_last import channels_last_tiles
from convgui.engine.strategies.compiled.fourier import fourier_tile, shared_transforms
from convgui.engine.strategies.compiled.kinds import f64
from convgui.engine.strategies.compiled.pointwise import gelu_values
from convgui.engine.strategies.compiled.pool import pool_tile
from convgui.engine.strategies.compiled.program import Program
from convgui.engine.strategies.compiled.samples import sample_tile
from convgui.engine.strategies.compiled.screen import colour_values, count_magnitudes, keep_strongest, survey_values
from convgui.engine.strategies.compiled.team import help_out, in_two
from convgui.engine.strategies.compiled.tiles import shared_tiles, tile

if TYPE_CHECKING:
    from collections.abc import Callable

    from convgui.engine.strategies.compiled.language import Function

EXPORTS: tuple[Function, ...] = (
    *(tile, fourier_tile, sample_tile),
    *(shared_tiles, shared_transforms, channels_last_tiles),
    *(keep_strongest, colour_values, survey_values, count_magnitudes),
    *(pool_tile, gelu_values),
    *(help_out, in_two),
)
"""The functions that the engine calls."""


def compiled() -> bytes:
    """Return the object code of all exports."""
    program = Program()
    for wanted in EXPORTS:
        program.add(wanted)
    machine = processor.machine()
    module = llvm.parse_assembly(str(program.module))
    module.triple, module.data_layout = machine.triple, str(machine.target_data)
    module.verify()
    tuning = llvm.create_pipeline_tuning_options(speed_level=2)  # 3, or unrolling, takes twice as long and brings nothing:
    tuning.loop_vectorization, tuning.loop_unrolling = True, False  # the blocks are written out already
    builder = llvm.create_pass_builder(machine, tuning)
    builder.getModulePassManager().run(module, builder)
    return bytes(machine.emit_object(module))


def loaded(code: bytes) -> dict[str, Callable[..., Any]]:
    """Return the exports of object code as functions of integers (addresses among them) and floats; they free the GIL."""
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), processor.machine())
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    found = {}
    for export in EXPORTS:
        result = None if export.result is None else ctypes.c_int64
        kinds = [ctypes.c_double if kind == f64 else ctypes.c_int64 for _, kind in export.parameters]
        address = engine.get_function_address(export.name)
        function: Any = ctypes.CFUNCTYPE(result, *kinds)(address)
        function.engine, function.address = engine, address  # the code lives as long as one of its functions
        found[export.name] = function
    return found


def main() -> None:
    """Write object code to standard output: what the process does that is started to compile."""
    import sys

    code = compiled()
    sys.stdout.buffer.write(code)
