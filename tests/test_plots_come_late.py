"""The plots' library is imported after the first activation is shown, and not by the window."""

import subprocess
import sys
from pathlib import Path

from waiting import HANGS

ROOT = Path(__file__).resolve().parents[1]

IMPORT = """
import sys
import convgui.app, convgui.views.window.main_window
print("pyqtgraph" in sys.modules)
"""

START = """
import sys, time
from pathlib import Path
from PySide6.QtWidgets import QApplication
from convgui.app import Program

app = QApplication([])
program = Program([], Path(sys.argv[1]))
seen = []
program.compute.shown.connect(lambda: seen.append("pyqtgraph" in sys.modules))
program.show()
while not program.window.display.histogram.built():
    app.processEvents()
    time.sleep(0.001)
print(seen[0], program.window.pair.map.picture() is not None)
program.window.close()
"""


def run(code, *arguments):
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=HANGS, check=False)


def test_importing_the_window_imports_no_plots():
    found = run(IMPORT)
    assert found.stdout.strip() == "False", found.stderr


def test_the_first_activation_is_shown_before(compiled, tmp_path):
    found = run(START, str(tmp_path))
    assert found.stdout.split() == ["False", "True"], found.stderr
