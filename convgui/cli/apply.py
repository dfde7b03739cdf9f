"""`convgui apply`: the maps of many pictures, one after the other, each whole or not at all."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from convgui.cli import targets, terminal
from convgui.cli.operation import recipe_of
from convgui.io.errors import FileError, file_error

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from convgui.engine.network import Chain
    from convgui.io.recipe import Recipe

NUMBERS = ("tif", "npy", "npz", "csv", "png16")
"""Formats that hold values; the others hold colours."""


@dataclass(frozen=True)
class Task:
    """What is done to each input."""

    recipe: Recipe
    format: str
    force: bool
    free: bool
    """Whether nobody said how channels are read."""
    page: str | None
    read: tuple[Path, ...]
    """Files that are read, which no result replaces."""
    written: set[Path] = field(default_factory=set)
    """Files that this run wrote."""

    def check(self, paths: Sequence[Path]) -> None:
        """Refuse files that must not be written, before the first of them is."""
        for path in paths:
            if path in self.written:
                raise FileError(f"{path} was written by this run for another input, it is not replaced.")
            if targets.exists(path):
                if targets.same_file(path, self.read):
                    raise FileError(f"{path} is an input of this run, it is not replaced; choose another --out.")
                if not self.force:
                    raise FileError(f"{path} exists; use --force to replace it.")
        self.written.update(paths)


def apply(options: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    try:
        recipe, suffix, note = recipe_of(options)
        folder = _folder(options.out)
    except (ValueError, FileError) as error:
        terminal.say(f"convgui apply: {error}")
        return terminal.USAGE_ERROR
    if note:
        terminal.say(f"convgui apply: {note}")
    inputs = _without_doubles(options.inputs)
    given = [*inputs, options.recipe or options.kernel]
    task = Task(
        recipe,
        options.format,
        options.force,
        not (options.recipe or options.colour),
        options.page,
        tuple(Path(path) for path in given if "\0" not in path),
    )
    extension = ".png" if task.format == "png16" else f".{task.format}"
    planned = targets.plan_targets(inputs, suffix, folder, extension)
    failed = 0
    with terminal.progress(len(inputs)) as progress:
        for path, target in zip(inputs, planned, strict=True):
            progress.next(Path(path).name)
            try:
                _apply_to(task, path, target)
            except (ValueError, FileError, OSError, MemoryError) as error:
                failed += 1
                progress.say(f"convgui apply: {_fault(path, error)}")
            progress.done()
    return terminal.FAILED if failed else 0


def _folder(out: str) -> Path:
    """Return the folder of the results, made if need be."""
    folder = Path(out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise FileError(f"--out {out} is a file, expected a folder.") from error
    except NotADirectoryError as error:
        raise FileError(f"the folder {out} cannot be made: a file stands in its way.") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FileError(f"the folder {out} cannot be made: {reason}.") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise FileError(f"the folder {out} cannot be written to: no permission.")
    return folder


def _without_doubles(inputs: Sequence[str]) -> list[str]:
    """Return each input once; of one that is given twice it is said."""
    found: dict[str, str] = {}
    for path in inputs:
        place = os.path.abspath(path)
        if place in found:
            terminal.say(f"convgui apply: {path} is given twice, it is applied once.")
        found.setdefault(place, path)
    return list(found.values())


def _fault(path: str, error: Exception) -> str:
    """Return the sentence on an input that failed, with its name."""
    if isinstance(error, MemoryError):
        return f"{path}: not enough memory is free."
    if isinstance(error, OSError):
        return str(file_error(path, error))
    return str(error) if Path(path).name in str(error) else f"{path}: {error}"


def _apply_to(task: Task, path: str, target: Path) -> None:
    """Read one input, evaluate it and write its maps."""
    from convgui.engine.network import evaluate
    from convgui.io.limits import check_memory
    from convgui.io.pictures.images import open_source
    from convgui.model.suit import usual_reading

    source = open_source(path, page=task.page)
    if task.free:
        task = replace(task, recipe=replace(task.recipe, reading=usual_reading(task.recipe.layers, source)))
    chain = task.recipe.chain(source)
    maps, rows, cols = chain.shape(len(chain.layers))
    paths = _paths(task, chain, target, maps)
    task.check(paths)
    check_memory(Path(path).name, maps * rows * cols * 4)
    _write(task, chain, evaluate(chain), target, paths)


def _paths(task: Task, chain: Chain, target: Path, maps: int) -> list[Path]:
    """Return all files that an input becomes."""
    from convgui.io.export.formats import number_paths
    from convgui.model.derive import map_names

    if task.format in NUMBERS:
        return number_paths(target, maps)
    names = map_names(chain)
    return [target.with_name(f"{target.stem}-{name}{target.suffix}") if name else target for name in names]


def _write(task: Task, chain: Chain, maps: NDArray[np.float32], target: Path, paths: Sequence[Path]) -> None:
    """Write values, or each map coloured as the window shows it in its light theme."""
    from convgui.engine.looking.statistics import statistics_of
    from convgui.io.export.carried import KEY
    from convgui.io.export.formats import save_numbers, save_picture
    from convgui.io.recipe import text_of
    from convgui.model.colouring import look_for
    from convgui.model.layer_words import chain_words
    from convgui.model.state import Display

    recipe = text_of(task.recipe.made_on(chain.source))
    if task.format in NUMBERS:
        save_numbers(target, maps, {"source": chain.source.name, "kernel": chain_words(chain.layers), KEY: recipe})
        return
    display = Display(task.recipe.colours, task.recipe.limits, task.recipe.map)
    look = look_for(chain, display, dark=False)
    for values, path in zip(maps, paths, strict=True):
        colours, _ = look.apply(values, statistics_of(values))
        save_picture(path, colours, recipe=recipe)
