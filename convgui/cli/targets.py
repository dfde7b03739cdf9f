"""The names of the files that a run writes: all different, none an input, known before anything is written."""

from __future__ import annotations

import os
import unicodedata
from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LONGEST = 255
"""Bytes of a name that file systems take."""

ROOM = 40
"""Bytes that are left for the name of a map and its number."""


def plan_targets(inputs: Sequence[str], suffix: str, folder: Path, extension: str) -> list[Path]:
    """Return one target for each input, named by the input and what is done to it.

    Where two would have one name, also on systems that do not tell capitals from small letters, each has in front the
    names of the folders that tell them apart; two of one folder have their endings in the name, else a number.

    Examples
    --------
    >>> [path.name for path in plan_targets(["a/x.png", "b/x.png", "y.png"], "box", Path("out"), ".npy")]
    ['a-x-box.npy', 'b-x-box.npy', 'y-box.npy']
    """
    paths = [Path(os.path.abspath(path)) for path in inputs]
    stems = [path.stem for path in paths]
    for depth in range(1, max((len(path.parts) for path in paths), default=1)):
        doubled = _doubled(stems)
        if not doubled:
            break
        stems = [
            "-".join([*path.parts[1:-1][-depth:], path.stem])
            if i in doubled and _folders_differ(paths, doubled, stems, i)
            else stem
            for i, (path, stem) in enumerate(zip(paths, stems, strict=True))
        ]
    doubled = _doubled(stems)
    ends = [f"{stem}-{path.suffix[1:]}" for stem, path in zip(stems, paths, strict=True)]
    stems = [ends[i] if i in doubled and i not in _doubled(ends) else stem for i, stem in enumerate(stems)]
    stems = _numbered(stems)
    ending = f"-{suffix}" if suffix else ""
    return [folder / f"{_shortened(stem, f'{ending}{extension}')}{ending}{extension}" for stem in stems]


def same_file(path: Path, known: Iterable[Path]) -> bool:
    """Whether a file is one of those that are known, by whichever name."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return False
    for other in known:
        try:
            if os.path.samestat(status, os.stat(other)):
                return True
        except (OSError, ValueError):
            continue
    return False


def exists(path: Path) -> bool:
    """Whether something has this name; a name that no file can have is none."""
    try:
        return os.path.lexists(path)
    except (OSError, ValueError):
        return False


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _doubled(stems: Sequence[str]) -> set[int]:
    count = Counter(map(_key, stems))
    return {i for i, stem in enumerate(stems) if count[_key(stem)] > 1}


def _folders_differ(paths: Sequence[Path], doubled: set[int], stems: Sequence[str], i: int) -> bool:
    """Whether another one of the same name lies in another folder."""
    same = [paths[k].parent for k in doubled if _key(stems[k]) == _key(stems[i])]
    return len(set(same)) > 1


def _numbered(stems: Sequence[str]) -> list[str]:
    """Return names of which none is there twice."""
    taken = {_key(stem) for i, stem in enumerate(stems) if i not in _doubled(stems)}
    found = []
    for i, stem in enumerate(stems):
        if i in _doubled(stems):
            number = 1
            while _key(f"{stem}-{number}") in taken:
                number += 1
            stem = f"{stem}-{number}"
            taken.add(_key(stem))
        found.append(stem)
    return found


def _shortened(stem: str, rest: str) -> str:
    """Return a name that fits; of a long one the beginning and a digest that tells it from others."""
    room = LONGEST - ROOM - len(os.fsencode(rest))
    data = os.fsencode(stem)
    if len(data) <= room:
        return stem
    digest = sha256(data).hexdigest()[:8]
    while len(os.fsencode(stem)) > room - 9:
        stem = stem[:-1]
    return f"{stem}-{digest}"
