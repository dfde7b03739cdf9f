"""Takes the pictures of this folder from the real window, 1440 x 900: ``python screenshots/take.py [name ...]``."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from mosaic import write_mosaic
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from convgui.app import Program
from convgui.assets import PHOTOS, resource
from convgui.engine.strategies import jit

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(__file__).parent
SIZE = (1440, 900)


class Studio:
    """The program, and hands to arrange it."""

    def __init__(self, program: Program) -> None:
        self.program, self.window = program, program.window
        self.ending = ""

    def rest(self, seconds: float = 0.5) -> None:
        """Wait until nothing is under way."""
        end, quiet = time.monotonic() + 20, 0
        while (quiet < seconds * 50) and time.monotonic() < end:
            QApplication.processEvents()
            time.sleep(0.02)
            quiet = 0 if self.program.runner.busy() else quiet + 1

    def hover(self, row: int, col: int, pin: bool = False) -> None:
        """Move the cursor over a cell of the map, and pin it."""
        pane = self.window.pair.map
        at = pane.to_pixels(col, row, 1, 1).center().toPoint()
        QTest.mouseMove(pane, at)
        if pin:
            QTest.mouseClick(pane, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
        self.rest(0.1)

    def save(self, name: str, over: QWidget | None = None) -> None:
        """Save the window, with another one drawn over its middle."""
        self.rest(0.3)
        picture = self.window.grab()
        if over is not None:
            picture = self._with(picture, over)
        picture.save(str(FOLDER / f"{name}{self.ending}.png"))

    def _with(self, picture: QPixmap, over: QWidget) -> QPixmap:
        painter = QPainter(picture)
        painter.fillRect(picture.rect(), QColor(0, 0, 0, 70))
        top = over.grab()
        place = QRect(QPoint(0, 0), over.size())
        place.moveCenter(self.window.rect().center())
        for spread in range(14, 0, -2):
            painter.fillRect(place.adjusted(-spread, -spread + 4, spread, spread + 4), QColor(0, 0, 0, 6))
        painter.drawPixmap(place.topLeft(), top)
        painter.end()
        return picture


def photo_light(s: Studio) -> None:
    """Take the first start, light."""
    s.hover(113, 416)
    s.save("photo-light")


def photo_dark(s: Studio) -> None:
    """Take the same, dark."""
    s.program.theme.set_theme("dark")
    s.rest()
    s.hover(113, 416)
    s.save("photo-dark")


def toy_1d(s: Studio) -> None:
    """Take the article's sequence."""
    s.program.samples.open_pattern("article-1d")
    s.rest()
    s.hover(0, 2, pin=True)
    s.save("toy-1d")


def toy_2d(s: Studio) -> None:
    """Take the article's grid, valid."""
    s.program.samples.open_pattern("article-2d")
    s.window.findChild(QWidget, "padding_valid").click()
    s.rest()
    s.hover(2, 2, pin=True)
    s.save("toy-2d")


def layers(s: Studio) -> None:
    """Take six layers on a photo, dark."""
    s.program.theme.set_theme("dark")
    s.program.samples.open_photo("astronaut.webp")
    s.program.kernel.pick("sobel-x")
    for kind in ("activation", "max_pool", "conv", "affine", "mean_pool"):
        s.window.actions_by_id[f"add_layer_{kind}"].trigger()
    s.rest()
    s.window.layers.selected.emit(2)
    s.rest()
    s.window.layers.list.horizontalScrollBar().setValue(0)
    s.hover(96, 146, pin=True)
    s.save("layers")


def painting(s: Studio) -> None:
    """Take a kernel of one's own on a face, zoomed in."""
    s.program.samples.open_photo("astronaut.webp")
    s.rest()
    s.window.kernel_card.size_picked.emit(7, 7)
    s.program.commands._actions["kernel_clear"].trigger()
    grid = s.window.kernel_card.grid
    strokes = [(2, 1, 1), (1, 2, 1), (1, 3, 1), (1, 4, 1), (2, 5, 1), (3, 5, 1), (4, 5, 1), (5, 4, 1), (5, 3, 1)]
    strokes += [(5, 2, 1), (4, 1, 1), (3, 1, 1), (3, 3, -4), (2, 3, -2), (4, 3, -2), (3, 2, -2), (3, 4, -2)]
    for row, col, value in strokes:
        grid.painted.emit(row, col, float(value), 1)
    s.program.navigate.scale_to(3)
    s.program.context.look_at(s.program.context.viewport.panned(90, 420))
    s.rest()
    s.hover(126, 232, pin=True)
    s.save("painting")


def numbers(s: Studio) -> None:
    """Take pixels with their numbers, dark."""
    s.program.theme.set_theme("dark")
    s.program.samples.open_photo("chelsea.webp")
    s.program.kernel.pick("gaussian-derivative")
    s.rest()
    s.program.navigate.scale_to(44)
    s.rest()
    view = s.program.context.viewport
    s.hover(int(view.y), int(view.x), pin=True)
    s.save("numbers-dark")


def export(s: Studio) -> None:
    """Take the export dialog."""
    s.program.samples.open_photo("rocket.webp")
    s.program.kernel.pick("sobel-x")
    s.rest()
    s.program.export.figure()
    dialog = next(w for w in QApplication.topLevelWidgets() if w.objectName() == "export_figure_dialog")
    s.rest()
    s.save("export-dialog", over=dialog)
    dialog.reject()
    s.rest()


def run(s: Studio) -> None:
    """Take the dialog of a run over many files, on a cluster."""
    folder = resource("photos")
    s.program.source.open_paths([str(folder / name) for name in PHOTOS])
    s.program.kernel.pick("sobel-x")
    s.rest()
    s.program.run.ask()
    dialog = next(w for w in QApplication.topLevelWidgets() if w.objectName() == "run_dialog" and w.isVisible())
    dialog.findChild(QWidget, "run_place_elsewhere").click()
    dialog.form.scheduler.setText("tcp://cluster:8786")
    dialog.form.folder.setText("~/maps/sobel-x")
    dialog.form.send.click()
    s.rest()
    s.save("run-dialog", over=dialog)
    dialog.reject()
    s.rest()


def border(s: Studio) -> None:
    """Take the cells that the border invents, and where they come from."""
    s.program.samples.open_pattern("article-2d")
    s.program.session.replace("picture", s.program.session.state.with_conv(border="reflect"))
    s.window.actions_by_id["mark_border"].setChecked(True)
    s.rest()
    s.hover(0, 5, pin=True)
    s.save("border")


def sequence(s: Studio) -> None:
    """Take a sequence of three channels."""
    s.program.samples.open_pattern("toy-channels")
    s.rest()
    s.window.messages.clear()
    s.hover(0, 6, pin=True)
    s.save("sequence")


def causal(s: Studio) -> None:
    """Take causal and dilated taps, dark."""
    s.program.theme.set_theme("dark")
    s.program.samples.open_pattern("toy-steps")
    s.program.kernel.pick("difference")
    s.program.session.replace("causal", s.program.session.state.with_conv(padding="causal", dilation=(1, 3)))
    s.rest()
    s.window.messages.clear()
    s.hover(0, 9, pin=True)
    s.save("causal-dark")


def spreadsheet(s: Studio) -> None:
    """Take a toy grid that is typed into, with the pencil out."""
    s.program.samples.open_pattern("toy-seven")
    s.window.actions_by_id["grid_paint"].trigger()
    s.window.pair.brush.field.set_value(3)
    s.rest()
    pane = s.window.pair.input
    for col in range(2, 6):
        pane.hand.painted.emit(4, col, 3.0, 1)
    s.window.actions_by_id["grid_paint"].trigger()
    s.rest()
    at = pane.to_pixels(5, 6, 1, 1).center().toPoint()
    QTest.mouseDClick(pane, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    s.window.actions_by_id["grid_paint"].trigger()
    s.rest()
    s.save("spreadsheet")


def large(s: Studio) -> None:
    """Take the sum of a large kernel, largest products first."""
    s.program.samples.open_photo("camera.png")
    s.program.kernel.pick("gabor")
    s.rest()
    s.window.kernel_card.size_picked.emit(31, 31)
    s.window.actions_by_id["sort_terms"].setChecked(True)
    s.program.navigate.scale_to(8)
    s.rest()
    s.program.context.look_at(s.program.context.viewport.panned(60, 900))
    s.rest()
    s.hover(134, 248, pin=True)
    s.save("large-kernel")


def uses(s: Studio) -> None:
    """Take where a pixel of a photo goes, dark."""
    s.program.theme.set_theme("dark")
    s.program.samples.open_photo("chelsea.webp")
    s.program.kernel.pick("sobel-x")
    s.rest()
    s.program.navigate.scale_to(52)
    s.rest()
    view, pane = s.program.context.viewport, s.window.pair.input
    for step in range(2):  # a window that is not looked at takes the first one for an arrival
        QTest.mouseMove(pane, pane.to_pixels(int(view.x) - 1 + step, int(view.y), 1, 1).center().toPoint())
        s.rest(0.1)
    s.save("uses-dark")


def motion(s: Studio) -> None:
    """Take the kernel on its way."""
    s.program.samples.open_pattern("article-2d")
    s.rest()
    s.program.motion.step(1)
    s.program.motion.seek(15)
    s.save("motion")


def tour(s: Studio) -> None:
    """Take a step of the tour with a mistake."""
    s.program.tour.start()
    s.program.tour.go(4)
    s.rest()
    s.window.tour.field.setText("0")
    s.program.tour.predict("0")
    s.save("tour")


def measure(s: Studio) -> None:
    """Take a profile across a photo, with the histogram, light."""
    s.program.samples.open_photo("camera.png")
    s.program.kernel.pick("sobel-x")
    s.rest()
    s.window.actions_by_id["workspace_measure"].trigger()
    s.rest()
    s.window.actions_by_id["profile_across"].trigger()
    s.rest(1.0)
    s.save("measure")


def present(s: Studio) -> None:
    """Take the window for a projector, in the middle of the kernel's way."""
    s.program.samples.open_pattern("article-2d")
    s.rest()
    s.window.actions_by_id["workspace_present"].trigger()
    s.rest()
    s.window.showNormal()  # the screen that it takes is small where there is none
    s.window.resize(*SIZE)
    s.rest()
    s.program.motion.step(1)
    s.program.motion.seek(14)
    s.window.messages.clear()
    s.save("present")


def network(s: Studio) -> None:
    """Take the workspace for layers: all maps of a layer with their kernels."""
    s.program.samples.open_network("face-kernels.json")
    s.rest(1.0)
    s.window.actions_by_id["map_grid"].trigger()
    s.rest(1.0)
    s.save("network")


def film(s: Studio) -> None:
    """Take the film strip with the measures of its files, the photos of the program."""
    folder = resource("photos")
    s.program.source.open_paths([str(folder / name) for name in PHOTOS])
    s.rest()
    s.window.actions_by_id["show_measures"].trigger()
    s.window.docks["measures"].bring()
    s.program.film.sort("energy")
    while s.program.film.film.missing():
        QApplication.processEvents()
        time.sleep(0.02)
    s.program.film.step(1)
    s.rest(1.0)
    s.save("film")


def slide(s: Studio) -> None:
    """Take a picture of 1.4 gigapixels: as a whole, and a part of it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mosaic.tif"
        write_mosaic(path)
        s.program.source.open_paths([str(path)])
        s.rest(1.0)
        s.hover(18_700, 17_900)
        s.save("slide")
        s.program.navigate.scale_to(0.6)
        s.rest(1.0)
        s.save("slide-close")


def in_the_dark(shot: Callable[[Studio], None]) -> Callable[[Studio], None]:
    """Return a shot that is taken in the dark theme, under a name that says so."""

    def dark(s: Studio) -> None:
        s.program.theme.set_theme("dark")
        s.ending = "-dark"
        shot(s)

    dark.__name__ = f"{shot.__name__}_dark"
    return dark


def small(s: Studio) -> None:
    """Take the first start on a small screen, 1280 x 800."""
    s.window.resize(1280, 800)
    s.rest()
    s.hover(113, 416)
    s.save("small")


def fine(s: Studio) -> None:
    """Take the first start on a fine screen, 3840 x 2160 at scale 2; it needs QT_SCALE_FACTOR=2 from the start."""
    if s.window.devicePixelRatioF() != 2:
        subprocess.run([sys.executable, __file__, "fine"], env={**os.environ, "QT_SCALE_FACTOR": "2"}, check=True)
        return
    s.window.resize(1920, 1080)
    s.rest()
    s.hover(113, 416)
    s.save("fine")


FIRST = (photo_light, toy_2d, toy_1d, painting, export, photo_dark, numbers)
MICROSCOPE = (border, uses, large, motion, sequence, causal, spreadsheet, tour, layers, measure, present)
MANY = (network, film, slide, run, small, fine, *map(in_the_dark, (measure, network, run)))
SHOTS = (*FIRST, *MICROSCOPE, *MANY)


def main() -> int:
    """Take all pictures, or those that are named."""
    wanted = sys.argv[1:]
    app = QApplication(["convgui"])
    jit.load()
    for shot in SHOTS:
        if wanted and shot.__name__ not in wanted:
            continue
        with tempfile.TemporaryDirectory() as home:
            program = Program([], Path(home))
            program.preferences["welcomed"] = True
            program.window.messages.clear()
            program.theme.set_theme("light")
            program.window.resize(*SIZE)
            program.show()
            program.window.resize(*SIZE)
            studio = Studio(program)
            studio.rest(1.0)
            program.window.messages.clear()  # the welcome
            studio.rest()
            shot(studio)
            program.window.close()
            program.window.deleteLater()
            app.processEvents()
    return 0


if __name__ == "__main__":
    sys.exit(main())
