"""An order: a run with all that it needs to know, as a line of text for a process of its own; and what is told of it."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from convgui.batch.inputs import find_inputs
from convgui.batch.job import HINTS, Job
from convgui.batch.run import Run
from convgui.batch.targets import results_folder
from convgui.io.temporary import sweep

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HERE, LOCAL = "here", "local"
"""Where a run is done without an address: by processes of this machine, and by a cluster that is started on it."""

Kind = Literal["note", "differs", "dashboard", "count", "done", "end", "failed"]


class Told(NamedTuple):
    """What is told of a run.

    `note`: a sentence. `differs`: a sentence on what differs between this machine and the workers, before the first task.
    `dashboard`: an address. `count`: how many pictures there are. `done`: a picture, with the sentence on its fault where it
    has one, and how many were done by an earlier run. `end`: that number at the end. `failed`: why the run ended early.
    """

    kind: Kind
    text: str = ""
    path: str = ""
    number: int = 0


@dataclass(frozen=True)
class Order:
    """A run.

    Attributes
    ----------
    job : Job
    words : tuple of str
        Files and folders.
    folder : str
        Where the results go. What exists there stays; what an earlier run did there is left out.
    suffix : str
        What is done to the pictures, for the names of the results.
    where : str
        `HERE`, `LOCAL`, or what `connected` takes.
    processes : int, optional
        Of this machine, where it is done here.
    send : bool
        Whether workers of a cluster get the bytes of the pictures, and the bytes of the results come back.
    """

    job: Job
    words: tuple[str, ...]
    folder: str
    suffix: str
    where: str = HERE
    processes: int | None = None
    send: bool = False

    def text(self) -> str:
        """Return it as one line.

        >>> order = Order(Job("{}", "npy"), ("a.png",), "out", "sobel-x", LOCAL, 2)
        >>> Order.of(order.text()) == order
        True
        """
        return json.dumps(asdict(self))

    @classmethod
    def of(cls, text: str) -> Order:
        """Return the order that a line describes."""
        stored = json.loads(text)
        return cls(**stored | {"job": Job(**stored["job"]), "words": tuple(stored["words"])})


def carry_out(order: Order, cancelled: Callable[[], bool]) -> Iterator[Told]:
    """Do it, and tell how it goes.

    Raises
    ------
    FileError, ValueError
        One sentence on why nothing can be done.
    Cancelled
        If nobody wants the rest any more; what was written is whole.
    """
    inputs, notes = find_inputs(order.words, out=order.folder)
    yield from (Told("note", note) for note in notes)
    folder = results_folder(order.folder)
    run = Run(
        order.job,
        inputs,
        folder,
        order.suffix,
        "{stem}-{recipe}",
        resume=True,
        renew=False,
        jobs=order.processes,
        send=order.send,
        apart=True,
        cancelled=cancelled,
    )
    try:
        with _cluster(order) as run.client:
            if run.client is not None:
                yield from _about(run.client)
            yield Told("count", number=len(inputs))
            for outcome in run:
                yield Told("done", _plain(outcome.fault), outcome.task.path, run.left_out)
    finally:
        sweep(folder)  # once the workers of this machine have ended, of what they were at
    yield Told("end", number=run.left_out)


@contextmanager
def _cluster(order: Order) -> Iterator[Any]:
    """Yield Dask's client, None where the run needs none."""
    if order.where == HERE:
        yield None
        return
    from convgui.batch.cluster import connected  # Dask takes seconds

    with connected(order.where, order.processes) as client:
        yield client


def _about(client: Any) -> Iterator[Told]:
    """Tell what is to be known of a cluster before it begins."""
    from convgui.batch.cluster import differences

    if found := differences(client):
        yield Told("differs", f"{found}.")
    if link := client.dashboard_link:
        yield Told("dashboard", link)


def _plain(fault: str) -> str:
    """Return a sentence without what only the command line can do about it.

    >>> _plain("a.png exists; use --force to replace it.")
    'a.png exists and is kept.'
    """
    kept, replaced = HINTS
    if fault.endswith(replaced):
        return f"{fault.removesuffix(replaced)} and is kept."
    return f"{fault.removesuffix(kept)}." if fault.endswith(kept) else fault
