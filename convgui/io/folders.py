"""Folders of the user's own kernels and settings."""

from __future__ import annotations

import os
from pathlib import Path


def data_folder() -> Path:
    """Return the folder of the user's data, which outlives updates of the program.

    The environment variable CONVGUI_HOME replaces it, for tests and for a portable installation.
    """
    from platformdirs import user_data_dir

    return Path(os.environ.get("CONVGUI_HOME") or user_data_dir("convgui", appauthor=False))


def config_folder() -> Path:
    """Return the folder of the user's settings; CONVGUI_HOME replaces it."""
    from platformdirs import user_config_dir

    return Path(os.environ.get("CONVGUI_HOME") or user_config_dir("convgui", appauthor=False))
