"""Altered recipes and kernels: documents made from the schema, then changed in places, in ways that break things."""

from __future__ import annotations

import copy
import json
from typing import Any

import numpy as np
from hypothesis import strategies as st

from convgui import assets
from convgui.engine.kernels import catalogue as catalog
from convgui.engine.layers.activations import ACTIVATIONS, PARAMETERS
from convgui.engine.layers.border import BORDERS
from convgui.engine.layers.geometry import PADDINGS
from convgui.engine.layers.pool import POOL_PADDINGS, REDUCTIONS
from convgui.engine.layers.resize import COORDINATES, METHODS, ROUNDINGS
from convgui.engine.looking.limits import MODES
from convgui.io.recipe_v1 import COLOURS, FUNCTIONS

numbers = st.floats(-1e6, 1e6, width=32, allow_subnormal=False) | st.integers(-1000, 1000)
counts = st.integers(1, 9)
pairs = st.lists(counts, min_size=2, max_size=2)
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
    if draw(st.integers(0, 3)) == 0:
        shape = [draw(st.integers(1, 3)) for _ in range(4)]
        values = draw(st.lists(numbers, min_size=3, max_size=3))
        return {"name": draw(names), "weights": np.resize(values, shape).tolist()}
    kernel = catalog.make(draw(st.sampled_from(catalog.kernel_names())))
    stored = {"name": kernel.name, "entry": kernel.entry, "parameters": dict(kernel.parameters)}
    return stored | {"weights": kernel.weights.tolist()}


conv1 = {
    "type": st.just("conv"),
    "kernel": kernels(),
    "padding": st.sampled_from(PADDINGS)
    | st.lists(st.lists(st.integers(0, 9), min_size=2, max_size=2), min_size=2, max_size=2),
    "border": st.sampled_from(BORDERS),
    "constant": numbers,
    "stride": pairs,
    "dilation": pairs,
    "groups": st.just(1),  # alterations bring others
    "bias": st.lists(numbers, min_size=1, max_size=3),
    "flip": st.booleans(),
}
common = {"name": names, "on": st.just(False)}
sides = st.lists(st.integers(-3, 9), min_size=2, max_size=2)
factors = st.lists(st.floats(0.2, 4), min_size=2, max_size=2)


@st.composite
def activations(draw: Any) -> dict[str, Any]:
    """An activation function with some of its parameters."""
    name = draw(st.sampled_from(ACTIVATIONS))
    known = PARAMETERS.get(name, {})
    chosen = draw(st.lists(st.sampled_from(sorted(known)), unique=True)) if known else []
    return {"type": "activation", "function": name, "parameters": {one: draw(st.floats(0.25, 3)) for one in chosen}}


layers = st.one_of(
    st.fixed_dictionaries(conv1, optional=common),
    activations(),
    st.fixed_dictionaries(
        {
            "type": st.just("activation"),
            "function": st.just("prelu"),
            "slopes": st.lists(st.floats(-2, 2, width=32), min_size=1, max_size=3).map(lambda values: [[values]]),
        }
    ),
    st.fixed_dictionaries(
        {"type": st.just("pool"), "reduce": st.sampled_from(REDUCTIONS), "size": pairs},
        optional={
            **common,
            "stride": pairs | st.none(),
            "padding": st.sampled_from(POOL_PADDINGS),
            "dilation": pairs,
            "ceil": st.booleans(),
            "count_padding": st.booleans(),
        },
    ),
    st.just({"type": "pool", "reduce": "mean", "size": None}),
    st.fixed_dictionaries(
        {
            "type": st.just("affine"),
            "scale": st.lists(numbers, min_size=1, max_size=3),
            "offset": st.lists(numbers, min_size=1, max_size=3),
        },
        optional=common,
    ),
    st.fixed_dictionaries(
        {"type": st.just("pad"), "rows": sides, "cols": sides},
        optional={**common, "border": st.sampled_from(BORDERS), "constant": numbers},
    ),
    st.fixed_dictionaries(
        {"type": st.just("resize"), "method": st.sampled_from(METHODS), "scale": factors},
        optional={"coordinates": st.sampled_from(COORDINATES), "rounding": st.sampled_from(ROUNDINGS)},
    ),
    st.fixed_dictionaries({"type": st.just("resize"), "method": st.sampled_from(METHODS), "size": pairs}),
    st.fixed_dictionaries({"type": st.just("softmax")}, optional=common),
)

limits = st.fixed_dictionaries(
    {
        "mode": st.sampled_from(MODES),
        "percent": st.floats(50, 100),
        "low": st.floats(-100, 0),
        "high": st.floats(1, 100),
    }
)

displays = st.fixed_dictionaries(
    {
        "colours": st.sampled_from(("auto", *assets.SIGNED, *assets.SEQUENTIAL)),
        "limits": limits,
        "map": st.integers(0, 5),
    }
)
sources = st.fixed_dictionaries({}, optional={"name": names, "shape": st.just([3, 4]), "scale": st.just(1.0)})

recipes1 = st.fixed_dictionaries(
    {
        "format": st.just("convgui recipe"),
        "version": st.just(1),
        "layers": st.fixed_dictionaries(
            {**conv1, "activation": st.sampled_from(FUNCTIONS), "colour": st.sampled_from(COLOURS)}
        ).map(lambda layer: [layer]),
        "display": displays,
        "source": sources,
    }
)

readings = st.one_of(
    st.fixed_dictionaries(
        {"colour": st.sampled_from(COLOURS)}, optional={"offset": st.lists(numbers, max_size=1), "size": pairs}
    ),
    st.fixed_dictionaries(
        {
            "colour": st.just("custom"),
            "matrix": st.lists(st.lists(numbers, min_size=3, max_size=3), min_size=1, max_size=4),
        }
    ),
)


@st.composite
def chains(draw: Any) -> dict[str, Any]:
    """A recipe of layers of any kind."""
    chosen = draw(st.lists(layers, min_size=1, max_size=4))
    display = draw(displays) | draw(st.sampled_from(({}, {"below": 1}, {"photo": True})))
    return {
        "format": "convgui recipe",
        "version": 2,
        "reading": draw(readings),
        "layers": chosen,
        "looked": draw(st.integers(0, len(chosen) - 1)),
        "display": display,
        "source": draw(sources),
    }


recipes = recipes1 | chains()

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
