"""From the options of `convgui apply` to the recipe that is applied."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from convgui.cli.described import Operation
from convgui.engine.checks import layer_fault
from convgui.engine.kernels import catalogue as catalog
from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.conv import Conv
from convgui.engine.looking.together import TOGETHER
from convgui.io.carrying import load_recipe
from convgui.io.errors import FileError
from convgui.io.kernels.files import KERNEL_EXTENSIONS, KernelFile, open_kernel
from convgui.io.kernels.shelf import KernelShelf
from convgui.io.recipe import Recipe
from convgui.io.text.kernels import read_kernel
from convgui.model.layer_words import title
from convgui.model.unit import unit_of, with_function

if TYPE_CHECKING:
    import argparse

MINE = "mine:"
"""What may stand before the name of a kept kernel, if the catalogue has the same name."""

_FILE_ENDING = re.compile(r"\.[A-Za-z]\w{0,11}$")


def operation_of(options: argparse.Namespace) -> Operation:
    """Return what the options describe.

    Raises
    ------
    ValueError, FileError
        One sentence on what is wrong.
    """
    note, planes = "", 0
    _check_together(options)
    if options.weights:
        from convgui.cli.network import network_recipe

        recipe, suffix, note, planes = network_recipe(options)
    elif options.recipe:
        recipe, suffix = load_recipe(options.recipe), Path(options.recipe).stem
    else:
        found, suffix = find_kernel(options.kernel)
        bias = found.bias if options.bias is None else 0.0
        recipe = Recipe((Conv(found.kernel, bias=(bias,)),))
        note = f"{found.kernel.name}: {found.told}" if bias else ""
    given = {
        "padding": options.padding,
        "border": options.border,
        "stride": options.stride,
        "dilation": options.dilation,
        "bias": None if options.bias is None else (options.bias,),
        "flip": options.flip or None,
    }
    recipe = _with_settings(recipe, {name: value for name, value in given.items() if value is not None})
    if options.activation is not None:
        layers, looked = with_function(recipe.layers, recipe.looked, options.activation)
        recipe = replace(recipe, layers=layers, looked=looked)
    if options.colour is not None:
        recipe = replace(recipe, reading=replace(recipe.reading, colour=options.colour, matrix=()))
        if planes:  # numbers for each of the planes that the network reads
            recipe, planes = replace(recipe, reading=replace(recipe.reading, offset=())), 0
    if options.together is not None:
        way, topk = options.together
        if way in TOGETHER:
            many = replace(recipe.many, way="picture", together=way)
        else:
            many = replace(recipe.many, way="grid", order="total", topk=topk)
        recipe = replace(recipe, many=many)
        suffix = f"{suffix}-{way}{topk if topk > 0 else ''}"
    return Operation(recipe, suffix, note, planes)


def _check_together(options: argparse.Namespace) -> None:
    """Refuse options that do not belong together."""
    for option in ("layer", "preset", "size"):
        if getattr(options, option) is not None and not options.weights:
            raise ValueError(f"--{option} is for the network of a file, --weights FILE")
    if options.preset is not None and options.colour is not None:
        raise ValueError("expected --preset or --colour, received both: each says how channels are read")


def _with_settings(recipe: Recipe, settings: dict[str, Any]) -> Recipe:
    """Return the recipe with settings of the convolution that it looks at replaced."""
    if not settings:
        return recipe
    unit = unit_of(recipe.layers, recipe.looked)
    if unit.conv is None:
        looked = f"layer {recipe.looked + 1}, {title(unit.layer)}"
        raise ValueError(f"--{next(iter(settings))} is for a convolution, the recipe looks at {looked}.")
    layer = replace(unit.conv, **settings)
    if fault := layer_fault(layer):
        raise ValueError(fault)
    return replace(recipe, layers=(*recipe.layers[: unit.start], layer, *recipe.layers[unit.start + 1 :]))


def find_kernel(text: str) -> tuple[KernelFile, str]:
    """Return the kernel that a text means, and a short name of it for files.

    In this order: a name of the catalogue, perhaps with parameters; a file; the name of a kept kernel; the weights.
    """
    name = text.split(",")[0].strip().lower()
    if name in catalog.kernel_names():
        kernel = catalog.make(name, **_parameters(text))
        return KernelFile(kernel, 0.0, ""), kernel.entry
    own = text.removeprefix(MINE)
    if own == text and _is_file(text):
        opened = open_kernel(text)
        return opened, Path(text).stem
    shelf = KernelShelf()
    if own in shelf.names():
        return KernelFile(shelf.load(own), 0.0, ""), re.sub(r"[^\w.+-]+", "-", own).strip("-.")[:60] or "kernel"
    if own != text:
        raise FileError(f"No own kernel is called {own!r}.")
    fault = ""
    if re.search(r"\d", text) and not _looks_like_path(text):
        try:
            read = read_kernel(text)
            return KernelFile(Kernel(read.weights), read.bias, read.told), "kernel"
        except ValueError as error:
            fault = str(error)
    if _looks_like_path(text):
        raise FileError(f"{Path(text).name}: does not exist, or not any more.")
    if re.match(r"\s*[-+.\d\[({|\u2212]", text):
        raise ValueError(f"The weights {_short(text)!r} are no kernel: {fault or 'expected rows of numbers'}.")
    catalog.entry(name)
    raise AssertionError(text)


def _parameters(text: str) -> dict[str, float]:
    from convgui.engine.numerals import read_number

    parameters = {}
    for setting in text.split(",")[1:]:
        key, found, value = setting.partition("=")
        try:
            parameters[key.strip()] = read_number(value)
        except ValueError:
            found = ""
        if not found:
            raise ValueError(f"expected a parameter such as sigma=1.5 after the kernel's name, received {setting!r}.")
    return parameters


def _is_file(text: str) -> bool:
    """Whether there is such a file; a text that cannot be the name of one is none."""
    try:
        return (
            "\0" not in text
            and "\n" not in text
            and (Path(text).is_file() or (_looks_like_path(text) and Path(text).exists()))
        )
    except (OSError, ValueError):
        return False


def _looks_like_path(text: str) -> bool:
    """Whether a text is meant as a file's name: it has an ending or separators of folders, and is no row of numbers."""
    if re.search(r"[\s;\[\]{}()=*]", text.strip()) and not text.lower().endswith(KERNEL_EXTENSIONS):
        return False
    return bool(_FILE_ENDING.search(text)) or "\\" in text or ("/" in text and not re.fullmatch(r"[-+\d.,/eE]+", text))


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
