"""Opening Keras's files: the archive `.keras`, models in HDF5 of Keras 2 and 3, and weights alone."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING, Any

from convgui.io.errors import FileError, decode_text
from convgui.io.strict_json import parse_object
from convgui.io.weights.guessed import guess
from convgui.io.weights.h5 import Source, listed, unpacked
from convgui.io.weights.keras.chain import network_of
from convgui.io.weights.keras.settings import Unusable, layers_of
from convgui.io.weights.spans import Stored

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from convgui.io.weights.h5 import Listed
    from convgui.io.weights.keras.settings import Described
    from convgui.io.weights.network import Network
    from convgui.io.weights.tensor import Tensor

    Opened = tuple[str, list[Tensor], dict[str, str], str, Callable[[], Network | None]]

MODEL, WEIGHTS = "Keras", "Keras weights"

MOST_SETTINGS = 50_000_000
"""Bytes of a model's settings."""


def open_keras(path: Path) -> Opened:
    """Return what the archive of a Keras 3 model holds: kind, tensors, metadata, a note, and what makes its chain.

    Raises
    ------
    FileError
        If it is damaged, or holds no model.
    """
    stored = Stored.of(path)
    config = parse_object(decode_text(unpacked(stored, "config.json", MOST_SETTINGS), path.name), path.name)
    metadata = parse_object(decode_text(unpacked(stored, "metadata.json", MOST_SETTINGS), path.name), path.name)
    found = listed(Source(stored, "model.weights.h5"), MODEL)
    said = {str(key): str(value) for key, value in metadata.items()}
    return _model(path, config, found, said, _by_number(found))


def open_h5(path: Path) -> Opened:
    """Return what an HDF5 file holds, as `open_keras` does: a model with its settings, or weights alone."""
    found = listed(Source(Stored.of(path)), MODEL)
    root = {key: text for (group, key), text in found.texts.items() if not group}
    said = {key: text for key, text in root.items() if key != "model_config"}
    if "model_config" in root:
        config = parse_object(root["model_config"], path.name)
        return _model(path, config, found, said, _by_name(found))
    order = found.lists.get(("", "layer_names"))
    tensors = found.tensors if order is None else _ordered(found, order, "")
    titles = {group: text for (group, key), text in found.texts.items() if key == "name"}
    maker = partial(guess, tensors, keras=True, ordered=order is not None, titles=titles)
    return WEIGHTS, tensors, said, "", maker


def _model(path: Path, config: dict[str, Any], found: Listed, said: dict[str, str], held: Any) -> Opened:
    version = 2 if said.get("keras_version", "3").startswith(("0", "1", "2")) else 3
    try:
        layers = layers_of(config)
    except Unusable as error:
        return MODEL, found.tensors, said, f"{path.name}: {error}; its tensors are listed.", lambda: None
    except RecursionError as error:
        raise FileError(f"{path.name}: describes a model that is nested too deeply.") from error
    return MODEL, found.tensors, said, "", partial(network_of, layers, held, version)


def _ordered(found: Listed, layers: list[str], prefix: str) -> list[Tensor]:
    """Return tensors in the order of a model's layers, which HDF5 itself does not keep."""
    by_name = {tensor.name: tensor for tensor in found.tensors}
    names = [
        f"{prefix}{layer}/{weight}"
        for layer in layers
        for weight in found.lists.get((f"{prefix}{layer}", "weight_names"), ())
    ]
    first = [by_name.pop(name) for name in names if name in by_name]
    return first + list(by_name.values())


def _by_name(found: Listed) -> Callable[[Described], list[Tensor]]:
    """Return what finds a layer's tensors in a model of HDF5: by its name, in the order of the group's list."""
    by_name = {tensor.name: tensor for tensor in found.tensors}
    prefix = "model_weights/" if any(name.startswith("model_weights/") for name in by_name) else ""

    def held(layer: Described) -> list[Tensor]:
        group = f"{prefix}{layer.inside[0] if layer.inside else layer.name}"
        weights = [f"{group}/{name}" for name in found.lists.get((group, "weight_names"), ())]
        if layer.inside:
            weights = [name for name in weights if f"/{layer.name}/" in name.removeprefix(group)]
        return [by_name[name] for name in weights if name in by_name]

    return held


def _by_number(found: Listed) -> Callable[[Described], list[Tensor]]:
    """Return what finds a layer's tensors in the archive of Keras 3: by the name that the user gave, else by its kind."""
    groups: dict[str, list[tuple[int, Tensor]]] = defaultdict(list)
    for tensor in found.tensors:
        group, _, number = tensor.name.rpartition("/vars/")
        if number.isdecimal():
            groups[group].append((int(number[:9]), tensor))
    titled: dict[str, list[str]] = defaultdict(list)
    for (path, key), text in found.texts.items():
        if key == "name" and path.endswith("/vars"):
            titled[text].append(path.removesuffix("/vars"))

    def held(layer: Described) -> list[Tensor]:
        paths = titled.get(layer.name) or [path for path in groups if path.rpartition("/")[2] == layer.name]
        depth = len(layer.inside) + 1
        paths = [path for path in paths if len(re.findall(r"layers/", path)) == depth] or paths
        chosen = groups.get(paths[0], []) if paths else []
        return [tensor for _, tensor in sorted(chosen, key=lambda one: one[0])]

    return held
