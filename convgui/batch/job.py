"""A job: what is done to each picture. It is frozen and small, so that other processes and machines can take it."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from convgui import __version__
from convgui.batch.manifest import Entry, Stamp
from convgui.batch.targets import key
from convgui.io.digests import file_digest
from convgui.io.errors import FileError, file_error
from convgui.io.limits import NotEnoughMemory

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from convgui.batch.made import Made
    from convgui.engine.kernels.kernel import Origin
    from convgui.engine.layers.base import Layer
    from convgui.engine.looking.together import Basis
    from convgui.engine.network import Chain
    from convgui.io.recipe import Recipe
    from convgui.model.requests import Look

NUMBERS = ("tif", "npy", "npz", "csv", "png16", "zarr")
"""Formats that hold values; the others hold colours."""

HINTS = "; choose another --out.", "; use --force to replace it."
"""How sentences on a file that is not written end, for those who can do that."""

NONE = "none"
"""The format of a run that measures and writes no picture."""


@dataclass(frozen=True)
class Job:
    """What is done to each picture.

    Attributes
    ----------
    recipe : str
        The recipe, as it is saved.
    format : str
        What is written: png, jpg, webp, tif, npy, npz, csv, png16, zarr or none.
    free : bool
        Whether nobody said how channels are read, so that it is as usual for each picture.
    page : str, optional
        Which page of each file.
    force : bool
        Whether files that exist are replaced.
    threshold : float, optional
        Measures are taken, with this one; None if none are.
    stamps : bool
        Whether digests of input and results are wanted, for the manifest.
    small : bool
        Whether a thumbnail of the map that the recipe shows is wanted.
    dark : bool
        Whether its colours are those of the dark theme.
    planes : int
        Planes that the first layer reads: a picture of other channels is read so that it has them; 0 if it is read as the
        recipe says.
    together : str
        One of `TOGETHER`, by which all maps become one picture, or ``topk``; empty if the maps themselves are wanted.
    topk : int
        How many maps of the largest sums are kept by ``topk``; -1 for all.
    basis : str
        Of principal components, as `Basis.text` has it: the same one for all pictures.
    origins : tuple of (str, str, str)
        For each layer the file, the tensor and the layout of its weights, which recipes in the results name instead of
        holding the weights; empty where it has none.
    """

    recipe: str
    format: str
    free: bool = False
    page: str | None = None
    force: bool = False
    threshold: float | None = None
    stamps: bool = False
    small: bool = False
    dark: bool = False
    planes: int = 0
    together: str = ""
    topk: int = -1
    basis: str = ""
    origins: tuple[tuple[str, ...], ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "origins", tuple(tuple(origin) for origin in self.origins))

    @classmethod
    def of(cls, recipe: Recipe, form: str | None, **settings: Any) -> Job:
        """Return the job that applies a recipe, whatever it was made on.

        Parameters
        ----------
        recipe : Recipe
        form : str, optional
            What is written; None if nothing is.
        settings
            The other attributes.
        """
        from convgui.io.recipe import text_of

        text = text_of(replace(recipe, source={}), inside=True)
        origins = tuple(tuple(origin_of(layer) or ()) for layer in recipe.layers)
        return cls(text, NONE if form is None else form, origins=origins if any(origins) else (), **settings)

    @property
    def what(self) -> str:
        """Return a digest of all that decides what is written, with the version of the program that does it."""
        decisive: tuple[Any, ...] = (self.recipe, self.format, self.free, self.page, __version__)
        if self.planes or self.together:  # else it is the digest that former versions have written
            decisive += (self.planes, self.together, self.basis)
        if self.topk > 0:
            decisive += (self.topk,)
        return sha256(repr(decisive).encode()).hexdigest()

    @property
    def extension(self) -> str:
        """Return the ending of the files that are written."""
        return ".png" if self.format == "png16" else f".{self.format}"


@dataclass(frozen=True)
class Task:
    """One picture: where it is, and where its maps go.

    Attributes
    ----------
    number : int
        Its place among the inputs.
    path : str
    target : Path
        What its map is called; several are called so with their names behind.
    folder : Path
        Of the results.
    ours : tuple of Stamp
        Files that a former run made of it, which are replaced where nobody has changed them.
    taken, read : tuple of str
        Names of files that began so when the run began, as `targets.key` has it; and those of them that the run reads, which
        are never replaced. A file that has come since is the work of a process that died, and is written again.
    """

    number: int
    path: str
    target: Path
    folder: Path
    ours: tuple[Stamp, ...] = ()
    taken: tuple[str, ...] = ()
    read: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What became of a task: its entry for the manifest, or one sentence on the fault.

    `short`: the fault is a lack of memory, so that it may do when nothing else runs. `small`: the thumbnail, where one was
    wanted. `shown`: the number of the map that the recipe shows. `in_parts`: nothing was done, as the picture is larger than
    memory, so that several workers may do it together. `bare`: why what was written does not carry its recipe.
    """

    task: Task
    entry: Entry | None = None
    small: NDArray[np.uint8] | None = None
    shown: int = 0
    fault: str = ""
    short: bool = False
    in_parts: bool = False
    bare: str = ""


def carry_out(job: Job, task: Task) -> Outcome:
    """Do a job to one picture; whatever goes wrong becomes a sentence."""
    try:
        return _apply(job, task)
    except FAULTS as error:
        return failed(task, error)


FAULTS = (ValueError, FileError, OSError, MemoryError)
"""What goes wrong with one picture, and is no reason to end the run."""


def failed(task: Task, error: Exception) -> Outcome:
    """Return the outcome of a task that has failed."""
    return Outcome(task, fault=_fault(task.path, error), short=isinstance(error, (MemoryError, NotEnoughMemory)))


def _fault(path: str, error: Exception) -> str:
    """Return the sentence on an input that failed, with its name."""
    if isinstance(error, MemoryError):
        return f"{path}: not enough memory is free."
    if isinstance(error, OSError):
        return str(file_error(path, error))
    return str(error) if Path(path).name in str(error) else f"{path}: {error}"


def _apply(job: Job, task: Task) -> Outcome:
    """Read an input, evaluate it, write its maps and measure them."""
    from convgui.io.limits import check_memory

    recipe, made, paths = prepared(job, task)
    chain, (maps, rows, cols) = made.chain, made.shape
    if chain.source.in_parts:
        return _in_parts(job, task, recipe, made, paths)
    check_memory(Path(task.path).name, maps * rows * cols * 4)
    values = made.values()
    bare, digest = "", ""
    if paths:
        paths[0].parent.mkdir(parents=True, exist_ok=True)
        digest = file_digest(Path(task.path))
        bare = _write(job, recipe, made, values, task.target, paths, digest)
    shown = min(recipe.map, maps - 1)
    small = _small(recipe, chain, values[shown], dark=job.dark) if job.small else None
    entry = entry_of(job, task, paths, _measured(job, made.names, values), digest)
    return Outcome(task, entry, small, shown, bare=bare)


def prepared(job: Job, task: Task) -> tuple[Recipe, Made, list[Path]]:
    """Return the recipe as it suits the input, what its layers make of it, and the files that are going to be written.

    Raises
    ------
    FileError, ValueError
        If the input cannot be read, a layer does not fit it, or a file must not be written.
    """
    recipe, chain = chain_of(job, task.path)
    made = made_of(job, chain)
    paths = [] if job.format == NONE else _paths(job, made, task.target)
    check_targets(task, paths, force=job.force)
    return recipe, made, paths


def made_of(job: Job, chain: Chain) -> Made:
    """Return what a job makes of a picture, by its layers over it."""
    from convgui.batch.made import Made

    return Made(chain, job.together, _basis(job.basis), job.topk)


def chain_of(job: Job, path: str) -> tuple[Recipe, Chain]:
    """Return the recipe of a job as it suits an input, and its layers over it.

    Raises
    ------
    FileError, ValueError
        If the input cannot be read, or a layer does not fit it.
    """
    from convgui.io.pictures.images import open_source
    from convgui.model.suit import read_as_planes, usual_reading

    source = open_source(path, page=job.page)
    recipe = _recipe(job.recipe, job.origins)
    if job.free:
        recipe = replace(recipe, reading=usual_reading(recipe.layers, source))
    elif job.planes:
        recipe = replace(recipe, reading=read_as_planes(recipe.reading, job.planes, source))
    return recipe, recipe.chain(source)


def _in_parts(job: Job, task: Task, recipe: Recipe, made: Made, paths: Sequence[Path]) -> Outcome:
    """Write the maps of a picture that is larger than memory and measure them, piece by piece."""
    from convgui.batch.said import about
    from convgui.batch.streamed import check_format, write_maps
    from convgui.engine.network import evaluate
    from convgui.io.export.carried import no_room
    from convgui.io.recipe import text_of
    from convgui.model.levels import coarsest

    chain = made.chain
    if paths:
        check_format(made, job.extension)
        paths[0].parent.mkdir(parents=True, exist_ok=True)
    text = text_of(recipe.made_on(chain.source)) if paths else ""
    rows = write_maps(made, paths[0] if paths else None, about(made, text), job.threshold)
    bare = no_room(paths[0], "") if paths else ""
    shown = min(recipe.map, chain.shape(len(chain.layers)).maps - 1)
    small = None
    if job.small:
        over = chain.over(coarsest(chain.source))
        small = _small(recipe, over, evaluate(over, maps=shown)[0], dark=job.dark)
    return Outcome(task, entry_of(job, task, paths, rows), small, shown, bare=bare)


def entry_of(job: Job, task: Task, paths: Sequence[Path], measured: tuple[dict[str, Any], ...], digest: str = "") -> Entry:
    """Return what the manifest notes; `digest` is that of the input, where it is known."""
    name = os.path.abspath(task.path)
    if not job.stamps:
        return Entry(Stamp(name, 0, 0, ""), job.what, (), measured, job.threshold)
    written = tuple(Stamp.of(path, os.path.relpath(path, task.folder)) for path in paths)
    return Entry(Stamp.of(Path(task.path), name, digest), job.what, written, measured, job.threshold)


def _small(recipe: Recipe, chain: Chain, values: NDArray[np.float32], *, dark: bool) -> NDArray[np.uint8]:
    """Return a thumbnail of a map, as the panes show it when they are that small."""
    from convgui.engine.looking.statistics import statistics_of_map
    from convgui.model.thumbnails import reduced

    return _look(recipe, chain, dark=dark).apply(reduced(values), statistics_of_map(values))[0]


def _look(recipe: Recipe, chain: Chain, *, dark: bool) -> Look:
    """Return how the window colours a map."""
    from convgui.model.colouring import look_for
    from convgui.model.state import Display

    return look_for(chain, Display(recipe.colours, recipe.limits, recipe.map), dark)


@lru_cache(maxsize=1)
def _recipe(text: str, origins: tuple[tuple[str, ...], ...]) -> Recipe:
    from convgui.engine.kernels.kernel import Origin
    from convgui.io.recipe import from_document

    recipe = from_document(json.loads(text), "recipe")
    layers: list[Any] = list(recipe.layers)
    for place, origin in enumerate(origins):
        if origin:
            layers[place] = replace(layers[place], kernel=replace(layers[place].kernel, origin=Origin(*origin)))
    return replace(recipe, layers=tuple(layers))


@lru_cache(maxsize=1)
def _basis(text: str) -> Basis | None:
    from convgui.engine.looking.together import Basis

    return Basis.read(text) if text else None


def origin_of(layer: Layer) -> Origin | None:
    """Return where the weights of a layer are from, None if they are of no file."""
    return getattr(getattr(layer, "kernel", None), "origin", None)


def check_targets(task: Task, paths: Sequence[Path], *, force: bool) -> None:
    """Refuse files that must not be written, before the first of them is."""
    ours = {stamp.name: stamp for stamp in task.ours}
    for path in paths:
        name = key(path.name)
        if name in task.read:
            raise FileError(f"{path} is an input of this run, it is not replaced{HINTS[0]}")
        if name in task.taken and not force:
            stamp = ours.get(os.path.relpath(path, task.folder))
            if stamp is None or not stamp.holds(path):
                raise FileError(f"{path} exists{HINTS[1]}")


def _paths(job: Job, made: Made, target: Path) -> list[Path]:
    """Return all files that an input becomes."""
    from convgui.io.export.formats import number_paths

    if job.format in NUMBERS:
        return number_paths(target, made.shape.maps)
    return [target.with_name(f"{target.stem}-{name}{target.suffix}") if name else target for name in made.pictures]


def _write(
    job: Job,
    recipe: Recipe,
    made: Made,
    maps: NDArray[np.float32],
    target: Path,
    paths: Sequence[Path],
    digest: str,
) -> str:
    """Write values, or each map coloured as the window shows it in its light theme; return why they carry no recipe.

    `digest` is that of the input.
    """
    from convgui.batch.said import about
    from convgui.engine.looking.statistics import statistics_of_map
    from convgui.io.export.carried import no_room
    from convgui.io.export.formats import save_numbers, save_picture
    from convgui.io.export.streamed import write_array
    from convgui.io.recipe import text_of

    chain = made.chain
    without = no_room(target, "")  # if no recipe at all has a place, none is made
    text = "" if without else text_of(recipe.made_on(chain.source, digest))
    if job.format in NUMBERS:
        save = write_array if job.format == "zarr" else save_numbers
        save(target, maps, about(made, text))
        return without or no_room(target, text)
    if made.basis is not None:
        save_picture(paths[0], made.basis.coloured(maps), recipe=text)
        return without or no_room(target, text)
    look = _look(recipe, chain, dark=False)
    for values, path in zip(maps, paths, strict=True):
        colours, _ = look.apply(values, statistics_of_map(values))  # exactly the limits that the window shows
        save_picture(path, colours, recipe=text)
    return without or no_room(target, text)


def _measured(job: Job, names: Sequence[str], maps: NDArray[np.float32]) -> tuple[dict[str, Any], ...]:
    """Return a row for each map."""
    from convgui.batch.said import rows_of
    from convgui.engine.looking.measures import measures_of

    if job.threshold is None:
        return ()
    return rows_of(names, (measures_of(values, job.threshold) for values in maps))
