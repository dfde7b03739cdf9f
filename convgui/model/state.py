"""The document: one frozen value that holds everything the user has chosen."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from convgui.engine.looking.limits import Limits

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.engine.kernels.kernel import Kernel
    from convgui.engine.layers.conv import Conv, Plan
    from convgui.engine.source import Source


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
    """

    colours: str = "auto"
    limits: Limits = field(default_factory=Limits)
    map: int = 0


@dataclass(frozen=True, eq=False)
class State:
    """Source, layers and display."""

    source: Source
    layers: tuple[Conv, ...]
    display: Display = field(default_factory=Display)

    @property
    def layer(self) -> Conv:
        """The layer that the window edits."""
        return self.layers[0]

    @property
    def kernel(self) -> Kernel:
        """Its kernel."""
        return self.layer.kernel

    @cached_property
    def bound(self) -> Plan | str:
        """The layer bound to the source, or the sentence that says why that cannot be."""
        try:
            return self.layer.plan(self.source)
        except ValueError as error:
            return str(error)

    def arrays(self) -> list[NDArray[Any]]:
        """Return the arrays that this state keeps alive: pixels, weights, and those of the plan where there is one."""
        held: list[NDArray[Any]] = [self.source.array, *(layer.kernel.weights for layer in self.layers)]
        plan = self.__dict__.get("bound")
        if plan is not None and not isinstance(plan, str):
            held += [plan.weights, plan.reads, plan.mixes, plan.bias]
        return held

    def with_layer(self, **settings: Any) -> State:
        """Return the state with settings of the layer replaced."""
        return replace(self, layers=(replace(self.layer, **settings), *self.layers[1:]))

    def with_display(self, **settings: Any) -> State:
        """Return the state with settings of the display replaced."""
        return replace(self, display=replace(self.display, **settings))


def changed_fields(old: State, new: State) -> set[str]:
    """Return which parts differ: `source`, `layers`, `kernel`, `display`.

    Parts are compared by identity where they hold arrays: an edit makes a new object, an unchanged one is passed on.
    """
    names = {f.name for f in fields(State) if getattr(old, f.name) is not getattr(new, f.name)}
    if "display" in names and old.display == new.display:
        names.discard("display")
    if old.kernel is not new.kernel:
        names.add("kernel")
    return names
