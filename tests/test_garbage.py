"""Garbage is looked for by the thread of the window alone: widgets in it must not be destroyed by another one."""

import json
import subprocess
import sys
from pathlib import Path

from waiting import HANGS

ROOT = Path(__file__).resolve().parents[1]

PROGRAM = """
import gc, json, threading, weakref

from convgui import cli, garbage

garbage.STARTED_MS = garbage.EACH_MS = 50
begin, watched, threads = garbage.Garbage.begin, [], set()


class Circle:
    def __init__(self):
        self.itself = self


def leave_garbage():
    for _ in range(5000):
        circle = Circle()
    watched.append(weakref.ref(circle))


def close_when_gone():
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    if any(circle() is not None for circle in watched):
        QTimer.singleShot(20, close_when_gone)
    else:
        QApplication.closeAllWindows()


def begin_and_leave_some(self):
    begin(self)
    gc.callbacks.append(lambda phase, info: threads.add(threading.current_thread().name))
    leaving = [threading.Thread(target=leave_garbage) for _ in range(3)]
    for thread in leaving:
        thread.start()
    for thread in leaving:
        thread.join()
    close_when_gone()


garbage.Garbage.begin = begin_and_leave_some
status = cli.main([])
print(json.dumps({"status": status, "gone": len(watched), "threads": sorted(threads), "later": gc.isenabled()}))
"""


def test_what_other_threads_leave_behind_is_found_by_the_thread_of_the_window():
    command = [sys.executable, "-c", PROGRAM]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=HANGS, check=False)
    assert found.returncode == 0, found.stderr
    assert json.loads(found.stdout) == {"status": 0, "gone": 3, "threads": ["MainThread"], "later": True}


def test_after_a_window_of_a_script_its_own_garbage_is_found_again():
    program = "import gc; from convgui.garbage import Garbage\nwith Garbage() as garbage: garbage.begin()\n"
    program += "print(gc.isenabled(), gc.get_freeze_count())"
    found = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=HANGS, check=True
    )
    assert found.stdout == "True 0\n"
