"""Controllers that are made when they are first needed: most starts need none of them, and the first picture comes sooner.

Each is made when it is asked for by name, when one of its actions is triggered, or when a panel that it fills is opened. Its
modules are imported then.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from convgui.controllers.canvas.grid import GridController
    from convgui.controllers.canvas.grid_text import GridTextController
    from convgui.controllers.canvas.motion import MotionController
    from convgui.controllers.canvas.tour import TourController
    from convgui.controllers.context import Context
    from convgui.controllers.files.checkpoints import CheckpointsController
    from convgui.controllers.files.face_tour import FaceTourController
    from convgui.controllers.files.film import FilmController
    from convgui.controllers.files.graph import GraphController
    from convgui.controllers.files.patches import PatchesController
    from convgui.controllers.files.samples import SamplesController
    from convgui.controllers.files.source import SourceController
    from convgui.controllers.files.weights import WeightsController
    from convgui.controllers.kernel.files import KernelFilesController
    from convgui.controllers.kernel.kernel import KernelController
    from convgui.controllers.layers.collapse import CollapseController
    from convgui.controllers.layers.layers import LayersController
    from convgui.controllers.layers.prepare import PrepareController
    from convgui.controllers.layers.strip import StripController
    from convgui.controllers.measure.classes import ClassesController
    from convgui.controllers.measure.compare import CompareController
    from convgui.controllers.measure.field import FieldController
    from convgui.controllers.measure.probe import ProbeController
    from convgui.controllers.plots.curves import CurvesController
    from convgui.controllers.plots.profile import ProfileController
    from convgui.controllers.plots.response import ResponseController
    from convgui.controllers.take.animation import AnimationController
    from convgui.controllers.take.export import ExportController
    from convgui.controllers.take.run import RunController
    from convgui.controllers.window.help import HelpController

T = TypeVar("T")


class Later(Generic[T]):
    """An attribute that is made when it is first asked for, and kept.

    Attributes
    ----------
    panels : sequence of str
        The panels that it fills: when one of them is made, so is this.
    actions : sequence of str
        Those among its `commands`.
    """

    def __init__(self, make: Callable[[Any], T], panels: Sequence[str], actions: Sequence[str]) -> None:
        self._make, self._name = make, make.__name__
        self.panels, self.actions = panels, actions
        self.__doc__ = make.__doc__

    @overload
    def __get__(self, owner: None, kind: type) -> Later[T]: ...

    @overload
    def __get__(self, owner: LaterControllers, kind: type) -> T: ...

    def __get__(self, owner: LaterControllers | None, kind: type) -> Later[T] | T:
        if owner is None:
            return self
        for panel in self.panels:
            owner.context.window.docks[panel].fill()  # which asks for this as well
        kept = vars(owner)
        if self._name not in kept:
            kept[self._name] = self._make(owner)
        made: T = kept[self._name]
        return made


def later(*panels: str, actions: Sequence[str] = ()) -> Callable[[Callable[[Any], T]], Later[T]]:
    """Have an attribute made by a method when it is first asked for."""
    return lambda make: Later(make, panels, actions)


class LaterControllers:
    """The controllers that are made later; those that they need are there already."""

    context: Context
    grid: GridController
    kernel: KernelController
    layers: LayersController
    motion: MotionController
    probe: ProbeController
    samples: SamplesController
    source: SourceController

    def make_for(self, panel: str) -> None:
        """Make those that fill a panel."""
        for name, part in PARTS.items():
            if panel in part.panels:
                getattr(self, name)

    def is_made(self, name: str) -> bool:
        """Whether a controller has been made."""
        return name in vars(self)

    def later_commands(self) -> dict[str, Callable[[], object]]:
        """Return what their actions do, which makes them first."""

        def do(name: str, action: str) -> None:
            getattr(self, name).commands()[action]()

        return {action: partial(do, name, action) for name, part in PARTS.items() for action in part.actions}

    @later("prepare")
    def prepare(self) -> PrepareController:
        """Return what fills the panel of what the network sees."""
        from convgui.controllers.layers.prepare import PrepareController

        return PrepareController(self.context)

    @later("layers")
    def strip(self) -> StripController:
        """Return what fills the strip of layers."""
        from convgui.controllers.layers.strip import StripController

        return StripController(self.context, self.layers)

    @later("film", "measures", actions=("film_next", "film_back", "film_measure"))
    def film(self) -> FilmController:
        """Return what fills the film strip, and the table of what was measured."""
        from convgui.controllers.files.film import FilmController

        return FilmController(self.context, self.source)

    @later("field", actions=("copy_field",))
    def field(self) -> FieldController:
        """Return what fills the panel of the receptive field."""
        from convgui.controllers.measure.field import FieldController

        return FieldController(self.context, self.probe)

    @later("patches")
    def patches(self) -> PatchesController:
        """Return what fills the panel of the strongest patches."""
        from convgui.controllers.files.patches import PatchesController

        return PatchesController(self.context, self.probe, self.film)

    @later("compare", actions=("keep_model",))
    def compare(self) -> CompareController:
        """Return what fills the panel in which models are compared."""
        from convgui.controllers.measure.compare import CompareController

        return CompareController(self.context, self.probe)

    @later("profile", actions=("profile_across",))
    def profile(self) -> ProfileController:
        """Return what draws a line over the panes, and fills the panel of what lies along it."""
        from convgui.controllers.plots.profile import ProfileController

        return ProfileController(self.context)

    @later("response")
    def response(self) -> ResponseController:
        """Return what fills the panel of the frequency response."""
        from convgui.controllers.plots.response import ResponseController

        return ResponseController(self.context)

    @later("curves")
    def curves(self) -> CurvesController:
        """Return what fills the panel of the curves."""
        from convgui.controllers.plots.curves import CurvesController

        return CurvesController(self.context)

    @later("weights", actions=("open_weights", "run_graph", "save_bank"))
    def weights(self) -> WeightsController:
        """Return what fills the panel of weights."""
        from convgui.controllers.files.weights import WeightsController

        made = WeightsController(self.context)
        made.graph_asked.connect(lambda path: self.graph.open(path))
        return made

    @later("graph")
    def graph(self) -> GraphController:
        """Return what has a graph run, and fills the panel with its tensors."""
        from convgui.controllers.files.graph import GraphController

        return GraphController(self.context)

    @later("classes")
    def classes(self) -> ClassesController:
        """Return what fills the panel of the top classes."""
        from convgui.controllers.measure.classes import ClassesController

        return ClassesController(self.context)

    @later("weights", actions=("open_checkpoints",))
    def checkpoints(self) -> CheckpointsController:
        """Return what goes through the checkpoints of a training."""
        from convgui.controllers.files.checkpoints import CheckpointsController

        return CheckpointsController(self.context, self.weights)

    @later(actions=("grid_paste", "grid_copy"))
    def grid_text(self) -> GridTextController:
        """Return what pastes and copies the numbers of a grid."""
        from convgui.controllers.canvas.grid_text import GridTextController

        return GridTextController(self.context, self.grid)

    @later(
        actions=("kernel_paste", "kernel_copy", "kernel_keep", "kernel_forget", "kernel_open", "kernel_save"),
    )
    def kernel_files(self) -> KernelFilesController:
        """Return what brings kernels here, and takes them away."""
        from convgui.controllers.kernel.files import KernelFilesController

        return KernelFilesController(self.context, self.kernel)

    @later(actions=("collapse_layers",))
    def collapse(self) -> CollapseController:
        """Return what makes one kernel of several layers."""
        from convgui.controllers.layers.collapse import CollapseController

        return CollapseController(self.context)

    @later(actions=("export_picture", "export_figure", "export_numbers", "copy_picture"))
    def export(self) -> ExportController:
        """Return what exports the activation."""
        from convgui.controllers.take.export import ExportController

        return ExportController(self.context, self.probe, self.motion)

    @later(actions=("export_animation",))
    def animation(self) -> AnimationController:
        """Return what exports the kernel's way."""
        from convgui.controllers.take.animation import AnimationController

        return AnimationController(self.context, self.motion, self.probe)

    @later(actions=("run_many", "open_dashboard"))
    def run(self) -> RunController:
        """Return what applies the present set-up to many files."""
        from convgui.controllers.take.run import RunController

        return RunController(self.context, self.film)

    @later(actions=("tour",))
    def tour(self) -> TourController:
        """Return the tour through the article."""
        from convgui.controllers.canvas.tour import TourController

        return TourController(self.context, self.probe, self.motion)

    @later(actions=("tour_network",))
    def face_tour(self) -> FaceTourController:
        """Return the tour through a trained network."""
        from convgui.controllers.files.face_tour import FaceTourController

        return FaceTourController(self.context, self.probe, self.samples)

    @later(
        actions=(
            *("help_architecture", "help_glossary", "help_contributing", "help_changes", "help_licence"),
            *("shortcuts", "about"),
        )
    )
    def help(self) -> HelpController:
        """Return what opens the pages of the help."""
        from convgui.controllers.window.help import HelpController

        return HelpController(self.context)


PARTS: dict[str, Later[Any]] = {name: part for name, part in vars(LaterControllers).items() if isinstance(part, Later)}
"""Each of them by its name."""
