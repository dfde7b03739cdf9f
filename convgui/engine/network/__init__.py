"""A chain of layers over a source, whose values are pulled by windows: nothing whole is made for a screen."""

from convgui.engine.network.chain import Chain, Fault
from convgui.engine.network.evaluate import choose, evaluate, keep_strongest, learn, output_shape, pull

__all__ = ["Chain", "Fault", "choose", "evaluate", "keep_strongest", "learn", "output_shape", "pull"]
