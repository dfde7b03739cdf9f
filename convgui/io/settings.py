"""Settings: what the window remembers between two starts, as a JSON file that is checked when it is read."""

from __future__ import annotations

import json
import os
from copy import deepcopy
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
from msgspec import Meta

from convgui.io.atomic import write_bytes
from convgui.io.errors import FileError, file_error, read_bytes
from convgui.io.folders import config_folder

if TYPE_CHECKING:
    from pathlib import Path

VERSION = 1

MOST_BYTES = 4_000_000

FILM = 1000
"""Files of a film strip that are there again at the next start."""

RECENT = 20
"""Files that were opened last, of all windows together."""

DEFAULTS: dict[str, Any] = {"theme": "system", "geometry": "", "folder": "", "recent": []}
"""The settings with default values."""


class Layout(msgspec.Struct):
    """Where the panels of a workspace stand, as Qt writes it, and which are folded, and open."""

    state: Annotated[str, Meta(max_length=100_000)] = ""
    folded: Annotated[list[str], Meta(max_length=1000)] = []
    open: Annotated[list[str], Meta(max_length=1000)] = []


class Stored(msgspec.Struct):
    """What a stored setting must be; others are kept as they are."""

    theme: Literal["system", "light", "dark"] = "system"
    geometry: Annotated[str, Meta(max_length=10_000)] = ""
    folder: str = ""
    export_folder: str = ""
    export_source: str = ""
    recent: Annotated[list[str], Meta(max_length=1000)] = []
    film: Annotated[list[str], Meta(max_length=1000)] = []
    welcomed: bool = False
    workspace: Annotated[str, Meta(max_length=100)] = ""
    layouts: Annotated[dict[str, Layout], Meta(max_length=100)] = {}
    layouts_text: Literal[100, 125, 150] = 100
    text: Literal[100, 125, 150] = 100
    arrange: Literal["side", "stacked", "larger"] = "side"
    share: Annotated[float, Meta(gt=0.0, lt=1.0)] = 0.5


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
    try:
        os.lstat(path)
    except FileNotFoundError:
        return settings, ""
    except (OSError, ValueError) as error:  # a home that is no folder, or belongs to somebody else
        reason = error.strerror if isinstance(error, OSError) else str(error)
        return settings, f"The settings cannot be read ({path.parent}: {reason}). The window starts with its defaults."
    try:
        stored = _parse(read_bytes(path, MOST_BYTES), path.name)
    except FileError as error:
        where = "" if isinstance(error.__cause__, OSError) else f" {_set_aside(path)}"  # not damaged, only not readable
        return settings, f"{error}{where} The window starts with its defaults."
    wrong = sorted(key for key, value in stored.items() if not usable(key, value))
    settings.update({key: value for key, value in stored.items() if key not in wrong})
    return settings, f"{path.name}: no usable value for {', '.join(wrong)}: the defaults are used." if wrong else ""


def usable(key: str, value: Any) -> bool:
    """Return whether a setting can have a value; one that is not known here is any plain JSON.

    >>> usable("recent", [1]), usable("share", 0.5), usable("speed", float("nan"))
    (False, True, False)
    """
    kinds = {field.name: field.type for field in msgspec.structs.fields(Stored)}
    try:
        if key in kinds:
            msgspec.convert(value, kinds[key], strict=True)
        json.dumps(value, allow_nan=False)
    except (msgspec.ValidationError, TypeError, ValueError, RecursionError):
        return False
    return True


def save(settings: dict[str, Any], path: Path | None = None, before: dict[str, Any] | None = None) -> None:
    """Write the settings atomically; a missing folder is made, and what has no usable value is left out.

    Parameters
    ----------
    settings : dict
    path : Path, optional
        The file; by default `settings_path()`.
    before : dict, optional
        The settings as they were read. What another window has written since then stays where this one changed nothing;
        of the files that were opened last those of both are kept.

    Raises
    ------
    FileError
        If the file cannot be written.
    """
    path = path or settings_path()
    kept = {key: value for key, value in settings.items() if usable(key, value)}
    if before is not None:
        kept = _merged(kept, before, _present(path))
    text = json.dumps({"version": VERSION, "settings": kept}, indent=1, allow_nan=False)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise file_error(path, error, writing=True) from error
    write_bytes(path, text.encode())


def _merged(own: dict[str, Any], before: dict[str, Any], present: dict[str, Any]) -> dict[str, Any]:
    """Merge own changes since `before` into the present settings."""
    changed = {key: value for key, value in own.items() if key not in before or before[key] != value}
    merged = {**own, **present, **changed}
    opened = own.get("recent", [])
    others = [path for path in present.get("recent", []) if path not in opened]
    merged["recent"] = [*opened, *others][:RECENT] if "recent" in changed else present.get("recent", own.get("recent", []))
    return merged


def _present(path: Path) -> dict[str, Any]:
    """Return the settings as they are in the file, as far as they are usable."""
    try:
        stored = _parse(read_bytes(path, MOST_BYTES), path.name)
    except (FileError, OSError):
        return {}
    return {key: value for key, value in stored.items() if usable(key, value)}


def _parse(data: bytes, name: str) -> dict[str, Any]:
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise FileError(f"{name}: the settings are damaged, expected JSON.") from error
    stored = document.get("settings") if isinstance(document, dict) else None
    if not isinstance(stored, dict) or not isinstance(document.get("version"), int):
        raise FileError(f"{name}: the settings are damaged, expected a version and settings.")
    return stored


def _set_aside(path: Path) -> str:
    bad = path.with_name(path.name + ".bad")
    try:
        os.replace(path, bad)
    except OSError:
        return "It could not be renamed."
    return f"It was renamed to {bad.name}."
