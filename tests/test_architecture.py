"""The layers hold, the code is clean, and everything but the window works without Qt."""

import subprocess
import sys
from pathlib import Path

import pytest
from waiting import HANGS

ROOT = Path(__file__).resolve().parents[1]

WITHOUT_QT = """
import sys
from importlib import import_module
from importlib.abc import MetaPathFinder
from pkgutil import walk_packages

class NoQt(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("PySide6", "shiboken6"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, NoQt())
# from the cache, where importing the modules alone would compile them again
import_module("convgui.engine.strategies.jit").load()
names = ["convgui.cli", "convgui.models", "convgui.showing", "convgui.assets", "convgui.trouble"]
for package in ("engine", "io", "layers", "model"):
    whole = import_module(f"convgui.{package}")
    names += [found.name for found in walk_packages(whole.__path__, f"convgui.{package}.")]
for name in names:
    import_module(name)
print(len(names), *names)
"""


def run(*command):
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=HANGS, check=False)


TOOLS = {
    "import-linter": ("-c", "from importlinter.cli import lint_imports_command as lint; lint(['--no-cache'])"),
    "ruff": ("-m", "ruff", "check", "."),
    "mypy": ("-m", "mypy"),
}


@pytest.mark.parametrize("tool", TOOLS)
def test_the_tools_find_nothing(tool):
    found = run(sys.executable, *TOOLS[tool])
    assert found.returncode == 0, found.stdout + found.stderr


def test_everything_but_the_window_works_without_qt(compiled):
    found = run(sys.executable, "-c", WITHOUT_QT)
    assert found.returncode == 0, found.stderr
    names = found.stdout.split()
    assert int(names[0]) > 40
    assert {"convgui.engine.kernels.catalogue.edges", "convgui.io.recipe", "convgui.model.requests"} <= set(names)


def test_importing_convgui_costs_nothing():
    look = "import sys, convgui; print([m for m in ('numpy', 'llvmlite', 'PIL', 'PySide6') if m in sys.modules])"
    assert run(sys.executable, "-c", look).stdout.strip() == "[]"


def test_the_functions_of_the_package_are_there():
    look = "import convgui; print([name for name in convgui.__all__ if getattr(convgui, name) is None], dir(convgui))"
    found = run(sys.executable, "-c", look)
    assert found.stdout.startswith("[]"), found.stderr
    missing = run(sys.executable, "-c", "import convgui; convgui.conv3d")
    assert "has no attribute 'conv3d'" in missing.stderr
