"""Samples: the bundled photos, the toy grids of the article and others, and test patterns, in a menu."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from convgui import assets
from convgui.controllers.files.requests import OpenRequest
from convgui.controllers.recipes import state_of
from convgui.engine.kernels import catalogue as catalog
from convgui.engine.layers.conv import Conv
from convgui.engine.patterns import PATTERNS, pattern
from convgui.io.pictures.images import open_source
from convgui.io.recipe import read_recipe
from convgui.views.kit.card import add_heading

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QMenu

    from convgui.controllers.context import Context
    from convgui.controllers.files.source import SourceController
    from convgui.engine.patterns import Pattern
    from convgui.engine.source import Source
    from convgui.io.recipe import Recipe
    from convgui.worker.runner import Token

ARTICLE = {"article-1d": "article-1d", "article-2d": "article-2d"}
"""Samples that are opened together with a kernel: the article's grids."""

SAMPLES = "Samples"
"""The menu that the action finder names for samples."""


@dataclass(frozen=True)
class NetworkRequest:
    """Read a bundled network, and the photo on which it is opened."""

    name: str

    def __call__(self, token: Token) -> tuple[Recipe, Source]:
        """Read them."""
        source = open_source(str(assets.photo(assets.NETWORK_PHOTO)))
        return read_recipe(assets.network(self.name)), replace(source, path="")


class SamplesController:
    """Fills the menu of samples, and opens them."""

    def __init__(self, context: Context, source: SourceController) -> None:
        self._context, self._source = context, source
        self._fill()

    def open_photo(self, name: str) -> None:
        """Open a bundled photo."""
        self._context.runner.submit(
            "open",
            OpenRequest(str(assets.photo(name)), self._context.decoder),
            lambda s: self._source.show(replace(s, path="")),
            self._source.fail,
        )

    def open_network(self, name: str) -> None:
        """Open a bundled network on its photo, with the workspace for many layers."""
        self.read_network(name, self._take_network)

    def read_network(self, name: str, take: Callable[[tuple[Recipe, Source]], None]) -> None:
        """Read a bundled network and its photo on a worker, and hand them over."""

        def remember(found: tuple[Recipe, Source]) -> None:
            recipe, _ = found
            for layer in recipe.layers:
                if isinstance(layer, Conv) and layer.kernel.origin is not None:
                    self._context.trained[layer.kernel.origin.path] = recipe.reading
            take(found)

        self._context.runner.submit("open", NetworkRequest(name), remember, self._source.fail)

    def _take_network(self, found: tuple[Recipe, Source]) -> None:
        recipe, source = found
        self._context.session.replace("open a network", state_of(recipe, source))
        self._context.window.actions_by_id["workspace_network"].trigger()
        self._context.window.messages.clear()

    def open_pattern(self, name: str) -> None:
        """Open a synthetic pattern or a toy grid; the article's grids with their kernels."""
        kernel = catalog.make(ARTICLE[name]) if name in ARTICLE else None
        self._source.show(pattern(name), kernel)

    def _fill(self) -> None:
        menu = self._context.window.samples
        toys = [p for p in PATTERNS if p.toy]
        article, grids = [p for p in toys if p.id in ARTICLE], [p for p in toys if p.id not in ARTICLE]
        others = [p for p in PATTERNS if p not in toys]
        add_heading(menu, "Photos")
        for name, label in assets.PHOTOS.items():
            action = menu.addAction(label)
            action.setProperty("menu", SAMPLES)
            action.setObjectName(f"sample_{Path(name).stem}")
            action.triggered.connect(lambda _=False, name=name: self.open_photo(name))
        add_heading(menu, "Trained networks")
        for name, (label, tip) in assets.NETWORKS.items():
            action = menu.addAction(label)
            action.setProperty("menu", SAMPLES)
            action.setObjectName(f"sample_{Path(name).stem}")
            action.setToolTip(tip)
            action.triggered.connect(lambda _=False, name=name: self.open_network(name))
        for heading, patterns in (("The article's grids, with their kernels", article), ("Toy grids", grids)):
            add_heading(menu, heading)
            self._add_patterns(menu, patterns)
        more = menu.addMenu("Test patterns")
        more.setToolTipsVisible(True)
        self._add_patterns(more, others)

    def _add_patterns(self, menu: QMenu, patterns: Sequence[Pattern]) -> None:
        for p in patterns:
            action = menu.addAction(p.label)
            action.setProperty("menu", SAMPLES)
            action.setObjectName(f"sample_{p.id}")
            action.setToolTip(p.text)
            action.triggered.connect(lambda _=False, name=p.id: self.open_pattern(name))
