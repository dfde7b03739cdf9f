"""Checkpoints: the files of a folder, one for each time of a training, as a slider; kernels and maps follow it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFileDialog

from convgui.io.errors import FileError
from convgui.io.weights.files import ENDINGS, is_weights, open_weights
from convgui.io.weights.referred import with_origins

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from convgui.controllers.context import Context
    from convgui.controllers.files.weights import WeightsController
    from convgui.engine.layers.base import Layer
    from convgui.io.weights.files import WeightsFile
    from convgui.worker.runner import Token

LANE = "checkpoint"

WEIGHTS = ("kernel", "bias", "slopes", "scale", "offset")
"""What of a layer comes from a file; all else stays as it is in the document."""


@dataclass(frozen=True)
class FolderRequest:
    """List the weights in a folder, and open the last one: that of the trained network."""

    folder: str

    def __call__(self, token: Token) -> tuple[tuple[str, ...], WeightsFile]:
        """List them in the order of the numbers in their names; FileError where there are fewer than two."""
        files = [path for path in Path(self.folder).iterdir() if path.suffix.lower() in ENDINGS and path.is_file()]
        found = tuple(str(path) for path in sorted(files, key=_in_time) if is_weights(path))
        if len(found) < 2:
            raise FileError(
                f"Expected a folder with a file of weights for each time of a training, received {len(found)} in "
                f"{Path(self.folder).name}."
            )
        return found, open_weights(found[-1])


def _in_time(path: Path) -> list[Any]:
    """Return what sorts names as people count: epoch-9 before epoch-10."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", path.stem.lower())]


@dataclass(frozen=True)
class CheckpointRequest:
    """Read the layers of one of the files."""

    path: str

    def __call__(self, token: Token) -> tuple[str, tuple[Layer, ...]]:
        """Read them; FileError if the file has no chain."""
        return self.path, _layers(self.path)


@lru_cache(maxsize=32)
def _layers(path: str) -> tuple[Layer, ...]:
    file = open_weights(path)
    if (network := file.network) is None:
        raise FileError(f"{file.path.name}: expected weights of layers that follow one another, received none.")
    return with_origins(network.layers, network.names, file)


def with_weights(layers: Sequence[Layer], others: Sequence[Layer]) -> tuple[Layer, ...]:
    """Return layers with the weights of others of the same names and kinds; what has none there stays.

    Raises
    ------
    ValueError
        If a bank has another shape, or none of the layers is there.
    """
    there = {(layer.name, layer.kind): layer for layer in others}
    made, taken = [], 0
    for layer in layers:
        other: Any = there.get((layer.name, layer.kind))
        if other is None:
            made.append(layer)
            continue
        shape, wanted = (getattr(getattr(each, "kernel", None), "weights", None) for each in (other, layer))
        if shape is not None and wanted is not None and shape.shape != wanted.shape:
            raise ValueError(f"Expected {layer.name} of {wanted.shape} as in the document, received {shape.shape}.")
        made.append(replace(layer, **{name: getattr(other, name) for name in WEIGHTS if hasattr(layer, name)}))
        taken += 1
    if not taken:
        raise ValueError("Expected the layers of the document in the file, received others: open its network first.")
    return tuple(made)


class CheckpointsController:
    """Opens a folder of weights, and puts those of the chosen time into the document."""

    def __init__(self, context: Context, weights: WeightsController) -> None:
        self._context, self._weights, self._panel = context, weights, context.window.weights
        self._files: tuple[str, ...] = ()
        self._run = 0
        self._panel.time_chosen.connect(self.show)
        weights.opened.connect(self._opened)

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what the action does."""
        return {"open_checkpoints": self.ask}

    def ask(self) -> None:
        """Ask for the folder."""
        folder = QFileDialog.getExistingDirectory(
            self._context.window, "Open a folder of checkpoints", self._context.usual_folder()
        )
        if folder:
            self.open(folder)

    def open(self, folder: str) -> None:
        """List the files of a folder, and show the last one."""
        self._context.runner.submit("open", FolderRequest(folder), self._take, self._context.tell_error)

    def _take(self, found: tuple[tuple[str, ...], WeightsFile]) -> None:
        files, last = found
        self._weights.take(last)
        self._files = files
        self._run += 1
        self._panel.set_times([Path(path).name for path in files], len(files) - 1)
        self._context.tell(f"{len(files)} checkpoints: open the network, then go through the training by the slider below.")

    def _opened(self, path: str) -> None:
        """Forget the folder when another file is opened."""
        if path not in self._files:
            self._files = ()
            self._panel.set_times((), 0)

    def show(self, time: int) -> None:
        """Put the weights of one of the files into the document; a drag of the slider is one step."""
        if 0 <= time < len(self._files):
            request = CheckpointRequest(self._files[time])
            self._context.runner.submit(LANE, request, self._put, self._context.tell_error, patience=0.25)

    def _put(self, found: tuple[str, tuple[Layer, ...]]) -> None:
        path, layers = found
        state = self._context.state
        try:
            new = with_weights(state.layers, layers)
        except ValueError as error:
            self._context.tell_error(f"{Path(path).name}: {error}")
            return
        self._context.session.update("checkpoint", merge_key=("checkpoint", self._run), layers=new)
