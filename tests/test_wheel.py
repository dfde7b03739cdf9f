"""The wheel: it holds all that the program needs, and starts from where it was installed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from waiting import HANGS

ROOT = Path(__file__).resolve().parents[1]

START = """
import sys
from pathlib import Path
import convgui
from PySide6.QtWidgets import QApplication
from convgui.app import Program

assert Path(convgui.__file__).is_relative_to(sys.argv[1]), convgui.__file__
app = QApplication(["convgui"])
program = Program([], Path(sys.argv[2]))
program.show()
while program.window.pair.map.picture() is None:
    app.processEvents()
print(program.window.pair.map.picture().colours.shape, program.window.kernel_card.title.text())
program.window.close()
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Build the wheel from a copy of the tree."""
    pytest.importorskip("hatchling", reason="hatchling builds the wheel")
    tree, out = tmp_path_factory.mktemp("tree"), tmp_path_factory.mktemp("wheel")
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, tree)
    for name in ("convgui", "resources"):
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    built = subprocess.run(command, cwd=tree, capture_output=True, text=True, timeout=HANGS, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = out.glob("convgui-*-py3-none-any.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Unpack the wheel as an installer does, and return what runs Python with it, elsewhere."""
    site, elsewhere = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("elsewhere")
    with ZipFile(wheel) as archive:
        archive.extractall(site)
    places = {"CONVGUI_HOME": str(elsewhere / "home"), "CONVGUI_CACHE_DIR": str(elsewhere / "cache")}
    environment = {**os.environ, **places, "PYTHONPATH": str(site), "QT_QPA_PLATFORM": "offscreen"}

    def run(*arguments):
        command = [sys.executable, "-P", *arguments]
        return subprocess.run(
            command, cwd=elsewhere, env=environment, capture_output=True, text=True, timeout=HANGS, check=False
        )

    run.site, run.home = site, elsewhere / "home"
    return run


def test_it_holds_every_resource(wheel):
    with ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for path in (ROOT / "resources").rglob("*"):
        if path.is_file():
            assert f"convgui/resources/{path.relative_to(ROOT / 'resources').as_posix()}" in names
    for path in (ROOT / "convgui").rglob("*.py"):
        assert path.relative_to(ROOT).as_posix() in names
    photos = {name for name in names if name.startswith("convgui/resources/photos/")}
    assert len(photos) >= 6
    assert "convgui/resources/colourmaps.npz" in names
    assert "convgui/resources/icons/search.svg" in names


def test_it_brings_the_desktop_entry(wheel):
    with ZipFile(wheel) as archive:
        names = archive.namelist()
        (entry,) = (n for n in names if n.endswith(".data/data/share/applications/convgui.desktop"))
        text = archive.read(entry).decode()
        (scripts,) = (n for n in names if n.endswith(".dist-info/entry_points.txt"))
        assert "convgui = convgui.cli:main" in archive.read(scripts).decode()
    assert any(n.endswith(".data/data/share/icons/hicolor/scalable/apps/convgui.svg") for n in names)
    assert "Exec=convgui %F" in text
    assert "Icon=convgui" in text


def test_it_brings_its_licence_and_names_it(wheel):
    with ZipFile(wheel) as archive:
        (text,) = (name for name in archive.namelist() if ".dist-info/licenses/" in name)
        (about,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        assert archive.read(text) == archive.read("convgui/resources/LICENSE")
        described = archive.read(about).decode().splitlines()
    assert "License-Expression: MIT" in described
    assert any(line.startswith("License-File: ") for line in described)


def test_it_brings_nothing_else(wheel):
    with ZipFile(wheel) as archive:
        top = {name.split("/")[0].split("-")[0] for name in archive.namelist()}
        sizes = sum(info.file_size for info in archive.infolist())
    assert top == {"convgui"}
    assert sizes < 5_000_000


def test_the_commands_run_from_it(installed):
    assert installed("-m", "convgui", "--version").stdout == "convgui 0.1.0\n"
    kernels = installed("-m", "convgui", "kernels")
    assert kernels.returncode == 0, kernels.stderr
    assert kernels.stdout.startswith("sobel-x ")
    assert len(kernels.stdout.splitlines()) >= 45


def test_the_window_starts_from_it(installed):
    started = installed("-c", START, str(installed.site), str(installed.home))
    assert started.returncode == 0, started.stderr
    assert started.stdout.endswith(", 3) Sobel x\n")
    assert "Traceback" not in started.stderr
    assert (installed.home / "settings.json").exists()
