"""An order: what it tells, in which order, and what becomes of it when the process that carries it out is gone."""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from convgui.batch import apart, cluster, order
from convgui.batch.apart import told_of
from convgui.batch.job import Job
from convgui.batch.order import LOCAL, Order, carry_out
from convgui.engine.kernels import catalogue
from convgui.engine.layers.conv import Conv
from convgui.engine.strategies.tiles import Cancelled, never
from convgui.io.errors import FileError
from convgui.io.recipe import Recipe

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals")


@pytest.fixture
def given(tmp_path):
    """An order for forty tiny pictures."""
    (tmp_path / "in").mkdir()
    for k in range(40):
        Image.fromarray(np.full((5, 6), k, np.uint8)).save(tmp_path / "in" / f"{k}.png")
    job = Job.of(Recipe((Conv(catalogue.make("box")),)), "npy", free=True, stamps=True)
    return Order(job, (str(tmp_path / "in"),), str(tmp_path / "out"), "box", processes=2)


def test_versions_that_differ_and_the_dashboard_are_told_before_the_first_task(given, monkeypatch):
    @contextmanager
    def connected(*_):
        yield SimpleNamespace(dashboard_link="http://127.0.0.1:8787/status")

    def outcomes_on(*_, **__):
        yield from ()

    monkeypatch.setattr(order, "_cluster", connected)
    monkeypatch.setattr(cluster, "differences", lambda client: "versions differ: w has NumPy 1 (here 2)")
    monkeypatch.setattr(cluster, "outcomes_on", outcomes_on)
    told = list(carry_out(Order(given.job, given.words, given.folder, "box", LOCAL), never))
    assert [one.kind for one in told] == ["differs", "dashboard", "count", "end"]
    assert told[0].text == "versions differ: w has NumPy 1 (here 2)." and told[1].text.endswith(":8787/status")


def test_another_process_tells_the_same_as_this_one(given, compiled):
    told = list(told_of(given))
    assert [one.kind for one in told] == ["count", *["done"] * 40, "end"]
    assert told[0].number == 40 and not any(one.text for one in told)
    again = list(told_of(given))
    assert [one.kind for one in again] == ["count", "end"] and again[-1].number == 40


def test_a_process_that_is_killed_is_told_in_a_sentence(given, compiled, monkeypatch):
    begun = []

    class Watched(apart._Process):
        def __init__(self, wanted):
            super().__init__(wanted)
            begun.append(self._process.pid)

    monkeypatch.setattr(apart, "_Process", Watched)
    telling = told_of(given)
    assert next(telling).kind == "count"
    os.kill(begun[0], signal.SIGKILL)
    with pytest.raises(FileError, match=r"was ended.*whole"):
        list(telling)


def test_what_nobody_wants_is_not_begun(given):
    with pytest.raises(Cancelled):
        list(told_of(given, lambda: True))


def test_a_folder_that_cannot_be_is_told(given, tmp_path):
    (tmp_path / "out").write_text("in the way")
    with pytest.raises(FileError, match="is a file"):
        list(told_of(given))
