"""Settings: what the window remembers between two starts, as a JSON file that is checked when it is read."""

from __future__ import annotations

import json
import os
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from convgui.io.atomic import write_bytes
from convgui.io.errors import FileError, file_error, read_bytes
from convgui.io.folders import config_folder

if TYPE_CHECKING:
    from pathlib import Path

VERSION = 1

MOST_BYTES = 4_000_000

DEFAULTS: dict[str, Any] = {"theme": "system", "geometry": "", "splitter": [], "folder": "", "recent": []}
"""The settings that have a meaning from the start; a stored value must have the type of its default."""


def settings_path() -> Path:
    """Return the file in which the settings are kept."""
    return config_folder() / "settings.json"


def load(path: Path | None = None) -> tuple[dict[str, Any], str]:
    """Read the settings.

    Parameters
    ----------
    path : Path, optional
        The file; by default `settings_path()`.

    Returns
    -------
    settings : dict
        The defaults, replaced by what is stored. Settings that have no default are kept as they are.
    sentence : str
        What was wrong; empty if all was well. A damaged file is renamed to `.bad`, so that nothing in it is lost.

    Examples
    --------
    >>> from pathlib import Path
    >>> settings, sentence = load(Path("no such folder/settings.json"))
    >>> settings == DEFAULTS, sentence
    (True, '')
    """
    path = path or settings_path()
    settings = deepcopy(DEFAULTS)
    if not os.path.lexists(path):
        return settings, ""
    try:
        stored = _read(path)
    except FileError as error:
        return settings, f"{error} {_set_aside(path)} The window starts with its defaults."
    wrong = [key for key, value in stored.items() if key in DEFAULTS and type(value) is not type(DEFAULTS[key])]
    settings.update({key: value for key, value in stored.items() if key not in wrong})
    return settings, f"{path.name}: the settings {', '.join(wrong)} had no usable value." if wrong else ""


def save(settings: dict[str, Any], path: Path | None = None) -> None:
    """Write the settings atomically; a missing folder is made.

    Raises
    ------
    FileError
        If the file cannot be written, or a value is not plain JSON.
    """
    path = path or settings_path()
    try:
        text = json.dumps({"version": VERSION, "settings": settings}, indent=1, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise FileError(f"{path.name}: the settings cannot be written as JSON ({error}).") from error
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise file_error(path, error, writing=True) from error
    write_bytes(path, text.encode())


def _read(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(read_bytes(path, MOST_BYTES))
    except (ValueError, RecursionError) as error:
        raise FileError(f"{path.name}: the settings are damaged, expected JSON.") from error
    stored = document.get("settings") if isinstance(document, dict) else None
    if not isinstance(stored, dict) or not isinstance(document.get("version"), int):
        raise FileError(f"{path.name}: the settings are damaged, expected a version and settings.")
    return stored


def _set_aside(path: Path) -> str:
    bad = path.with_name(path.name + ".bad")
    try:
        os.replace(path, bad)
    except OSError:
        return "It could not be renamed."
    return f"It was renamed to {bad.name}."
