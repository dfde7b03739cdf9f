"""Altered recipes, kernels and states never make a fault: either they are right and shown, or one sentence says why not.

The run in the suite is short. A long one: ``ATTACK=20000 pytest -s tests/attack/test_recipes.py``, which prints its figures.
"""

from __future__ import annotations

import os
import random
import sys
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from attack.recipes import altered, kernel_files, recipes
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication
from shared_program import SharedProgram
from waiting import wait_for

from convgui.app import Program
from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.activation import Activation
from convgui.engine.layers.affine import Affine
from convgui.engine.layers.conv import Conv
from convgui.engine.layers.pad import Pad
from convgui.engine.layers.pool import Pool
from convgui.engine.layers.resize import Resize
from convgui.engine.layers.softmax import Softmax
from convgui.engine.looking.limits import Limits
from convgui.engine.reading import Reading
from convgui.engine.source import Source
from convgui.io.errors import FileError
from convgui.io.kernels.saved import load_kernel
from convgui.io.recipe import is_recipe, read_recipe, save_recipe, to_document
from convgui.model import chains
from convgui.model.state import Display

TRIES = int(os.environ.get("ATTACK", "150"))
IN_THE_WINDOW = max(TRIES // 5, 30)

QUIET = (
    HealthCheck.function_scoped_fixture,
    HealthCheck.too_slow,
    HealthCheck.data_too_large,
    HealthCheck.large_base_example,
)


def attack(tries):
    return settings(max_examples=tries, deadline=None, database=None, derandomize=TRIES < 1000, suppress_health_check=QUIET)


def one_sentence(text):
    return text[-1] in ".?" and "\n" not in text and "went wrong" not in text and len(text) < 600


@pytest.fixture(scope="module")
def figures():
    counts = Counter()
    yield counts
    sys.stdout.write(f"\nattack: {dict(counts)}\n")


@pytest.fixture
def picture():
    return np.random.default_rng(0).integers(0, 256, (9, 12, 3), np.uint8)


def test_altered_recipes_are_right_or_refused(tmp_path, picture, figures):
    @attack(TRIES)
    @given(altered(recipes))
    def tried(data):
        path = tmp_path / "recipe.json"
        path.write_bytes(data)
        figures["recipes"] += 1
        try:
            recipe = read_recipe(path)
        except FileError as error:
            figures["recipes refused"] += 1
            assert one_sentence(str(error)), str(error)
            return
        assert is_recipe(path)
        again = tmp_path / "again.json"
        save_recipe(again, recipe)
        assert to_document(read_recipe(again)) == to_document(recipe)
        try:
            maps = recipe.apply(picture)
        except ValueError as error:
            figures["recipes that do not fit"] += 1
            assert one_sentence(str(error)), str(error)
        else:
            assert maps.dtype == np.float32 and maps.size

    tried()


def test_altered_kernels_are_right_or_refused(tmp_path, figures):
    @attack(TRIES)
    @given(altered(kernel_files))
    def tried(data):
        path = tmp_path / "kernel.json"
        path.write_bytes(data)
        figures["kernels"] += 1
        try:
            kernel = load_kernel(path)
        except FileError as error:
            figures["kernels refused"] += 1
            assert one_sentence(str(error)), str(error)
        else:
            assert np.isfinite(kernel.weights).all() and kernel.weights.ndim in (2, 4)

    tried()


# in a window


@pytest.fixture(scope="module")
def shared(qapp, compiled, staying, tmp_path_factory, check_left):
    program = Program([], tmp_path_factory.mktemp("home"))
    staying.append(program.window)
    program.window.resize(1280, 800)
    program.show()
    settle(program)
    yield SharedProgram(program)
    program.window.close()
    program.window.deleteLater()
    QApplication.processEvents()
    staying.remove(program.window)
    check_left()


@pytest.fixture
def program(shared, qtbot, monkeypatch):
    """A program in which every exception that nobody caught fails the test."""
    shared.bring_back()
    settle(shared.program)
    faults = []
    shared.program.faults.caught.connect(faults.append)
    yield shared.program
    settle(shared.program)
    assert faults == []


def settle(program):
    QApplication.processEvents()
    wait_for(lambda: not program.busy(), QApplication.processEvents, what="it never came to rest")


def test_a_window_takes_altered_recipes_or_says_why_not(program, tmp_path, figures):
    @attack(IN_THE_WINDOW)
    @given(altered(recipes), st.booleans())
    def tried(data, dropped):
        path = tmp_path / "recipe.json"
        path.write_bytes(data)
        before = program.session.state
        program.window.messages.clear()
        figures["in the window"] += 1
        if dropped:
            program.window.dropped.emit([str(path)])
        else:
            program.commands.open_recipe(str(path))
        settle(program)
        said = program.window.messages.text.text() if program.window.messages.isVisible() else ""
        if program.session.state is before:
            figures["in the window refused"] += 1
            assert said
        assert not said or one_sentence(said), said
        program.window.grab()

    tried()


SOURCES = (
    Source(np.random.default_rng(1).integers(0, 256, (40, 60, 3), np.uint8), 1 / 255, name="photo"),
    Source(np.full((30, 20), 3.4e38, np.float32), name="bright"),
    Source(np.full((7, 9, 2), np.nan, np.float32), name="nothing"),
    Source(np.random.default_rng(2).normal(size=(6, 6)).astype(np.float32), name="grid", toy=True),
    Source(np.random.default_rng(3).normal(size=(1, 500, 3)).astype(np.float32), name="sequence"),
    Source(np.zeros((1, 1), np.uint16), name="dot"),
    Source(np.zeros((0, 4), np.float32), name="empty"),
)
WEIGHTS = (
    [[1.0]],
    [[1, 0, -1]],
    np.ones((9, 9)),
    np.ones((63, 63)),
    np.full((2, 3), 1e30),
    np.zeros((4, 4)),
    np.ones((3, 3, 3, 8)),
)
VALUES = (
    0,
    1,
    2,
    3,
    7,
    -1,
    10**6,
    10**30,
    0.5,
    1e38,
    1e300,
    float("nan"),
    float("inf"),
    None,
    "x",
    True,
    (1, 1),
    (0, 1),
    (2, 3),
    (),
)


def random_parts(state, rng):
    """Return parts of a state, good or bad."""
    choice = rng.randrange(14)
    pair = (rng.choice(VALUES), rng.choice(VALUES)) if rng.random() < 0.5 else (rng.randint(1, 3), rng.randint(1, 3))
    if choice == 0:
        return {"source": rng.choice(SOURCES)}
    if choice == 1:
        return {"layers": rng.choice([(), state.layers * 2, None, (None,), list(state.layers)])}
    if choice == 2:
        limits = Limits("fixed", 99, rng.choice(VALUES), rng.choice(VALUES))
        return {"display": replace(state.display, limits=limits)}
    if choice == 3:
        return {
            "display": Display(
                rng.choice(["auto", "vik", "grey", "jet", None]), Limits(), rng.choice([0, 0, 1, 2, -1, 9, "x"])
            )
        }
    changes = {
        4: lambda: {"kernel": Kernel(rng.choice(WEIGHTS))},
        5: lambda: {"stride": pair},
        6: lambda: {"dilation": pair},
        7: lambda: {"padding": rng.choice(["same", "valid", "full", "causal", (pair, pair), ((0, 1), (2, 0))])},
        8: lambda: {"border": rng.choice(["zeros", "wrap", "reflect"]), "constant": rng.choice(VALUES)},
        9: lambda: {"bias": rng.choice([(0.0,), (1.5,), (), (rng.choice(VALUES),), (1.0, 2.0, 3.0)])},
        10: lambda: {"flip": rng.random() < 0.5, "on": rng.random() < 0.8},
        11: lambda: {"groups": rng.choice([1, 1, 2, 0, "x"])},
    }
    if choice == 12:
        return {"reading": rng.choice(READINGS)}
    if choice == 13 or state.conv is None:
        return random_chain(state, rng)
    try:
        return {"layers": state.with_conv(**changes[choice]()).layers}
    except ValueError:  # a kernel that has not the size of the others in a bank
        return {"layers": state.layers}


READINGS = (
    *(Reading(colour) for colour in ("luminance", "each channel", "sum")),
    Reading("custom", matrix=((0.0, 0.0, 1.0), (1.0, 0.0, 0.0))),
    Reading(offset=(-0.5,), size=(20, 30)),
    Reading(offset=(float("nan"),)),
    "sum",
    None,
)
LAYERS = (
    *(Activation(name) for name in ("relu", "step", "sigmoid", "square", "softplus")),
    Activation("leaky relu", {"negative_slope": 0.5}),
    Pool(),
    Pool("mean", (3, 3), (1, 1), "same"),
    Pool(size=None),
    Affine((2.0,), (-1.0,)),
    Pad((1, 2), (-1, 3), "reflect"),
    Resize(scale=(2.0, 0.5), method="bilinear"),
    Softmax(),
    Conv(Kernel([[1.0, -1.0]])),
    Conv(Kernel(np.ones((3, 3, 1, 4)))),
)


def random_chain(state, rng):
    """Return an edit of the chain."""
    index = rng.randrange(len(state.layers))
    edits = [
        lambda: chains.add(state, rng.choice(LAYERS), rng.randrange(len(state.layers) + 1)),
        lambda: chains.add(state, rng.choice(LAYERS)),
        lambda: chains.remove(state, index),
        lambda: chains.move(state, index, rng.randrange(len(state.layers))),
        lambda: chains.duplicate(state, index),
        lambda: chains.switch(state, index),
        lambda: chains.select(state, index),
        lambda: chains.set_function(state, rng.choice(["linear", "relu", "tanh"])),
    ]
    try:
        new = rng.choice(edits)()
    except ValueError:
        return {"layers": state.layers}
    return {"layers": new.layers, "looked": new.looked, "display": new.display}


@pytest.mark.parametrize("seed", range(3))
def test_a_monkey_at_the_document(program, seed, figures):
    rng = random.Random(seed)
    for _ in range(IN_THE_WINDOW):
        before = program.session.state
        figures["states"] += 1
        way = rng.random()
        if way < 0.1:
            program.session.undo()
        elif way < 0.15:
            program.session.redo()
        elif not program.session.update("monkey", **random_parts(before, rng)):
            figures["states refused"] += 1
            assert program.session.state is before
        if rng.random() < 0.1:
            program.navigate.scale_to(rng.choice((0.1, 1, 30)))
        QApplication.processEvents()
        if rng.random() < 0.2:
            settle(program)
            program.window.grab()
    settle(program)
    program.session.update("end", layers=(Conv(Kernel([[1.0]])),), looked=0)
    program.kernel.pick("sobel-x")
    assert program.session.state.kernel.entry == "sobel-x"
