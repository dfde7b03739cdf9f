"""Recipes: what is saved is opened again, and what is altered is either right or refused with its place in the file."""

from __future__ import annotations

import copy
import json
import os
import threading

import numpy as np
import pytest
from waiting import HANGS

from convgui.engine.kernels import catalogue as catalog
from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.activation import Activation
from convgui.engine.layers.conv import Conv
from convgui.engine.layers.pool import Pool
from convgui.engine.looking.limits import Limits
from convgui.engine.reading import Reading
from convgui.io.errors import FileError
from convgui.io.recipe import Recipe, is_recipe, read_recipe, save_recipe

LAYER = ("layers", 0)
KERNEL = (*LAYER, "kernel")
GONE = "a setting that is left out"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "edge.json"


@pytest.fixture
def good(path):
    """A recipe as it is stored."""
    kernel = catalog.make("gaussian", size=5, sigma=1.5)
    layer = Conv(kernel, padding=((1, 1), (2, 0)), border="wrap", stride=(2, 1), bias=(0.5,), flip=True, name="first")
    chain = (layer, Activation("leaky relu", {"negative_slope": 0.25}), Pool(on=False))
    limits, reading = Limits("fixed", low=-1, high=2), Reading("custom", ((1.0, 0.5, 0.0),), (0.25,), (8, 9))
    source = {"name": "x.png", "shape": [3, 4]}
    save_recipe(path, Recipe(chain, "vik", limits, 0, source, reading=reading, looked=1, photo=True))
    return json.loads(path.read_text())


def altered(document, place, value):
    document = copy.deepcopy(document)
    part = document
    for name in place[:-1]:
        part = part[name]
    if value is GONE:
        del part[place[-1]]
    else:
        part[place[-1]] = value
    return document


def refusal(path):
    with pytest.raises(FileError) as caught:
        read_recipe(path)
    sentence = str(caught.value)
    assert path.name in sentence and sentence[-1] in ".?" and "\n" not in sentence and len(sentence) < 400
    return sentence


def test_what_is_saved_is_what_is_opened(path, good):
    recipe = read_recipe(path)
    layer = recipe.layers[0]
    assert (layer.padding, layer.border, layer.stride, layer.bias) == (((1, 1), (2, 0)), "wrap", (2, 1), (0.5,))
    assert (layer.name, layer.flip, layer.kernel.entry) == ("first", True, "gaussian")
    assert (recipe.layers[1].function, dict(recipe.layers[1].parameters)) == ("leaky relu", {"negative_slope": 0.25})
    assert (recipe.layers[2].size, recipe.layers[2].on, recipe.looked, recipe.photo) == ((2, 2), False, 1, True)
    assert recipe.reading == Reading("custom", ((1.0, 0.5, 0.0),), (0.25,), (8, 9))
    assert dict(layer.kernel.parameters) == {"size": 5, "sigma": 1.5}
    assert np.array_equal(layer.kernel.weights, catalog.make("gaussian", size=5, sigma=1.5).weights)
    assert recipe.limits == Limits("fixed", low=-1, high=2)
    assert recipe.source["name"] == "x.png"
    again = path.with_name("again.json")
    save_recipe(again, recipe)
    assert json.loads(again.read_text()) == good


def test_a_bank_is_opened_again_and_applied(path):
    bank = np.arange(2 * 1 * 3 * 4, dtype=float).reshape(2, 1, 3, 4)
    save_recipe(path, Recipe((Conv(Kernel(bank)),), reading=Reading("each channel")))
    recipe = read_recipe(path)
    assert np.array_equal(recipe.layers[0].kernel.weights, bank)
    assert recipe.apply(np.ones((5, 5, 3), np.float32)).shape == (5, 5, 4)


@pytest.mark.parametrize("name", ["Gaussian", "  ", "Kante / schräg", "核" * 300, "a\nb", "\udcff.png"])
def test_any_name_survives(path, name):
    save_recipe(path, Recipe((Conv(Kernel([[1.0]], name=name)),), source={"name": name}))
    assert read_recipe(path).layers[0].kernel.name == name


def test_a_minimal_display_and_no_source_are_fine(path, good):
    del good["display"], good["source"]
    path.write_text(json.dumps(good))
    assert read_recipe(path).colours == "auto"


def test_changed_weights_decide_over_the_entry_they_came_from(path, good):
    path.write_text(json.dumps(altered(good, (*KERNEL, "weights"), [[1, 2], [3, 4]])))
    kernel = read_recipe(path).layers[0].kernel
    assert kernel.weights.tolist() == [[1, 2], [3, 4]]
    assert kernel.custom and not kernel.parameters


REFUSED = [
    (("layers",), [], "layers"),
    (("layers",), None, "layers"),
    (("layers",), {}, "layers"),
    (("layers",), [None], "layers[0]"),
    (("layers",), [[]], "layers[0]"),
    *(((*LAYER, name), GONE, name) for name in ("kernel", "type", "padding", "stride", "bias", "flip", "groups")),
    ((*LAYER, "strid"), [1, 1], "strid"),
    ((*LAYER, "type"), "dense", "dense"),
    ((*LAYER, "type"), "pool", "layers[0]"),
    ((*LAYER, "type"), "\ud800", "layers[0]"),
    *(
        ((*LAYER, name), value, f"layers[0].{name}")
        for name in ("stride", "dilation")
        for value in (
            0,
            [0, 1],
            [1, -1],
            [1],
            [1, 1, 1],
            [],
            "2",
            ["1", 1],
            [1.5, 1],
            [1e30, 1],
            [10**30, 1],
            [True, 1],
            None,
        )
    ),
    *(
        ((*LAYER, "padding"), value, "layers[0]")
        for value in (
            "sane",
            "",
            1,
            -1,
            None,
            True,
            [1, 1],
            [[1, 1]],
            [[1, -1], [0, 0]],
            [[1, 1], [0]],
            [[1.5, 1], [0, 0]],
            {},
        )
    ),
    ((*LAYER, "padding"), [[10**9, 0], [0, 0]], "layers[0].padding"),
    *(
        ((*LAYER, "bias"), value, "layers[0].bias")
        for value in ([], 0, None, ["0"], [None], [True], [[0]], [10**400], [1e300], {"0": 1})
    ),
    *(((*LAYER, "constant"), value, "layers[0].constant") for value in ("0", None, 1e39, -1e300, 10**400, False, [0])),
    *(((*LAYER, "groups"), value, "layers[0].groups") for value in (0, -1, 1.0, True, "1", 10**30)),
    *(
        ((*LAYER, name), value, "layers[0]")
        for name in ("border", "activation", "colour")
        for value in ("best", 3, ["zeros"], "x" * 10_000)
    ),
    *(((*LAYER, "flip"), value, "layers[0].flip") for value in (0, 1, "true", None)),
    *(
        ((*KERNEL, "weights"), value, "layers[0].kernel.weights")
        for value in (
            [],
            [[]],
            [1, 2],
            1,
            None,
            "1 2",
            [[1, 2], [3]],
            [[1, "2"]],
            [[1, None]],
            [[True]],
            [[10**400]],
            [[1e39]],
            [[[1, 2]]],
            [[[[[1]]]]],
            [[[[1, 2], [3]]]],
            [[[[1]]], [[[1], [2]]]],
            [[1], 2],
        )
    ),
    ((*KERNEL, "weights"), [[0] * 64], "layers[0]"),
    ((*KERNEL, "entry"), "gausian", "gaussian"),
    ((*KERNEL, "entry"), 3, "layers[0].kernel.entry"),
    *(
        ((*KERNEL, "parameters"), value, "layers[0].kernel")
        for value in ({"foo": 1}, {"size": 5.5}, {"size": 1e9}, {"size": "5"}, {"size": None}, {"sigma": -1}, [5], None)
    ),
    ((*KERNEL, "name"), 5, "layers[0].kernel.name"),
    ((*KERNEL, "name"), "x" * 100_000, "layers[0].kernel.name"),
    *((("display",), value, "display") for value in (None, [], "auto", 3)),
    *((("display", "map"), value, "display.map") for value in (-5, 1.5, "1", True, 10**400, None)),
    *((("display", "colours"), value, "display.colours") for value in ("jet", "", 3, None, ["vik"])),
    *((("display", "limits"), value, "display.limits") for value in (None, "auto", [], {"mode": "best"}, {"lo": 1})),
    *((("display", "limits", "low"), value, "display.limits") for value in ("1", None, 5, 1e300, [0])),
    *((("display", "limits", "percent"), value, "display.limits") for value in (0, 49, 101, "99", -1e30)),
    *((("source",), value, "source") for value in (None, [], "x.png")),
    (("source", "name"), 5, "source.name"),
    *((("version",), value, "version") for value in (0, -1, 3, "1", 1.0, True, None, 10**30)),
    *((("format",), value, "format") for value in ("recipe", None, 3, {"a": 1})),
    *((("looked",), value, "looked") for value in (3, -1, 1.0, True, "1", None, GONE)),
    *((("reading",), value, "reading") for value in (GONE, None, [], "sum", {"colour": "bgr"}, {"colour": "custom"})),
    *((("reading", "matrix"), value, "reading") for value in ([], [[]], [[1, "2"]], [1], None, [[1, 2], [3]], [[1e39]])),
    *((("reading", "offset"), value, "reading") for value in (0, None, ["0"], [True], [1e300])),
    *((("reading", "size"), value, "reading.size") for value in (5, [5], [0, 3], [1.5, 2], "x", True, [10**30, 1])),
    *((("display", "below"), value, "display.below") for value in (-1, 1.5, "1", True)),
    (("display", "photo"), 1, "display.photo"),
    *((("layers", 1, "function"), value, "layers[1]") for value in ("reluu", "", 3, None, GONE, "x" * 10_000)),
    *(
        (("layers", 1, "parameters"), value, "layers[1]")
        for value in ({"slope": 1}, {"negative_slope": "1"}, {"negative_slope": None}, [], None, {"negative_slope": 1e39})
    ),
    *((("layers", 1, "slopes"), value, "layers[1]") for value in ([[[1]]], [], [1], "x", 0)),
    *((("layers", 2, "size"), value, "layers[2]") for value in (2, [2], [0, 2], "x", True, [2, 10**30])),
    *((("layers", 2, "padding"), value, "layers[2]") for value in ("full", None, 1, [[1, 1]], [[-1, 0], [0, 0]])),
    *((("layers", 2, "on"), value, "layers[2].on") for value in (0, 1, None, "false")),
    *((("layers", 2, "name"), value, "layers[2].name") for value in (0, None, "x" * 2000)),
    (("extra",), 1, "extra"),
]


@pytest.mark.parametrize(("place", "value", "named"), REFUSED, ids=lambda value: str(value)[:40])
def test_an_altered_setting_is_refused_with_its_place(path, good, place, value, named):
    path.write_text(json.dumps(altered(good, place, value)))
    assert named in refusal(path)


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        '{"format": "convgui recipe", "version": 1, "\\ud800": 1}',
        '{"format": "convgui recipe", "version": 1, "layers": [{"\\udfff": 1}]}',
        "[1]",
        "null",
        '"convgui recipe"',
        "{",
        '{"format": "convgui recipe", "format": "convgui recipe", "version": 1}',
        '{"format": "convgui recipe", "version": 1, "layers": NaN}',
        '{"format": "convgui recipe", "version": 1, "layers": -Infinity}',
        '{"format": "convgui recipe", "version": 1, "layers": 1' + "0" * 5000 + "}",
        '{"format": "convgui recipe", "version": 1, "layers": ' + "[" * 300 + "]" * 300 + "}",
        '{"format": "convgui recipe", "version": 1, "layers": ' + "[" * 100_000,
        '{"a": ' * 100_000,
        "\0",
    ],
    ids=lambda text: text[:30],
)
def test_what_is_no_recipe_is_called_that(path, text):
    path.write_text(text)
    refusal(path)


def test_a_bias_written_as_infinity_is_refused(path, good):
    path.write_text(json.dumps(good).replace('"bias": [0.5]', '"bias": [1e999]'))
    assert "layers[0].bias[0]" in refusal(path)


def test_a_setting_that_stands_there_twice_is_refused(path, good):
    path.write_text(json.dumps(good).replace('"groups": 1', '"groups": 1, "groups": 2'))
    assert "groups" in refusal(path) and "twice" in refusal(path)


@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16"])
def test_what_an_editor_puts_before_the_text_does_no_harm(path, good, mark):
    path.write_bytes(json.dumps(good).encode(mark))
    assert read_recipe(path).layers[0].kernel.entry == "gaussian"


def test_places_that_are_no_files_are_refused_at_once(tmp_path):
    fifo, loop = tmp_path / "pipe.json", tmp_path / "loop.json"
    os.mkfifo(fifo)
    loop.symlink_to(loop)
    large = tmp_path / "large.json"
    with large.open("wb") as stream:
        stream.truncate(10**12)
    for place in (fifo, loop, large, tmp_path, tmp_path / "none.json", tmp_path / ("x" * 300), "/dev/zero"):
        done = threading.Event()

        def attempt(place=place, done=done):
            with pytest.raises(FileError):
                read_recipe(place)
            assert not is_recipe(place)
            done.set()

        thread = threading.Thread(target=attempt, daemon=True)
        thread.start()
        assert done.wait(HANGS), f"{place} was read for ever"
        thread.join()


@pytest.mark.parametrize(
    "settings",
    [{"stride": (0, 1)}, {"dilation": (1, -2)}, {"bias": ()}, {"bias": (float("nan"),)}, {"padding": ((1, -1), (0, 0))}],
    ids=str,
)
def test_a_recipe_that_could_not_be_read_again_is_neither_written_nor_applied(path, settings):
    recipe = Recipe((Conv(Kernel([[1.0]]), **settings),))
    with pytest.raises(FileError):
        save_recipe(path, recipe)
    assert not path.exists()
    with pytest.raises(ValueError, match="xpected"):
        recipe.apply(np.ones((4, 4), np.float32))


def test_a_spread_that_would_fill_the_memory_is_refused_with_its_size(path):
    save_recipe(path, Recipe((Conv(Kernel(np.ones((31, 31))), dilation=(100_000, 100_000)),)))
    with pytest.raises(ValueError, match="3,000,001 × 3,000,001"):
        read_recipe(path).apply(np.ones((40, 60), np.float32))
