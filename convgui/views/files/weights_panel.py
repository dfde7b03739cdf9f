"""A file of weights: its tensors as a tree with shapes, layouts and small pictures of their kernels, and its network."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QSlider,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from convgui.views.kit.card import Card, ElidedLabel, compact_button, label
from convgui.views.kit.thumbnail import image_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

HINT = (
    "Open weights of a trained network: safetensors, ONNX, Keras (.keras, .h5), NumPy (.npz, .npy) or TensorFlow.js. Their "
    "tensors stand here; pick one as a layer, or open the whole network."
)

GRAPH = "ONNX Runtime runs the model as it is, with its branches: every tensor of maps can be looked at"

NAME, KERNELS, SHAPE, LAYOUT, KIND = range(5)
HEADINGS = ("Tensor", "Kernels", "Shape", "Layout", "Numbers")

PICTURE = QSize(150, 20)


class TensorRow(NamedTuple):
    """What is shown of a tensor: its name, shape, layout (empty where it is no bank), dtype, and what a tip says of it."""

    name: str
    shape: str
    layout: str
    dtype: str
    tip: str = ""


class WeightsPanel(Card):
    """Shows what is in a file of weights.

    Signals
    -------
    open_asked
        Another file is to be opened.
    picked(str)
        A tensor is looked at.
    layout_chosen(str, str)
        A tensor is to be read with another layout.
    layer_asked(str)
        A tensor is to become a layer.
    network_asked
        The whole chain is to be opened.
    graph_asked
        The graph is to be run as it is.
    time_chosen(int)
        The weights of another time of a training are to be shown.
    """

    open_asked = Signal()
    picked = Signal(str)
    layout_chosen = Signal(str, str)
    layer_asked = Signal(str)
    network_asked, graph_asked = Signal(), Signal()
    time_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("weights", "Weights", parent)
        self._items: dict[str, QTreeWidgetItem] = {}
        self.open_button = compact_button("weights_open", "Open weights…", "Open a file of a trained network's weights")
        self.open_button.clicked.connect(self.open_asked)
        self.network_button = compact_button("weights_network", "Open the network")
        self.network_button.setProperty("primary", True)
        self.network_button.clicked.connect(self.network_asked)
        self.graph_button = compact_button("weights_graph", "Run the whole graph", GRAPH)
        self.graph_button.clicked.connect(self.graph_asked)
        for button in (self.open_button, self.graph_button, self.network_button):
            self.corner.addWidget(button)
        self.tree = QTreeWidget()
        self.tree.setObjectName("weights_tree")
        self.tree.setAccessibleName("Tensors of the file")
        self.tree.setHeaderLabels(list(HEADINGS))
        self.tree.setIconSize(PICTURE)
        self.tree.setUniformRowHeights(True)
        self.tree.setAllColumnsShowFocus(True)
        self.tree.setMinimumHeight(80)
        self.tree.header().setObjectName("weights_headings")
        self.tree.header().setAccessibleName("Headings of the tensors")
        self.tree.header().setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        self.tree.header().setStretchLastSection(False)
        for column in (KERNELS, SHAPE, LAYOUT, KIND):
            self.tree.header().setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.tree.currentItemChanged.connect(lambda now, before: self._pick(now))
        self.tree.itemDoubleClicked.connect(lambda item, column: self._use(item))
        self.hint = label(HINT, "prose", wrap=True)
        self.note = ElidedLabel()
        self.note.setProperty("role", "detail")
        self.note.setObjectName("weights_note")
        self.body.addWidget(self.hint)
        self.body.addWidget(self.tree, 1)
        self.body.addWidget(self.note)
        self.body.addLayout(self._times_row())
        self.body.addLayout(self._foot())
        self.set_file("", "", (), "")

    def _foot(self) -> QHBoxLayout:
        self.layout_list = QComboBox()
        self.layout_list.setObjectName("weights_layout")
        self.layout_list.setAccessibleName("Layout of the tensor")
        self.layout_list.setToolTip("Which axes of the tensor are filters, channels, rows and columns")
        self.layout_list.setProperty("compact", True)
        self.layout_list.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.layout_list.activated.connect(
            lambda place: self.layout_chosen.emit(self.current(), self.layout_list.itemData(place))
        )
        self.layout_text = label("", "detail")
        self.layout_text.setObjectName("weights_layout_text")
        self.layer_button = compact_button("weights_layer", "Use as layer", "Put the tensor into the chain as a convolution")
        self.layer_button.clicked.connect(lambda: self.layer_asked.emit(self.current()))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.layout_list)
        row.addWidget(self.layout_text, 1)
        row.addWidget(self.layer_button)
        return row

    def _times_row(self) -> QHBoxLayout:
        self._times: tuple[str, ...] = ()
        self.time = QSlider(Qt.Orientation.Horizontal)
        self.time.setObjectName("weights_time")
        self.time.setAccessibleName("Time of the training")
        self.time.setToolTip("Go through the files of the folder: kernels and maps follow")
        self.time.valueChanged.connect(self._choose_time)
        self.time_text = label("", "detail")
        self.time_text.setObjectName("weights_time_text")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.time, 1)
        row.addWidget(self.time_text)
        self.time.hide()
        self.time_text.hide()
        return row

    def _choose_time(self, time: int) -> None:
        if self._times:
            self._say_time(time)
            self.time_chosen.emit(time)

    def _say_time(self, time: int) -> None:
        self.time_text.setText(f"{time + 1} of {len(self._times)} · {self._times[time]}")

    # setters

    def set_times(self, names: Sequence[str], time: int) -> None:
        """Offer the files of a training, one after the other in time; none, or one, offers nothing."""
        self._times = ()  # nobody is told of what is set here
        self.time.setRange(0, max(len(names) - 1, 0))
        self.time.setValue(time)
        self._times = tuple(names) if len(names) > 1 else ()
        for part in (self.time, self.time_text):
            part.setVisible(bool(self._times))
        if self._times:
            self._say_time(time)

    def set_file(self, name: str, detail: str, rows: Sequence[TensorRow], note: str) -> None:
        """Show the tensors of a file; its name is empty where there is none."""
        self.set_title(name or "Weights")
        self.set_detail(detail)
        self._items = {}
        self.tree.clear()
        for row in rows:
            self._items[row.name] = self._add(row)
        self.tree.expandAll()
        self.hint.setVisible(not name)
        for part in (self.tree, self.layout_list, self.layout_text, self.layer_button):
            part.setVisible(bool(name))
        self.set_note(note)
        self.set_layouts((), "", "")
        self.set_network("", "")
        self.set_graph(False)

    def set_note(self, note: str) -> None:
        """Say something about the file."""
        self.note.set_text(note)
        self.note.setVisible(bool(note))

    def set_network(self, text: str, tip: str) -> None:
        """Offer the whole chain of the file; an empty text offers none."""
        self.network_button.setVisible(bool(text))
        self.network_button.setText(text)
        self.network_button.setToolTip(tip)

    def set_graph(self, offered: bool) -> None:
        """Offer to run the file's graph as it is."""
        self.graph_button.setVisible(offered)

    def set_picture(self, name: str, colours: NDArray[np.uint8]) -> None:
        """Show the kernels of a tensor."""
        if (item := self._items.get(name)) is None:
            return
        image = image_of(colours)
        scale = max(min(PICTURE.height() / image.height(), PICTURE.width() / image.width()), 1 / 16)
        size = QSize(max(round(image.width() * scale), 1), max(round(image.height() * scale), 1))
        scaled = image.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.FastTransformation)
        item.setIcon(KERNELS, QIcon(QPixmap.fromImage(scaled)))

    def set_layouts(self, layouts: Sequence[tuple[str, str]], chosen: str, text: str) -> None:
        """Offer layouts of the tensor that is looked at, each with its meaning, and say what the chosen one makes of it."""
        self.layout_list.clear()
        for name, meaning in layouts:
            self.layout_list.addItem(f"{name}: {meaning}", name)
        self.layout_list.setCurrentIndex(self.layout_list.findData(chosen))
        self.layout_list.setEnabled(len(layouts) > 1)
        self.layout_text.setText(text)
        self.layer_button.setEnabled(bool(layouts))

    def set_layout(self, name: str, layout: str) -> None:
        """Show with which layout a tensor is read."""
        if (item := self._items.get(name)) is not None:
            item.setText(LAYOUT, layout)

    # what is shown

    def current(self) -> str:
        """Return the name of the tensor that is looked at, empty if there is none."""
        item = self.tree.currentItem()
        return "" if item is None else str(item.data(NAME, Qt.ItemDataRole.UserRole) or "")

    def names(self) -> list[str]:
        """Return the names of the tensors."""
        return list(self._items)

    def _add(self, row: TensorRow) -> QTreeWidgetItem:
        separator = "/" if "/" in row.name else "."
        *above, last = row.name.split(separator)
        parent = self.tree.invisibleRootItem()
        for part in above:
            parent = self._branch(parent, part)
        item = QTreeWidgetItem(parent, [last, "", row.shape, row.layout, row.dtype])
        item.setData(NAME, Qt.ItemDataRole.UserRole, row.name)
        item.setToolTip(NAME, row.tip or row.name)
        for column in (SHAPE, KIND):
            item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return item

    @staticmethod
    def _branch(parent: QTreeWidgetItem, name: str) -> QTreeWidgetItem:
        for place in range(parent.childCount() - 1, -1, -1):
            child = cast("QTreeWidgetItem", parent.child(place))
            if child.text(NAME) == name and child.data(NAME, Qt.ItemDataRole.UserRole) is None:
                return child
        return QTreeWidgetItem(parent, [name])

    # gestures

    def _pick(self, item: QTreeWidgetItem | None) -> None:
        if item is not None and (name := item.data(NAME, Qt.ItemDataRole.UserRole)):
            self.picked.emit(str(name))
        else:
            self.set_layouts((), "", "")

    def _use(self, item: QTreeWidgetItem) -> None:
        if self.layer_button.isEnabled() and (name := item.data(NAME, Qt.ItemDataRole.UserRole)):
            self.layer_asked.emit(str(name))
