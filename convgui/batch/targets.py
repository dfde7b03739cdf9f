"""The names of the files that a run writes: all different, none an input, decided before anything is written."""

from __future__ import annotations

import os
import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from hashlib import sha256
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

from convgui.io.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST = 255
"""Bytes of a name that file systems take."""

ROOM = 40
"""Bytes that are left for the name of a map and its number."""


FIELDS = ("stem", "ending", "folder", "recipe", "number")
"""What may stand in braces in a template."""

_MAP_ENDS = re.compile(r"(.*)-(\d+|red|green|blue|alpha)")


def plan_targets(
    inputs: Sequence[str], suffix: str, folder: Path, extension: str, template: str = "{stem}-{recipe}"
) -> list[Path]:
    """Return one target for each input, named by the input and what is done to it.

    Where two would have one name, also on systems that do not tell capitals from small letters, each has in front the
    names of the folders that tell them apart; two of one folder have their endings in the name, else a number. A name that
    one of several maps of another input could have counts as taken.

    Parameters
    ----------
    inputs : sequence of str
        The files.
    suffix : str
        What is done to them, for ``{recipe}``.
    folder : Path
        Where they are written.
    extension : str
        The ending of the files that are written.
    template : str
        With ``{stem}`` and ``{ending}`` of the input's name, ``{folder}``, the name of the folder that it lies in,
        ``{recipe}``, and ``{number}`` from 1 in the order of the inputs; ``/`` makes folders.

    Raises
    ------
    ValueError
        If the template has another field, or leads out of the folder.

    Examples
    --------
    >>> [path.name for path in plan_targets(["a/x.png", "b/x.png", "y.png"], "box", Path("out"), ".npy")]
    ['a-x-box.npy', 'b-x-box.npy', 'y-box.npy']
    >>> [str(path) for path in plan_targets(["a/x.png", "b/x.png"], "box", Path("out"), ".npy", "{folder}/{number}")]
    ['out/a/1.npy', 'out/b/2.npy']
    """
    check_template(template)
    paths = [Path(os.path.abspath(path)) for path in inputs]
    names = _formatted(paths, [path.stem for path in paths], suffix, template, extension)
    if doubled := _doubled(names):
        apart = _formatted(paths, _apart(paths), suffix, template, extension)
        some = [apart[i] if i in doubled else name for i, name in enumerate(names)]
        names = apart if _doubled(some) else some
    return [_placed(folder, name, extension) for name in _clear_of_maps(_numbered(names))]


def check_template(template: str) -> None:
    """Refuse a template that has no meaning, or leads out of the folder of the results."""
    try:
        parsed = list(Formatter().parse(template))
    except ValueError as error:
        raise ValueError(f"expected a template such as '{{stem}}-{{recipe}}', received {template!r} ({error})") from error
    for _, name, form, conversion in parsed:
        if name is not None and (name not in FIELDS or form or conversion):
            known = ", ".join(f"{{{field}}}" for field in FIELDS)
            raise ValueError(f"expected one of {known}, received {{{name}}} in the template {template!r}")
    parts = re.split(r"[/\\\\]", template)
    if not template.strip() or Path(template).is_absolute() or ".." in parts or not parts[-1].strip() or ":" in template:
        raise ValueError(f"expected a name below the folder of the results, received the template {template!r}")


def _formatted(paths: Sequence[Path], stems: Sequence[str], suffix: str, template: str, extension: str) -> list[str]:
    digits = len(str(len(paths)))
    if not suffix:
        template = template.replace("-{recipe}", "")
    found = []
    for number, (path, stem) in enumerate(zip(paths, stems, strict=True), 1):
        fields = {"ending": path.suffix[1:], "folder": path.parent.name or "root", "recipe": suffix}
        fields["number"] = f"{number:0{digits}}"
        rest = template.format(stem="", **fields).rpartition("/")[2] + extension
        found.append(template.format(stem=_shortened(stem, rest), **fields))
    return found


def _apart(paths: Sequence[Path]) -> list[str]:
    """Return stems that differ by the folders that their files lie in, or by their endings, as far as those differ."""
    stems = [path.stem for path in paths]
    for depth in range(1, max((len(path.parts) for path in paths), default=1)):
        doubled = _doubled(stems)
        if not doubled:
            break
        elsewhere = _also_elsewhere(paths, doubled, stems)
        stems = [
            "-".join([*path.parts[1:-1][-depth:], path.stem]) if i in elsewhere else stem
            for i, (path, stem) in enumerate(zip(paths, stems, strict=True))
        ]
    doubled = _doubled(stems)
    ends = [f"{stem}-{path.suffix[1:]}" for stem, path in zip(stems, paths, strict=True)]
    unclear = _doubled(ends)
    return _numbered([ends[i] if i in doubled and i not in unclear else stem for i, stem in enumerate(stems)])


def _placed(folder: Path, name: str, extension: str) -> Path:
    *above, last = name.split("/")
    return folder.joinpath(*above, f"{_shortened(last, extension)}{extension}")


def _clear_of_maps(names: Sequence[str]) -> list[str]:
    """Return names of which none is what a map of another one could be called, such as x-red beside x."""
    taken = {*map(key, names)}
    found = []
    for name in names:
        match = _MAP_ENDS.fullmatch(name)
        while match and key(match[1]) in taken and key(match[1]) != key(name):
            name = f"{name}-file"
            match = _MAP_ENDS.fullmatch(name)
        found.append(name)
    return _numbered(found)


def results_folder(out: str) -> Path:
    """Return the folder of the results, made if need be; FileError if it cannot be, or takes no files."""
    folder = Path(out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise FileError(f"--out {out} is a file, expected a folder.") from error
    except NotADirectoryError as error:
        raise FileError(f"the folder {out} cannot be made: a file stands in its way.") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FileError(f"the folder {out} cannot be made: {reason}.") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise FileError(f"the folder {out} cannot be written to: no permission.")
    return folder


class Places:
    """What stands already in the folders of the results: which names are taken, and by what the run reads.

    Parameters
    ----------
    read : sequence of str
        All files that the run reads, by whichever name they are written.
    """

    def __init__(self, read: Sequence[str]) -> None:
        self._read = {found for path in read if "\0" not in path and (found := _identity(path)) is not None}
        self._names: dict[Path, list[tuple[str, str]]] = {}

    def about(self, target: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the names that begin as a target does, as `key` has them, and those of them that the run reads."""
        folder, stem = target.parent, key(target.stem)
        if folder not in self._names:
            self._names[folder] = sorted((key(name), name) for name in _names_in(folder))
        names = self._names[folder]
        found = []
        for at in range(bisect_left(names, (stem, "")), len(names)):
            if not names[at][0].startswith(stem):
                break
            found.append(names[at])
        read = (known for known, name in found if _identity(str(folder / name)) in self._read)
        return tuple(known for known, _ in found), tuple(read)


def _names_in(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _identity(path: str) -> tuple[int, int] | None:
    """Return device and number of a file, by which it is known under each of its names."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino


def key(name: str) -> str:
    """Return what is equal for names that some system takes for one."""
    return unicodedata.normalize("NFC", name).casefold()


def _doubled(stems: Sequence[str]) -> set[int]:
    count = Counter(map(key, stems))
    return {i for i, stem in enumerate(stems) if count[key(stem)] > 1}


def _also_elsewhere(paths: Sequence[Path], doubled: set[int], stems: Sequence[str]) -> set[int]:
    """Return those of the doubled whose name is also that of a file in another folder."""
    folders: dict[str, set[Path]] = {}
    for k in doubled:
        folders.setdefault(key(stems[k]), set()).add(paths[k].parent)
    return {k for k in doubled if len(folders[key(stems[k])]) > 1}


def _numbered(names: Sequence[str]) -> list[str]:
    """Return names of which none is there twice."""
    doubled = _doubled(names)
    taken = {key(name) for i, name in enumerate(names) if i not in doubled}
    last: Counter[str] = Counter()
    found = []
    for i, name in enumerate(names):
        if i in doubled:
            known, number = key(name), last[key(name)] + 1
            while key(f"{name}-{number}") in taken:
                number += 1
            last[known] = number
            name = f"{name}-{number}"
            taken.add(key(name))
        found.append(name)
    return found


def _shortened(stem: str, rest: str) -> str:
    """Return a name that fits; of a long one the beginning and a digest that tells it from others."""
    room = LONGEST - ROOM - len(os.fsencode(rest))
    data = os.fsencode(stem)
    if len(data) <= room:
        return stem
    digest = sha256(data).hexdigest()[:8]
    while stem and len(os.fsencode(stem)) > room - 9:
        stem = stem[:-1]
    return f"{stem}-{digest}"
