"""Files that former versions wrote are read for ever: recipes give the maps that they gave, sessions what was open."""

import json
from pathlib import Path

import numpy as np
import pytest

from convgui.engine.source import Source
from convgui.engine.strategies import jit
from convgui.io.recipe import read_recipe, save_recipe
from convgui.io.session_file import load_session

DATA = Path(__file__).parents[1] / "data"
RECIPES = sorted((DATA / "recipes").glob("v*/*.json"))
SESSIONS = sorted(path.parent for path in (DATA / "sessions").glob("v*/*/session.json"))


def named(path):
    return f"{path.parent.name}/{path.stem}"


def check_maps(recipe, kept):
    """Compare with the maps that are kept: bit by bit, but for those whose sums are rounded, which differ by processor."""
    jit.load()
    maps, expected = recipe.apply(Source(kept["image"], float(kept["scale"]))), kept["maps"]
    assert maps.dtype == np.float32 and maps.shape == expected.shape
    if kept["rounded"]:
        np.testing.assert_allclose(maps, expected, rtol=2e-6, atol=2e-6 * np.abs(expected).max())
    else:
        np.testing.assert_array_equal(maps, expected)


@pytest.mark.parametrize("path", RECIPES, ids=named)
def test_a_recipe_gives_the_maps_that_it_gave(path, tmp_path):
    recipe, kept = read_recipe(path), np.load(path.with_suffix(".npz"))
    check_maps(recipe, kept)
    save_recipe(tmp_path / "again.json", recipe)
    check_maps(read_recipe(tmp_path / "again.json"), kept)


@pytest.mark.parametrize("path", RECIPES, ids=named)
def test_a_recipe_is_looked_at_as_it_was(path):
    document, recipe = json.loads(path.read_text()), read_recipe(path)
    display = document["display"]
    assert (recipe.colours, recipe.map) == (display["colours"], display["map"])
    assert {name: getattr(recipe.limits, name) for name in display["limits"]} == display["limits"]
    assert recipe.source == document["source"]


@pytest.mark.parametrize("folder", SESSIONS, ids=named)
def test_a_session_is_what_was_open(folder):
    document, session = json.loads((folder / "session.json").read_text()), load_session(folder)
    stored = document["input"]
    assert {name: getattr(session.input, name) for name in stored} == stored
    if stored["pixels"]:
        assert np.array_equal(session.source.array, np.load(folder / stored["pixels"]))
        assert (session.source.name, session.source.scale, session.source.toy) == tuple(
            stored[name] for name in ("name", "scale", "toy")
        )
        assert session.recipe.apply(session.source).ndim in (2, 3)
    else:
        assert session.source is None


def test_there_are_samples_of_each_version():
    assert {path.parent.name for path in RECIPES} >= {"v1"}
    assert {folder.parent.name for folder in SESSIONS} >= {"v1"}
