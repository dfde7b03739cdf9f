"""A Keras model's settings (its config): the layers in the order in which each reads the one before, for Keras 2 and 3."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

DEEPEST = 8
"""Models inside models."""

MOST_LAYERS = 20_000
"""Layers of a model."""


class Unusable(ValueError):
    """What is wrong with settings, as a sentence without the file's name."""


@dataclass(frozen=True)
class Described:
    """A layer of a model.

    Attributes
    ----------
    kind, name : str
        Keras's class, and what the user calls it.
    settings : dict
    reads : tuple of str
        The names of the layers that it reads, empty for an input.
    inside : tuple of str
        The names of the models around it, the outermost first.
    """

    kind: str
    name: str
    settings: dict[str, Any]
    reads: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()


def layers_of(config: Any, depth: int = 0) -> list[Described]:
    """Return the layers of a model; those of a model inside it stand for it.

    Raises
    ------
    Unusable
        If these are no settings of a model.

    Examples
    --------
    >>> one = {"class_name": "ReLU", "config": {"name": "a"}}
    >>> layers_of({"class_name": "Sequential", "config": {"layers": [one, one | {"config": {"name": "b"}}]}})[1].reads
    ('a',)
    """
    kind, settings = _object(config).get("class_name"), _object(_object(config).get("config"))
    if isinstance(_object(config).get("config"), list):  # as the first ones of Keras 2 were written
        settings = {"layers": _object(config)["config"]}
    layers = settings.get("layers")
    if kind not in ("Sequential", "Functional", "Model") or not isinstance(layers, list):
        raise Unusable(f"describes a model of the kind {kind!r}, expected Sequential or Functional")
    if depth > DEEPEST or len(layers) > MOST_LAYERS:
        raise Unusable("describes a model of too many layers")
    found: list[Described] = []
    ends: dict[str, str] = {}
    for entry in layers:
        one = _described(_object(entry))
        reads = one.reads if kind != "Sequential" else ((found[-1].name,) if found else ())
        reads = tuple(ends.get(name, name) for name in reads)
        if one.kind in ("Sequential", "Functional", "Model"):
            found += _inside(entry, one, reads, depth)
            ends[one.name] = found[-1].name
        elif one.kind != "InputLayer" or kind != "Sequential" or not found:
            found.append(Described(one.kind, one.name, one.settings, reads))
    if not found:
        raise Unusable("describes a model without layers")
    return found


def _inside(entry: Any, one: Described, reads: tuple[str, ...], depth: int) -> list[Described]:
    """Return the layers of a model inside a model, the first of which reads what the model reads."""
    inner = layers_of(entry, depth + 1)
    inputs = {layer.name for layer in inner if layer.kind == "InputLayer"}
    kept = [layer for layer in inner if layer.kind != "InputLayer"] or inner
    found = []
    for layer in kept:
        own = [name for name in layer.reads if name not in inputs]
        outer = [] if own and len(own) == len(layer.reads) else list(reads)
        inside = (one.name, *layer.inside)
        found.append(Described(layer.kind, layer.name, layer.settings, tuple(own + outer), inside))
    return found


def _described(entry: dict[str, Any]) -> Described:
    settings = _object(entry.get("config"))
    name = entry.get("name") or settings.get("name") or ""
    kind = entry.get("class_name")
    if not isinstance(kind, str) or not isinstance(name, str):
        raise Unusable("has a layer without a kind or a name")
    names: list[str] = []
    nodes = entry.get("inbound_nodes")
    _history(nodes[:1] if isinstance(nodes, list) else None, names, 0)
    return Described(kind, name, settings, tuple(names))


def _history(nodes: Any, names: list[str], depth: int) -> None:
    """Collect the names of the layers that a layer reads, as Keras 2 and 3 write them."""
    if depth > 12 or len(names) > 1000:
        raise Unusable("has a layer that reads too much")
    if isinstance(nodes, dict):
        history = nodes.get("keras_history")
        if isinstance(history, list) and history and isinstance(history[0], str):
            names.append(history[0])
            return
        nodes = list(nodes.values())
    if isinstance(nodes, list):
        if len(nodes) >= 3 and isinstance(nodes[0], str) and isinstance(nodes[1], int) and isinstance(nodes[2], int):
            names.append(nodes[0])
            return
        for part in nodes:
            _history(part, names, depth + 1)


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
