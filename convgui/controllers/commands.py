"""Commands: which function each action of the table calls, and what undo and redo are called."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFileDialog, QMessageBox

from convgui import __version__
from convgui.controllers.grid import GRID_EDITS, GridController
from convgui.io.errors import FileError
from convgui.io.recipe import Recipe, describe_source, load_recipe, save_recipe
from convgui.model import edits
from convgui.views.actions import SPECS

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    from convgui.controllers.animation import AnimationController
    from convgui.controllers.border import BorderController
    from convgui.controllers.context import Context
    from convgui.controllers.display import DisplayController
    from convgui.controllers.export import ExportController
    from convgui.controllers.kernel import KernelController
    from convgui.controllers.motion import MotionController
    from convgui.controllers.navigate import NavigateController
    from convgui.controllers.probe import ProbeController
    from convgui.controllers.source import SourceController
    from convgui.controllers.tour import TourController
    from convgui.worker.runner import Token

RECIPES = "Recipes (*.json)"

ABOUT = (
    "<h3>convgui {version}</h3><p>A light table for convolution.</p>"
    "<p>MIT License. Colour maps: Scientific colour maps by Fabio Crameri, MIT. Icons: Lucide, ISC.<br>"
    "Photos: Rachel Michetti (coffee), Stefan van der Walt (cat), Lav Varshney (cameraman), CC0Textures (brick), "
    "all CC0; NASA (astronaut) and SpaceX (rocket), public domain.</p>"
)


class CommandController:
    """Wires the actions."""

    def __init__(
        self,
        context: Context,
        navigate: NavigateController,
        probe: ProbeController,
        border: BorderController,
        motion: MotionController,
        animation: AnimationController,
        tour: TourController,
        grid: GridController,
        kernel: KernelController,
        source: SourceController,
        display: DisplayController,
        export: ExportController,
    ) -> None:
        self._context = context
        self._actions = context.window.actions_by_id
        source.open_recipe = self.open_recipe
        handlers: dict[str, Callable[[], object]] = {
            "open": source.ask_open,
            "paste_picture": source.paste,
            "open_recipe": self._ask_open_recipe,
            "save_recipe": self._ask_save_recipe,
            "export_picture": export.picture,
            "export_figure": export.figure,
            "export_numbers": export.numbers,
            "copy_picture": export.copy,
            "quit": context.window.close,
            "undo": context.session.undo,
            "redo": context.session.redo,
            "find": context.window.open_finder,
            "kernel_paste": kernel.paste,
            "kernel_copy": kernel.copy,
            "search_kernels": self._search,
            "kernel_keep": kernel.ask_keep,
            "kernel_forget": kernel.forget,
            "kernel_open": kernel.ask_open,
            "kernel_save": kernel.ask_save,
            "zoom_fit": navigate.fit,
            "zoom_one": lambda: navigate.scale_to(1.0 / context.window.devicePixelRatioF()),
            "zoom_double": lambda: navigate.scale_by(2.0),
            "zoom_half": lambda: navigate.scale_by(0.5),
            "unpin": lambda: motion.stop() if motion.position is not None and not probe.pinned else probe.unpin(),
            "motion_play": motion.toggle,
            "motion_forward": lambda: motion.step(1),
            "motion_back": lambda: motion.step(-1),
            "motion_faster": lambda: motion.faster(1),
            "motion_slower": lambda: motion.faster(-1),
            "motion_stop": motion.stop,
            "export_animation": animation.ask,
            "copy_sum": probe.copy_text,
            "copy_numpy": probe.copy_numpy,
            "reset_layer": display.reset_layer,
            "toggle_flip": display.toggle_flip,
            "next_padding": lambda: display.next_of("padding"),
            "next_border": lambda: display.next_of("border"),
            "next_activation": lambda: display.next_of("activation"),
            "tour": tour.start,
            "grid_random": grid.randomise,
            "grid_noise": grid.fill_with_noise,
            "grid_new": grid.new_grid,
            "grid_new_sequence": grid.new_sequence,
            "grid_paste": grid.paste,
            "grid_copy": grid.copy,
            "grid_sequence": grid.turn_sequence,
            "grid_transpose": grid.transpose,
            "shortcuts": self._shortcuts,
            "about": self._about,
        }
        for name, (label, change) in KERNEL_EDITS.items():
            handlers[name] = partial(kernel.edit, label, change)
        for name, (label, fill) in GRID_EDITS.items():
            handlers[name] = partial(grid.edit, label, fill)
        for choice in ("system", "light", "dark"):
            handlers[f"theme_{choice}"] = partial(display.set_theme, choice)
        for name, handler in handlers.items():
            self._actions[name].triggered.connect(lambda _=False, handler=handler: handler())
        for name, part in (("show_left", "left"), ("show_probe", "probe"), ("show_right", "right")):
            self._actions[name].setChecked(True)
            self._actions[name].toggled.connect(getattr(context.window, part).setVisible)
        self._actions["sort_terms"].toggled.connect(probe.sort_terms)
        self._actions["mark_border"].toggled.connect(border.mark)
        context.session.changed(lambda old, new: self._refresh())
        self._refresh()

    def _refresh(self) -> None:
        session = self._context.session
        for name, label in (("undo", session.undo_label), ("redo", session.redo_label)):
            action = self._actions[name]
            word = name.capitalize()
            action.setEnabled(bool(label))
            action.setText(f"&{word} {label}".strip())
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            action.setToolTip(f"{word} {label} ({keys})" if label else f"Nothing to {name} ({keys})")
        kernel = self._context.state.kernel
        rows, cols = kernel.size
        self._actions["kernel_rotate_45"].setEnabled(rows == cols and rows % 2 == 1 and rows > 1)
        self._actions["kernel_normalise"].setEnabled(abs(float(kernel.weights.sum())) > 1e-12)
        self._actions["kernel_normalise"].setToolTip(
            "Divide by the sum, so that brightness is kept"
            if self._actions["kernel_normalise"].isEnabled()
            else "The weights sum to 0: nothing can bring them to 1"
        )
        self._actions["kernel_forget"].setEnabled(kernel.custom and kernel.name in self._context.shelf.names())

    def _search(self) -> None:
        self._actions["show_left"].setChecked(True)
        search = self._context.window.gallery.search
        search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        search.selectAll()

    # recipes

    def _ask_open_recipe(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self._context.window, "Open recipe", "", RECIPES)
        if path:
            self.open_recipe(path)

    def open_recipe(self, path: str) -> None:
        """Take layers and display from a file; the picture stays."""
        try:
            recipe = load_recipe(path)
        except FileError as error:
            self._context.tell_error(error)
            return
        state = self._context.state
        display = type(state.display)(recipe.colours, recipe.limits, recipe.map)
        self._context.session.update("open recipe", layers=recipe.layers, display=display)
        made_for = recipe.source.get("name")
        if made_for and made_for != state.source.name:
            self._context.tell(f"The recipe was made on {made_for}; here it is applied to {state.source.name}.")

    def _ask_save_recipe(self) -> None:
        name = f"{self._context.state.kernel.name.lower().replace(' ', '-')}-recipe.json"
        path, _ = QFileDialog.getSaveFileName(self._context.window, "Save recipe", name, RECIPES)
        if path:
            self.save_recipe(path)

    def save_recipe(self, path: str) -> None:
        """Write the document, without the picture's pixels."""
        state = self._context.state

        def write(token: Token) -> str:
            display = state.display
            recipe = Recipe(state.layers, display.colours, display.limits, display.map, describe_source(state.source))
            save_recipe(path, recipe)
            return path

        note = self._context.window.status.set_note
        self._context.runner.submit("recipe", write, lambda p: note(f"Saved {p}"), self._context.tell_error)

    # help

    def _shortcuts(self) -> None:
        rows = []
        for spec in SPECS:
            if spec.shortcut:
                keys = self._actions[spec.id].shortcut().toString(QKeySequence.SequenceFormat.NativeText)
                rows.append(f"<tr><td style='padding-right:24px'><b>{keys}</b></td><td>{spec.tip}</td></tr>")
        rows += [f"<tr><td style='padding-right:24px'><b>{what}</b></td><td>{tip}</td></tr>" for what, tip in GESTURES]
        half = -(-len(rows) // 2)
        columns = "".join(f"<td><table cellspacing='3'>{''.join(part)}</table></td>" for part in (rows[:half], rows[half:]))
        self._box("Keyboard and mouse", f"<table cellspacing='8'><tr>{columns}</tr></table>")

    def _about(self) -> None:
        self._box("About convgui", ABOUT.format(version=__version__))

    def _box(self, title: str, text: str) -> None:
        box = QMessageBox(self._context.window)
        box.setObjectName("help_box")
        box.setWindowTitle(title)
        box.setTextFormat(Qt.TextFormat.RichText)
        box.setText(text)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()


GESTURES = (
    ("Drag a picture", "Move both pictures"),
    ("Wheel", "Zoom about the cursor"),
    ("Double click a picture", "Show the whole picture"),
    ("Double click a cell of a grid", "Type a value; Tab and arrow keys go on"),
    ("Ctrl+V over a grid", "Paste numbers from the cell under the cursor on"),
    ("Drag a grid, with the pencil", "Paint its value; right drag paints 0"),
    ("Point at the activation", "Where a value comes from: patch, weights, sum"),
    ("Point at the input", "Where a pixel goes: all outputs that read it"),
    ("Point at a weight", "What it meets under the pinned cell"),
    ("Click a cell", "Pin it; arrow keys move the pin, Esc frees it"),
    ("Left, right drag", "Paint the brush, or its negative, on the kernel"),
    ("Wheel on the kernel", "Nudge a weight; with Shift finely"),
    ("Shift and drag", "Scrub a weight finely, up and down"),
    ("Double click, digits", "Type a weight; Tab and arrow keys go on"),
)
"""What the mouse does, for the help."""

KERNEL_EDITS: dict[str, tuple[str, Callable[..., np.ndarray]]] = {
    "kernel_rotate": ("rotate right", edits.rotate_right),
    "kernel_rotate_left": ("rotate left", edits.rotate_left),
    "kernel_rotate_45": ("rotate by 45 degrees", edits.rotate_45),
    "kernel_flip_h": ("flip horizontally", edits.flip_horizontal),
    "kernel_flip_v": ("flip vertically", edits.flip_vertical),
    "kernel_transpose": ("transpose", edits.transpose),
    "kernel_negate": ("negate", edits.negate),
    "kernel_normalise": ("normalise", edits.normalise),
    "kernel_zero_sum": ("make zero-sum", edits.zero_sum),
    "kernel_double": ("scale by 2", lambda weights: edits.scale(weights, 2.0)),
    "kernel_half": ("scale by ½", lambda weights: edits.scale(weights, 0.5)),
    "kernel_clear": ("clear", lambda weights: edits.scale(weights, 0.0)),
}
