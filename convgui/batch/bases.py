"""The basis of principal components that all pictures of a run share, so that a colour means the same in each of them.

It is found on the first picture, and noted in the folder of the results, where a run that resumes takes it up.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from convgui.batch.job import FAULTS, chain_of
from convgui.engine.strategies import jit
from convgui.engine.strategies.tiles import Cancelled, never

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from convgui.batch.job import Job
    from convgui.batch.manifest import Manifest
    from convgui.engine.looking.together import Basis


def with_basis(job: Job, inputs: Sequence[str], manifest: Manifest, cancelled: Callable[[], bool] = never) -> Job:
    """Return a job with the basis of an earlier run that is resumed, else with that of the first picture that has one.

    Where no picture can be read the job stays as it is, as each of them says why.
    """
    if known := manifest.basis(job.what):
        return replace(job, basis=known)
    for path in inputs:
        if cancelled():
            raise Cancelled
        try:
            basis = _found(job, path, cancelled)
        except FAULTS:
            continue
        if job.stamps:
            manifest.add_basis(job.what, basis.text)
        return replace(job, basis=basis.text)
    return job


def _found(job: Job, path: str, cancelled: Callable[[], bool]) -> Basis:
    """Return the basis of a picture, as the window finds it: from some cells of the whole of it."""
    from convgui.model.bases import basis_of
    from convgui.model.levels import coarsest

    _, chain = chain_of(job, path)
    jit.load()  # the reference has other last bits
    return basis_of(chain.over(coarsest(chain.source)) if chain.source.in_parts else chain, cancelled)
