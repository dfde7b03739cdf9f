"""Many pictures from a script: what `Recipe.apply_many` does."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from convgui.batch.inputs import find_inputs
from convgui.batch.job import Job
from convgui.batch.run import Run
from convgui.batch.targets import check_template, results_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from convgui.batch.job import Outcome
    from convgui.io.recipe import Recipe


def apply_many(
    recipe: Recipe,
    paths: Sequence[str | os.PathLike[str]],
    out: str | os.PathLike[str] | None,
    *,
    format: str = "npy",
    name: str = "{stem}",
    recursive: bool = False,
    resume: bool = False,
    force: bool = False,
    threshold: float | None = None,
    jobs: int | None = None,
    client: Any = None,
    send: bool = False,
) -> Iterator[Outcome]:
    """Apply a recipe to files, and yield what became of each as it is done; see `Recipe.apply_many`."""
    if out is None and threshold is None:
        raise ValueError("Expected a folder for the results, or a threshold for measures, or both; received neither.")
    check_template(name)
    inputs, _ = find_inputs([os.fspath(path) for path in paths], recursive=recursive, out=os.fspath(out or ""))
    folder = Path.cwd() if out is None else results_folder(os.fspath(out))
    written = None if out is None else format
    job = Job.of(recipe, written, force=force, threshold=threshold, stamps=out is not None)
    yield from Run(job, inputs, folder, "", name, resume=resume, jobs=jobs, client=client, send=send)
