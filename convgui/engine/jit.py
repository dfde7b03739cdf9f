"""The door to the compiled loops: loads them in the background, and says whether they are there yet."""

from __future__ import annotations

import os
import threading
from importlib import import_module
from pathlib import Path
from typing import Any

import platformdirs

_lock = threading.Lock()
_loaded: Any = None
_failure: Exception | None = None


def ready() -> Any | None:
    """Return the module of compiled functions if it has been loaded, else None. Never waits."""
    return _loaded


def load() -> Any | None:
    """Load the compiled functions, waiting for the compiler if need be.

    Returns
    -------
    module or None
        `convgui.engine.compiled`; None if Numba does not work on this machine, so that the reference serves.
    """
    global _loaded, _failure
    with _lock:
        if _loaded is None and _failure is None:
            _choose_cache()
            try:
                _loaded = import_module("convgui.engine.compiled")
            except Exception as error:  # whatever ails the compiler, the reference gives the same values
                _failure = error
        return _loaded


def failure() -> Exception | None:
    """Return why the compiled functions could not be loaded, if that was tried and failed."""
    return _failure


def _choose_cache() -> None:
    """Keep compiled code in the user's cache folder, so that an install that cannot be written to is quick as well."""
    if "NUMBA_CACHE_DIR" in os.environ:
        return
    folder = Path(platformdirs.user_cache_dir("convgui", appauthor=False)) / "numba"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ".write").touch()
    except OSError:
        import tempfile

        folder = Path(tempfile.mkdtemp(prefix="convgui-"))
    os.environ["NUMBA_CACHE_DIR"] = str(folder)
