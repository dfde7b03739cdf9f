"""A run: one recipe on many pictures; what is done already is left out, and what is done is noted at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from convgui.batch.bases import with_basis
from convgui.batch.job import Task
from convgui.batch.manifest import Manifest
from convgui.batch.pool import outcomes
from convgui.batch.table import write_table
from convgui.batch.targets import Places, plan_targets
from convgui.engine.strategies.tiles import never
from convgui.io.temporary import sweep

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from convgui.batch.job import Job, Outcome
    from convgui.batch.manifest import Entry


@dataclass
class Run:
    """A job, the pictures that it is done to, and where the results go.

    Parameters
    ----------
    job : Job
    inputs : sequence of str
        The files.
    folder : Path
        Of the results; it is there.
    suffix, template : str
        See `plan_targets`.
    keep : sequence of str
        Other files that are read, such as the recipe, and not replaced.
    resume : bool
        Whether pictures are left out that the manifest says are done, if neither they nor their results have changed.
    jobs : int, optional
        Processes at most.
    table : Path, optional
        Where the table of measures is written at the end.
    client : distributed.Client, optional
        The cluster that does it, instead of processes of this machine.
    send : bool
        Whether its workers get the bytes of the pictures, and the bytes of the results come back.
    renew : bool
        Whether a run that resumes replaces files that a former one made of the same picture, by another recipe.
    apart : bool
        Whether the processes make way for others, such as a window.
    cancelled : callable returning bool
        Asked some times a second; when it says so, `Cancelled` is raised.

    Attributes
    ----------
    left_out : int
        Pictures that were done already.
    """

    job: Job
    inputs: Sequence[str]
    folder: Path
    suffix: str
    template: str
    keep: Sequence[str] = ()
    resume: bool = False
    jobs: int | None = None
    table: Path | None = None
    client: Any = None
    send: bool = False
    renew: bool = True
    apart: bool = False
    cancelled: Callable[[], bool] = never
    left_out: int = 0
    _rows: dict[int, list[dict[str, Any]]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Outcome]:
        """Do it, and yield what became of each picture as it is done; the table is written after the last."""
        manifest = Manifest(self.folder)
        if self.resume:
            manifest.read()
        if self.job.together == "pca" and not self.job.basis:
            self.job = with_basis(self.job, self.inputs, manifest, self.cancelled)
        tasks = self._tasks(manifest)
        try:
            for outcome in self._outcomes(tasks):
                if outcome.entry is not None:
                    if self.job.stamps:
                        manifest.add(outcome.entry)
                    self._take_rows(outcome.task.number, outcome.task.path, outcome.entry)
                yield outcome
        finally:
            manifest.close()
            for folder in {task.target.parent for task in tasks}:  # what processes left that were ended in the middle
                sweep(folder)
        if self.table is not None:
            write_table(self.table, [row for number in sorted(self._rows) for row in self._rows[number]])

    def _outcomes(self, tasks: list[Task]) -> Iterator[Outcome]:
        if self.client is None:
            return outcomes(self.job, tasks, self.jobs, apart=self.apart, cancelled=self.cancelled)
        from convgui.batch.cluster import outcomes_on

        return outcomes_on(self.client, self.job, tasks, send=self.send, cancelled=self.cancelled)

    def _tasks(self, manifest: Manifest) -> list[Task]:
        """Return what is to be done, and note what is done."""
        places = Places([*self.inputs, *self.keep])
        targets = plan_targets(self.inputs, self.suffix, self.folder, self.job.extension, self.template)
        found = []
        for number, (path, target) in enumerate(zip(self.inputs, targets, strict=True)):
            if self.resume and (entry := manifest.done(path, target, self.job.what, self.job.threshold)) is not None:
                self.left_out += 1
                self._take_rows(number, path, entry)
                continue
            ours = manifest.made_of(path) if self.renew else ()
            found.append(Task(number, path, target, self.folder, ours, *places.about(target)))
        return found

    def _take_rows(self, number: int, path: str, entry: Entry) -> None:
        if self.table is not None:
            self._rows[number] = [{"file": path, "threshold": entry.threshold, **row} for row in entry.rows]
