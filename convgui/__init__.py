"""A light table for convolution: any kernel on any picture, with every number in between.

The functions named here need no window; they are imported on first use, so that ``import convgui`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_WHERE = {
    "Input": "layers.input",
    "Sequential": "models",
    "conv1d": "engine.functions",
    "conv2d": "engine.functions",
    "max_pool1d": "engine.functions",
    "max_pool2d": "engine.functions",
    "average_pool1d": "engine.functions",
    "average_pool2d": "engine.functions",
    "as_input": "engine.source",
    "kernel": "engine.kernels.catalogue",
    "kernel_names": "engine.kernels.catalogue",
    "load_image": "io.pictures.images",
    "load_kernel": "io.kernels.files",
    "load_recipe": "io.carrying",
    "load_weights": "io.weights.files",
    "parse_kernel": "io.text.kernels",
    "show": "showing",
}

_MODULES = ("layers", "models")

__all__ = ["__version__", *_MODULES, *sorted(_WHERE)]


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(f"convgui.{name}")
    if name not in _WHERE:
        raise AttributeError(f"module 'convgui' has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(f"convgui.{_WHERE[name]}"), name)  # it is asked for here only once
    return found


def __dir__() -> list[str]:
    return list(__all__)
