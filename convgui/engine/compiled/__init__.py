"""The inner loops, compiled by Numba. Importing this package compiles them or loads them from the cache: seconds, once.

Rows are sliced out first (`row = a[i, j:]`) and then indexed by the plain loop variable; anything else is not vectorised.
"""

from convgui.engine.compiled.blocks import MAPS as MAPS
from convgui.engine.compiled.correlate import SLACK as SLACK
from convgui.engine.compiled.fourier import GROUP as GROUP
from convgui.engine.compiled.fourier import fourier_tile as fourier_tile
from convgui.engine.compiled.records import KERNELS as KERNELS
from convgui.engine.compiled.records import KINDS as KINDS
from convgui.engine.compiled.records import PART as PART
from convgui.engine.compiled.records import READING as READING
from convgui.engine.compiled.records import STRETCH as STRETCH
from convgui.engine.compiled.records import TERM as TERM
from convgui.engine.compiled.records import TRANSFORM as TRANSFORM
from convgui.engine.compiled.screen import colour_values as colour_values
from convgui.engine.compiled.screen import keep_strongest as keep_strongest
from convgui.engine.compiled.screen import survey_values as survey_values
from convgui.engine.compiled.tiles import STRIP as STRIP
from convgui.engine.compiled.tiles import direct_tile as direct_tile
from convgui.engine.compiled.tiles import separable_tile as separable_tile
