"""What the views of the layers are given: a card for each layer, and the settings of one as fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Value = str | bool | float | tuple[float, ...]


@dataclass(frozen=True)
class LayerCard:
    """A layer as the strip shows it.

    Attributes
    ----------
    key : int
        What it is known by while it is moved and edited; its thumbnail stays with it.
    name : str
    kind : str
        What it does, in a word; shown where the name says something else.
    shape : str
        What comes out of it: ``253 × 253 × 32``.
    parameters : str
        Its settings, as short as can be: ``7 × 7 / 2``.
    on : bool
        Whether it is applied.
    fault : str
        Why it does not fit what it reads; empty if it does.
    reached : bool
        Whether all layers before it fit.
    effort : str
        What it costs on this input.
    """

    key: int
    name: str
    kind: str = ""
    shape: str = ""
    parameters: str = ""
    on: bool = True
    fault: str = ""
    reached: bool = True
    effort: str = ""

    @property
    def state(self) -> str:
        """What there is to say besides its shape; empty if all is well."""
        if self.fault:
            return self.fault
        if not self.on:
            return "switched off"
        return "" if self.reached else "not reached"


@dataclass(frozen=True)
class LayerField:
    """A setting of a layer as the form shows it.

    Attributes
    ----------
    name, label : str
        What the setting is called in the layer, and in the form.
    kind : str
        ``number``, ``whole``, ``pair`` (two whole numbers), ``numbers`` (as many as are typed), ``scales`` (two numbers),
        ``choice``, ``switch`` or ``text``.
    value : str, bool, float or tuple of float
    low, high : float
        Between these numbers may lie, both allowed.
    step : float
        What an arrow key adds.
    counts : tuple of int
        How many ``numbers`` there may be; any, if it is empty. With 0 the field may be left empty.
    options : tuple of (value, text, tip)
        What can be chosen.
    parts : (str, str)
        What the two numbers of a pair are of.
    tip : str
        What the setting means.
    reason : str
        Why it cannot be set at present; empty if it can.
    """

    name: str
    label: str
    kind: Literal["number", "whole", "pair", "scales", "numbers", "choice", "switch", "text"]
    value: Value
    low: float = -3.4e38
    high: float = 3.4e38
    step: float = 0.1
    counts: tuple[int, ...] = ()
    options: tuple[tuple[str, str, str], ...] = ()
    parts: tuple[str, str] = ("rows", "columns")
    tip: str = ""
    reason: str = ""


@dataclass(frozen=True)
class LayerSettings:
    """The form of one layer: the key of its card, its name, what it does in a sentence, and its fields."""

    key: int
    title: str
    detail: str = ""
    note: str = ""
    fields: tuple[LayerField, ...] = ()
