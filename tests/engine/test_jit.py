"""The door to the compiled loops: kept for this processor, made anew when damaged, ended at once when told to."""

import os
import platform
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from waiting import HANGS

from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.conv import Conv
from convgui.engine.network import evaluate
from convgui.engine.source import Source
from convgui.engine.strategies import jit
from convgui.engine.strategies.compiled import processor
from tests.single import chain_of


@pytest.fixture
def fresh(tmp_path, monkeypatch):
    """A program that has loaded nothing yet, and an empty cache."""
    monkeypatch.setenv(jit.CACHE, str(tmp_path / "cache"))
    for name, value in (("_loaded", None), ("_failure", None), ("_compiler", None)):
        monkeypatch.setattr(jit, name, value)
    return tmp_path / "cache"


@pytest.fixture(scope="module")
def code():
    """Object code as it is kept."""
    jit.load()
    return next(iter(jit._folder().glob("loops-*.o"))).read_bytes()


def test_compiled_code_is_kept_for_the_next_start(fresh, code, monkeypatch):
    monkeypatch.setattr(jit, "_made", lambda stops: code[32:])
    assert jit.load() is not None
    (kept,) = fresh.iterdir()
    assert kept.read_bytes() == code
    monkeypatch.setattr(jit, "_loaded", None)
    monkeypatch.setattr(jit, "_made", lambda stops: pytest.fail("it was compiled again"))
    assert jit.load() is not None


@pytest.mark.parametrize(
    "damage",
    [lambda code: b"", lambda code: code[:-1], lambda code: code[:5000] + b"\0" + code[5001:], lambda code: bytes(100)],
)
def test_damaged_code_is_not_run(fresh, code, monkeypatch, damage):
    monkeypatch.setattr(jit, "_made", lambda stops: code[32:])
    jit.load()
    (kept,) = fresh.iterdir()
    kept.write_bytes(damage(code))
    monkeypatch.setattr(jit, "_loaded", None)
    assert jit.load() is not None
    assert kept.read_bytes() == code


def test_code_of_another_processor_is_left_alone(fresh, code, monkeypatch):
    monkeypatch.setattr(jit, "_made", lambda stops: code[32:])
    monkeypatch.setattr(jit, "_processor", lambda: "another")
    jit.load()
    monkeypatch.undo()
    monkeypatch.setenv(jit.CACHE, str(fresh))
    monkeypatch.setattr(jit, "_loaded", None)
    monkeypatch.setattr(jit, "_made", lambda stops: code[32:])
    assert jit.load() is not None
    assert len(list(fresh.iterdir())) == 2


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(fresh, code, monkeypatch):
    fresh.write_text("a file where the folder should be")
    monkeypatch.setattr(jit, "_made", lambda stops: code[32:])
    assert jit.load() is not None


def test_without_a_compiler_the_reference_serves(fresh, monkeypatch):
    def broken(stops):
        raise RuntimeError("no LLVM here")

    monkeypatch.setattr(jit, "_made", broken)
    assert jit.load() is None
    assert "no LLVM here" in str(jit.failure())
    source = Source(np.ones((1500, 1500), np.float32))
    assert evaluate(chain_of([Conv(Kernel([[1, 2]]), padding="valid")], source)).max() == 3


class Door:
    """A lock that counts who came to it."""

    def __init__(self):
        self.came, self.lock = 0, threading.Lock()

    def __enter__(self):
        self.came += 1
        self.lock.acquire()

    def __exit__(self, *exception):
        self.lock.release()


def test_the_compiler_is_ended_when_the_program_closes(fresh, monkeypatch):
    begun = threading.Event()
    start = subprocess.Popen

    class Endless(start):
        def __init__(self, command, **options):
            super().__init__([sys.executable, "-c", "import time; time.sleep(600)"], **options)
            begun.set()

    monkeypatch.setattr(subprocess, "Popen", Endless)
    monkeypatch.setattr(jit, "_lock", door := Door())
    found = []
    waiting = [threading.Thread(target=lambda: found.append(jit.load()), name="convgui-compiler") for _ in range(3)]
    for thread in waiting:
        thread.start()
    assert begun.wait(HANGS)
    while door.came < len(waiting):
        time.sleep(0.01)
    begun.clear()
    jit.stop()
    for thread in waiting:
        thread.join(HANGS)
    assert found == [None, None, None]
    assert jit.failure() is None
    assert not begun.is_set(), "one that waited began anew"


def test_where_no_process_can_be_started_it_is_compiled_here(fresh, code, monkeypatch):
    from convgui.engine.strategies.compiled import build

    def refused(*command, **options):
        raise PermissionError("no processes here")

    monkeypatch.setattr(subprocess, "Popen", refused)
    monkeypatch.setattr(build, "compiled", lambda: code[32:])
    assert jit.load() is not None


AS_ANOTHER = """
import numpy as np
import convgui
from convgui.engine.strategies import jit
from convgui.engine.strategies.compiled import processor
from convgui.engine.strategies.compiled import processor
loops = jit.load()
values = convgui.conv2d(np.arange(90000.0, dtype=np.float32).reshape(300, 300), np.arange(25.0).reshape(5, 5))
print(processor.KIND or "none", loops is not None, values.sum(dtype=np.float64), jit.failure())
"""


def run_as(cpu, folder):
    environment = os.environ | {"CONVGUI_CPU": cpu, "CONVGUI_CACHE_DIR": str(folder)}
    found = subprocess.run([sys.executable, "-c", AS_ANOTHER], env=environment, capture_output=True, text=True, check=True)
    return found.stdout.split(maxsplit=3)


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="it names processors of x86")
def test_another_processor_can_be_compiled_for_where_its_code_runs(tmp_path):
    here, plain = run_as("", tmp_path), run_as("x86-64", tmp_path)
    assert plain[:2] == ["none", "True"]
    assert float(plain[2]) == pytest.approx(float(here[2]), rel=1e-6)
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.skipif(bool(processor.features().get("avx512f")), reason="this machine has everything")
def test_a_processor_that_this_one_cannot_stand_for_is_refused_and_the_reference_serves(tmp_path):
    kind, loaded, _, why = run_as("skylake-avx512", tmp_path)
    assert (kind, loaded) == ("avx512f", "False") and "whose code runs here" in why


def test_what_an_earlier_start_left_is_loaded_and_nothing_is_compiled(fresh, code, monkeypatch):
    def compiles(stops):
        raise AssertionError("it was compiled")

    monkeypatch.setattr(jit, "_made", compiles)
    jit.load_kept()
    assert jit.ready() is None  # there is nothing yet
    fresh.mkdir()
    jit._kept().write_bytes(code[:-1])  # damaged
    jit.load_kept()
    assert jit.ready() is None and jit.failure() is None
    jit._kept().write_bytes(code)
    jit.load_kept()
    assert jit.ready() is not None
