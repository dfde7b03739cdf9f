"""What every test has: an own settings folder, and a failure when a widget, a thread or an exception is left behind."""

from __future__ import annotations

import gc
import os
import sys
import threading
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import gettempdir

import hypothesis
import pytest
from waiting import HANGS

from convgui.garbage import look

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

hypothesis.settings.register_profile("no clock", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("no clock")

EXPECTED_THREADS = ("MainThread", "convgui-tile", "convgui-compiler", "pytest", "ThreadPoolExecutor", "Dummy")
EXPECTED_THREADS += ("zarr_io", "asyncio_")  # zarr's own, which stay


@pytest.fixture(scope="session")
def compiled():
    """Load the compiled functions once for the whole run; only tests that ask for them wait."""
    from convgui.engine.strategies import jit

    with _alone("convgui-tests-compile"):  # of several test processes one compiles, the others find it in the cache
        return jit.load()


@contextmanager
def _alone(name):
    """Let no other process of this user into the same block at the same time."""
    try:
        import fcntl
    except ImportError:  # no such locks on Windows: there each process compiles for itself
        yield
        return
    with open(Path(gettempdir()) / f"{name}-{os.getuid()}", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    """Keep settings and kernels of the tests apart from the user's."""
    home = tmp_path / "home"
    monkeypatch.setenv("CONVGUI_HOME", str(home))
    return home


@pytest.fixture
def qtbot(qtbot):
    """Wait as long as everything else does before something is given up."""
    for name in ("waitUntil", "waitExposed", "waitSignal"):
        setattr(qtbot, name, partial(getattr(qtbot, name), timeout=1000 * HANGS))
    return qtbot


@pytest.fixture(scope="session")
def staying():
    """The windows that outlive a test, as several tests share them; whoever adds one takes it away, and is then checked."""
    return []


@pytest.fixture(autouse=True)
def nothing_left_behind(staying):
    """Fail a test after which a thread of ours or a top-level widget is still there, and look for garbage then.

    Not meanwhile, as the window does it: to destroy widgets in the middle of a call of Qt's can wait for its own lock.
    """
    gc.disable()
    yield
    check_nothing_is_left(staying)
    look()


@pytest.fixture(scope="session")
def check_left(staying):
    """Return a function that fails where a thread or a widget is left that belongs to no window that stays."""
    return lambda: check_nothing_is_left(staying)


def check_nothing_is_left(staying):
    """Fail where a thread or a visible top-level widget is there that belongs to no window that stays."""
    left = _gone(lambda: _threads(bool(staying)))
    assert not left, f"threads left behind: {[thread.name for thread in left]}"
    if "PySide6.QtWidgets" in sys.modules:
        from PySide6.QtWidgets import QApplication

        if QApplication.instance() is not None:
            left = _gone(lambda: _widgets(staying))
            assert not left, f"widgets left behind: {[w.objectName() or type(w).__name__ for w in left]}"


def _threads(lanes_stay):
    """Return the threads that should not be there; the lanes of a window that stays rest in theirs."""
    expected = (*EXPECTED_THREADS, "convgui-") if lanes_stay else EXPECTED_THREADS
    return [thread for thread in threading.enumerate() if not thread.name.startswith(expected)]


def _widgets(staying):
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtWidgets import QApplication

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()
    return [w for w in QApplication.topLevelWidgets() if w.isVisible() and not any(w is one for one in staying)]


_blamed = []
"""What an earlier test has left behind; only that one fails for it."""


def _gone(what):
    """Return what is left of something that goes by itself, after it has been given the time to do so."""

    def look():
        return [one for one in what() if not any(one is other for other in _blamed)]

    end = time.monotonic() + HANGS
    while (left := look()) and time.monotonic() < end:
        gc.collect()
        time.sleep(0.02)
    _blamed.extend(left)
    return left
