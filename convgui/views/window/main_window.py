"""The main window: the layout of all panels. It decides nothing; the controllers connect it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QImage, QKeySequence
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from convgui.views.kernel.kernel_card import TOOLS, KernelCard
from convgui.views.kit.actions import Actions
from convgui.views.kit.finder import Finder
from convgui.views.kit.theme import GAP, LEFT_COLUMN, RIGHT_COLUMN, icon
from convgui.views.window.message_bar import MessageBar
from convgui.views.window.panels import PANELS
from convgui.views.window.side_by_side import SideBySide
from convgui.views.window.status_bar import StatusBar

if TYPE_CHECKING:
    from convgui.views.canvas.tour_card import TourCard
    from convgui.views.canvas.transport import Transport
    from convgui.views.kernel.facts_card import FactsCard
    from convgui.views.kernel.gallery import Gallery
    from convgui.views.layers.layer_form import LayerForm
    from convgui.views.layers.layer_strip import LayerStrip
    from convgui.views.layers.settings_form import SettingsForm
    from convgui.views.measure.display_form import DisplayForm
    from convgui.views.measure.probe_panel import ProbePanel

FRAME = 40
"""Pixels that a window manager puts around a window, at most."""


class _Column(QWidget):
    """Cards below each other; its height follows from its width."""

    relaid = Signal()

    def __init__(self, width: int) -> None:
        super().__init__()
        self._width = width
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(GAP)

    def minimumSizeHint(self) -> QSize:
        """Return the height at the column's width: a wrapped label by itself would ask for that of a narrow one."""
        return QSize(0, self.needed())

    def event(self, event) -> bool:
        """Tell when a card wants another height."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.relaid.emit()
        return done

    def needed(self) -> int:
        """Return the height that the cards need at the least."""
        return self.column.totalHeightForWidth(self._width)


class MainWindow(QMainWindow):
    """Toolbar, message bar, three columns and status bar."""

    dropped = Signal(list)
    picture_dropped = Signal(object)
    closing = Signal()

    gallery: Gallery
    kernel_card: KernelCard
    tour: TourCard
    transport: Transport
    probe: ProbePanel
    layers: LayerStrip
    settings: SettingsForm
    layer_form: LayerForm
    display: DisplayForm
    facts: FactsCard

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.setWindowTitle("convgui")
        self.setAcceptDrops(True)
        self.actions_by_id = Actions(self)
        for panel in PANELS:
            setattr(self, panel.name, panel.make())
        self.pair, self.messages, self.status = SideBySide(), MessageBar(), StatusBar()
        self.finder = Finder(self)
        self.kernels: list[QAction] = []
        self.samples = QMenu("&Samples", self)
        self.samples.setObjectName("menu_samples")
        self.samples.setToolTipsVisible(True)
        self.recent = QMenu("Open recen&t", self)
        self.recent.setObjectName("menu_recent")
        self.actions_by_id.fill_menu_bar(self.menuBar(), {"File": [self.recent, self.samples]})
        self._arrange()
        self.setMinimumSize(980, 620)
        room = self.screen().availableGeometry()
        self.resize(min(1440, room.width() - FRAME), min(900, room.height() - FRAME))

    # construction

    def _arrange(self) -> None:
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._toolbar())
        column.addWidget(self._rule())
        column.addWidget(self.messages)
        body = QHBoxLayout()
        body.setContentsMargins(GAP, GAP, GAP, GAP)
        body.setSpacing(GAP)
        self.left = self._left_column()
        self.middle = self._middle_column()
        self.right = self._right_column()
        self.left.widget().relaid.connect(self.fit_kernel)
        body.addWidget(self.left)
        body.addWidget(self.middle, 1)
        body.addWidget(self.right)
        column.addLayout(body, 1)
        column.addWidget(self._rule())
        column.addWidget(self.status)
        self.setCentralWidget(centre)

    def _rule(self) -> QFrame:
        rule = QFrame()
        rule.setObjectName("rule")
        rule.setFixedHeight(1)
        return rule

    def _toolbar(self) -> QWidget:
        bar = QWidget()
        bar.setObjectName("toolbar")
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
        for names in (("undo", "redo"), ("zoom_fit", "zoom_half", "zoom_double"), ("motion_play",)):
            for name in names:
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
        export.setToolTip("Take the activation away: as picture, as figure, as numbers")
        export.setProperty("primary", True)
        export.setProperty("menubutton", True)
        menu = QMenu(export)
        menu.setObjectName("menu_export")
        menu.setToolTipsVisible(True)
        menu.addActions([actions[name] for name in ("export_picture", "export_figure", "export_numbers")])
        menu.addSeparator()
        menu.addActions([actions[name] for name in ("copy_picture", "save_recipe")])
        export.setMenu(menu)
        row.addWidget(export)
        return bar

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

    def _left_column(self) -> QScrollArea:
        more = QMenu(self)
        more.setObjectName("menu_kernel_more")
        more.setToolTipsVisible(True)
        for names in (
            ("kernel_paste", "kernel_copy", "kernel_open", "kernel_save"),
            ("kernel_keep", "kernel_forget"),
            ("kernel_transpose", "kernel_rotate_left", "kernel_rotate_45"),
            ("kernel_double", "kernel_half", "kernel_clear"),
        ):
            more.addActions([self.actions_by_id[name] for name in names])
            more.addSeparator()
        self.kernel_card.addActions(self.actions_by_id.local())
        self.gallery.left.connect(self.pair.setFocus)
        self.kernel_card.set_actions([self.actions_by_id[name] for name in TOOLS], more)
        self.gallery.setMinimumHeight(224)
        return self._column("left", LEFT_COLUMN)

    def _right_column(self) -> QScrollArea:
        self.settings.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        return self._column("right", RIGHT_COLUMN)

    def _standing(self, place: str) -> list[tuple[QWidget, int]]:
        """Return the panels at a place, from top to bottom, with their stretch."""
        return [(getattr(self, panel.name), panel.stretch) for panel in PANELS if panel.place == place]

    def _column(self, place: str, width: int) -> QScrollArea:
        """Return a column of cards that scrolls where the window is too low for them."""
        inner = _Column(width)
        for card, stretch in self._standing(place):
            inner.column.addWidget(card, stretch)
        inner.column.addStretch()  # what is left over where cards are hidden
        area = QScrollArea()
        area.setObjectName(f"{place}_column")
        area.setWidget(inner)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFixedWidth(width)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return area

    def _middle_column(self) -> QWidget:
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setObjectName("middle_column")
        self.splitter.setHandleWidth(GAP)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self._panes())
        for panel, _ in self._standing("bottom"):
            self.splitter.addWidget(panel)
        names = {"sort_terms": "By size", "explain_below": "Down", "copy_sum": "Copy", "copy_numpy": "As NumPy"}
        self.probe.set_actions([(self.actions_by_id[name], text) for name, text in names.items()])
        self.pair.brush.set_action(self.actions_by_id["grid_paint"])
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 0)
        self.splitter.setSizes([600, 184])
        return self.splitter

    def _panes(self) -> QWidget:
        """Return the panes with what stands above and below them."""
        names = ("motion_back", "motion_play", "motion_forward")
        self.transport.set_actions(
            [self.actions_by_id[name] for name in names],
            [self.actions_by_id["motion_loop"], self.actions_by_id["export_animation"]],
        )
        names = ("duplicate_layer", "switch_layer", "move_layer_back", "move_layer_on", "remove_layer")
        self.layers.set_actions(
            [action for action in self.actions_by_id.all() if action.objectName().startswith("add_layer_")],
            [self.actions_by_id[name] for name in names],
            self.actions_by_id["show_photo"],
        )
        both = QWidget()
        column = QVBoxLayout(both)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        for part, stretch in (*self._standing("above"), (self.pair, 1), *self._standing("below")):
            column.addWidget(part, stretch)
        return both

    def resizeEvent(self, event) -> None:
        """Fit the kernel into the left column."""
        super().resizeEvent(event)
        self.fit_kernel()

    # setters

    def fit_kernel(self) -> None:
        """Shrink the kernel's grid if the left column is too low for everything in it."""
        grid, inner = self.kernel_card.grid, self.left.widget()
        assert isinstance(inner, _Column)
        at_best = inner.needed() - grid.height() + grid.sizeHint().height()
        room = self.left.height() if self.isVisible() else self.height() - 140
        grid.give_way(at_best - room)

    def refresh_icons(self) -> None:
        """Tint all icons anew after a change of theme."""
        self.actions_by_id.refresh_icons()
        for part in (self.kernel_card, self.layers, self.messages, self.status):
            part.refresh_icons()
        self.find_button.setIcon(icon("search", "faint", 16))

    def open_finder(self) -> None:
        """Show the action finder below its button."""
        middle = self.mapToGlobal(QPoint(self.width() // 2, 96))
        samples = [action for action in self.samples.findChildren(QAction) if action.property("menu")]
        self.finder.open([*self.actions_by_id.all(), *samples, *self.kernels], middle)

    # gestures

    def dragEnterEvent(self, event) -> None:
        """Take files and pictures."""
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event) -> None:
        """Tell which files were dropped, or which picture, as from a browser; an empty list if there is none of both."""
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
