"""The examples of the docstrings and of the README run, and give what stands there."""

import doctest
import re
import shutil
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import numpy as np
import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]

PACKAGES = ("engine", "io", "layers", "model")
"""Those that need no window."""

MODULES = ["convgui.models", "convgui.showing"]
for package in PACKAGES:
    whole = import_module(f"convgui.{package}")
    MODULES += [whole.__name__, *(found.name for found in walk_packages(whole.__path__, f"{whole.__name__}."))]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_docstrings_run(name):
    result = doctest.testmod(import_module(name), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert result.failed == 0


def test_the_examples_of_the_readme_run(tmp_path, monkeypatch, capsys):
    """In the order in which they stand, as in one notebook; a block of text below one is what it prints."""
    import convgui.app
    from convgui.engine.kernels.kernel import Kernel
    from convgui.engine.layers.conv import Conv
    from convgui.io.recipe import Recipe, text_of

    monkeypatch.chdir(tmp_path)
    random = np.random.default_rng(0)
    Image.fromarray(random.integers(0, 256, (20, 30, 3), np.uint8)).save("holiday.jpg")
    Image.fromarray(random.integers(0, 256, (5, 5), np.uint8)).save("psf.tif")
    Path("photos").mkdir()
    Image.fromarray(random.integers(0, 256, (20, 30), np.uint8)).save("photos/part.jpg")
    Path("edges.json").write_text(text_of(Recipe((Conv(Kernel(convgui.kernel("sobel-x"))),))))
    shutil.copy(ROOT / "resources" / "weights" / "mtcnn_pnet.safetensors", "net.safetensors")
    shown = []
    monkeypatch.setattr(convgui.app, "show", lambda chain, **display: shown.append(chain), raising=False)
    blocks = re.findall(r"```(python|text)\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    names, printed, compared = {}, "", 0
    for kind, block in blocks:
        if kind == "python":
            exec(compile(block, "README.md", "exec"), names)
            printed = capsys.readouterr().out
        else:
            assert printed == block
            compared += 1
    assert compared and len(shown) == 2
