"""The door to the compiled loops: loads them in the background, and says whether they are there yet."""

from __future__ import annotations

import os
import shutil
import threading
from hashlib import sha256
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
    """Keep compiled code in the user's cache folder, so that an install that cannot be written to is quick as well.

    Numba compiles a function again when its own file has changed, not when that of a function which it calls has. So there
    is a folder for each state of the sources, and what another state has left is removed.
    """
    given = os.environ.get("NUMBA_CACHE_DIR")
    root = Path(given or Path(platformdirs.user_cache_dir("convgui", appauthor=False)) / "numba")
    folder = root / f"convgui-{_digest()}"
    try:
        if not folder.exists():
            for old in root.glob("convgui-*"):
                shutil.rmtree(old, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ".write").touch()
    except OSError:
        import tempfile

        folder = Path(tempfile.mkdtemp(prefix="convgui-"))
    os.environ["NUMBA_CACHE_DIR"] = str(folder)


def _digest() -> str:
    """Return some letters that stand for what is compiled."""
    found = sha256()
    for path in sorted((Path(__file__).parent / "compiled").glob("*.py")):
        found.update(path.read_bytes())
    return found.hexdigest()[:12]
