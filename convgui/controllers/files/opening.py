"""Opening a network whose file leaves settings open: they are asked in one table, with what comes out of each layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject

from convgui.controllers.files.networks import open_settings, open_words, suited_reading
from convgui.engine.layers.activation import Activation
from convgui.engine.layers.activations import ACTIVATIONS
from convgui.engine.layers.affine import Affine
from convgui.engine.layers.geometry import PADDINGS
from convgui.engine.network import Chain
from convgui.model.answers import NO_FUNCTION, POOLS, SOFTMAX, Answer, AnswerError, answered, kernel_words, written
from convgui.model.layer_words import shape_words, title
from convgui.views.files.network_dialog import NetworkDialog, NetworkPlan
from convgui.views.files.network_table import LayerRow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from convgui.controllers.context import Context
    from convgui.engine.layers.base import Layer
    from convgui.engine.source import Source
    from convgui.io.weights.network import Network
    from convgui.worker.runner import Token

LANE = "plan"

STRIDES, CELLS = ("1", "2", "4"), ("1", "2", "3")


class Opened(NamedTuple):
    """What the dialog says, and the layers that would be opened; none if an answer cannot be taken."""

    plan: NetworkPlan
    layers: tuple[Layer, ...]


@dataclass(frozen=True, eq=False)
class OpeningRequest:
    """What answers make of a network on a picture."""

    network: Network
    layers: tuple[Layer, ...]
    source: Source
    answers: Mapping[int, Answer]

    def __call__(self, token: Token) -> Opened:
        """Bind the layers, and say what comes out of each."""
        try:
            layers, ends = answered(self.layers, self.answers, sequence=self.network.sequence)
        except AnswerError as error:
            wrong = error.layer, error.setting
            before = answered(self.layers[: error.layer], self.answers, sequence=self.network.sequence)
            outputs = self._outputs(self._chain(before.layers), before.ends)
            return Opened(NetworkPlan(outputs, "", f"{title(self.layers[error.layer])}: {error}", wrong), ())
        chain = self._chain(layers)
        outputs = self._outputs(chain, ends)
        if (fault := chain.fault) is None:
            last = shape_words(chain.shape(len(layers)), self.source)
            return Opened(NetworkPlan(outputs, f"{self.source.name} becomes {last}."), layers)
        place = next((k for k, end in enumerate(ends) if end >= fault.layer), 0)
        return Opened(NetworkPlan(outputs, "", f"{title(self.layers[place])}: {fault.sentence}"), layers)

    def _chain(self, layers: tuple[Layer, ...]) -> Chain:
        reading, _ = suited_reading(self.network, self.source)
        return Chain(self.source, reading, layers)

    def _outputs(self, chain: Chain, ends: tuple[int, ...]) -> tuple[str, ...]:
        """Return what comes out of each layer of the file, in words, as far as it is known."""
        fit = [chain.shape(end) if end <= len(chain.bounds) else None for end in ends]
        said = [shape_words(shape, self.source) if shape is not None else "" for shape in fit]
        return (*said, *[""] * (len(self.layers) - len(said)))


class Opening(QObject):
    """One network that is asked for, on the picture of the document as it was when the dialog opened.

    Parameters
    ----------
    context : Context
    name : str
        Of the file.
    network, layers
        What the file has.
    answers : mapping of int to Answer
        What was answered before, where it was asked before.
    done : callable
        Told the layers to open, and the answers that they are made by.
    """

    def __init__(
        self,
        context: Context,
        name: str,
        network: Network,
        layers: tuple[Layer, ...],
        answers: Mapping[int, Answer],
        done: Callable[[tuple[Layer, ...], Mapping[int, Answer]], None],
    ) -> None:
        super().__init__(context.window)
        self._context, self._done = context, done
        self._network, self._layers, self._source = network, layers, context.state.source
        self._answers: Mapping[int, Answer] = answers
        self._opened: Opened | None = None
        self.dialog = NetworkDialog(_about(name, network, self._source), self._rows(), _options(network), context.window)
        self.dialog.altered.connect(self._altered)
        self.dialog.accepted.connect(self._accepted)
        self.dialog.finished.connect(self._end)

    def begin(self) -> None:
        """Open the dialog."""
        self.dialog.open()
        self.dialog.explain()

    def _rows(self) -> list[LayerRow]:
        """Return a row for each layer, with what is open of it: a pool may follow where a function does, and no norm."""
        rows = []
        for k, layer in enumerate(self._layers):
            settings = open_settings(self._network, k)
            normed = isinstance(next(iter(self._layers[k + 1 :]), None), Affine)
            if not normed and ("activation" in settings or isinstance(layer, Activation)):
                settings = (*settings, "pool")
            values = self._answers.get(k, written(layer))._asdict()
            alone = frozenset(["activation"] if normed else [])
            rows.append(LayerRow(title(layer), kernel_words(layer), {name: values[name] for name in settings}, alone))
        return rows

    def _altered(self, values: tuple[dict[str, str], ...]) -> None:
        given = {k: row for k, row in enumerate(values) if row}
        self._answers = {k: written(self._layers[k])._replace(**row) for k, row in given.items()}
        request = OpeningRequest(self._network, self._layers, self._source, self._answers)
        self._context.runner.submit(LANE, request, self._show, self._context.tell_error)

    def _show(self, opened: Opened) -> None:
        self._opened = opened
        self.dialog.set_plan(opened.plan)

    def _accepted(self) -> None:
        if self._opened is not None and self._opened.layers:
            self._done(self._opened.layers, self._answers)

    def _end(self) -> None:
        self._context.runner.cancel(LANE)
        self.dialog.deleteLater()
        self.deleteLater()


def _about(name: str, network: Network, source: Source) -> str:
    asked = open_words(network)
    missing = " and ".join(part for part in (", ".join(asked[:-1]), *asked[-1:]) if part)
    return (
        f"{name} holds the weights of these layers, but not their {missing}, nor the pools between them. Set them as the "
        f"network was trained; the outputs are those of {source.name}."
    )


def _options(network: Network) -> dict[str, list[tuple[str, str]]]:
    paddings = [name for name in PADDINGS if name != "causal" or network.sequence]
    functions = [(name, name) for name in (*ACTIVATIONS, SOFTMAX) if name != NO_FUNCTION]
    return {
        "stride": [(text, text) for text in STRIDES],
        "padding": [(text, text) for text in (*paddings, *CELLS)],
        "activation": [(NO_FUNCTION, "none"), *functions],
        "pool": list(POOLS.items()),
    }
