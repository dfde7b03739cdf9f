"""Commands: connects each action of the table with the controller that implements it, and names undo and redo."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFileDialog

from convgui.controllers.recipes import recipe_of, state_of
from convgui.engine.layers.conv import Conv
from convgui.io.carrying import load_recipe
from convgui.io.recipe import Recipe, save_recipe
from convgui.model import derive

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from convgui.controllers.context import Context
    from convgui.engine.source import Source
    from convgui.worker.runner import Token

    Commands = dict[str, Callable[[], object]]


class Commanding(Protocol):
    """A controller that implements some actions."""

    def commands(self) -> Commands:
        """Return a function for each of their ids."""
        ...


RECIPES = "Recipes (*.json)"
INSIDE = "Recipes with all weights inside (*.json)"
"""Weights of files are named by path and hash; inside they need no file."""

CARRYING = "Recipes, and what carries one (*.json *.png *.tif *.jpg *.webp *.gif *.svg *.pdf *.npz *.mp4)"


@dataclass(frozen=True)
class RecipeRequest:
    """Read a recipe."""

    path: str

    def __call__(self, token: Token) -> Recipe:
        """Read it."""
        return load_recipe(self.path)


@dataclass(frozen=True, eq=False)
class SaveRecipe:
    """Write the document; the hash of the source is computed here, as that takes a while for a large one."""

    path: str
    recipe: Recipe
    source: Source
    inside: bool = False

    def __call__(self, token: Token) -> str:
        """Write it."""
        save_recipe(self.path, self.recipe.made_on(self.source), inside=self.inside)
        return self.path


class CommandController:
    """Connects the actions: with what controllers do, and with those that are made later."""

    def __init__(self, context: Context, controllers: Sequence[Commanding], later: Commands | None = None) -> None:
        self._context = context
        self._actions = context.window.actions_by_id
        self._named: dict[str, str] = {}
        """What undo and redo are called at present."""
        for commands in (*(controller.commands() for controller in (self, *controllers)), later or {}):
            for name, handler in commands.items():
                self._actions[name].triggered.connect(lambda _=False, handler=handler: handler())
        context.session.changed(lambda old, new: self._refresh())
        context.own.changed.connect(self._refresh)
        self._refresh()

    def commands(self) -> Commands:
        """Return what the actions do that concern the whole document or window."""
        return {
            "open_recipe": self._ask_open_recipe,
            "save_recipe": self._ask_save_recipe,
            "quit": self._context.window.close,
            "undo": self._context.session.undo,
            "redo": self._context.session.redo,
            "find": self._context.window.open_finder,
            "search_kernels": self._search,
        }

    def _refresh(self) -> None:
        session = self._context.session
        for name, label in (("undo", session.undo_label), ("redo", session.redo_label)):
            if self._named.get(name) == label:
                continue
            self._named[name] = label
            action = self._actions[name]
            word = name.capitalize()
            action.setEnabled(bool(label))
            action.setText(f"&{word} {label}".strip())
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            action.setToolTip(f"{word} {label} ({keys})" if label else f"Nothing to {name} ({keys})")
        kernel = self._context.state.kernel
        if kernel is None:
            for name in ("kernel_rotate_45", "kernel_normalise", "kernel_forget"):
                self._actions[name].setEnabled(False)
            return
        rows, cols = kernel.size
        self._actions["kernel_rotate_45"].setEnabled(rows == cols and rows % 2 == 1 and rows > 1)
        self._actions["kernel_normalise"].setEnabled(abs(float(kernel.weights.sum())) > 1e-12)
        self._actions["kernel_normalise"].setToolTip(
            "Divide by the sum, so that brightness is kept"
            if self._actions["kernel_normalise"].isEnabled()
            else "The weights sum to 0: nothing can bring them to 1"
        )
        self._actions["kernel_forget"].setEnabled(kernel.custom and kernel.name in self._context.own.kernels)

    def _search(self) -> None:
        self._context.window.docks["gallery"].bring()
        search = self._context.window.gallery.search
        search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        search.selectAll()

    # recipes

    def _ask_open_recipe(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self._context.window, "Open recipe", self._context.usual_folder(), CARRYING)
        if path:
            self.open_recipe(path)

    def open_recipe(self, path: str) -> None:
        """Read a recipe on a worker, and take it over."""
        self._context.runner.submit("open", RecipeRequest(path), self.take_recipe, self._context.tell_error)

    def take_recipe(self, recipe: Recipe) -> None:
        """Take over layers and display of a recipe, and keep the input; say what could not be taken over."""
        state = self._context.state
        new = state_of(replace(recipe, map=0), state.source)
        shown, notes = min(recipe.map, derive.maps(new) - 1), []
        if not self._context.session.replace("open recipe", new.with_display(map=shown) if shown else new):
            return
        made_for = recipe.source.get("name")
        if made_for and made_for != state.source.name:
            notes.append(f"The recipe was made on {made_for}; here it is applied to {state.source.name}.")
        if shown < recipe.map:
            notes.append(f"It shows map {recipe.map}, counted from 0; here map {shown} is the last one.")
        if notes:
            self._context.tell(" ".join(notes))
        else:
            self._context.window.messages.clear()

    def _ask_save_recipe(self) -> None:
        name = f"{self._context.state.title.lower().replace(' ', '-')}-recipe.json"
        place = str(Path(self._context.usual_folder(), name))
        kinds = f"{RECIPES};;{INSIDE}" if self._has_files() else RECIPES
        path, kind = QFileDialog.getSaveFileName(self._context.window, "Save recipe", place, kinds)
        if path:
            self.save_recipe(path, inside=kind == INSIDE)

    def _has_files(self) -> bool:
        """Whether weights of files are in the document, which a recipe names or holds."""
        layers = self._context.state.layers
        return any(isinstance(layer, Conv) and layer.kernel.origin is not None for layer in layers)

    def save_recipe(self, path: str, *, inside: bool = False) -> None:
        """Write the document, without the picture's pixels; weights of files by path and hash, or `inside`."""
        state, note = self._context.state, self._context.succeeded
        request = SaveRecipe(path, recipe_of(state), state.source, inside)
        self._context.runner.submit("recipe", request, lambda p: note(f"Saved {p}"), self._context.tell_error, every=True)
