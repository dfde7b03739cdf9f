"""A helper that waits for works: whatever becomes of it, each half is done once, and values are those of one thread."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from waiting import HANGS, wait_for

import convgui
from convgui.engine.strategies import team as teams

RNG = np.random.default_rng(0)
PHOTO = RNG.random((300, 400), np.float32)
KERNELS = [RNG.normal(size=(3, 3)), RNG.normal(size=(9, 1)) * RNG.normal(size=(1, 9)), RNG.normal(size=(1, 7))]
"""Computed directly, in two passes, and directly with one row."""


@pytest.fixture
def alone(compiled, monkeypatch):
    """Return what one thread computes."""

    def compute(*args, **options):
        with monkeypatch.context() as patch:
            patch.setattr(teams, "threads", lambda: 1)
            return convgui.conv2d(*args, **options)

    return compute


@pytest.fixture
def helped(compiled, monkeypatch):
    """Have a helper on every machine, and count the works in which it has helped."""
    monkeypatch.setattr(teams, "threads", lambda: 2)
    monkeypatch.setattr(teams, "_teams", {})
    monkeypatch.setattr(teams, "OFTEN", 1e9)
    team, count = teams.team(compiled), []

    class Counted:
        help_out = compiled.help_out

        @staticmethod
        def in_two(*args):
            count.append(compiled.in_two(*args))
            return count[-1]

    monkeypatch.setattr(team, "_compiled", Counted)
    yield lambda: sum(count)
    _until(lambda: team._slot[0] == teams.AWAY)


def _until(done):
    wait_for(done, lambda: None)


@pytest.mark.parametrize("kernel", KERNELS, ids=["direct", "two passes", "a row"])
@pytest.mark.parametrize("dtype", [np.float32, np.uint8])
@pytest.mark.parametrize("padding", ["same", "valid"])
def test_values_are_those_of_one_thread(alone, helped, kernel, dtype, padding):
    x = (PHOTO * 255).astype(dtype)
    expected = alone(x, kernel, padding=padding)
    for _ in range(50):
        assert np.array_equal(convgui.conv2d(x, kernel, padding=padding), expected)


def test_values_of_a_bank_are_those_of_one_thread(alone, helped):
    x, bank = RNG.random((60, 70, 8), np.float32), RNG.normal(size=(3, 3, 8, 33)).astype(np.float32)
    expected = alone(x, bank)
    for _ in range(50):
        assert np.array_equal(convgui.conv2d(x, bank), expected)


def test_the_helper_comes_where_works_follow_one_another_and_goes_by_itself(helped, compiled):
    _until(lambda: convgui.conv2d(PHOTO, KERNELS[0]) is not None and helped() > 0)
    _until(lambda: teams.team(compiled)._slot[0] == teams.AWAY)
    before = helped()
    _until(lambda: convgui.conv2d(PHOTO, KERNELS[0]) is not None and helped() > before)


def test_several_threads_that_want_it_at_once_all_get_their_values(alone, helped):
    expected = [alone(PHOTO, kernel) for kernel in KERNELS]
    wrong = []

    def work(k):
        for _ in range(60):
            if not np.array_equal(convgui.conv2d(PHOTO, KERNELS[k]), expected[k]):
                wrong.append(k)

    threads = [threading.Thread(target=work, args=(k % 3,)) for k in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(HANGS)
    assert not wrong and not any(thread.is_alive() for thread in threads)


def test_a_work_that_nobody_takes_is_done_by_whoever_has_it(alone, compiled, monkeypatch):
    """The slot says that a helper is there, which never looks: as in a process that was forked."""
    expected = alone(PHOTO, KERNELS[0])
    monkeypatch.setattr(teams, "threads", lambda: 2)
    monkeypatch.setattr(teams, "_teams", {})
    team = teams.team(compiled)
    team._slot[0] = 0
    assert np.array_equal(convgui.conv2d(PHOTO, KERNELS[0]), expected)
    assert team._slot[0] == 0


def test_one_core_has_no_helper(monkeypatch, compiled):
    monkeypatch.setattr(teams, "threads", lambda: 1)
    assert teams.team(compiled) is None
