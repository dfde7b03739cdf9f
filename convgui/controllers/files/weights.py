"""Weights of trained networks: a file's tensors are listed, one becomes a layer, or its whole chain the document."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from convgui.controllers.files.networks import asked_text, suited_reading
from convgui.controllers.files.opening import Opening
from convgui.engine.kernels.kernel import Kernel, Origin
from convgui.engine.layers.conv import Conv
from convgui.engine.looking.many import Many
from convgui.io.weights.files import ENDINGS, open_weights
from convgui.io.weights.referred import with_origins
from convgui.io.weights.saved import FORMATS, save_bank
from convgui.io.weights.tensor import MEANING, bank_words
from convgui.model import chains, colouring
from convgui.model.kernel_sheets import kernel_sheet
from convgui.model.state import Display, State
from convgui.views.files.weights_panel import TensorRow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from convgui.controllers.context import Context
    from convgui.engine.layers.base import Layer
    from convgui.io.weights.files import WeightsFile
    from convgui.io.weights.network import Network
    from convgui.io.weights.tensor import Layout, Tensor
    from convgui.model.answers import Answer
    from convgui.worker.runner import Token

KINDS = f"Weights ({' '.join(f'*{ending}' for ending in (*ENDINGS, '.json'))});;All files (*)"

GRAPHS = "ONNX models (*.onnx);;All files (*)"

LANE = "weights"

WHOLE = "Run the whole graph shows all of it."

MOST = 4_000_000
"""Numbers of a tensor up to which a small picture of its kernels is made without being asked."""


@dataclass(frozen=True)
class WeightsRequest:
    """List a file of weights."""

    path: str

    def __call__(self, token: Token) -> WeightsFile:
        """Read its headers."""
        return open_weights(self.path)


@dataclass(frozen=True, eq=False)
class NetworkRequest:
    """Make the chain of a file; its weights are read."""

    file: WeightsFile

    def __call__(self, token: Token) -> tuple[Network, tuple[Layer, ...]] | None:
        """Make it; None if the file has none."""
        network = self.file.network
        return None if network is None else (network, with_origins(network.layers, network.names, self.file))


@dataclass(frozen=True, eq=False)
class SheetsRequest:
    """Make small pictures of the kernels of tensors; each is delivered as (name, colours)."""

    tensors: tuple[tuple[Tensor, Layout | None], ...]
    table: NDArray[np.uint8]
    dark: bool

    def __call__(self, token: Token) -> int:
        """Make them, and return how many there are; a tensor that cannot be read has none."""
        made = 0
        for done, (tensor, layout) in enumerate(self.tensors, 1):
            if token.cancelled():
                break
            try:
                bank, _ = tensor.bank(layout)
            except (OSError, ValueError):
                continue
            token.deliver((tensor.name, kernel_sheet(bank, self.table, 27 if self.dark else 255)))
            token.progress(done / len(self.tensors))
            made += 1
        return made


@dataclass(frozen=True, eq=False)
class BankRequest:
    """Read a tensor as a bank."""

    file: WeightsFile
    tensor: Tensor
    layout: Layout

    def __call__(self, token: Token) -> Conv:
        """Read it."""
        bank, groups = self.tensor.bank(self.layout)
        origin = Origin(str(self.file.path.absolute()), self.tensor.name, self.layout)
        weights = Kernel(bank.astype(np.float64), self.tensor.name, origin=origin)
        return Conv(weights, padding="valid", groups=groups, name=self.tensor.name)


@dataclass(frozen=True, eq=False)
class SaveBank:
    """Write a bank."""

    path: str
    conv: Conv

    def __call__(self, token: Token) -> str:
        """Write it."""
        save_bank(self.path, self.conv)
        return self.path


class WeightsController(QObject):
    """Fills the panel of weights, and does what is asked for there.

    Attributes
    ----------
    opened : Signal
        Emitted with the path of a file that is listed.
    graph_asked : Signal
        Emitted with the path of a file whose graph is to be run as it is.
    """

    opened, graph_asked = Signal(str), Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__(context.window)
        self._context, self._panel = context, context.window.weights
        self._file: WeightsFile | None = None
        self._network: tuple[Network, tuple[Layer, ...]] | None = None
        self._layouts: dict[str, Layout] = {}
        self._answers: dict[str, Mapping[int, Answer]] = {}
        """What was set for the layers of files that leave it open, by their paths."""
        self._panel.open_asked.connect(self.ask)
        self._panel.picked.connect(self._pick)
        self._panel.layout_chosen.connect(self._set_layout)
        self._panel.layer_asked.connect(self._use)
        self._panel.network_asked.connect(self.open_network)
        self._panel.graph_asked.connect(self.ask_graph)
        context.on_theme(self._draw_all)

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do that are about weights."""
        return {"open_weights": self.ask, "run_graph": self.ask_graph, "save_bank": self.ask_save}

    # saving

    def ask_save(self) -> None:
        """Ask where the bank that is looked at goes, and write it with its biases."""
        state = self._context.state
        if state.conv is None or state.bank is None:
            self._context.tell_error(f"Expected a bank of kernels to save, received {state.title}: select a layer with one.")
            return
        kinds = ";;".join(f"{text} (*{ending})" for ending, text in FORMATS.items())
        name = (state.conv.name or state.bank.name).replace("/", "-").replace(" ", "-") or "bank"
        place = str(Path(self._context.usual_folder()) / f"{name}.safetensors")
        path, kind = QFileDialog.getSaveFileName(self._context.window, "Save the bank", place, kinds)
        if path:
            ending = next(ending for ending, text in FORMATS.items() if kind.startswith(text))
            self.save(path if Path(path).suffix.lower() in FORMATS else f"{path}{ending}")

    def save(self, path: str) -> None:
        """Write the bank that is looked at."""
        conv = self._context.state.conv
        assert conv is not None
        request = SaveBank(path, conv)
        self._context.runner.submit(
            "recipe", request, lambda p: self._context.succeeded(f"Saved {p}"), self._context.tell_error, every=True
        )

    # opening

    def ask(self) -> None:
        """Ask which file to open."""
        path, _ = QFileDialog.getOpenFileName(self._context.window, "Open weights", self._context.usual_folder(), KINDS)
        if path:
            self.open(path)

    def ask_graph(self) -> None:
        """Have the graph of the ONNX model that is open run as it is, or ask for one."""
        path = str(self._file.path.absolute()) if self._file is not None and self._file.kind == "ONNX" else ""
        if not path:
            folder = self._context.usual_folder()
            path, _ = QFileDialog.getOpenFileName(self._context.window, "Run a graph", folder, GRAPHS)
        if path:
            self.graph_asked.emit(path)

    def open(self, path: str) -> None:
        """List a file of weights in the panel."""
        self._context.runner.submit("open", WeightsRequest(path), self.take, self._context.tell_error)

    def take(self, file: WeightsFile) -> None:
        """Show the tensors of a file, and offer its network."""
        self._file, self._network, self._layouts = file, None, {}
        self._context.preferences["folder"] = str(file.path.absolute().parent)
        count = sum(int(np.prod(tensor.shape)) for tensor in file.tensors)
        detail = f"{file.kind} · {len(file.tensors):,} tensors · {count:,} numbers"
        self._panel.set_file(file.path.name, detail, [_row(tensor) for tensor in file.tensors], file.note)
        self._panel.set_graph(file.kind == "ONNX")
        self.opened.emit(str(file.path))
        self._context.window.docks["weights"].bring()
        self._context.succeeded(f"{file.path.name}: {detail}")
        self._draw_all()
        self._context.runner.submit("network", NetworkRequest(file), self._offer, self._context.tell_error)

    def _offer(self, found: tuple[Network, tuple[Layer, ...]] | None) -> None:
        self._network = found
        if found is None or self._file is None:
            return
        network, layers = found
        layers_text = f"{len(layers)} layer{'s' * (len(layers) > 1)}"
        self._panel.set_network(f"Open the network, {layers_text}", "Its layers become the chain; undo goes back")
        more = WHOLE if network.rest and self._file.kind == "ONNX" else ""
        self._panel.set_note(" ".join(part for part in (self._file.note, network.rest, more, asked_text(network)) if part))

    # what the user does

    def open_network(self) -> None:
        """Make the chain of the file the document, on the present picture; what the file leaves open is asked first."""
        if self._network is None or self._file is None:
            return
        network, layers = self._network
        if not asked_text(network):
            self._open_layers(self._file, network, layers)
            return
        file, path = self._file, str(self._file.path.absolute())

        def take(layers: tuple[Layer, ...], answers: Mapping[int, Answer]) -> None:
            self._answers[path] = answers
            self._open_layers(file, network, layers)

        Opening(self._context, file.path.name, network, layers, self._answers.get(path, {}), take).begin()

    def _open_layers(self, file: WeightsFile, network: Network, layers: tuple[Layer, ...]) -> None:
        state = self._context.state
        reading, note = suited_reading(network, state.source)
        if network.reading is not None:
            self._context.trained[str(file.path.absolute())] = network.reading
        first = next((index for index, layer in enumerate(layers) if layer.kind == "conv"), 0)
        made = State(state.source, reading, layers, first, Display(photo=True, many=Many(way="grid")))
        if not self._context.session.replace(f"open {file.path.name}", made):
            return
        self._context.window.actions_by_id["show_layers"].setChecked(True)
        if note or network.rest:
            self._context.tell(" ".join(part for part in (note, network.rest) if part))

    def _pick(self, name: str) -> None:
        tensor = self._tensor(name)
        layouts = [(layout, MEANING[layout]) for layout in tensor.layouts]
        chosen = self._layouts.get(name, tensor.layout)
        words = "no bank of kernels" if chosen is None else bank_words(tensor.shape, chosen)
        self._panel.set_layouts(layouts, chosen or "", words)

    def _set_layout(self, name: str, layout: Layout) -> None:
        self._layouts[name] = layout
        self._panel.set_layout(name, layout)
        self._pick(name)
        self._draw([self._tensor(name)])

    def _use(self, name: str) -> None:
        """Put a tensor into the chain: as the first layer where it reads the picture, else behind what is looked at."""
        tensor = self._tensor(name)
        layout = self._layouts.get(name, tensor.layout)
        if layout is None or self._file is None:
            return
        request = BankRequest(self._file, tensor, layout)
        self._context.runner.submit("open", request, self._take_layer, self._context.tell_error)

    def _take_layer(self, conv: Conv) -> None:
        state = self._context.state
        channels = conv.kernel.weights.shape[2] * conv.groups
        if channels == state.source.channels or (channels == 1 and state.source.channels == 3):
            colour = "each channel" if channels == state.source.channels and channels > 1 else state.reading.colour
            reading = replace(state.reading, colour=colour, matrix=(), offset=()) if channels > 1 else state.reading
            many = Many(way="grid") if conv.kernel.weights.shape[3] > 1 else Many()
            new = State(state.source, reading, (conv,), 0, Display(many=many))
            label = f"open {conv.name}"
        else:
            try:
                new, label = chains.add(state, conv), f"add {conv.name}"
            except ValueError as error:
                self._context.tell_error(error)
                return
        if new.fault is not None:
            self._context.tell_error(f"{conv.name} reads {channels} channels: {new.fault.sentence}")
            return
        self._context.session.replace(label, new)
        self._context.window.actions_by_id["show_layers"].setChecked(True)

    def _tensor(self, name: str) -> Tensor:
        assert self._file is not None
        return next(tensor for tensor in self._file.tensors if tensor.name == name)

    # small pictures

    def _draw_all(self) -> None:
        if self._file is not None:
            self._draw([tensor for tensor in self._file.tensors if int(np.prod(tensor.shape)) <= MOST])

    def _draw(self, tensors: list[Tensor]) -> None:
        shown = [(tensor, self._layouts.get(tensor.name, tensor.layout)) for tensor in tensors]
        banks = tuple((tensor, layout) for tensor, layout in shown if layout is not None and len(tensor.shape) > 2)
        if banks:
            dark = self._context.dark
            request = SheetsRequest(banks, colouring.signed_table(dark), dark)
            self._context.runner.submit(LANE, request, lambda _: None, self._context.tell_error, part=self._take_sheet)

    def _take_sheet(self, made: tuple[str, NDArray[np.uint8]]) -> None:
        self._panel.set_picture(*made)


def _row(tensor: Tensor) -> TensorRow:
    shape = " × ".join(f"{n:,}" for n in tensor.shape) or "1"
    tip = f"{tensor.name}: {bank_words(tensor.shape, tensor.layout)}" if tensor.layout else tensor.name
    return TensorRow(tensor.name, shape, tensor.layout or "", tensor.dtype, tip)
