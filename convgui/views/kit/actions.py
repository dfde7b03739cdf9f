"""The actions as a table: their names, shortcuts, icons and sentences, and the menus that they stand in."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QToolBar, QToolButton

from convgui.views.kit.theme import icon

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QMenu, QMenuBar, QWidget


class Spec(NamedTuple):
    """One action: its id is its object name; `choice` names the group of which one is checked.

    A letter alone changes the kernel only where the kernel has the focus: what is typed by accident must change nothing.
    """

    id: str
    menu: str
    text: str
    tip: str
    shortcut: str = ""
    icon: str = ""
    checkable: bool = False
    choice: str = ""
    under: str = ""
    """The name of the submenu that it stands in."""


SEPARATOR = Spec("", "", "", "")

EXPLAIN = "The usual layout: kernel, operation, display, catalogue and arithmetic around the pictures"
MEASURE = "The layout for measuring: histogram, profile and other plots around the pictures"
NETWORK = "The layout for many layers: their strip below the pictures"
PRESENT = "For a projector: nothing but the pictures in large digits; arrow keys step, Esc goes back"
RESPONSE = "Show or hide which waves the kernel lets pass: spectrum, transfer function, Fourier"
CURVES = "Show or hide input and activation of a sequence as curves: signal, waveform, time series"
PROFILE = "Line profile, cross-section: the next drag over a picture draws it; a drag with Shift always does"
LAYERS = "Show or hide the strip of layers: network, chain, pipeline"
FILM = "Show or hide the files that were opened together: folder, batch, series"
RUN = (
    "Apply the present set-up to all files of the film strip, or of a folder, and write the results: batch, by processes of "
    "this computer, or by Dask with its scheduler and workers"
)
OPEN_WEIGHTS = "A trained network, model: safetensors, ONNX, Keras, h5, npz, TensorFlow.js; its tensors and layers"
RUN_GRAPH = "An ONNX model with branches, as it is: every tensor, feature map, intermediate output; ResNet, YOLO"
CHECKPOINTS = "A folder with a file of weights for each time of a training, epoch: a slider goes through them"
WEIGHTS = "Show or hide the tensors of a file of weights: model, network, checkpoint"
SHOW_GRAPH = "Show or hide the tensors of a graph that is run as it is: ONNX Runtime, branches, layers, intermediate"
CLASSES = "Show or hide what a classifier ends with: softmax, scores, labels, top 5, prediction"
PREPARE = "Show or hide how a photo becomes the input: preprocessing, mean, std, normalise, BGR, resize, crop, letterbox"
FIELD = "Show or hide what a cell sees of the photo: receptive field, equivalent kernel, gradient, saliency"
PATCHES = "Show or hide where the photo, or a folder, excites the filter most: top activations, hard examples, search"
COMPARE = "Show or hide how far two models differ, layer by layer: float16, int8, quantisation, other weights"
KEEP_MODEL = "Keep this model, to see layer by layer how far the one that is opened next differs on the same photo"
FIELD_OVER = "Lay the equivalent kernel of the cell over the photo, where it belongs: gradient, saliency, attribution"
COPY_FIELD = "Put the equivalent kernel on the clipboard as an array of NumPy: gradient of the value by the photo"
GRID = "All feature maps of the layer as tiles with their kernels: filters, channels, contact sheet, strongest, top-k"
TOGETHER = "All feature maps of the layer as one: mean, maximum, norm, strongest, principal components (PCA)"
OVERLAY = "Lay the map over the photo, where it belongs: heatmap, registered by stride and offset"
LARGER = "Beside or below the input, so that the pictures are as large as can be"

SPECS: tuple[Spec, ...] = (
    Spec("open", "File", "&Open…", "Open a photo, a table of numbers or a kernel", "Ctrl+O", "folder-open"),
    Spec(
        "paste_picture",
        "File",
        "Paste p&icture",
        "Open the picture on the clipboard",
        "Ctrl+Shift+V",
        "clipboard-paste",
    ),
    SEPARATOR._replace(menu="File"),
    Spec("open_weights", "File", "Open &weights…", OPEN_WEIGHTS),
    Spec("run_graph", "File", "Run a whole &graph…", RUN_GRAPH),
    SEPARATOR._replace(menu="File"),
    Spec("open_checkpoints", "File", "Open chec&kpoints…", CHECKPOINTS),
    Spec("save_bank", "File", "Save the &bank…", "Weights of the layer, all filters with their biases: safetensors, npz"),
    Spec("film_next", "File", "Ne&xt file", "Show the next file of the film strip with the same set-up", "Ctrl+Right"),
    Spec("film_back", "File", "Pre&vious file", "Show the file before in the film strip with the same set-up", "Ctrl+Left"),
    Spec(
        "film_measure",
        "File",
        "&Measure all files",
        "Which of them has this feature most: strongest response, mean and energy of each map, as a table",
    ),
    Spec("run_many", "File", "Run on many files or a c&luster…", RUN),
    Spec("open_dashboard", "File", "&Dask's dashboard", "Cluster: show what its workers do, in the browser, while it runs"),
    SEPARATOR._replace(menu="File"),
    Spec("open_recipe", "File", "Open r&ecipe…", "Open kernel, operation and display from a file", "", ""),
    Spec("save_recipe", "File", "Save &recipe…", "Save kernel, operation and display as a file", "Ctrl+S", "save"),
    SEPARATOR._replace(menu="File"),
    Spec(
        id="export_picture",
        menu="File",
        text="Export &picture…",
        tip="Write the activation, coloured, one pixel for each value, or a square",
        shortcut="Ctrl+E",
        icon="file-image",
    ),
    Spec(
        id="export_figure",
        menu="File",
        text="Export &figure…",
        tip="Write input, kernel and activation with colour bar and captions",
        shortcut="Ctrl+Shift+E",
        icon="file-chart-column",
    ),
    Spec("export_numbers", "File", "Export &numbers…", "Write the activation's values", "Ctrl+Alt+E", "table-2"),
    Spec("export_animation", "File", "Export &animation…", "Write the kernel's way as GIF, WebP or MP4", "", "film"),
    Spec(
        "copy_picture",
        "File",
        "&Copy picture",
        "Put the activation, coloured, on the clipboard",
        "Ctrl+Shift+C",
        "copy",
    ),
    SEPARATOR._replace(menu="File"),
    Spec("quit", "File", "&Quit", "Close the window", "Ctrl+Q"),
    Spec("undo", "Edit", "&Undo", "Take the last step back", "Ctrl+Z", "undo-2"),
    Spec("redo", "Edit", "&Redo", "Bring the step back that was undone last", "Ctrl+Shift+Z", "redo-2"),
    SEPARATOR._replace(menu="Edit"),
    Spec(
        "kernel_paste",
        "Edit",
        "&Paste kernel…",
        "Make a kernel from text: a matrix of a paper or a spreadsheet",
        "Ctrl+V",
        "",
    ),
    Spec("kernel_copy", "Edit", "&Copy kernel", "Put the weights on the clipboard as text", "Ctrl+C"),
    SEPARATOR._replace(menu="Edit"),
    Spec("copy_sum", "Edit", "Copy the &sum", "Put the sum of the explained cell on the clipboard as text", "Ctrl+Alt+C"),
    Spec("copy_field", "Edit", "Copy the equivalent kernel", COPY_FIELD),
    Spec("copy_numpy", "Edit", "Copy the sum as &NumPy", "Put an expression on the clipboard that evaluates to the value"),
    SEPARATOR._replace(menu="Edit"),
    Spec("find", "Edit", "&Find an action…", "Type what you want to do", "Ctrl+K", "search"),
    Spec(
        "search_kernels",
        "Kernel",
        "&Search the catalogue",
        "Go to the search field of the catalogue",
        "Ctrl+F",
        "search",
    ),
    SEPARATOR._replace(menu="Kernel"),
    Spec("kernel_rotate", "Kernel", "&Rotate right", "Turn the kernel by 90 degrees to the right", "R", "rotate-cw"),
    Spec(
        "kernel_rotate_left",
        "Kernel",
        "Rotate &left",
        "Turn the kernel by 90 degrees to the left",
        "Shift+R",
        "rotate-ccw",
    ),
    Spec("kernel_rotate_45", "Kernel", "Rotate by 4&5 degrees", "Move the weights one place around the middle", "Alt+R"),
    Spec("kernel_flip_h", "Kernel", "Flip &horizontally", "Swap left and right", "H", "flip-vertical-2"),
    Spec("kernel_flip_v", "Kernel", "Flip &vertically", "Swap top and bottom", "V", "flip-horizontal-2"),
    Spec("kernel_transpose", "Kernel", "&Transpose", "Swap rows and columns", "T"),
    SEPARATOR._replace(menu="Kernel"),
    Spec("kernel_negate", "Kernel", "&Negate", "Change the sign of each weight", "N", "diff"),
    Spec(
        "kernel_normalise",
        "Kernel",
        "Normalise to sum 1",
        "Divide by the sum, so that brightness is kept",
        "",
        "sum-one",
    ),
    Spec("kernel_zero_sum", "Kernel", "Make &zero-sum", "Subtract the mean, so that flat areas vanish", "", "sum-zero"),
    Spec("kernel_double", "Kernel", "Scale by &2", "Double each weight"),
    Spec("kernel_half", "Kernel", "Scale by ½", "Halve each weight"),
    Spec("kernel_clear", "Kernel", "Clear", "Set each weight to 0"),
    SEPARATOR._replace(menu="Kernel"),
    Spec("kernel_keep", "Kernel", "&Keep as my kernel…", "Save the kernel by name, under Mine", "Ctrl+D"),
    Spec("kernel_forget", "Kernel", "&Delete my kernel", "Delete this kernel from those under Mine", "", "trash-2"),
    Spec("kernel_open", "Kernel", "&Open kernel…", "Open a kernel from JSON, text, CSV or npy"),
    Spec("kernel_save", "Kernel", "Save kernel &as…", "Save the kernel as JSON, text, CSV or npy"),
    Spec("zoom_fit", "View", "&Fit", "Show the whole picture", "0", "maximize", True),
    Spec("zoom_one", "View", "&1:1", "One pixel of the picture for each of the screen", "1"),
    Spec("zoom_double", "View", "&Double", "Zoom in by 2", "+", "zoom-in"),
    Spec("zoom_half", "View", "&Half", "Zoom out by 2", "-", "zoom-out"),
    Spec("unpin", "View", "&Unpin the cell", "Let the arithmetic follow the cursor again", "Esc"),
    Spec(
        "explain_below",
        "View",
        "E&xplain the cell below",
        "Go down to where the value comes from: the cell below with the largest part, and at last the photo's pixel",
        "D",
    ),
    SEPARATOR._replace(menu="View"),
    Spec("sort_terms", "View", "&Sort the sum by size", "Draw the largest products of the running sum first", "S", "", True),
    Spec(
        "mark_border",
        "View",
        "&Mark what used the border",
        "Hatch all outputs that read a cell beyond the edge",
        "B",
        "",
        True,
    ),
    Spec("profile", "View", "Draw a profile line", PROFILE, "L", "", True),
    Spec(
        "profile_across",
        "View",
        "Profile a&cross",
        "Line profile: along the row in the middle, from edge to edge",
        "Shift+L",
    ),
    SEPARATOR._replace(menu="View"),
    Spec("workspace_explain", "View", "&Explain", EXPLAIN, "F2", "", True, "workspace", "&Workspace"),
    Spec("workspace_measure", "View", "&Measure", MEASURE, "F3", "", True, "workspace", "&Workspace"),
    Spec("workspace_network", "View", "&Network", NETWORK, "F4", "", True, "workspace", "&Workspace"),
    Spec("workspace_present", "View", "&Present", PRESENT, "F5", "", True, "workspace", "&Workspace"),
    Spec("show_kernel", "View", "&Kernel", "Show or hide the kernel", "", "", True, "", "&Panels"),
    Spec("show_operation", "View", "&Operation", "Show or hide padding, stride and so on", "", "", True, "", "&Panels"),
    Spec("show_prepare", "View", "What the network sees", PREPARE, "", "", True, "", "&Panels"),
    Spec("show_display", "View", "&Display", "Show or hide colours, limits and histogram", "", "", True, "", "&Panels"),
    Spec("show_facts", "View", "Kernel &facts", "Show or hide sum, rank and symmetry", "", "", True, "", "&Panels"),
    Spec("show_film", "View", "Film &strip", FILM, "", "", True, "", "&Panels"),
    Spec("show_measures", "View", "&Measures", "Show or hide the measures of all files", "", "", True, "", "&Panels"),
    Spec("show_weights", "View", "Wei&ghts", WEIGHTS, "", "", True, "", "&Panels"),
    Spec("show_graph", "View", "Graph", SHOW_GRAPH, "", "", True, "", "&Panels"),
    Spec("show_classes", "View", "Top classes", CLASSES, "", "", True, "", "&Panels"),
    Spec("show_layers", "View", "&Layers", LAYERS, "F6", "layers", True, "", "&Panels"),
    Spec("show_gallery", "View", "Ker&nels", "Show or hide the catalogue of kernels", "F7", "", True, "", "&Panels"),
    Spec("show_probe", "View", "&Arithmetic", "Show or hide the arithmetic", "F8", "", True, "", "&Panels"),
    Spec("show_field", "View", "Receptive field", FIELD, "", "", True, "", "&Panels"),
    Spec("show_patches", "View", "S&trongest patches", PATCHES, "", "", True, "", "&Panels"),
    Spec("show_compare", "View", "&Compare models", COMPARE, "", "", True, "", "&Panels"),
    Spec("show_profile", "View", "&Profile", "Show or hide the profile along a line", "", "", True, "", "&Panels"),
    Spec("show_response", "View", "Frequency &response", RESPONSE, "", "", True, "", "&Panels"),
    Spec("show_curves", "View", "Cur&ves", CURVES, "", "", True, "", "&Panels"),
    Spec("hide_panels", "View", "Hide all panels", "Leave the panes alone, or bring the panels back", "F9", "", True),
    Spec("reset_layout", "View", "&Reset layout", "Put all panels of this workspace where they were at first"),
    Spec("arrange_side", "View", "&Side by side", "Activation beside the input", "", "", True, "arrange", "Arran&ge"),
    Spec("arrange_stacked", "View", "S&tacked", "Activation below the input", "", "", True, "arrange", "Arran&ge"),
    Spec("arrange_larger", "View", "&Whichever is larger", LARGER, "", "", True, "arrange", "Arran&ge"),
    Spec("map_grid", "View", "&Grid of all maps", GRID, "G", "", True, "maps", "Maps"),
    Spec(
        "map_one",
        "View",
        "&One map",
        "Feature map: one of the maps of the layer, as large as can be",
        "",
        "",
        True,
        "maps",
        "Maps",
    ),
    Spec("map_picture", "View", "&As one picture", TOGETHER, "", "", True, "maps", "Maps"),
    Spec("map_overlay", "View", "O&ver the photo", OVERLAY, "O", "", True, "", "Maps"),
    Spec("field_over", "View", "Equivalent kernel over the photo", FIELD_OVER, "", "", True),
    Spec("full_screen", "View", "Full screen", "Take the whole screen, or give it back", "F11", "maximize", True),
    SEPARATOR._replace(menu="View"),
    Spec("theme_system", "View", "Appearance as the system", "Follow the system's light or dark", "", "", True, "theme"),
    Spec("theme_light", "View", "&Light appearance", "Always light", "", "", True, "theme"),
    Spec("theme_dark", "View", "Dar&k appearance", "Always dark", "", "", True, "theme"),
    Spec("text_100", "View", "&Usual", "Text of the usual size", "", "", True, "text", "Text size"),
    Spec("text_125", "View", "&Larger", "Larger text: 125 %", "", "", True, "text", "Text size"),
    Spec("text_150", "View", "L&argest", "Largest text: 150 %", "", "", True, "text", "Text size"),
    Spec("grid_new", "Grid", "&New grid", "Begin a grid of zeros: 6 rows and 6 columns"),
    Spec("grid_new_sequence", "Grid", "New seq&uence", "Begin a sequence of zeros: 12 steps"),
    SEPARATOR._replace(menu="Grid"),
    Spec(
        "grid_paint", "Grid", "Paint &cells", "Drag over the grid to paint a value; right drag paints 0", "E", "pencil", True
    ),
    Spec("grid_paste", "Grid", "Paste nu&mbers", "Write the numbers on the clipboard over the grid; Ctrl+V at a cell"),
    Spec("grid_copy", "Grid", "Cop&y numbers", "Put the numbers of the grid on the clipboard as text"),
    SEPARATOR._replace(menu="Grid"),
    Spec("grid_add_column", "Grid", "Add a column", "Add a column, or a step, of zeros at the end"),
    Spec("grid_remove_column", "Grid", "Remove a c&olumn", "Take the last column, or step, away"),
    Spec("grid_add_row", "Grid", "Add a &row", "Add a row, or a channel, of zeros at the end"),
    Spec("grid_remove_row", "Grid", "Remove a ro&w", "Take the last row, or channel, away"),
    Spec(
        "grid_sequence", "Grid", "Read as a sequence", "Rows become steps and columns channels, or steps become rows again"
    ),
    Spec("grid_transpose", "Grid", "Swap rows and columns", "Turn the grid along its diagonal"),
    SEPARATOR._replace(menu="Grid"),
    Spec("grid_random", "Grid", "R&andomise", "Fill the grid with small whole numbers"),
    Spec("grid_impulse", "Grid", "Fill with an &impulse", "Zeros, and a one in the middle"),
    Spec("grid_step", "Grid", "Fill with a &step", "Zeros at the left, ones at the right"),
    Spec("grid_ramp", "Grid", "Fill with a ramp", "0, 1, 2 and so on from left to right"),
    Spec("grid_checker", "Grid", "Fill with a c&hecker", "Zeros and ones in turn"),
    Spec("grid_rings", "Grid", "Fill with rin&gs", "Zeros and ones in turn from the middle outwards"),
    Spec("grid_noise", "Grid", "Fill with noise", "Normal noise, to two decimals"),
    Spec("grid_zone_plate", "Grid", "Fill with a zone &plate", "A wave that is finer farther from the middle"),
    Spec("grid_clear", "Grid", "Fill with &zeros", "Set each cell to 0"),
    Spec("motion_play", "Motion", "&Play", "Slide the kernel over the input while the activation fills", "P", "play"),
    Spec("motion_forward", "Motion", "Step &forward", "Move the kernel to the next output", ".", "skip-forward"),
    Spec("motion_back", "Motion", "Step &back", "Move the kernel to the output before", ",", "skip-back"),
    Spec("motion_loop", "Motion", "&Loop", "Begin again at the end", "", "repeat", True),
    SEPARATOR._replace(menu="Motion"),
    Spec("motion_faster", "Motion", "F&aster", "Visit more outputs a second", "]"),
    Spec("motion_slower", "Motion", "Slower", "Visit fewer outputs a second", "["),
    SEPARATOR._replace(menu="Motion"),
    Spec("motion_stop", "Motion", "&Stop", "Show the whole activation again"),
    Spec("add_layer_conv", "Layers", "Add a &convolution", "Another kernel behind the selected layer: conv, filter"),
    Spec(
        "add_layer_activation",
        "Layers",
        "Add an &activation function",
        "ReLU, leaky ReLU, PReLU, ELU, GELU, sigmoid, tanh, step: a function of each value",
    ),
    Spec("add_layer_max_pool", "Layers", "Add a &max pool", "Pooling: the largest value of each patch; makes maps smaller"),
    Spec("add_layer_mean_pool", "Layers", "Add a mea&n pool", "Average pooling: the mean of each patch; makes maps smaller"),
    Spec(
        "add_layer_affine", "Layers", "Add an a&ffine layer", "Batch norm, scale and bias: x * scale + offset for each map"
    ),
    Spec("add_layer_pad", "Layers", "Add a pa&d", "Padding: zeros, the edge or a reflection around each map; crop"),
    Spec(
        "add_layer_resize",
        "Layers",
        "Add a resi&ze",
        "Upsampling, interpolation: nearest or bilinear, by a scale or to a size",
    ),
    Spec("add_layer_softmax", "Layers", "Add a softmax", "Probabilities: at each place the maps become parts of 1"),
    SEPARATOR._replace(menu="Layers"),
    Spec("keep_model", "Layers", "Keep this model to compare", KEEP_MODEL),
    Spec("duplicate_layer", "Layers", "D&uplicate layer", "Put a copy behind the selected layer", "", "copy"),
    Spec("switch_layer", "Layers", "S&witch layer off or on", "Bypass: pass on what the selected layer reads", "", "power"),
    Spec(
        "move_layer_back",
        "Layers",
        "Move layer &left",
        "Put the selected layer before the one at its left",
        "",
        "arrow-left",
    ),
    Spec(
        "move_layer_on",
        "Layers",
        "Move layer &right",
        "Put the selected layer behind the one at its right",
        "",
        "arrow-right",
    ),
    Spec("remove_layer", "Layers", "Remo&ve layer", "Delete the selected layer", "", "trash-2"),
    Spec(
        "collapse_layers",
        "Layers",
        "C&ollapse",
        "Merge the layers around the selected one into the one kernel equal to them",
    ),
    SEPARATOR._replace(menu="Layers"),
    Spec(
        "show_photo",
        "Layers",
        "Show the &photo",
        "At the left the photo, instead of what the selected layer reads",
        "",
        "image",
        True,
    ),
    SEPARATOR._replace(menu="Layers"),
    Spec("reset_layer", "Layers", "Reset the operation", "Padding same, border zeros, stride 1, and so on"),
    Spec("toggle_flip", "Layers", "Correlation or convolution", "Turn the kernel by 180 degrees, or not", "F"),
    Spec("next_padding", "Layers", "Next padding", "Go to the next padding"),
    Spec("next_border", "Layers", "Next &border", "Go to the next border"),
    Spec("next_activation", "Layers", "Next activation function", "Go to the next activation function"),
    Spec("tour", "Help", "&Tour", "The article's walk-through in six steps, with values to predict"),
    Spec("tour_network", "Help", "From &edge to face", "Tour through a trained network in four steps: a face detector, CNN"),
    SEPARATOR._replace(menu="Help"),
    Spec("shortcuts", "Help", "&Keyboard", "All shortcuts", "F1", "keyboard"),
    Spec("help_glossary", "Help", "The &words", "Glossary: what kernel, patch, border, map and the other words mean here"),
    Spec("help_architecture", "Help", "How it is &built", "Architecture of the code: rooms, layers, and where to add what"),
    Spec("help_contributing", "Help", "How to &contribute", "For developers: how to change the program and test it"),
    Spec("help_changes", "Help", "What has chan&ged", "Changes of each version: what is new, release notes"),
    SEPARATOR._replace(menu="Help"),
    Spec("help_licence", "Help", "&Licence", "The text of the MIT License"),
    Spec("about", "Help", "&About convgui", "Version, licence and where the pictures come from"),
)

LOCAL = ("Kernel", "Layers")
"""Menus whose actions change the document."""

MENUS = ("File", "Edit", "Kernel", "View", "Layers", "Grid", "Motion", "Help")


MENUS_MS = 150
"""Milliseconds after which the icons in menus are drawn: at the start the picture comes first."""


class Actions:
    """The window's actions by id, made from the table."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._actions: dict[str, QAction] = {}
        self._groups: dict[str, QActionGroup] = {}
        self._menus = QTimer(window)
        self._menus.setSingleShot(True)
        self._menus.setInterval(MENUS_MS)
        self._menus.timeout.connect(lambda: self._set_icons(list(self._plain)))
        self._plain: dict[str, str] = {}
        """The actions whose icons are still to be drawn, and what these are called."""
        for spec in SPECS:
            if spec.id:
                self._actions[spec.id] = self._make(spec)

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def all(self) -> list[QAction]:
        """Return all actions in the order of the table."""
        return list(self._actions.values())

    def _make(self, spec: Spec) -> QAction:
        action = QAction(spec.text, self._window)
        action.setObjectName(spec.id)
        action.setProperty("menu", spec.menu)
        action.setCheckable(spec.checkable)
        if spec.shortcut:
            keys = [QKeySequence(spec.shortcut)]
            keys += [QKeySequence("Ctrl+Y")] if spec.id == "redo" else []
            keys += [QKeySequence("=")] if spec.id == "zoom_double" else []
            action.setShortcuts(keys)
        shown = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        where = " on the kernel" if spec.menu in LOCAL and len(shown) == 1 else ""
        action.setToolTip(f"{spec.tip} ({shown}{where})" if shown else spec.tip)
        action.setStatusTip(spec.tip)
        if spec.choice:
            group = self._groups.setdefault(spec.choice, QActionGroup(self._window))
            group.addAction(action)
        if spec.menu in LOCAL and len(spec.shortcut.removeprefix("Shift+")) == 1:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        else:
            self._window.addAction(action)
        return action

    def local(self) -> list[QAction]:
        """Return the actions whose keys work only where the kernel has the focus."""
        return [a for a in self.all() if a.shortcutContext() == Qt.ShortcutContext.WidgetWithChildrenShortcut]

    def fill_menu_bar(self, bar: QMenuBar, extra: dict[str, list[QMenu]]) -> None:
        """Build the menus; `extra` has menus that follow the first action of a menu."""
        for name in MENUS:
            menu = bar.addMenu(f"&{name}")
            menu.setObjectName(f"menu_{name.lower()}")
            menu.setToolTipsVisible(True)
            below: dict[str, QMenu] = {}
            for number, spec in enumerate(s for s in SPECS if s.menu == name):
                if spec.under:
                    self._submenu(menu, below, spec.under).addAction(self._actions[spec.id])
                elif spec.id:
                    menu.addAction(self._actions[spec.id])
                else:
                    menu.addSeparator()
                if number == 0:
                    for submenu in extra.get(name, []):
                        menu.addMenu(submenu)

    def _submenu(self, menu: QMenu, known: dict[str, QMenu], title: str) -> QMenu:
        if title not in known:
            known[title] = menu.addMenu(title)
            known[title].setObjectName(f"{menu.objectName()}_{title.replace('&', '').lower()}")
            known[title].setToolTipsVisible(True)
        return known[title]

    def refresh_icons(self) -> None:
        """Tint the icons anew after a change of theme: those on buttons at once, those in menus when that is done."""
        self._plain = {spec.id: spec.icon for spec in SPECS if spec.id and spec.icon}
        self._set_icons([name for name in self._plain if self._on_button(self._actions[name])])
        self._menus.start()

    def _set_icons(self, names: Sequence[str]) -> None:
        for name in names:
            self._actions[name].setIcon(icon(self._plain.pop(name)))

    def _on_button(self, action: QAction) -> bool:
        return any(isinstance(part, QToolButton | QToolBar) for part in action.associatedObjects())
