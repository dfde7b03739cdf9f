"""The examples of the docstrings run, and give what stands there."""

import doctest
from importlib import import_module
from pkgutil import walk_packages

import pytest

PACKAGES = ("engine", "io", "layers", "model")
"""Those that need no window."""

MODULES = ["convgui.models"]
for package in PACKAGES:
    whole = import_module(f"convgui.{package}")
    MODULES += [whole.__name__, *(found.name for found in walk_packages(whole.__path__, f"{whole.__name__}."))]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_docstrings_run(name):
    result = doctest.testmod(import_module(name), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert result.failed == 0
