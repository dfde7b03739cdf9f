"""Threads that help others: each takes what is to be done from a queue, until the process ends.

Ctrl+C, or any other exception of a signal handler, may come between two steps of a thread. The pools of the standard library
are written in Python, and their locks then stay locked for ever; here every step that others wait for is one of the
interpreter's own. A child process that was forked has no helpers, and gets its own.
"""

from __future__ import annotations

import os
import threading
from queue import SimpleQueue
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def in_a_child(begin_anew: Callable[[], object]) -> None:
    """Have a function called in each child process that is forked: the threads of this one are not there."""
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=begin_anew)


class Task:
    """What a helper is asked to do.

    Attributes
    ----------
    error : BaseException, optional
        Why it failed, once it has ended.
    """

    def __init__(self, work: Callable[[], None]) -> None:
        self._waiting, self._ended = [work], SimpleQueue[None]()
        self.error: BaseException | None = None

    def begin(self) -> None:
        """Do it, unless nobody waits for it any more."""
        if (work := self._claimed()) is not None:
            try:
                work()
            except BaseException as error:
                self.error = error
            finally:
                self._ended.put(None)

    @property
    def begun(self) -> bool:
        """Whether a helper has begun with it, or it never begins."""
        return not self._waiting

    def end(self) -> None:
        """Wait until it is done, if it has begun; else it never begins."""
        if self._claimed() is None:
            self._ended.get()

    def _claimed(self) -> Callable[[], None] | None:
        """Return what is to be done to the first one who asks, None to the others."""
        try:
            return self._waiting.pop()
        except IndexError:
            return None


class Helpers:
    """Some threads, which are there from the first task on.

    Parameters
    ----------
    count : int
    name : str
    prepare : function
        Called by each of them at first.
    """

    def __init__(self, count: int, name: str, prepare: Callable[[], object]) -> None:
        self._count, self._name, self._prepare = count, name, prepare
        self._begin_anew()
        in_a_child(self._begin_anew)

    def _begin_anew(self) -> None:
        """Have no thread yet."""
        self._tasks, self._missing = SimpleQueue[Task](), list(range(self._count))

    def begin(self, work: Callable[[], None]) -> Task | None:
        """Have one of them do something as soon as it can; return None where the system has no threads left."""
        while self._missing:
            try:
                self._start(self._missing.pop())
            except (IndexError, RuntimeError):  # another caller has started it; or no thread can be started
                break
        if len(self._missing) == self._count:
            return None
        task = Task(work)
        self._tasks.put(task)
        return task

    def _start(self, number: int) -> None:
        try:
            threading.Thread(target=self._serve, name=f"{self._name}_{number}", daemon=True).start()
        except BaseException:
            self._missing.append(number)
            raise

    def _serve(self) -> None:
        tasks = self._tasks
        self._prepare()
        while True:
            tasks.get().begin()
