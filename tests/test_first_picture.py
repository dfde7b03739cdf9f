"""What the first picture does not need is not imported before it; and what knows no Qt is imported before Qt."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from waiting import HANGS

ROOT = Path(__file__).resolve().parents[1]

START = """
import json, sys, time
from pathlib import Path
from convgui import cli

cli.begin()
from PySide6.QtWidgets import QApplication
from convgui.app import Program

app = QApplication([])
program = Program([], Path(sys.argv[1]))
shown = []
program.compute.shown.connect(lambda: shown.append(list(sys.modules)))
program.show()
while not shown:
    app.processEvents()
    time.sleep(0.001)
program.window.close()
print(json.dumps(shown[0]))
"""

NOT_NEEDED = (
    *("convgui.batch", "convgui.io.text", "convgui.io.export.formats", "convgui.views.take"),
    *("numpy.ma", "numpy.fft", "numpy.random", "h5py", "imagecodecs", "pillow_heif", "pyqtgraph", "safetensors", "tifffile"),
)


@pytest.fixture(scope="module")
def imported(compiled, tmp_path_factory):
    """The names of all modules that a start has imported when the first picture is there, in their order."""
    command = [sys.executable, "-c", START, str(tmp_path_factory.mktemp("home"))]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=HANGS, check=False)
    assert found.returncode == 0, found.stderr
    return json.loads(found.stdout)


@pytest.mark.parametrize("name", NOT_NEEDED)
def test_the_first_picture_does_not_wait_for_it(imported, name):
    assert [module for module in imported if f"{module}.".startswith(f"{name}.")] == []


def test_what_knows_no_qt_comes_before_qt(imported):
    late = imported[imported.index("PySide6") :]
    rooms = ("convgui.engine.", "convgui.io.", "convgui.model.", "convgui.assets.", "PIL.", "numpy.", "llvmlite.")
    assert [module for module in late if f"{module}.".startswith(rooms)] == []
