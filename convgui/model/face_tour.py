"""The tour through a trained network, from edge to face in four steps: what each layer of P-Net makes of the astronaut."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from convgui.engine.looking.many import Many
from convgui.model.state import Display

if TYPE_CHECKING:
    from convgui.model.state import State

Cell = tuple[int, int]


@dataclass(frozen=True)
class Stop:
    """One step.

    Attributes
    ----------
    title, text : str
        What it is about, and what there is to see.
    layer : str
        The name of the layer that is looked at.
    map : int
        Which of its maps everything else is about.
    many : Many
        How its maps are looked at.
    cell : (int, int), optional
        The cell that is explained.
    """

    title: str
    text: str
    layer: str
    map: int
    many: Many
    cell: Cell | None = None

    def state(self, network: State) -> State:
        """Return the network looking at the layer."""
        looked = next(index for index, layer in enumerate(network.layers) if layer.name == self.layer)
        return replace(network, looked=looked, display=Display(map=self.map, photo=True, many=self.many))


STOPS = (
    Stop(
        "Edges and colours",
        "P-Net is a small network that was trained to find faces. The photo is shrunk to 61 × 61, as small as it was "
        "trained on. Its first layer has ten kernels of 3 × 3 in red, green and blue, in the corners of the tiles: "
        "they find edges and colours. Click a tile to see its kernel at the right.",
        "conv1",
        0,
        Many(way="grid"),
    ),
    Stop(
        "Corners and curves",
        "PReLU keeps what is positive and weakens what is not, pooling keeps the strongest of each 2 × 2. Each of the "
        "sixteen kernels of the second layer reads all ten maps: what answers here is no longer an edge "
        "but where edges meet.",
        "prelu2",
        0,
        Many(way="grid", order="strength"),
    ),
    Stop(
        "Parts",
        "The third layer combines these into 32 maps. Each cell reads 12 × 12 pixels of the shrunk photo, a hundred of the "
        "original: enough for an eye, a mouth, the line of a chin. All maps are shown as one here, the strongest three "
        "directions of their differences as red, green and blue.",
        "prelu3",
        0,
        Many(way="picture", together="pca"),
    ),
    Stop(
        "A face",
        "The last layer weighs the 32 maps at each place, and softmax makes a probability of it. It lies over the photo: "
        "the cell in row 4, column 10 says “face” with 0.9997. The arithmetic below shows what it is made of; Down goes to "
        "where that comes from, layer by layer, to the photo.",
        "face?",
        1,
        Many(overlay=True),
        (4, 10),
    ),
)
"""The four steps."""
