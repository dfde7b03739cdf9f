"""`convgui apply`: the maps of many pictures, each whole or not at all."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from convgui.batch.inputs import find_inputs
from convgui.batch.job import Job
from convgui.batch.run import Run
from convgui.batch.table import check_table
from convgui.batch.targets import check_template, results_folder
from convgui.cli import terminal
from convgui.cli.operation import operation_of
from convgui.engine.layers.graph import Graph
from convgui.engine.looking.many import ALL
from convgui.io.errors import FileError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator


def apply(options: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    try:
        run = _run_of(options)
        with _cluster_of(options) as run.client:
            return _work_off(run)
    except (ValueError, FileError) as error:
        terminal.say(f"convgui apply: {error}")
        return terminal.USAGE_ERROR


@contextmanager
def _cluster_of(options: argparse.Namespace) -> Iterator[Any]:
    """Connect to the cluster that is asked for, and say how its versions differ; None if it is done here."""
    if options.scheduler is None:
        yield None
        return
    from convgui.batch.cluster import connected, differences

    with connected(options.scheduler, options.jobs) as client:
        if found := differences(client):
            terminal.say(f"convgui apply: {found}.")
        if link := client.dashboard_link:
            terminal.say(f"convgui apply: Dask's dashboard is at {link}")
        yield client


def _work_off(run: Run) -> int:
    """Do it, and return the exit status."""
    failed, bare = 0, Counter[str]()
    with terminal.progress(len(run.inputs)) as progress:
        try:
            for outcome in run:
                progress.next(Path(outcome.task.path).name)
                if outcome.bare:
                    bare[outcome.bare] += 1
                if outcome.fault:
                    failed += 1
                    progress.say(f"convgui apply: {outcome.fault}")
                progress.done(len(run.inputs) - run.left_out)
        except FileError as error:  # of the manifest or the table
            failed += 1
            progress.say(f"convgui apply: {error}")
    if run.left_out:
        terminal.say(f"convgui apply: {run.left_out:,} of {len(run.inputs):,} were done already.")
    for why, count in bare.items():
        terminal.say(f"convgui apply: {_results_of(count)} not carry the recipe: {why}.")
    return terminal.FAILED if failed else 0


def _results_of(count: int) -> str:
    return "the result does" if count == 1 else f"the results of {count:,} inputs do"


def _run_of(options: argparse.Namespace) -> Run:
    """Return the run that the options describe; nothing is written yet but the folder of the results.

    Raises
    ------
    ValueError, FileError
        One sentence on what is wrong.
    """
    recipe, suffix, note, planes = operation_of(options)
    if options.send and any(isinstance(layer, Graph) for layer in recipe.layers):
        raise ValueError("--send has workers without the file of the graph; expected a cluster that shares its files")
    measures = options.measure is not None
    if options.out is None and not measures:
        raise ValueError("expected --out DIR for the results, or --measure FILE, or both")
    if options.resume and options.out is None:
        raise ValueError("--resume needs the folder of the results, --out DIR")
    if options.send and options.scheduler is None:
        raise ValueError("--send is for a cluster, --scheduler WHERE")
    if measures:
        check_table(options.measure)
    check_template(options.name)
    inputs, notes = find_inputs(options.inputs, recursive=options.recursive, out=options.out or "")
    folder = Path.cwd() if options.out is None else results_folder(options.out)
    for sentence in (note, *notes):
        if sentence:
            terminal.say(f"convgui apply: {sentence}")
    job = Job.of(
        recipe,
        None if options.out is None else options.format,
        free=not (options.recipe or options.weights or options.colour),
        planes=planes,
        together=options.together.way if options.together else "",
        topk=options.together.topk if options.together else ALL,
        page=options.page,
        force=options.force,
        threshold=options.threshold if measures else None,
        stamps=options.out is not None and (options.resume or len(inputs) > 1),
    )
    return Run(
        job,
        inputs,
        folder,
        suffix,
        options.name,
        keep=[options.recipe or options.weights or options.kernel],
        resume=options.resume,
        jobs=options.jobs,
        table=Path(options.measure) if measures else None,
        send=options.send,
    )
