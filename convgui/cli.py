"""The command line: opens the window, or works without one and then needs no Qt at all."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from convgui import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

    from convgui.io.recipe import Recipe

COMMANDS = ("apply", "kernels")
USAGE_ERROR, FAILED = 2, 1


class _Parser(argparse.ArgumentParser):
    """Says what is wrong and how to mend it in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(USAGE_ERROR, f"{self.prog}: {message}; '{self.prog} --help' shows the options.\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status: 0, 1 if a file failed, 2 for wrong use."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words and words[0] == "apply":
        return _apply(_apply_parser().parse_args(words[1:]))
    if words and words[0] == "kernels":
        return _kernels(_kernels_parser().parse_args(words[1:]))
    return _window(_window_parser().parse_args(words))


# the window


def _window_parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="convgui",
        description="A light table for convolution. Opens a window on the files, or on a sample photo.",
        epilog="Without a window: 'convgui apply --help', 'convgui kernels --help'.",
    )
    parser.add_argument("files", nargs="*", metavar="FILE", help="photos or tables of numbers to open")
    parser.add_argument("--version", action="version", version=f"convgui {__version__}")
    return parser


def _window(options: argparse.Namespace) -> int:
    try:
        from convgui.app import run
    except ImportError as error:
        from convgui import trouble

        sys.stderr.write(f"convgui: {trouble.import_failed(error)}\n")
        return FAILED
    return run(options.files)


# convgui kernels


def _kernels_parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="convgui kernels", description="List the catalogue: name, parameters, what it does.")
    parser.add_argument("search", nargs="*", help="words that must occur")
    return parser


def _kernels(options: argparse.Namespace) -> int:
    from convgui.engine import catalog

    found = catalog.search(" ".join(options.search))
    for entry in found:
        parameters = ", ".join(f"{p.name}={p.default:g}" for p in entry.parameters)
        sys.stdout.write(f"{entry.id:24} {entry.family:10} {parameters:44} {entry.label}\n")
    if not found:
        sys.stderr.write(f"convgui kernels: no kernel matches {' '.join(options.search)!r}.\n")
    return 0 if found else FAILED


# convgui apply


def _apply_parser() -> argparse.ArgumentParser:
    from convgui.engine.activations import ACTIVATIONS
    from convgui.engine.layers import COLOURS
    from convgui.engine.padding import BORDERS

    parser = _Parser(prog="convgui apply", description="Write the activation maps of pictures, without a window.")
    parser.add_argument("inputs", nargs="+", metavar="INPUT", help="photos or tables of numbers")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--kernel", metavar="NAME", help="a kernel of the catalogue, or a kernel file; NAME,size=9,sigma=1.5")
    what.add_argument("--recipe", metavar="FILE", help="a recipe that the window saved")
    parser.add_argument("--out", required=True, metavar="DIR", help="folder to write to; it is made if need be")
    parser.add_argument(
        "--format",
        default="png",
        choices=("png", "jpg", "webp", "tif", "npy", "csv", "png16"),
        help="png, jpg, webp: coloured picture; tif (float32), npy, csv, png16: numbers (default: png)",
    )
    parser.add_argument(
        "--page",
        default=None,
        metavar="N",
        help="which page, frame, channel or array of each input: a number from 1, or a name",
    )
    parser.add_argument("--padding", default=None, choices=("same", "valid", "full"))
    parser.add_argument("--border", default=None, choices=BORDERS)
    parser.add_argument("--stride", type=int, default=None, metavar="N")
    parser.add_argument("--dilation", type=int, default=None, metavar="N")
    parser.add_argument("--bias", type=float, default=None, metavar="X")
    parser.add_argument("--activation", default=None, choices=ACTIVATIONS)
    parser.add_argument("--colour", default=None, choices=COLOURS)
    parser.add_argument("--flip", action="store_true", help="mathematical convolution: the kernel is turned")
    parser.add_argument("--force", action="store_true", help="replace files that exist")
    return parser


@dataclass(frozen=True)
class _Task:
    """What `apply` does to each input."""

    recipe: Recipe
    suffix: str
    folder: Path
    format: str
    force: bool
    free: bool
    """Whether nobody said how channels are read."""
    page: str | None = None


def _apply(options: argparse.Namespace) -> int:
    from convgui.io.errors import FileError

    try:
        recipe, suffix = _recipe(options)
        folder = Path(options.out)
        folder.mkdir(parents=True, exist_ok=True)
    except (ValueError, FileError) as error:
        sys.stderr.write(f"convgui apply: {error}\n")
        return USAGE_ERROR
    except OSError as error:
        sys.stderr.write(f"convgui apply: the folder {options.out} cannot be made: {error.strerror}.\n")
        return USAGE_ERROR
    task = _Task(recipe, suffix, folder, options.format, options.force, not (options.recipe or options.colour), options.page)
    failed = 0
    with _Bar(len(options.inputs)) as bar:
        for number, path in enumerate(options.inputs):
            bar.show(number, Path(path).name)
            try:
                _apply_to(task, path)
            except (ValueError, FileError) as error:
                failed += 1
                bar.say(f"convgui apply: {error}" if Path(path).name in str(error) else f"convgui apply: {path}: {error}")
    return FAILED if failed else 0


def _recipe(options: argparse.Namespace) -> tuple[Recipe, str]:
    """Return the recipe that the options describe, and the ending that names what was done."""
    from dataclasses import replace

    from convgui.engine.layers import Conv
    from convgui.io.recipe import Recipe, load_recipe

    if options.recipe:
        recipe, suffix = load_recipe(options.recipe), Path(options.recipe).stem
    else:
        kernel = _kernel(options.kernel)
        recipe, suffix = Recipe((Conv(kernel),)), kernel.entry or Path(options.kernel).stem
    given = {
        "padding": options.padding,
        "border": options.border,
        "stride": options.stride and (options.stride, options.stride),
        "dilation": options.dilation and (options.dilation, options.dilation),
        "bias": None if options.bias is None else (options.bias,),
        "activation": options.activation,
        "colour": options.colour,
        "flip": options.flip or None,
    }
    layer = replace(recipe.layers[0], **{name: value for name, value in given.items() if value is not None})
    for name, number in (("stride", options.stride), ("dilation", options.dilation)):
        if number is not None and number < 1:
            raise ValueError(f"expected --{name} of at least 1, received {number}.")
    return replace(recipe, layers=(layer, *recipe.layers[1:])), suffix


def _kernel(text: str):  # type: ignore[no-untyped-def]
    """Return the kernel that ``sobel-x``, ``gaussian,size=9,sigma=1.5`` or a file's path names."""
    from convgui.engine import catalog
    from convgui.io.kernels import load_kernel

    if Path(text).suffix and Path(text).exists():
        return load_kernel(text)
    name, *settings = text.split(",")
    parameters = {}
    for setting in settings:
        key, found, value = setting.partition("=")
        try:
            parameters[key.strip()] = float(value)
        except ValueError:
            found = ""
        if not found:
            raise ValueError(f"expected a parameter such as sigma=1.5 after the kernel's name, received {setting!r}.")
    return catalog.make(name.strip(), **parameters)


def _apply_to(task: _Task, path: str) -> None:
    """Read one input, evaluate it and write its maps."""
    from dataclasses import replace

    from convgui.engine.evaluate import evaluate
    from convgui.engine.source import usual_colour
    from convgui.io.export import save_numbers
    from convgui.io.images import open_source
    from convgui.io.recipe import describe_source

    source = open_source(path, page=task.page)
    extension = ".png" if task.format == "png16" else f".{task.format}"
    target = task.folder / f"{Path(path).stem}-{task.suffix}{extension}"
    if target.exists() and not task.force:
        raise ValueError(f"{target} exists; use --force to replace it.")
    if task.free:
        layers = replace(task.recipe.layers[0], colour=usual_colour(source)), *task.recipe.layers[1:]
        task = replace(task, recipe=replace(task.recipe, layers=layers))
    maps = evaluate(task.recipe.layers, source)
    if task.format in ("tif", "npy", "csv", "png16"):
        described = describe_source(source)
        kernel = task.recipe.layers[0].kernel
        save_numbers(target, maps, {"source": str(described["name"]), "kernel": kernel.name})
        return
    _write_pictures(task, source, maps, target)


def _write_pictures(task: _Task, source, maps, target: Path) -> None:  # type: ignore[no-untyped-def]
    """Write each map coloured as the window shows it in its light theme."""
    from convgui.engine.layers import map_names
    from convgui.engine.levels import survey_array
    from convgui.io.export import save_picture
    from convgui.model.derive import look_for
    from convgui.model.state import Display

    display = Display(task.recipe.colours, task.recipe.limits, task.recipe.map)
    look = look_for(task.recipe.layers[-1], source, display, dark=False)
    for values, name in zip(maps, map_names(task.recipe.layers, source), strict=True):
        colours, _ = look.apply(values, survey_array(values))
        path = target.with_stem(f"{target.stem}-{name}") if name else target
        save_picture(path, colours)


class _Bar:
    """A progress bar on standard error, where that is a terminal."""

    WIDTH = 28

    def __init__(self, total: int) -> None:
        self.total, self.terminal = total, sys.stderr.isatty()

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, *exception: object) -> None:
        if self.terminal:
            self.show(self.total, "")
            sys.stderr.write("\n")

    def show(self, done: int, name: str) -> None:
        """Show how many are done, and which one is next."""
        if self.terminal:
            full = self.WIDTH * done // max(self.total, 1)
            bar = "█" * full + "░" * (self.WIDTH - full)
            sys.stderr.write(f"\r\x1b[K{bar} {done}/{self.total} {name}")
            sys.stderr.flush()

    def say(self, line: str) -> None:
        """Write a line above the bar."""
        sys.stderr.write(("\r\x1b[K" if self.terminal else "") + line + "\n")
