"""Requests of files: what a worker does to open them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from convgui.io.carrying import carried
from convgui.io.recipe import is_recipe, read_recipe
from convgui.io.several import files_to_open
from convgui.io.weights.files import is_weights, open_weights

if TYPE_CHECKING:
    from convgui.engine.source import Source
    from convgui.io.kernels.files import KernelFile
    from convgui.io.recipe import Recipe
    from convgui.io.weights.files import WeightsFile
    from convgui.worker.decoder import Decoder
    from convgui.worker.runner import Token

KERNELS_ALONE = (".json", ".acf", ".svg", ".safetensors")
"""Endings of files that hold a kernel, or (.json) a recipe, and never a picture."""


NO_PICTURES = (".svg", ".pdf", ".mp4")
"""Endings of files that may carry a recipe, and are never opened as pictures."""


class Carrying(NamedTuple):
    """What was read from a file that carries the recipe that made it; without a source if it is no picture."""

    source: Source | None
    recipe: Recipe


@dataclass(frozen=True)
class OpenRequest:
    """Read a file: a kernel, a recipe, weights, or a source, perhaps with the recipe that it carries."""

    path: str
    decoder: Decoder
    page: int | str | None = None
    reading: str | None = None

    def __call__(self, token: Token) -> Source | KernelFile | Recipe | Carrying | WeightsFile:
        """Read it."""
        if self.path.lower().endswith(".json") and is_recipe(self.path):
            return read_recipe(self.path)
        recipe = carried(self.path)
        if recipe is not None:
            if self.path.lower().endswith(NO_PICTURES):
                return Carrying(None, recipe)
            source = self.decoder.open(self.path, token.cancelled, page=self.page, reading=self.reading)
            return Carrying(source, recipe)
        if is_weights(self.path):
            return open_weights(self.path)
        if self.path.lower().endswith(KERNELS_ALONE):
            from convgui.io.kernels.files import open_kernel  # which knows all notations: no picture waits for that

            return open_kernel(self.path)
        return self.decoder.open(self.path, token.cancelled, page=self.page, reading=self.reading)


@dataclass(frozen=True)
class WarmRequest:
    """Start the process that opens files."""

    decoder: Decoder

    def __call__(self, token: Token) -> None:
        """Start it."""
        self.decoder.warm()


@dataclass(frozen=True)
class ChooseRequest:
    """Replace folders by the files in them, and find when each was changed."""

    paths: tuple[str, ...]

    def __call__(self, token: Token) -> tuple[list[str], dict[str, float]]:
        """Find them."""
        files = files_to_open(self.paths)
        return files, {path: _date(path) for path in files} if len(files) > 1 else {}


def _date(path: str) -> float:
    try:
        return os.stat(path).st_mtime
    except (OSError, ValueError):
        return inf
