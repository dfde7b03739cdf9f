"""The main window: panes in the middle, panels around them, bars above and below. It decides nothing."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QImage, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QMenu, QPushButton, QTabWidget, QToolBar, QToolButton, QWidget

from convgui.views.kernel.kernel_card import TOOLS
from convgui.views.kit.actions import Actions
from convgui.views.kit.rounded import Rounder
from convgui.views.kit.segmented import Segmented
from convgui.views.kit.theme import icon
from convgui.views.window.dock import Dock
from convgui.views.window.panels import PANEL_OF, PANELS
from convgui.views.window.stage import Stage
from convgui.views.window.status_bar import StatusBar
from convgui.views.window.workspaces import WORKSPACES, lay_out, share_out

if TYPE_CHECKING:
    from collections.abc import Callable

    from convgui.views.files.film_strip import FilmStrip
    from convgui.views.files.graph_panel import GraphPanel
    from convgui.views.files.measures_panel import MeasuresPanel
    from convgui.views.files.patches_panel import PatchesPanel
    from convgui.views.files.weights_panel import WeightsPanel
    from convgui.views.kernel.facts_card import FactsCard
    from convgui.views.kernel.gallery import Gallery
    from convgui.views.kernel.kernel_card import KernelCard
    from convgui.views.kit.card import Card
    from convgui.views.kit.finder import Finder
    from convgui.views.layers.layer_form import LayerForm
    from convgui.views.layers.layer_strip import LayerStrip
    from convgui.views.layers.prepare_form import PrepareForm
    from convgui.views.layers.settings_form import SettingsForm
    from convgui.views.measure.classes_panel import ClassesPanel
    from convgui.views.measure.compare_panel import ComparePanel
    from convgui.views.measure.display_form import DisplayForm
    from convgui.views.measure.field_panel import FieldPanel
    from convgui.views.measure.probe_panel import ProbePanel
    from convgui.views.plots.curves_panel import CurvesPanel
    from convgui.views.plots.profile_panel import ProfilePanel
    from convgui.views.plots.response_panel import ResponsePanel

FRAME = 40
"""Pixels that a window manager puts around a window, at most."""


class MainWindow(QMainWindow):
    """Menus, toolbar, panes, panels and status bar.

    What is in a panel is made when it is first opened, or when one of its cards, which are attributes here, is asked for.

    Signals
    -------
    filled(str)
        What is in a panel has just been made.
    """

    dropped = Signal(list)
    picture_dropped = Signal(object)
    closing = Signal()
    filled = Signal(str)

    gallery: Gallery
    kernel_card: KernelCard
    probe: ProbePanel
    classes: ClassesPanel
    compare: ComparePanel
    field: FieldPanel
    profile: ProfilePanel
    curves: CurvesPanel
    response: ResponsePanel
    layers: LayerStrip
    film: FilmStrip
    measures: MeasuresPanel
    patches: PatchesPanel
    graph: GraphPanel
    weights: WeightsPanel
    settings: SettingsForm
    prepare: PrepareForm
    layer_form: LayerForm
    display: DisplayForm
    facts: FactsCard

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.setWindowTitle("convgui")
        self.setAcceptDrops(True)
        self.actions_by_id = Actions(self)
        self._rounder = Rounder(self)
        self.kernels: list[QAction] = []
        self.samples = QMenu("&Samples", self)
        self.samples.setObjectName("menu_samples")
        self.samples.setToolTipsVisible(True)
        self.recent = QMenu("Open recen&t", self)
        self.recent.setObjectName("menu_recent")
        self.actions_by_id.fill_menu_bar(self.menuBar(), {"File": [self.recent, self.samples]})
        self.docks = {panel.name: self._dock(panel) for panel in PANELS}
        self._arrange()
        self.setMinimumHeight(620)
        room = self.screen().availableGeometry()
        self.resize(min(1440, room.width() - FRAME), min(900, room.height() - FRAME))
        lay_out(self, self.docks, "explain")
        self._rounder.round(self)
        self.untouched = True
        """Whether the panels have their first sizes still to get: Qt gives none before the window is shown."""

    # construction

    @cached_property
    def finder(self) -> Finder:
        """What finds actions by words, made when it is first opened."""
        from convgui.views.kit.finder import Finder

        finder = Finder(self)
        self._rounder.round(finder, finder)
        return finder

    def _dock(self, panel) -> Dock:
        dock = Dock(panel.name, panel.title, partial(self._cards, panel), scrolls=panel.scrolls, window=self)
        dock.filled.connect(partial(self._filled, panel.name))
        return dock

    def _cards(self, panel, holder: QWidget) -> list[Card]:
        """Make the cards of a panel."""
        cards = [part.make(holder) for part in panel.parts]
        for part, card in zip(panel.parts, cards, strict=True):
            setattr(self, part.attribute, card)
        return cards

    def __getattr__(self, name: str):
        """Return a card of a panel that has not been opened yet."""
        docks = self.__dict__.get("docks", {})
        if name not in PANEL_OF or docks[PANEL_OF[name]].is_filled():
            raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")
        docks[PANEL_OF[name]].fill()
        return self.__dict__[name]

    def _filled(self, panel: str) -> None:
        """Give a panel that was made the actions that stand in it, and tell of it."""
        if panel in (dress := self._dressing()):
            dress[panel]()
        self._rounder.round(self.docks[panel])
        self._order_tabs(panel)
        self.filled.emit(panel)

    def _order_tabs(self, panel: str) -> None:
        """Let Tab reach a panel behind the one that stands before it in the table, whichever was opened first."""
        earlier = [dock for dock in list(self.docks.values())[: list(self.docks).index(panel)] if dock.is_filled()]
        self.docks[panel].order_tabs(earlier[-1].shut if earlier else None)

    def _arrange(self) -> None:
        self.setDockOptions(QMainWindow.DockOption.AllowNestedDocks | QMainWindow.DockOption.AllowTabbedDocks)
        self.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
        self.setCorner(Qt.Corner.TopRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
        self.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self.setDocumentMode(True)
        self.bar = QToolBar("Toolbar", self)
        self.bar.setObjectName("main_toolbar")
        self.bar.setMovable(False)
        self.bar.toggleViewAction().setEnabled(False)
        self.addToolBar(self.bar)
        self._fill_toolbar()
        self.stage, self.status = Stage(self), StatusBar(self.statusBar())  # after the toolbar, as Tab goes
        self.pair, self.messages = self.stage.pair, self.stage.messages
        self.tour, self.transport = self.stage.tour, self.stage.transport
        self.setCentralWidget(self.stage)
        self.statusBar().setSizeGripEnabled(False)
        self.statusBar().addWidget(self.status, 1)
        self.pair.brush.set_action(self.actions_by_id["grid_paint"])
        self.transport.set_actions(
            [self.actions_by_id[name] for name in ("motion_back", "motion_play", "motion_forward")],
            [self.actions_by_id["motion_loop"], self.actions_by_id["export_animation"]],
        )

    def createPopupMenu(self) -> QMenu:
        """Return the menu of a right click on a bar or a title: the panels."""
        menu = QMenu(self)
        menu.addActions([self.actions_by_id[f"show_{name}"] for name in self.docks])
        return menu

    def _dressing(self) -> dict[str, Callable[[], object]]:
        """Return what gives panels their actions."""
        actions = self.actions_by_id
        return {
            "kernel": self._dress_kernel,
            "operation": lambda: self.layer_form.hide(),  # until a layer is looked at that has one
            "gallery": lambda: self.gallery.left.connect(self.pair.setFocus),
            "probe": self._dress_probe,
            "field": lambda: self.field.set_actions(
                [(actions["field_over"], "Over the photo"), (actions["copy_field"], "Copy")]
            ),
            "compare": lambda: self.compare.set_actions(actions["keep_model"]),
            "layers": self._dress_layers,
        }

    def _dress_kernel(self) -> None:
        actions = self.actions_by_id
        more = QMenu(self)
        more.setObjectName("menu_kernel_more")
        more.setToolTipsVisible(True)
        for names in (
            ("kernel_paste", "kernel_copy", "kernel_open", "kernel_save"),
            ("kernel_keep", "kernel_forget"),
            ("kernel_transpose", "kernel_rotate_left", "kernel_rotate_45"),
            ("kernel_double", "kernel_half", "kernel_clear"),
        ):
            more.addActions([actions[name] for name in names])
            more.addSeparator()
        self.kernel_card.addActions(actions.local())
        self.kernel_card.set_actions([actions[name] for name in TOOLS], more)

    def _dress_probe(self) -> None:
        actions = self.actions_by_id
        names = {"sort_terms": "By size", "explain_below": "Down"}
        self.probe.set_actions([(actions[name], text) for name, text in names.items()])
        self.probe.set_copies([actions["copy_sum"], actions["copy_numpy"]])

    def _dress_layers(self) -> None:
        actions = self.actions_by_id
        names = ("duplicate_layer", "switch_layer", "move_layer_back", "move_layer_on", "remove_layer")
        self.layers.set_actions(
            [action for action in actions.all() if action.objectName().startswith("add_layer_")],
            [actions[name] for name in names],
            actions["show_photo"],
        )

    def _fill_toolbar(self) -> None:
        bar = QWidget(self.bar)
        bar.setObjectName("toolbar")
        self.bar.addWidget(bar)
        row = QHBoxLayout(bar)
        row.setContentsMargins(12, 7, 12, 7)
        row.setSpacing(8)
        actions = self.actions_by_id
        open_button = QPushButton("Open…")
        open_button.setObjectName("open_button")
        open_button.setAccessibleName("Open")
        open_button.setToolTip(actions["open"].toolTip())
        open_button.clicked.connect(actions["open"].trigger)
        samples = QPushButton("Samples")
        samples.setObjectName("samples_button")
        samples.setAccessibleName("Samples")
        samples.setToolTip("Photos, the article's grids and test patterns that come with the program")
        samples.setProperty("menubutton", True)
        samples.setMenu(self.samples)
        row.addWidget(open_button)
        row.addWidget(samples)
        row.addSpacing(6)
        for name in ("undo", "redo"):
            row.addWidget(self._icon_button(name))
        row.addSpacing(6)
        self.workspaces = Segmented("workspaces", "Workspace")
        self.workspaces.set_options([(name, workspace.title) for name, workspace in WORKSPACES.items()])
        self.workspaces.setProperty("roomy", True)
        for name in WORKSPACES:
            self.workspaces.set_tip(name, self.actions_by_id[f"workspace_{name}"].toolTip())
        row.addWidget(self.workspaces)
        row.addSpacing(6)
        self.ways = Segmented("map_ways", "How several maps are shown")
        self.ways.set_options([("map_grid", "Grid"), ("map_one", "One map"), ("map_picture", "As one picture")])
        self.ways.setProperty("roomy", True)
        for name in ("map_grid", "map_one", "map_picture"):
            self.ways.set_tip(name, actions[name].toolTip())
        self.ways.hide()
        row.addWidget(self.ways)
        for name in ("zoom_fit", "zoom_half", "zoom_double", "motion_play"):
            row.addWidget(self._icon_button(name))
        row.addSpacing(6)
        row.addStretch(1)
        self.find_button = QPushButton(f" Find an action   {self._keys('find')}")
        self.find_button.setProperty("find", True)
        self.find_button.setObjectName("find_button")
        self.find_button.setAccessibleName("Find an action")
        self.find_button.setToolTip(actions["find"].toolTip())
        self.find_button.clicked.connect(actions["find"].trigger)
        row.addWidget(self.find_button)
        export = QPushButton("Export")
        export.setObjectName("export_button")
        export.setAccessibleName("Export")
        export.setToolTip("Take the activation away: as picture, figure, numbers or animation")
        export.setProperty("primary", True)
        export.setProperty("menubutton", True)
        menu = QMenu(export)
        menu.setObjectName("menu_export")
        menu.setToolTipsVisible(True)
        menu.addActions(
            [actions[name] for name in ("export_picture", "export_figure", "export_numbers", "export_animation")]
        )
        menu.addSeparator()
        menu.addActions([actions[name] for name in ("copy_picture", "save_recipe")])
        export.setMenu(menu)
        row.addWidget(export)

    def _keys(self, name: str) -> str:
        return self.actions_by_id[name].shortcut().toString(QKeySequence.SequenceFormat.NativeText)

    def _icon_button(self, name: str) -> QToolButton:
        button = QToolButton()
        button.setDefaultAction(self.actions_by_id[name])
        button.setObjectName(f"button_{name}")
        button.setAccessibleName(self.actions_by_id[name].text().replace("&", ""))
        button.setProperty("icononly", True)
        button.setIconSize(QSize(17, 17))
        return button

    def showEvent(self, event) -> None:
        """Give the panels their first sizes, unless they have others from the last time."""
        super().showEvent(event)
        if self.untouched:
            self.untouched = False
            share_out(self, self.docks)
        for dock in self.docks.values():
            if dock.isFloating() and not dock.isHidden():
                dock.raise_()  # it was shown before the window, and would lie behind it

    # setters

    def restoreState(self, state, version: int = 0) -> bool:
        """Put the panels where they stood, and then make what is in those that are open."""
        for dock in self.docks.values():
            dock.hold(True)
        self.layout().activate()  # Qt crashes where it still has something to lay out meanwhile
        taken = super().restoreState(state, version)
        for dock in self.docks.values():
            dock.hold(False)
        return taken

    def refresh_icons(self) -> None:
        """Tint all icons anew after a change of theme."""
        self.actions_by_id.refresh_icons()
        for part in (self.messages, self.status, *self.docks.values()):
            part.refresh_icons()
        self.find_button.setIcon(icon("search", "faint", 16))

    def set_bare(self, bare: bool) -> None:
        """Hide the bars, so that nothing is left but the panes, or bring them back."""
        for part in (self.menuBar(), self.bar, self.statusBar()):
            part.setVisible(not bare)
        self.stage.caption.setVisible(bare)
        self.pair.set_large(bare)

    def open_finder(self) -> None:
        """Show the action finder below its button."""
        middle = self.mapToGlobal(QPoint(self.width() // 2, 96 if self.bar.isVisible() else 24))
        samples = [action for action in self.samples.findChildren(QAction) if action.property("menu")]
        self.finder.open([*self.actions_by_id.all(), *samples, *self.kernels], middle)

    # gestures

    def dragEnterEvent(self, event) -> None:
        """Take files and pictures, and show where."""
        mime = event.mimeData()
        if mime.hasUrls() or mime.hasImage():
            event.acceptProposedAction()
            names = [url.fileName() for url in mime.urls() if url.isLocalFile()]
            what = names[0] if len(names) == 1 else f"{len(names)} files" if names else "the picture"
            self.stage.target.show_text(f"Drop to open {what}")

    def dragLeaveEvent(self, event) -> None:
        """Show no more where to drop."""
        self.stage.target.hide()

    def dropEvent(self, event) -> None:
        """Tell which files were dropped, or which picture, as from a browser; an empty list if there is none of both."""
        self.stage.target.hide()
        mime = event.mimeData()
        paths = [url.toLocalFile() for url in mime.urls() if url.isLocalFile()]
        image = QImage(mime.imageData()) if mime.hasImage() and not paths else QImage()
        event.acceptProposedAction()
        if image.isNull():
            self.dropped.emit(paths)
        else:
            self.picture_dropped.emit(image)

    def closeEvent(self, event) -> None:
        """Emit `closing`."""
        self.closing.emit()
        super().closeEvent(event)
