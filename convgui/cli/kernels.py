"""`convgui kernels`: what there is, one line each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convgui.cli import terminal
from convgui.engine.kernels import catalogue as catalog
from convgui.io.kernels.shelf import KernelShelf
from convgui.trouble import one_line

if TYPE_CHECKING:
    import argparse


def kernels(options: argparse.Namespace) -> int:
    """List the catalogue and the kernels that were kept; status 1 if no name fits the search."""
    words = " ".join(options.search)
    lines = []
    for entry in catalog.search(words):
        parameters = ", ".join(f"{p.name}={p.default:g}" for p in entry.parameters)
        lines.append(f"{entry.id:24} {entry.family:10} {parameters:44} {entry.label}")
    shelf = KernelShelf()
    for name in shelf.names():
        if all(word in f"{name} mine".casefold() for word in words.casefold().split()):
            rows, cols = shelf.load(name).size
            lines.append(f"{one_line(name):24} {'mine':10} {'':44} {rows} x {cols}, kept")
    for problem in shelf.problems:
        terminal.say(f"convgui kernels: {problem}")
    if not lines:
        terminal.say(f"convgui kernels: no kernel matches {words!r}.")
        return terminal.FAILED
    terminal.write("\n".join(lines) + "\n")
    return 0
