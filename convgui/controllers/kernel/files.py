"""Kernels from and to the clipboard, files, and the folder of the user's own kernels."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QInputDialog

from convgui.engine.kernels.kernel import Kernel
from convgui.io.kernels.files import KERNEL_EXTENSIONS, KernelFile, open_kernel
from convgui.io.kernels.saved import save_kernel
from convgui.io.text.kernels import describe_matrix, format_matrix, read_kernel
from convgui.views.kernel.matrix_dialog import MatrixDialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from convgui.controllers.context import Context
    from convgui.controllers.kernel.kernel import KernelController
    from convgui.worker.runner import Token

PASTED = "Pasted"
FILTERS = f"Kernels ({' '.join('*' + ending for ending in KERNEL_EXTENSIONS)});;All files (*)"
SAVE_FILTERS = "JSON (*.json);;Text, as ImageJ has it (*.txt);;CSV (*.csv);;NumPy (*.npy)"


@dataclass(frozen=True)
class LoadKernel:
    """Read a kernel's file."""

    path: str

    def __call__(self, token: Token) -> KernelFile:
        """Read it."""
        return open_kernel(self.path)


@dataclass(frozen=True, eq=False)
class SaveKernel:
    """Write a kernel to a file."""

    path: str
    kernel: Kernel

    def __call__(self, token: Token) -> str:
        """Write it."""
        save_kernel(self.path, self.kernel)
        return self.path


class KernelFilesController:
    """Reads, writes, copies and keeps kernels."""

    def __init__(self, context: Context, kernels: KernelController) -> None:
        self._context, self._kernels = context, kernels

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do that bring a kernel here or take it away."""
        return {
            "kernel_paste": self.paste,
            "kernel_copy": self.copy,
            "kernel_keep": self.ask_keep,
            "kernel_forget": self.forget,
            "kernel_open": self.ask_open,
            "kernel_save": self.ask_save,
        }

    # text and files

    def paste(self) -> None:
        """Ask for a matrix as text, filled in from the clipboard, and make it the kernel."""
        clipboard = QGuiApplication.clipboard().text()
        good = bool(clipboard) and describe_matrix(clipboard)[0]
        dialog = MatrixDialog(describe_matrix, clipboard if good else "", self._context.window)
        dialog.accepted.connect(lambda: self._take_text(dialog.text()))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _take_text(self, text: str) -> None:
        try:
            read = read_kernel(text)
        except ValueError as error:
            self._context.tell_error(error)
            return
        self.take_file(KernelFile(Kernel(read.weights, name=PASTED), read.bias, read.told))

    def copy(self) -> None:
        """Put the weights on the clipboard as text."""
        kernel = self._kernels.present()
        if kernel is None:
            return
        QGuiApplication.clipboard().setText(format_matrix(kernel.weights))
        self._context.succeeded(f"{kernel.name} copied as text")

    def open_file(self, path: str) -> None:
        """Read a kernel file on a worker, and make it the kernel."""
        self._context.runner.submit("open", LoadKernel(path), self.take_file, self._context.tell_error)

    def take_file(self, opened: KernelFile) -> None:
        """Make a kernel that was read the present one, with its bias if it has one, and say what was understood."""
        label = f"open {opened.kernel.name}" if opened.kernel.name != PASTED else "paste kernel"
        bias = {"bias": (opened.bias,)} if opened.bias else {}
        if self._kernels.take(opened.kernel, label, **bias):
            self._context.succeeded(opened.told)

    def ask_open(self) -> None:
        """Ask which file to open."""
        path, _ = QFileDialog.getOpenFileName(self._context.window, "Open kernel", self._context.usual_folder(), FILTERS)
        if path:
            self.open_file(path)

    def ask_save(self) -> None:
        """Ask where to save, and save; the ending decides the format."""
        name = f"{self._context.state.title.lower().replace(' ', '-')}.json"
        place = str(Path(self._context.usual_folder(), name))
        path, _ = QFileDialog.getSaveFileName(self._context.window, "Save kernel", place, SAVE_FILTERS)
        if path:
            self.save_file(path)

    def save_file(self, path: str) -> None:
        """Save the kernel to a file."""
        kernel, note = self._kernels.present(), self._context.succeeded
        if kernel is not None:
            self._context.runner.submit(
                "kernel files",
                SaveKernel(path, kernel),
                lambda path: note(f"Saved {path}"),
                self._context.tell_error,
                every=True,
            )

    # own kernels

    def ask_keep(self) -> None:
        """Ask for a name and save the kernel under it."""
        suggestion = self._context.state.title.removeprefix("Custom, from ")
        name, accepted = QInputDialog.getText(self._context.window, "Keep as my kernel", "Name", text=suggestion)
        if accepted and name.strip():
            self.keep(name.strip())

    def keep(self, name: str) -> None:
        """Save the kernel by name, and show it under Mine."""
        present = self._kernels.present()
        if present is None:
            return
        kernel = Kernel(present.weights, name=name)
        self._kernels.take(kernel, f"keep {name}")
        note = self._context.succeeded
        self._context.own.keep(kernel, lambda: note(f"{name} is kept under Mine"))

    def forget(self) -> None:
        """Delete the present kernel from the user's own ones; it stays in the window."""
        name = self._context.state.title
        if name not in self._context.own.kernels:
            self._context.tell(f"{name} is none of the kernels under Mine, so there is nothing to delete.")
            return
        self._context.own.forget(name)
