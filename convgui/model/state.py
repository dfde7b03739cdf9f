"""The document: one frozen value that holds everything the user has chosen."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine.layers.conv import Conv
from convgui.engine.looking.limits import Limits
from convgui.engine.looking.many import ALL, Many
from convgui.engine.network import Chain
from convgui.model.banks import inputs_of, kernel_in, strongest, with_kernel
from convgui.model.geometry import axes_of
from convgui.model.inputs import Input
from convgui.model.layer_words import title
from convgui.model.unit import Unit, unit_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.engine.kernels.kernel import Kernel
    from convgui.engine.layers.base import Layer, Shape
    from convgui.engine.network import Fault
    from convgui.engine.reading import Reading
    from convgui.engine.source import Source
    from convgui.model.geometry import Along


@dataclass(frozen=True)
class Display:
    """How the map is looked at; it changes no value.

    Parameters
    ----------
    colours : str
        A colour map's name, or `auto`.
    limits : Limits
        The rule for the ends of the colour map.
    map : int
        Which of several maps is shown.
    below : int, optional
        Which map of the layer's input is shown beside it; by default the one that it reads most.
    photo : bool
        Whether the photo is shown beside it, not the layer's input.
    many : Many
        How several maps are looked at together.
    """

    colours: str = "auto"
    limits: Limits = field(default_factory=Limits)
    map: int = 0
    below: int | None = None
    photo: bool = False
    many: Many = field(default_factory=Many)


@dataclass(frozen=True, eq=False)
class State:
    """Source, reading, layers, which of them is looked at, and how.

    Parameters
    ----------
    source : Source
    reading : Reading
        How its numbers become the planes that the first layer reads.
    layers : tuple of Layer
        At least one.
    looked : int
        Which of them is looked at, counted from 0; counted from the last one where it is negative.
    display : Display
    """

    source: Source
    reading: Reading
    layers: tuple[Layer, ...]
    looked: int = -1
    display: Display = field(default_factory=Display)
    known: Chain | None = field(default=None, repr=False, kw_only=True)
    """The chain of the state from which this one was made, which is kept where nothing of it has changed."""

    def __post_init__(self) -> None:
        if isinstance(self.looked, int) and self.looked < 0 and self.layers:
            object.__setattr__(self, "looked", self.looked + len(self.layers))

    @property
    def chain(self) -> Chain:
        """The layers bound to the source, as far as they fit."""
        chain = self.known
        if (
            chain is None
            or chain.source is not self.source
            or chain.reading != self.reading
            or chain.layers is not self.layers
        ):
            chain = Chain(self.source, self.reading, self.layers)
            object.__setattr__(self, "known", chain)
        return chain

    @property
    def looked_at(self) -> Chain:
        """The chain up to the layer that is looked at: what the map is computed from."""
        return self.chain.upto(self.looked + 1)

    @property
    def fault(self) -> Fault | None:
        """The first layer that does not fit what it reads, and the sentence that says why."""
        return self.chain.fault

    @cached_property
    def unit(self) -> Unit:
        """What is looked at: a layer, a convolution together with the activation function after it."""
        return unit_of(self.layers, self.looked)

    @property
    def why(self) -> str:
        """Why there is no map of what is looked at, in a sentence; empty if there is one."""
        fault = self.fault
        if fault is None or fault.layer > self.looked + 1:
            return ""
        if not fault.layer or self.unit.start < fault.layer:
            return fault.sentence
        return f"Layer {fault.layer}, {title(self.layers[fault.layer - 1])}: {fault.sentence}"

    @property
    def output_shape(self) -> Shape | None:
        """Maps, rows and columns of what is looked at; None if a layer up to it does not fit."""
        return None if self.why else self.chain.shape(self.looked + 1)

    @cached_property
    def axes(self) -> tuple[Along, Along] | None:
        """Rows and columns of what is looked at, on the cells of its input; None if there is no map."""
        if self.why:
            return None
        unit = self.unit
        first = unit.start if unit.conv is not None and unit.conv.on else self.looked
        return axes_of(self.chain.bounds[first])

    @cached_property
    def input(self) -> Input:
        """What the unit reads."""
        start = self.unit.start
        chain = self.chain.upto(start)
        return Input.of(chain, 0 if chain.fault is not None else self.below)

    @property
    def title(self) -> str:
        """What is looked at is called: its kernel, else its layer."""
        return title(self.unit.layer) if self.kernel is None else self.kernel.name

    @property
    def without_kernel(self) -> str:
        """Why no kernel is edited, in a sentence, where what is looked at has none."""
        return f"{self.title} has no kernel: select a convolution among the layers, or add one."

    @property
    def conv(self) -> Conv | None:
        """The convolution that is edited: that of the unit."""
        return self.unit.conv

    @property
    def map(self) -> int:
        """Which map is shown: the chosen one, or the last if there are fewer."""
        shape = self.output_shape
        return min(self.display.map, shape.maps - 1) if shape else 0

    @property
    def below(self) -> int:
        """Which map of the unit's input is shown: the chosen one if the shown map reads it, else what it reads most."""
        start = self.unit.start
        if len(self.chain.bounds) <= start:
            return 0
        map = min(self.display.map, self.chain.bounds[start].output.maps - 1)
        read = self.chain.bounds[start].needs(np.array([map]), range(1), range(1)).maps.tolist()
        if self.display.below is not None and self.display.below in read:
            return self.display.below
        bank = self.bank
        return read[strongest(bank, map)] if bank is not None and len(read) > 1 else read[0]

    @property
    def bank(self) -> Kernel | None:
        """The bank of the unit's convolution, None if that has one kernel for all."""
        return self.conv.kernel if self.conv is not None and self.conv.kernel.weights.ndim == 4 else None

    @property
    def kernel(self) -> Kernel | None:
        """The kernel that is edited: that of the unit's convolution, of a bank the slice of the shown map and its input."""
        conv, bank = self.conv, self.bank
        if conv is None or bank is None:
            return None if conv is None else conv.kernel
        return kernel_in(bank, *self._slice(conv))

    def _slice(self, conv: Conv) -> tuple[int, int]:
        """Return the place in the bank of the kernel that is edited: input channel of the filter, and filter."""
        map = min(self.display.map, conv.kernel.weights.shape[3] - 1)
        read = inputs_of(conv, map)
        chosen = self.display.below
        return (strongest(conv.kernel, map) if chosen is None or chosen not in read else chosen - read.start), map

    def arrays(self) -> list[NDArray[Any]]:
        """Return the arrays that this state keeps alive: pixels, weights, and those of the chain where there is one."""
        held: list[NDArray[Any]] = [] if self.source.in_parts else [self.source.array]
        owners: list[Any] = list(self.layers)
        if self.known is not None:
            owners += self.known.bounds
        for owner in owners:
            parts = [*vars(owner).values(), *([owner.kernel.weights] if isinstance(owner, Conv) else [])]
            held += [part for part in parts if isinstance(part, np.ndarray)]
        return held

    def with_conv(self, **settings: Any) -> State:
        """Return the state with settings of the unit's convolution replaced; a kernel takes its place in a bank.

        Raises
        ------
        ValueError
            If what is looked at is no convolution, or the kernel has not the size of the others in the bank.
        """
        conv, kernel = self.conv, settings.get("kernel")
        if conv is None:
            raise ValueError(self.without_kernel)
        if kernel is not None and self.bank is not None and kernel.weights.ndim == 2:
            settings["kernel"] = with_kernel(self.bank, *self._slice(conv), kernel)
        start = self.unit.start
        layers = (*self.layers[:start], replace(conv, **settings), *self.layers[start + 1 :])
        return replace(self, layers=layers)

    def with_display(self, **settings: Any) -> State:
        """Return the state with settings of the display replaced."""
        return replace(self, display=replace(self.display, **settings))

    def with_many(self, **settings: Any) -> State:
        """Return the state with settings replaced by which several maps are looked at together."""
        return self.with_display(many=replace(self.display.many, **settings))

    @property
    def way(self) -> str:
        """How the maps are looked at: as the display has it where there are several, else the one."""
        shape = self.output_shape
        return self.display.many.way if shape is not None and shape.maps > 1 else "one"

    @property
    def over_photo(self) -> bool:
        """Whether what is shown lies over the photo: where the display has it so, and there is a photo and no grid."""
        return self.display.many.overlay and not self.input.sequence and self.way != "grid"

    @property
    def shown_maps(self) -> int:
        """How many maps a grid shows; elsewhere how many there are, 1 where there is none to look at."""
        maps, topk = (1 if self.output_shape is None else self.output_shape.maps), self.display.many.topk
        return min(topk, maps) if self.way == "grid" and topk != ALL else maps


def changed_fields(old: State, new: State) -> set[str]:
    """Return which parts differ: `source`, `reading`, `layers`, `looked`, `kernel`, `display`.

    Parts are compared by identity where they hold arrays: an edit makes a new object, an unchanged one is passed on.
    """
    names = {name for name in ("source", "layers") if getattr(old, name) is not getattr(new, name)}
    names |= {name for name in ("reading", "looked", "display") if getattr(old, name) != getattr(new, name)}
    return names | {"kernel"} if old.kernel is not new.kernel else names
