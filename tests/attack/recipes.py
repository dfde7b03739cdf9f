"""Altered recipes and kernels: documents made from the schema, then changed in places, in ways that break things."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import strategies as st

from convgui import assets
from convgui.engine.kernels import catalogue as catalog
from convgui.engine.layers.activations import ACTIVATIONS
from convgui.engine.layers.border import BORDERS
from convgui.engine.layers.conv import COLOURS
from convgui.engine.layers.geometry import PADDINGS
from convgui.engine.looking.limits import MODES

numbers = st.floats(-1e6, 1e6) | st.integers(-1000, 1000)
counts = st.integers(1, 9)
names = st.text(max_size=30)


@st.composite
def matrices(draw: Any) -> list[list[Any]]:
    """Rows of weights."""
    rows, cols = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    return draw(st.lists(st.lists(numbers, min_size=cols, max_size=cols), min_size=rows, max_size=rows))


@st.composite
def kernels(draw: Any) -> dict[str, Any]:
    """A kernel as a recipe has it."""
    if draw(st.booleans()):
        return {"name": draw(names), "entry": "", "parameters": {}, "weights": draw(matrices())}
    kernel = catalog.make(draw(st.sampled_from(catalog.kernel_names())))
    stored = {"name": kernel.name, "entry": kernel.entry, "parameters": dict(kernel.parameters)}
    return stored | {"weights": kernel.weights.tolist()}


layers = st.fixed_dictionaries(
    {
        "type": st.just("conv"),
        "kernel": kernels(),
        "padding": st.sampled_from(PADDINGS)
        | st.lists(st.lists(st.integers(0, 9), min_size=2, max_size=2), min_size=2, max_size=2),
        "border": st.sampled_from(BORDERS),
        "constant": numbers,
        "stride": st.lists(counts, min_size=2, max_size=2),
        "dilation": st.lists(counts, min_size=2, max_size=2),
        "groups": counts,
        "bias": st.lists(numbers, min_size=1, max_size=3),
        "activation": st.sampled_from(ACTIVATIONS),
        "flip": st.booleans(),
        "colour": st.sampled_from(COLOURS),
    }
)

limits = st.fixed_dictionaries(
    {
        "mode": st.sampled_from(MODES),
        "percent": st.floats(50, 100),
        "low": st.floats(-100, 0),
        "high": st.floats(1, 100),
    }
)

recipes = st.fixed_dictionaries(
    {
        "format": st.just("convgui recipe"),
        "version": st.just(1),
        "layers": layers.map(lambda layer: [layer]),
        "display": st.fixed_dictionaries(
            {
                "colours": st.sampled_from(("auto", *assets.SIGNED, *assets.SEQUENTIAL)),
                "limits": limits,
                "map": st.integers(0, 5),
            }
        ),
        "source": st.fixed_dictionaries({}, optional={"name": names, "shape": st.just([3, 4]), "scale": st.just(1.0)}),
    }
)

kernel_files = st.fixed_dictionaries(
    {"format": st.just("convgui kernel"), "version": st.just(1), "name": names, "weights": matrices()}
)

ODD: list[Any] = [
    *(None, True, False, 0, -1, 1, 2, 1.5, -0.0, 1e30, -1e30, 1e300, 1e-320, 10**9, 10**19, 10**400, -(10**400)),
    *(float("nan"), float("inf"), -float("inf"), "", "x", "1", "nan", "zeros", "conv", "\0", "\ud800", "x" * 5000),
    *([], [[]], [[[]]], {}, [None], [1], [0, 0], [1, 1], [-1, 1], [1e30, 1], [[1, 1], [1, 1]], [[1, 2], [3]]),
    *([[0.0] * 64], [[[[1.0]]]], [[1, "2"]], {"a": 1}, {"mode": "fixed"}, {"size": 3}, [[10**400]], "same", "valid"),
]

oddities = st.sampled_from(ODD) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=8,
)


def places(document: Any, before: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the places of everything in a document."""
    inside = document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    found = [before] if before else []
    for name, part in inside:
        found += places(part, (*before, name))
    return found


@st.composite
def altered(draw: Any, documents: st.SearchStrategy[dict[str, Any]]) -> bytes:
    """Return the bytes of a document in which some places were replaced, removed, doubled or renamed, or bytes were cut."""
    document = json.loads(json.dumps(draw(documents)))
    for _ in range(draw(st.sampled_from((0, 1, 1, 1, 2)))):
        place = draw(st.sampled_from(places(document) or [("format",)]))
        _alter(draw, document, place)
    text = json.dumps(document)
    way = draw(st.integers(0, 19))
    if way == 0 and text.count(":") > 2:  # a setting that stands there twice
        text = text.replace("{", '{"format": "convgui recipe", ', 1)
    elif way == 1:
        text = text[: draw(st.integers(0, len(text)))]
    elif way == 2:
        text = text.replace("[", "[" * draw(st.integers(1, 4000)), 1)
    data = text.encode("utf-8", "surrogatepass")
    if way == 3 and data:
        place = draw(st.integers(0, len(data) - 1))
        data = data[:place] + draw(st.binary(min_size=1, max_size=3)) + data[place + 1 :]
    return data


def _alter(draw: Any, document: Any, place: tuple[Any, ...]) -> None:
    part = document
    for name in place[:-1]:
        part = part[name]
    way, last = draw(st.integers(0, 5)), place[-1]
    if way == 0:
        del part[last]
    elif way == 1 and isinstance(part, list):
        part.insert(last, part[last])
    elif way == 2 and isinstance(part, dict):
        part[draw(st.text(max_size=9))] = part.pop(last)
    else:
        part[last] = copy.deepcopy(draw(oddities))  # which a further alteration would change
