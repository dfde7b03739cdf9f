"""What a run would do, as its dialog says it: names, folder, and what prevents it; and which files a folder holds."""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from convgui.batch.manifest import NAME as MANIFEST
from convgui.batch.targets import plan_targets
from convgui.io.export.streamed import ENDINGS
from convgui.io.pictures.images import is_larger_than_memory
from convgui.io.several import files_inside
from convgui.views.take.run_dialog import RunPlan
from convgui.views.take.run_form import ELSEWHERE, HERE, RunChoice

if TYPE_CHECKING:
    from convgui.worker.runner import Token

FORMATS = (
    ("png", "PNG, coloured"),
    ("jpg", "JPEG, coloured"),
    ("webp", "WebP, coloured"),
    ("tif", "TIFF, float32 numbers"),
    ("npy", "NumPy, float32 numbers"),
    ("npz", "NumPy archive, float32 numbers"),
    ("csv", "CSV, numbers"),
    ("png16", "PNG, 16-bit numbers"),
    ("zarr", "Zarr folder, float32 numbers"),
)
"""What can be written, as `Job` calls it, and in words."""

NO_FILES = "Choose the pictures first: some files, or a folder."
NO_FOLDER = "Say into which folder the results go."
NO_SCHEDULER = "Say where the scheduler is: an address such as tcp://host:8786, or the path of its scheduler file."


class Pictures(NamedTuple):
    """Which pictures a run is about.

    Attributes
    ----------
    paths : tuple of str
    page : str, optional
        Which page of them, where it is not the one that opens by itself.
    words : str
        Where they come from: "of the film strip".
    note : str
        What differs from what the window shows, empty if nothing.
    fault : str
        Why they cannot be run.
    """

    paths: tuple[str, ...] = ()
    page: str | None = None
    words: str = ""
    note: str = ""
    fault: str = ""

    def __str__(self) -> str:
        """Return what the dialog says of them.

        >>> str(Pictures(("a/x.png",))), str(Pictures(("a", "b"), words="of the film strip")), str(Pictures())
        ('x.png', '2 files of the film strip', 'No files yet')
        """
        if not self.paths:
            return "No files yet"
        page = f", page {self.page}" if self.page else ""
        one = f"{Path(self.paths[0]).name}{page}"
        return one if len(self.paths) == 1 else f"{len(self.paths):,} files {self.words}".strip()


@dataclass(frozen=True)
class FolderRequest:
    """Find the pictures in a folder."""

    folder: str

    def __call__(self, token: Token) -> Pictures:
        """Return them; those of a folder without any say so."""
        name = Path(self.folder).name or self.folder
        found = tuple(files_inside(self.folder))
        fault = "" if found else f"The folder {name} holds no picture, table or sound."
        return Pictures(found, words=f"in {name}", fault=fault)


@dataclass(frozen=True)
class RunPlanRequest:
    """A run as it is chosen in the dialog.

    Attributes
    ----------
    pictures : Pictures
    choice : RunChoice
    suffix : str
        What is done to them, for the names of results and of the folder.
    maps : int
        How many maps the picture has that is open.
    beside : str
        Where the folder is made that is suggested.
    """

    pictures: Pictures
    choice: RunChoice
    suffix: str
    maps: int
    beside: str

    def __call__(self, token: Token) -> RunPlan:
        """Return what the dialog says; looks into the file system."""
        many, choice = self.pictures.paths, self.choice
        suggested = str(_free(Path(self.beside, self.suffix))) if choice.suggested else ""
        folder = Path(suggested or choice.folder)
        button = f"Run on {len(many):,} file{'s' if len(many) != 1 else ''}" if many else "Run"
        fault = self.pictures.fault or ("" if many else NO_FILES) or self._fault(folder) or self._fault_of_format()
        if fault:
            return RunPlan(self._sentence(folder) if many else "", fault, False, button, suggested)
        return RunPlan(self._sentence(folder), self.pictures.note or _known(folder), True, button, suggested)

    def _fault(self, folder: Path) -> str:
        """Return what stands in the way, empty if nothing does."""
        choice = self.choice
        if choice.place != HERE and (missing := _missing()):
            return missing
        if choice.place == ELSEWHERE and not choice.scheduler:
            return NO_SCHEDULER
        if choice.place == ELSEWHERE and "://" not in choice.scheduler and not Path(choice.scheduler).is_file():
            return f"There is no scheduler file {choice.scheduler}; an address begins with tcp:// or tls://."
        return NO_FOLDER if not str(choice.folder).strip() and not choice.suggested else _folder_fault(folder)

    def _fault_of_format(self) -> str:
        """Return why a picture that is larger than memory is not written in a format; empty if it is."""
        paths, choice = self.pictures.paths, self.choice
        formats = [ending[1:] for ending in ENDINGS] if choice.place == HERE else ["zarr"]
        if len(paths) != 1 or choice.format in formats or not is_larger_than_memory(paths[0], self.pictures.page):
            return ""
        names = " or ".join(dict(FORMATS)[name].split(",")[0] for name in formats)
        return f"{Path(paths[0]).name} is larger than memory, and written piece by piece: choose the format {names}."

    def _sentence(self, folder: Path) -> str:
        paths, choice = self.pictures.paths, self.choice
        extension = ".png" if choice.format == "png16" else f".{choice.format}"
        first = plan_targets(paths, self.suffix, folder, extension)[0].name
        rest = len(paths) - 1
        more = f" and {rest:,} more" if rest else ""
        maps = f", {self.maps} maps of each" if self.maps > 1 else ""
        what = dict(FORMATS)[choice.format]
        return f"{first}{more}: {what}{maps}. {_way(choice)}"


def _way(choice: RunChoice) -> str:
    if choice.place == HERE:
        return "Processes of this computer read and write them."
    if choice.send:
        return "Each picture is sent to a worker, and its result comes back."
    return "Workers read and write them under these paths, which must lead to the same files for them."


def _missing() -> str:
    """Return the sentence on Dask where it is not installed; it is looked for and not imported, which takes seconds."""
    if find_spec("dask") is not None and find_spec("distributed") is not None:
        return ""
    from convgui.batch.cluster import MISSING

    return f"{MISSING[:1].upper()}{MISSING[1:]}."


def _folder_fault(folder: Path) -> str:
    """Return why results cannot be written there; the folder is made when the run begins."""
    if not folder.is_absolute():
        return "Say the whole path of the folder of the results."
    there = next(place for place in (folder, *folder.parents) if os.path.lexists(place))
    if not there.is_dir():
        return f"{there} is no folder; choose another one for the results."
    if not os.access(there, os.W_OK | os.X_OK):
        return f"The folder {there} cannot be written to; choose another one."
    return ""


def _known(folder: Path) -> str:
    """Return what has to be known of a folder that is there already."""
    if (folder / MANIFEST).is_file():
        return "An earlier run wrote into this folder: what it has done is left out, and nothing that exists is replaced."
    if folder.is_dir() and any(folder.iterdir()):
        return "This folder is not empty: nothing in it is replaced, and pictures whose results exist are told."
    return ""


def _free(folder: Path) -> Path:
    """Return a folder that is not there yet: the one that is asked for, else the first with a number."""
    places = (folder.with_name(f"{folder.name}-{number}") for number in count(2))
    return folder if not os.path.lexists(folder) else next(place for place in places if not os.path.lexists(place))
