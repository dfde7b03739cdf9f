"""What every test has: an own settings folder, and a failure when a widget, a thread or an exception is left behind."""

from __future__ import annotations

import gc
import os
import sys
import threading
import time

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

EXPECTED_THREADS = ("MainThread", "convgui-tile", "convgui-compiler", "pytest", "ThreadPoolExecutor", "Dummy")


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    """Keep settings and kernels of the tests apart from the user's."""
    home = tmp_path / "home"
    monkeypatch.setenv("CONVGUI_HOME", str(home))
    return home


@pytest.fixture(autouse=True)
def nothing_left_behind(request):
    """Fail a test after which a thread of ours or a top-level widget is still there."""
    yield
    left = _wait_for(_threads)
    assert not left, f"threads left behind: {left}"
    if "PySide6.QtWidgets" in sys.modules:
        from PySide6.QtWidgets import QApplication

        if QApplication.instance() is not None:
            left = _wait_for(_widgets)
            assert not left, f"widgets left behind: {left}"


def _threads():
    return [t.name for t in threading.enumerate() if not t.name.startswith(EXPECTED_THREADS)]


def _widgets():
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtWidgets import QApplication

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()
    return [w.objectName() or type(w).__name__ for w in QApplication.topLevelWidgets() if w.isVisible()]


def _wait_for(what, seconds=3.0):
    end = time.monotonic() + seconds
    while (left := what()) and time.monotonic() < end:
        gc.collect()
        time.sleep(0.02)
    return left
