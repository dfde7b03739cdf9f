"""Names of classes: from a text file, a line for each, or from what a model's file says about itself."""

from __future__ import annotations

import ast
import json
import re
from typing import TYPE_CHECKING, Any

from convgui.io.errors import FileError, decode_text, read_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

KEYS = ("names", "labels", "classes", "class_names", "categories")
"""Under which a model's file has the names of its classes."""

MOST = 1_000_000
"""Letters of a text that is looked at."""

_SYNSET = re.compile(r"n\d{8}\s+")
"""WordNet's numbers, which stand before the names of ImageNet's classes."""


def read_labels(path: Path) -> tuple[str, ...]:
    """Return the names that a file holds: one in each line, or JSON with a list of them, or with a name for each number.

    Raises
    ------
    FileError
        If it cannot be read, or holds no names.
    """
    text = decode_text(read_bytes(path, MOST), path.name)
    found = labels_in(text)
    if not found:
        raise FileError(f"{path.name}: holds no names of classes, expected one in each line.")
    return found


def labels_of(metadata: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names of classes in what a model's file says about itself; none if it names none.

    >>> labels_of({"names": "{0: 'person', 1: 'bicycle'}"})
    ('person', 'bicycle')
    """
    lower = {name.lower(): text for name, text in metadata.items()}
    return next((found for key in KEYS if key in lower and (found := labels_in(lower[key][:MOST]))), ())


def labels_in(text: str) -> tuple[str, ...]:
    r"""Return the names in a text.

    >>> labels_in('["cat", "dog"]'), labels_in("n01440764 tench, Tinca tinca\nn01443537 goldfish"), labels_in("cat,dog")
    (('cat', 'dog'), ('tench, Tinca tinca', 'goldfish'), ('cat', 'dog'))
    """
    text = text.strip().removeprefix("\ufeff")
    if text[:1] in ("[", "{", "("):
        return _listed(_value(text))
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) == 1 and "," in lines[0]:
        lines = [part.strip() for part in lines[0].split(",")]
    return tuple(_SYNSET.sub("", line, count=1) for line in lines)


def _value(text: str) -> Any:
    for read in (json.loads, ast.literal_eval):  # the second for what Python prints: nothing of it is executed
        try:
            return read(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
    return None


def _listed(value: Any) -> tuple[str, ...]:
    """Return names from a list, or from a name for each number, 0 and on, the way ImageNet's index has them as well."""
    if isinstance(value, dict):
        try:
            value = [value[key] for key in sorted(value, key=int)]
        except (ValueError, TypeError):
            return ()
    if not isinstance(value, list | tuple):
        return ()
    names = (one[-1] if isinstance(one, list | tuple) and one else one for one in value)
    return tuple(str(name) for name in names)
